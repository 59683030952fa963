/**
 * What is said of chats that are over, or nearly: no, taken back, gone. Nobody acknowledges it, and the chat that it is about
 * is forgotten; so if the server takes no more at the moment, it is repeated from here.
 */
import type { DeviceId, GroupId, UserName } from '../base/ids.ts';
import type { ClientMessages } from '../protocol/client-messages.ts';
import type { PrivateFrames } from '../protocol/private-frames.ts';
import { frameId } from './chat-path.ts';
import type { Shared } from './shared.ts';

/** Milliseconds until it is repeated, once: the server's limits have made room for some frames again. */
export const FAREWELL_AGAIN_MS = 2000;
/** Chats of which it is remembered, for as long as an error of the server may take to come. */
const MAX_REMEMBERED = 100;

type Farewell = PrivateFrames['reject' | 'withdrawn' | 'gone'];

export class Farewells {
  readonly #shared: Shared;
  readonly #said = new Map<GroupId, readonly ClientMessages['private'][]>();

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  /** @param device undefined: all of theirs. */
  say(to: UserName, device: DeviceId | undefined, frame: Farewell): void {
    const { chat } = frame;
    const id = frameId('x', chat);
    const message = { type: 'private', id, to, ...(device === undefined ? {} : { device }), frame } as const;
    // One of each kind at most.
    const others = (this.#said.get(chat) ?? []).filter((one) => one.frame.kind !== frame.kind);
    this.#said.delete(chat);
    this.#said.set(chat, [...others, message]);
    for (const [oldest] of this.#said) if (this.#said.size > MAX_REMEMBERED) this.#said.delete(oldest);
    this.#shared.toServer(message);
  }

  /** The server has refused one of this chat; which of them, it doesn't say. */
  refused(chat: string, code: string): void {
    const known = [...this.#said].find(([id]) => id === chat);
    if (known === undefined) return;
    const [id, messages] = known;
    this.#said.delete(id);
    if (code !== 'rate_limited') return;
    this.#shared.timers.after(FAREWELL_AGAIN_MS, () => {
      for (const message of messages) this.#shared.toServer(message);
    });
  }
}
