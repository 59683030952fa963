/** Searches in all rooms: asked of both sides, and answered as one. See `merged-search.ts`. */
import type { ClientId } from '../../../base/ids.ts';
import type { ClientMessages } from '../../../protocol/client-messages.ts';
import { MAX_FOUND } from '../../../protocol/limits.ts';
import type { ServerMessage } from '../../../protocol/server-messages.ts';
import { begin, type Merged, type SideName, take, toAsk, withPage } from './merged-search.ts';

/** Searches that may be gone on with; the oldest can't be, then. A person has one. */
const MAX_SEARCHES = 20;

type Wish = ClientMessages['search'];

export interface SearchesPorts {
  readonly newId: () => ClientId;
  /** Each side its own names. @returns false where it isn't there. */
  readonly ask: (side: SideName, message: Wish) => boolean;
  readonly answer: (message: ServerMessage) => void;
}

interface Running {
  readonly wish: Wish;
  merged: Merged;
  /** The questions that are under way, each to its side. */
  readonly asked: Map<ClientId, SideName>;
}

export class Searches {
  readonly #ports: SearchesPorts;
  readonly #running = new Set<Running>();
  /** By the cursor that the core was given. */
  readonly #left = new Map<string, Merged>();

  constructor(ports: SearchesPorts) {
    this.#ports = ports;
  }

  ask(wish: Wish): void {
    const running: Running = {
      wish,
      merged: wish.before === undefined ? begin : (this.#left.get(wish.before) ?? begin),
      asked: new Map(),
    };
    this.#running.add(running);
    const [oldest] = this.#running;
    if (this.#running.size > MAX_SEARCHES && oldest !== undefined) this.#running.delete(oldest);
    for (const side of toAsk(running.merged)) this.#askSide(running, side);
    if (running.asked.size === 0) this.#answer(running);
  }

  #askSide(running: Running, side: SideName): void {
    const { id: _, before: __, ...wish } = running.wish;
    const { before } = running.merged[side];
    const id = this.#ports.newId();
    running.asked.set(id, side);
    const sent = this.#ports.ask(side, { ...wish, id, ...(before === undefined ? {} : { before }) });
    // Whoever isn't there has nothing.
    if (!sent) this.#page(running, id, side, { messages: [] });
  }

  #page(running: Running, id: ClientId, side: SideName, page: Parameters<typeof withPage>[2]): void {
    running.asked.delete(id);
    running.merged = withPage(running.merged, side, page);
  }

  #answer({ wish, merged }: Running): void {
    const { messages, rest, more } = take(merged, wish.limit ?? MAX_FOUND);
    const before = this.#ports.newId();
    if (more) this.#left.set(before, rest);
    const [oldest] = this.#left.keys();
    if (this.#left.size > MAX_SEARCHES && oldest !== undefined) this.#left.delete(oldest);
    const id = wish.id === undefined ? {} : { id: wish.id };
    this.#ports.answer({ type: 'found', ...id, messages, more, ...(more ? { before } : {}) });
  }

  /** @param message with names as the core knows them. @returns whether it answers a question of this. */
  takes(message: ServerMessage): boolean {
    if ((message.type !== 'found' && message.type !== 'error') || message.id === undefined) return false;
    const { id } = message;
    for (const running of this.#running) {
      const side = running.asked.get(id);
      if (side === undefined) continue;
      if (message.type === 'found') {
        this.#page(running, id, side, {
          messages: message.messages,
          before: message.more ? message.before : undefined,
        });
      } else if (side === 'lan') this.#page(running, id, side, { messages: [] });
      else {
        // What the server says of it is what there is to say.
        this.#running.delete(running);
        const own = running.wish.id === undefined ? {} : { id: running.wish.id };
        this.#ports.answer({ type: 'error', ...own, code: message.code, text: message.text, closes: false });
        return true;
      }
      if (running.asked.size === 0) {
        this.#running.delete(running);
        this.#answer(running);
      }
      return true;
    }
    return false;
  }

  /** One side answers nothing any more. */
  lost(side: SideName): void {
    for (const running of this.#running) {
      for (const [id, of] of running.asked) if (of === side) this.#page(running, id, side, { messages: [] });
      if (running.asked.size > 0) continue;
      this.#running.delete(running);
      this.#answer(running);
    }
  }
}
