/** The list of people as the core has it, where two sides know of people: what changes of it, and how it is told. */
import type { ClientId, UserName } from '../../../base/ids.ts';
import type { ClientMessage } from '../../../protocol/client-messages.ts';
import type { PersonInfo, ServerMessages } from '../../../protocol/server-messages.ts';
import type { Event } from '../../core/event.ts';
import type { Neighbour, People } from './people.ts';

/** Questions whose answer has not come; a person asks one. */
const MAX_SINCE = 20;

export interface NeighboursPorts {
  readonly people: People;
  readonly tell: (event: Event) => void;
}

export class Neighbours {
  readonly #ports: NeighboursPorts;
  /** Of questions after those who were here of late: how far back, ms. */
  readonly #since = new Map<ClientId, number>();
  #members: readonly UserName[] = [];

  constructor(ports: NeighboursPorts) {
    this.#ports = ports;
  }

  /** Tells what has changed. @param news what is news of somebody, where it is: not of whoever was there all the time. */
  settle(news?: ServerMessages['presence']): void {
    const { people, tell } = this.#ports;
    const { put, gone } = people.difference();
    const quiet = put.filter(({ name }) => name !== news?.user);
    if (news !== undefined && quiet.length < put.length) {
      tell({ type: 'message', message: news, beside: true });
    }
    const members = people.members();
    const others = members.length !== this.#members.length || members.some((name, i) => name !== this.#members[i]);
    this.#members = members;
    if (quiet.length > 0 || gone.length > 0 || others) tell({ type: 'lanPeople', put: quiet, gone, members });
  }

  /** The core asks the server who is there. */
  asked(message: ClientMessage): void {
    if (message.type !== 'who' || message.id === undefined || message.since === undefined) return;
    this.#since.set(message.id, message.since);
    const [oldest] = this.#since.keys();
    if (this.#since.size > MAX_SINCE && oldest !== undefined) this.#since.delete(oldest);
  }

  /** A frame of the server's list, with the marks, and in the last of them those of the network. */
  withNeighbours(message: ServerMessages['users'], now: number): ServerMessages['users'] {
    const { people } = this.#ports;
    const since = message.id === undefined ? undefined : this.#since.get(message.id);
    const users: PersonInfo[] = message.users.map((person) => people.marked(person));
    if (message.more) return { ...message, users };
    const isMeant = (person: Neighbour): boolean =>
      person.state !== 'offline' || since === undefined || person.since >= now - since;
    return { ...message, users: [...users, ...people.unknownToServer().filter(isMeant)] };
  }
}
