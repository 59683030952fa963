/** The local network beside a server, as the client has it: nothing of it is loaded before it is wanted. */
import type { PrivateCommand, PrivateEvent } from '../../../peer/private.ts';
import type { ClientMessage } from '../../../protocol/client-messages.ts';
import type { ServerMessage } from '../../../protocol/server-messages.ts';
import type { State } from '../../core/state.ts';
import type { Both } from './both.ts';
import type { BothPorts } from './both-ports.ts';

export class BesideServer {
  readonly #ports: BothPorts;
  #both: Both | undefined;
  #wanted = false;
  #isLoading = false;
  #isClosed = false;

  constructor(ports: BothPorts) {
    this.#ports = ports;
  }

  /** `/lan on`, `/lan off`. */
  turn(on: boolean): void {
    this.#wanted = on;
    if (this.#both !== undefined) this.#both.turn(on);
    else if (on) this.#load();
    else this.#tellOff();
  }

  /** It had not come yet. Later, never inside the update that asked for it. */
  #tellOff(): void {
    queueMicrotask(() => this.#ports.happens({ type: 'lan', on: false }));
  }

  #load(): void {
    if (this.#isLoading) return;
    this.#isLoading = true;
    import('./both.ts').then(
      ({ Both: Joined }) => {
        if (this.#isClosed) return;
        this.#both = new Joined(this.#ports);
        if (this.#wanted) this.#both.turn(true);
      },
      // It is there, or nothing of the program is.
      (error: unknown) => {
        throw error;
      },
    );
  }

  /** What the core says. @returns what of it is for the server. */
  toServer(message: ClientMessage): ClientMessage | undefined {
    return this.#both === undefined ? message : this.#both.toServer(message);
  }

  /** @returns whether it answers a question that is nobody else's. */
  takes(message: ServerMessage): boolean {
    return this.#both?.takes(message) ?? false;
  }

  /** What the server says, as the core is to hear it. */
  fromServer(message: ServerMessage): ServerMessage {
    return this.#both?.fromServer(message) ?? message;
  }

  serverDown(): void {
    this.#both?.serverDown();
  }

  /** @returns what of it is for the server's messenger. */
  command(command: PrivateCommand): PrivateCommand | undefined {
    return this.#both === undefined ? command : this.#both.command(command);
  }

  /** What the server's messenger tells, as the core is to hear it. */
  fromMessenger(event: PrivateEvent): PrivateEvent {
    return this.#both?.fromMessenger(event) ?? event;
  }

  /** After every event. */
  settled(state: Pick<State, 'tabs'>): void {
    this.#both?.settled(state);
  }

  /** We log off. Never rejects. */
  async leave(): Promise<void> {
    await this.#both?.leave();
  }

  /** The program ends. Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    this.#both?.close();
  }
}
