/** The network's room, as it is by now: the core is told of it anew whenever either side comes back. */
import { type ClientId, NO_SEQ, type RoomName, type Seq } from '../../../base/ids.ts';
import type { EnteredRoom, ServerMessages } from '../../../protocol/server-messages.ts';

const TOPIC = 'everybody on the local network';

export class LanRoom {
  /** Its name here. */
  readonly name: RoomName;
  #room: EnteredRoom | undefined;

  constructor(name: RoomName) {
    this.name = name;
  }

  forget(): void {
    this.#room = undefined;
  }

  /** It is so. */
  is(room: EnteredRoom): void {
    this.#room = { ...room, name: this.name, topic: room.topic || TOPIC, sparse: true };
  }

  /** Something was said there, or changed. */
  goesOn({ last = NO_SEQ, rev = 0 }: { readonly last?: Seq; readonly rev?: number }): void {
    const room = this.#room;
    if (room === undefined) return;
    this.#room = { ...room, last: last > room.last ? last : room.last, rev: Math.max(rev, room.rev ?? 0) };
  }

  /** Undefined: nobody has told of it yet. */
  get entered(): EnteredRoom | undefined {
    return this.#room;
  }

  message(id?: ClientId): ServerMessages['room'] | undefined {
    return this.#room && { type: 'room', room: this.#room, ...(id === undefined ? {} : { id }) };
  }

  /** With it, the server's welcome names all rooms there are. */
  inWelcome(message: ServerMessages['welcome']): ServerMessages['welcome'] {
    if (this.#room === undefined) return message;
    const { sparse: _, ...info } = this.#room;
    return { ...message, rooms: [...message.rooms, info], sparse: [...(message.sparse ?? []), this.name] };
  }

  /** And so its list of rooms. */
  inList(message: ServerMessages['rooms'], members: number): ServerMessages['rooms'] {
    if (message.more || this.#room === undefined) return message;
    const { name, topic } = this.#room;
    return { ...message, rooms: [...message.rooms, { name, topic, members, joined: true }] };
  }
}
