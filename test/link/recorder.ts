/** What a link told its listener, and a way to wait for it. */
import type { CloseReason, Link, LinkEvents } from '../../src/link/link.ts';

/** Milliseconds after which waiting for an event is a failure. */
const DEADLINE = 5000;

export type Told =
  | { readonly kind: 'frame'; readonly line: string }
  | { readonly kind: 'fault'; readonly fault: string }
  | { readonly kind: 'drained' }
  | { readonly kind: 'closed'; readonly reason: CloseReason };

export class Recorder implements LinkEvents {
  readonly all: Told[] = [];
  /** Called for each frame, after it is recorded. */
  onFrame: (line: string) => void = () => undefined;
  #waiting: (() => void)[] = [];

  /** A recorder that listens to `link` already. */
  static on(link: Link): Recorder {
    const recorder = new Recorder();
    link.listen(recorder);
    return recorder;
  }

  frame(line: string): void {
    this.#add({ kind: 'frame', line });
    this.onFrame(line);
  }

  fault(fault: string): void {
    this.#add({ kind: 'fault', fault });
  }

  drained(): void {
    this.#add({ kind: 'drained' });
  }

  closed(reason: CloseReason): void {
    this.#add({ kind: 'closed', reason });
  }

  get lines(): string[] {
    return this.all.flatMap((told) => (told.kind === 'frame' ? [told.line] : []));
  }

  count(kind: Told['kind']): number {
    return this.all.filter((told) => told.kind === kind).length;
  }

  /** Resolves when `condition` holds, checked at each event; rejects after the deadline. */
  async until(condition: (recorder: this) => boolean, what: string): Promise<void> {
    const deadline = Date.now() + DEADLINE;
    while (!condition(this)) {
      const left = deadline - Date.now();
      if (left <= 0)
        throw new Error(`waited ${DEADLINE} ms for ${what}; told: ${JSON.stringify(this.all).slice(0, 500)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  untilLines(count: number): Promise<void> {
    return this.until((recorder) => recorder.lines.length >= count, `${count} lines`);
  }

  untilClosed(): Promise<void> {
    return this.until((recorder) => recorder.count('closed') > 0, 'the end');
  }

  #add(told: Told): void {
    this.all.push(told);
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
