/** The dashboard's log: bounded, and read from the newest upwards. */
import type { UnixMs } from '../../../base/ids.ts';
import type { ConsoleEvent } from '../../core/notice.ts';

/** Entries: an hour of a busy day to scroll back in; what was said is in the store. */
export const MAX_ENTRIES = 2000;
/** Characters that were written, in all entries together: 2,000 of the longest messages would be 16 MB. */
export const MAX_CHARS = 1_000_000;

/** A command that was typed here, and a line of what came back. */
export type OwnEvent =
  | { readonly kind: 'typed'; readonly text: string }
  | { readonly kind: 'answer'; readonly text: string };

export interface Entry<Event = ConsoleEvent | OwnEvent> {
  readonly event: Event;
  readonly time: UnixMs;
}

export class EventLog {
  readonly #entries: Entry[] = [];
  /** Those of them that are shown, in order. */
  #shown: Entry[] = [];
  #shows: (entry: Entry) => boolean = () => true;
  #filter = '';
  #chars = 0;
  /** Entries below the window; 0: the newest is shown. */
  #below = 0;

  get below(): number {
    return this.#below;
  }

  /** What is shown, in words; empty where all is. */
  get filter(): string {
    return this.#filter;
  }

  /** From now on only what `shows` says; the newest of it. */
  narrow(filter: string, shows: (entry: Entry) => boolean): void {
    this.#filter = filter;
    this.#shows = shows;
    this.#shown = this.#entries.filter(shows);
    this.#below = 0;
  }

  /** Keeps what the operator reads where it is. */
  add(entry: Entry): void {
    this.#entries.push(entry);
    this.#chars += charsOf(entry);
    if (this.#shows(entry)) {
      this.#shown.push(entry);
      if (this.#below > 0) this.#below += 1;
    }
    while (this.#entries.length > MAX_ENTRIES || (this.#chars > MAX_CHARS && this.#entries.length > 1)) {
      const oldest = this.#entries.shift();
      if (oldest === undefined) break;
      this.#chars -= charsOf(oldest);
      if (this.#shown[0] === oldest) this.#shown.shift();
    }
    this.scroll(0);
  }

  /** @param by entries, upwards. Stops at both ends. */
  scroll(by: number): void {
    this.#below = Math.max(0, Math.min(this.#shown.length - 1, this.#below + by));
  }

  /** From the window's last entry to the oldest. */
  *upwards(): Generator<Entry> {
    for (let i = this.#shown.length - 1 - this.#below; i >= 0; i -= 1) {
      const entry = this.#shown[i];
      if (entry !== undefined) yield entry;
    }
  }

  /** From below the window's last entry to the newest. */
  *downwards(): Generator<Entry> {
    for (let i = this.#shown.length - this.#below; i < this.#shown.length; i += 1) {
      const entry = this.#shown[i];
      if (entry !== undefined) yield entry;
    }
  }
}

const charsOf = ({ event }: Entry): number =>
  'text' in event ? event.text.length : 'stack' in event ? event.stack.length : 0;
