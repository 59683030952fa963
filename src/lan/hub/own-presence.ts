/** Whether we are here ourselves: by the keys that are pressed in any of our own programs. */
import type { Clock } from '../../base/clock.ts';
import type { UnixMs } from '../../base/ids.ts';
import { Alarm, type Timers } from '../../peer/tasks.ts';
import type { PresenceState } from '../../protocol/server-messages.ts';
import type { Being } from '../announcement.ts';
import { AWAY_AFTER_MS } from '../limits.ts';

export interface OwnPresencePorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly changed: () => void;
}

export class OwnPresence {
  readonly #ports: OwnPresencePorts;
  readonly #alarm: Alarm;
  #state: PresenceState = 'offline';
  #since: UnixMs;

  constructor(ports: OwnPresencePorts) {
    this.#ports = ports;
    this.#alarm = new Alarm(ports.timers);
    this.#since = ports.clock.now();
  }

  get state(): PresenceState {
    return this.#state;
  }

  get since(): UnixMs {
    return this.#since;
  }

  /** What others are told: scripts alone are nobody at the keyboard. */
  get being(): Being {
    return this.#state === 'online' ? 'here' : 'idle';
  }

  /** Somebody has done something, in a program that they see. */
  active(): void {
    this.#alarm.set(AWAY_AFTER_MS, () => this.#become('away'));
    this.#become('online');
  }

  /** The last of the programs that they see has ended. */
  gone(): void {
    this.#alarm.stop();
    this.#become('offline');
  }

  #become(state: PresenceState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#since = this.#ports.clock.now();
    this.#ports.changed();
  }
}
