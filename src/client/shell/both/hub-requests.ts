/** What the core has asked of the network, and whom that was about: in the words of the answer they go by their name here. */
import type { ClientId, UserName } from '../../../base/ids.ts';
import type { ClientMessage } from '../../../protocol/client-messages.ts';
import { LOBBY } from '../../../protocol/names.ts';
import type { ServerMessage } from '../../../protocol/server-messages.ts';
import type { Names } from './names.ts';
import { retold } from './retell.ts';

/** Requests that are not answered yet; the oldest is forgotten. More than the core asks at once. */
const MAX_REQUESTS = 1000;

export class HubRequests {
  readonly #names: Names;
  readonly #about = new Map<ClientId, UserName>();

  constructor(names: Names) {
    this.#names = names;
  }

  /** @param message with the names there. */
  asked(message: ClientMessage): void {
    if (!('user' in message) || !('id' in message) || message.id === undefined) return;
    this.#about.set(message.id, message.user);
    const [oldest] = this.#about.keys();
    if (this.#about.size > MAX_REQUESTS && oldest !== undefined) this.#about.delete(oldest);
  }

  forget(): void {
    this.#about.clear();
  }

  /** An answer in words. */
  retold<M extends Extract<ServerMessage, { readonly type: 'error' | 'done' }>>(message: M): M {
    const known = new Map<string, string>([[LOBBY, this.#names.room]]);
    const about = message.id === undefined ? undefined : this.#about.get(message.id);
    if (about !== undefined) known.set(about, this.#names.fromLan(about));
    if (message.id !== undefined) this.#about.delete(message.id);
    return { ...message, text: retold(message.text, known) };
  }
}
