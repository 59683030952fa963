/** A request while it stands: a connection that is lost for a moment ends none, and one that is repeated may be refused. */
import { AWAY_MS } from './chat-path.ts';
import { Alarm, type Timers } from './tasks.ts';

export interface RequestPorts {
  readonly timers: Timers;
  /** Sends it, if it is ours. */
  readonly send: () => void;
  /** The same, when the server takes more again. */
  readonly later: () => void;
  /** They have been gone for too long. */
  readonly left: () => void;
}

export class Request {
  readonly #ports: RequestPorts;
  /** Set while they aren't there. */
  readonly #absence: Alarm;
  /** Times that it was sent and the server has not refused it. */
  #sent = 0;

  constructor(ports: RequestPorts) {
    this.#ports = ports;
    this.#absence = new Alarm(ports.timers);
  }

  sent(): void {
    this.#sent += 1;
  }

  presence(here: boolean): void {
    if (here === !this.#absence.isSet) return;
    if (!here) return this.#absence.set(AWAY_MS, this.#ports.left);
    this.stop();
    // Their program may be another one now.
    return this.#ports.send();
  }

  /** @returns whether it has come to nothing: otherwise it was there before, and stands. */
  refused(code: string): boolean {
    this.#sent -= 1;
    if (code === 'rate_limited' || (code === 'too_many_asks' && this.#sent > 0)) this.#ports.later();
    else if (code === 'not_here' && this.#sent > 0) this.presence(false);
    else return true;
    return false;
  }

  /** It stands no more, or nobody tells us where they are. */
  stop(): void {
    this.#absence.stop();
  }
}
