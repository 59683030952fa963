/**
 * Things that are all due the same time after they were last touched, so that the order of touching is the order of
 * falling due: every operation is O(1), and ten thousand idle entries cost nothing.
 */
export class DueQueue<T> {
  /** Milliseconds. */
  #after: number;
  /** A Map keeps the order of insertion; the value is the monotonic time at which it falls due. */
  readonly #due = new Map<T, number>();
  readonly #onEarlier: () => void;

  /**
   * @param after milliseconds; 0 means never, and then the queue stays empty.
   * @param onEarlier the next due time may have come closer.
   */
  constructor(after: number, onEarlier: () => void) {
    this.#after = after;
    this.#onEarlier = onEarlier;
  }

  get size(): number {
    return this.#due.size;
  }

  has(item: T): boolean {
    return this.#due.has(item);
  }

  /** @param mono must not run backwards from one call to the next. */
  touch(item: T, mono: number): void {
    if (this.#after === 0) return;
    this.#due.delete(item);
    this.#due.set(item, mono + this.#after);
    // Behind others it can't be the next one.
    if (this.#due.size === 1) this.#onEarlier();
  }

  delete(item: T): void {
    this.#due.delete(item);
  }

  /**
   * All are due another time after they were touched.
   * @param all whatever belongs in here: with 0 the queue has forgotten when they were touched, so that counts from now.
   */
  change(after: number, all: Iterable<T>, mono: number): void {
    const difference = after - this.#after;
    if (difference === 0) return;
    const knew = this.#after > 0;
    this.#after = after;
    if (after === 0) this.#due.clear();
    else if (knew) for (const [item, due] of this.#due) this.#due.set(item, due + difference);
    else for (const item of all) this.touch(item, mono);
    this.#onEarlier();
  }

  /** When the next one falls due; Infinity when there is none. */
  next(): number {
    for (const due of this.#due.values()) return due;
    return Infinity;
  }

  /** Takes out the first that is wanted of the `among` oldest; where none of them is, the oldest. */
  takeFirst(wanted: (item: T) => boolean, among: number): T | undefined {
    let found: T | undefined;
    let seen = 0;
    for (const item of this.#due.keys()) {
      found ??= item;
      if (seen >= among) break;
      if (wanted(item)) {
        found = item;
        break;
      }
      seen += 1;
    }
    if (found !== undefined) this.#due.delete(found);
    return found;
  }

  /** Takes out one that is due. */
  take(mono: number): T | undefined {
    for (const [item, due] of this.#due) {
      if (due > mono) return undefined;
      this.#due.delete(item);
      return item;
    }
    return undefined;
  }
}
