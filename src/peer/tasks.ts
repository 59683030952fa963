/** Things that take time: one after the other, and later. What goes wrong in them is told to whoever owns them. */

type Fault = (error: unknown) => void;

/** One task after the other, each when the one before has ended: keys that move on with each message allow nothing else. */
export class Serial {
  readonly #fault: Fault;
  #last: Promise<void> = Promise.resolve();

  constructor(fault: Fault) {
    this.#fault = fault;
  }

  run(task: () => Promise<void> | void): void {
    this.#last = this.#last.then(task).catch(this.#fault);
  }
}

/** Timers that all end together. */
export class Timers {
  readonly #fault: Fault;
  readonly #running = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(fault: Fault) {
    this.#fault = fault;
  }

  /** @returns what cancels it; safe to call at any time. */
  after(ms: number, run: () => void): () => void {
    if (this.#closed) return () => undefined;
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      try {
        run();
      } catch (error) {
        this.#fault(error);
      }
    }, ms);
    this.#running.add(timer);
    return () => {
      clearTimeout(timer);
      this.#running.delete(timer);
    };
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
  }
}

/** A timer that runs at most once at a time, and is set again or stopped by name. */
export class Alarm {
  readonly #timers: Timers;
  #cancel: (() => void) | undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  get isSet(): boolean {
    return this.#cancel !== undefined;
  }

  set(ms: number, run: () => void): void {
    this.stop();
    this.#cancel = this.#timers.after(ms, () => {
      this.#cancel = undefined;
      run();
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
