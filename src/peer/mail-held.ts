/**
 * Mail from devices that nobody has accepted. It is neither opened nor acknowledged, so the server keeps it; a person is
 * told that it waits, and why.
 */
import type { UserName } from '../base/ids.ts';
import type { Incoming } from './incoming.ts';
import { Alarm, type Timers } from './tasks.ts';

/** Messages that wait: of one person, and of all. */
export const MAX_HELD_OF_ONE = 100;
const MAX_HELD = 200;
/**
 * Places of a mailbox that may lie behind one that waits. The server keeps them all until that one is acknowledged, and
 * has room for 500 messages, or 4 MiB: it must not come to that because of a stranger.
 */
export const MAX_BEHIND = 200;
/** Milliseconds in which those that come at once are counted together. */
const COUNT_MS = 500;

export interface HeldMailPorts {
  readonly timers: Timers;
  readonly tell: (from: UserName, count: number) => void;
  /** It waits no more, and counts as read. */
  readonly lost: (message: Incoming) => void;
}

export class HeldMail {
  readonly #ports: HeldMailPorts;
  readonly #alarm: Alarm;
  /** How many people were told of. */
  readonly #told = new Map<UserName, number>();
  #held: Incoming[] = [];

  constructor(ports: HeldMailPorts) {
    this.#ports = ports;
    this.#alarm = new Alarm(ports.timers);
  }

  hold(message: Incoming): void {
    this.#held = this.#held.filter(({ n }) => n === 0 || n !== message.n);
    if (this.#count(message.from) >= MAX_HELD_OF_ONE || this.#held.length >= MAX_HELD) return this.#ports.lost(message);
    this.#held.push(message);
    if (!this.#alarm.isSet) this.#alarm.set(COUNT_MS, () => this.#tell());
  }

  #count(user: UserName): number {
    return this.#held.filter(({ from }) => from === user).length;
  }

  /** Once, and again when there are many more. */
  #tell(): void {
    for (const user of new Set(this.#held.map(({ from }) => from))) {
      const count = this.#count(user);
      if (count < 2 * (this.#told.get(user) ?? 0)) continue;
      if (!this.#told.has(user) && this.#told.size >= MAX_HELD) this.#told.clear();
      this.#told.set(user, count);
      this.#ports.tell(user, count);
    }
  }

  /** Something else has come, or the same. */
  came({ n }: Incoming): void {
    const late = this.#held.filter((message) => message.n > 0 && n - message.n > MAX_BEHIND);
    if (late.length === 0) return;
    this.#held = this.#held.filter((message) => !late.includes(message));
    for (const message of late) this.#ports.lost(message);
  }

  /** Those of one person, who may be trusted now: they wait no more. */
  take(user: UserName): readonly Incoming[] {
    const taken = this.#held.filter(({ from }) => from === user);
    this.#held = this.#held.filter(({ from }) => from !== user);
    return taken;
  }

  /** They have been read, so that later ones are news. */
  forget(user: UserName): void {
    this.#told.delete(user);
  }

  clear(): void {
    this.#held = [];
    this.#alarm.stop();
  }
}
