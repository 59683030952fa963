/** Whom we block and mute: by key, so that another name changes nothing. */
import type { Clock } from '../../base/clock.ts';
import type { DeviceId, UnixMs, UserName } from '../../base/ids.ts';
import { Alarm, type Timers } from '../../peer/tasks.ts';
import { MAX_IGNORED } from '../../protocol/limits.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import type { LanStore } from '../store/store.ts';

/** Milliseconds that a timer can wait at the most. */
const MAX_WAIT_MS = 2 ** 31 - 1;

export interface IgnoredPorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly store: LanStore;
  readonly userOf: (device: DeviceId) => UserName | undefined;
  /** A mute has ended by itself. */
  readonly changed: () => void;
}

export class Ignored {
  readonly #ports: IgnoredPorts;
  readonly #blocked: Set<DeviceId>;
  readonly #muted: Map<DeviceId, UnixMs | undefined>;
  readonly #alarm: Alarm;

  constructor(ports: IgnoredPorts) {
    this.#ports = ports;
    const { blocked, muted } = ports.store.ignored();
    this.#blocked = new Set(blocked);
    this.#muted = new Map(muted.map(({ device, until }) => [device, until]));
    this.#alarm = new Alarm(ports.timers);
    this.#endMutes();
  }

  get blocksAnyone(): boolean {
    return this.#blocked.size > 0;
  }

  blocks(device: DeviceId): boolean {
    return this.#blocked.has(device);
  }

  mutes(device: DeviceId): boolean {
    return this.#muted.has(device);
  }

  /** Whether one more may be on that list. */
  hasRoom(list: 'block' | 'mute', device: DeviceId): boolean {
    const on = list === 'block' ? this.#blocked : this.#muted;
    return on.size < MAX_IGNORED || on.has(device);
  }

  /** Each of these throws where the store can't take it, and then nothing has changed. @returns whether it is news. */
  block(device: DeviceId): boolean {
    if (this.#blocked.has(device)) return false;
    this.#put([...this.#blocked, device], [...this.#muted]);
    this.#blocked.add(device);
    return true;
  }

  unblock(device: DeviceId): boolean {
    if (!this.#blocked.has(device)) return false;
    this.#put(
      [...this.#blocked].filter((one) => one !== device),
      [...this.#muted],
    );
    return this.#blocked.delete(device);
  }

  mute(device: DeviceId, until: UnixMs | undefined): void {
    this.#put([...this.#blocked], [...new Map(this.#muted).set(device, until)]);
    this.#muted.set(device, until);
    this.#endMutes();
  }

  unmute(device: DeviceId): boolean {
    if (!this.#muted.has(device)) return false;
    this.#put(
      [...this.#blocked],
      [...this.#muted].filter(([one]) => one !== device),
    );
    return this.#muted.delete(device);
  }

  message(): ServerMessages['ignored'] {
    const { userOf } = this.#ports;
    const blocked = [...this.#blocked].map(userOf).filter((user) => user !== undefined);
    const muted = [...this.#muted].flatMap(([device, until]) => {
      const user = userOf(device);
      if (user === undefined) return [];
      return [until === undefined ? { user } : { user, until }];
    });
    return { type: 'ignored', blocked: blocked.slice(0, MAX_IGNORED), muted: muted.slice(0, MAX_IGNORED) };
  }

  #put(blocked: readonly DeviceId[], muted: readonly (readonly [DeviceId, UnixMs | undefined])[]): void {
    this.#ports.store.putIgnored({
      blocked,
      muted: muted.map(([device, until]) => (until === undefined ? { device } : { device, until })),
    });
  }

  /** Those that have ended go; the store learns of it with the next change, and would drop them at the next start. */
  #endMutes(): void {
    const now = this.#ports.clock.now();
    let next = Infinity;
    let ended = false;
    for (const [device, until] of this.#muted) {
      if (until === undefined) continue;
      if (until > now) next = Math.min(next, until);
      else ended = this.#muted.delete(device);
    }
    if (next !== Infinity) this.#alarm.set(Math.min(MAX_WAIT_MS, next - now), () => this.#endMutes());
    if (ended) this.#ports.changed();
  }
}
