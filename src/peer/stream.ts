/**
 * The two halves of one side's part in a chat: what it has sent and the other hasn't acknowledged, and what has come out of
 * turn. They know nothing of keys or paths: a frame is a thing with a number.
 */

/** Frames on their way at once: a burst, and no queue in a network that has become slow. What else there is to say waits. */
export const WINDOW = 64;
/**
 * Frames that are held at all: acknowledgements don't wait for room in the window, or two sides that both have much to say
 * would wait for each other. A receiver never needs to hold more.
 */
export const MAX_HELD_FRAMES = 256;
/** Characters of their messages: a slow reader is not to fill our memory. */
export const MAX_HELD_CHARS = 1_048_576;

export interface Numbered {
  readonly seq: number;
}

export interface Held<F extends Numbered> {
  readonly frame: F;
  /** Characters of the frame. */
  readonly size: number;
  /** Called when the other has opened it. */
  readonly acknowledged?: (() => void) | undefined;
  /** An acknowledgement by itself: nothing waits for its own. */
  readonly quiet: boolean;
}

export class OutStream<F extends Numbered> {
  #held: Held<F>[] = [];
  #size = 0;
  /** How many of those held have been sent on the path that is used now. */
  #sent = 0;

  /** Whether there is room for another frame, and for an acknowledgement. */
  get room(): boolean {
    return this.#held.length < WINDOW && this.#size < MAX_HELD_CHARS;
  }
  get roomForAck(): boolean {
    return this.#held.length < MAX_HELD_FRAMES;
  }

  /** Something is held for which an acknowledgement is expected. */
  get waiting(): boolean {
    return this.#held.some(({ quiet }) => !quiet);
  }

  get empty(): boolean {
    return this.#held.length === 0;
  }

  /** In the order of their numbers. */
  push(held: Held<F>): void {
    this.#held.push(held);
    this.#size += held.size;
  }

  /** What may be sent now, and counts as sent from now on: the same frames as ever, never sealed anew. */
  take(): readonly F[] {
    const due = this.#held.slice(this.#sent);
    this.#sent = this.#held.length;
    return due.map(({ frame }) => frame);
  }

  /** The path is another one, or has lost something: all that is held is due again. */
  again(): void {
    this.#sent = 0;
  }

  /** @returns what was acknowledged by this, oldest first. What was never sent can't be acknowledged. */
  acknowledge(upTo: number): readonly Held<F>[] {
    const newest = this.#held.at(-1)?.frame.seq ?? 0;
    if (upTo > newest) return [];
    const kept = this.#held.findIndex(({ frame }) => frame.seq > upTo);
    const gone = this.#held.splice(0, kept < 0 ? this.#held.length : kept);
    this.#sent = Math.max(0, this.#sent - gone.length);
    for (const { size } of gone) this.#size -= size;
    return gone;
  }

  clear(): void {
    this.#held = [];
    this.#size = 0;
    this.#sent = 0;
  }
}

export class InStream<F extends Numbered> {
  readonly #early = new Map<number, F>();
  #next = 1;

  /** Number of the newest frame before which none is missing. */
  get upTo(): number {
    return this.#next - 1;
  }

  /** `known`: it was here before. `far`: so much before it is missing that it isn't held; it comes again. */
  take(frame: F): 'held' | 'known' | 'far' {
    if (frame.seq < this.#next || this.#early.has(frame.seq)) return 'known';
    if (frame.seq >= this.#next + MAX_HELD_FRAMES) return 'far';
    this.#early.set(frame.seq, frame);
    return 'held';
  }

  /** The frame whose turn it is, taken out; `opened` must follow before the next one, or it is waited for again. */
  due(): F | undefined {
    const frame = this.#early.get(this.#next);
    this.#early.delete(this.#next);
    return frame;
  }

  opened(): void {
    this.#next += 1;
  }

  clear(): void {
    this.#early.clear();
  }
}
