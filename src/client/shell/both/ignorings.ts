/** Whose messages are left out: whom the server knows of, whom the network does, and whoever is one of these on the other side. */
import type { UnixMs, UserName } from '../../../base/ids.ts';
import type { ServerMessages } from '../../../protocol/server-messages.ts';
import type { Event } from '../../core/event.ts';
import type { State } from '../../core/state.ts';
import type { People } from './people.ts';

type Ignored = Pick<ServerMessages['ignored'], 'blocked' | 'muted'>;

const NOBODY: Ignored = { blocked: [], muted: [] };

export interface IgnoringsPorts {
  readonly people: People;
  readonly tell: (event: Event) => void;
}

export class Ignorings {
  readonly #ports: IgnoringsPorts;
  #server = NOBODY;
  #lan = NOBODY;
  #isSaid = false;
  #told = '';

  constructor(ports: IgnoringsPorts) {
    this.#ports = ports;
    this.#told = JSON.stringify(this.#merged());
  }

  /** What the core knows of the server's before there is anything to join. */
  began({ inner, ignored }: { readonly inner: State['inner']; readonly ignored: State['ignored'] }): void {
    if (!inner.ignoredTold) return;
    this.#isSaid = true;
    this.#server = {
      blocked: [...ignored.blocked],
      muted: [...ignored.muted].map(([user, until]) => (until === undefined ? { user } : { user, until })),
    };
    this.#told = JSON.stringify(this.#merged());
  }

  /** Until it says whom, or has listed everybody without a word of that, it is as it was. */
  serverUp(): void {
    this.#isSaid = false;
  }

  /** Where it is nobody, the server says nothing. */
  serverListed(): void {
    if (this.#isSaid) return;
    this.#isSaid = true;
    this.#server = NOBODY;
    // The core takes it for nobody, too.
    this.#told = '';
    this.settle();
  }

  ofServer(message: ServerMessages['ignored']): ServerMessages['ignored'] {
    this.#server = message;
    this.#isSaid = true;
    const merged = this.#merged();
    this.#told = JSON.stringify(merged);
    return { type: 'ignored', ...merged };
  }

  ofLan(message: ServerMessages['ignored'] | undefined): void {
    this.#lan = message ?? NOBODY;
    this.settle();
  }

  /** Tells where something has changed: who is whom, too. */
  settle(): void {
    const merged = this.#merged();
    const text = JSON.stringify(merged);
    if (text === this.#told) return;
    this.#told = text;
    this.#ports.tell({ type: 'message', message: { type: 'ignored', ...merged }, beside: true });
  }

  #merged(): Ignored {
    const { people } = this.#ports;
    const hidden = new Set(this.#server.blocked);
    const quiet = new Map(this.#server.muted.map(({ user, until }) => [user, until]));
    const alsoBlocked = hidden.size === 0 ? [] : people.sameAs((user) => hidden.has(user));
    const alsoMuted = [...quiet].flatMap(([user, until]) =>
      withEnd(
        people.sameAs((one) => one === user),
        until,
      ),
    );
    return {
      blocked: [...new Set([...this.#server.blocked, ...this.#lan.blocked, ...alsoBlocked])],
      muted: [...this.#server.muted, ...this.#lan.muted, ...alsoMuted],
    };
  }
}

const withEnd = (users: readonly UserName[], until: UnixMs | undefined): Ignored['muted'] =>
  users.map((user) => (until === undefined ? { user } : { user, until }));
