/** What would vanish with the screen, and says how it ended. */
import { sanitizeText } from '../../../base/text/sanitize.ts';
import type { ConsoleEvent } from '../../core/notice.ts';
import { openLines } from '../lines.ts';
import type { Entry } from './event-log.ts';

/** Entries: the end, and the last that went wrong before it. */
const MAX_ENTRIES = 10;

export class LastWords {
  readonly #entries: Entry<ConsoleEvent>[] = [];

  /** Keeps those that matter after the end. */
  hear(entry: Entry<ConsoleEvent>): void {
    switch (entry.event.kind) {
      case 'warning':
        // What went wrong before is in the log; this is how it ended.
        if (entry.event.code === 'drain_timeout') this.#keep(entry);
        return;
      case 'stopping':
      case 'draining':
      case 'stopped':
      case 'store-failed':
      case 'fault':
        this.#keep(entry);
        return;
      case 'started':
      case 'metrics':
      case 'reloaded':
      case 'online':
      case 'registered':
      case 'away':
      case 'back':
      case 'offline':
      case 'joined':
      case 'left':
      case 'topic':
      case 'edited':
      case 'deleted':
      case 'message':
      case 'audit':
      case 'refused':
    }
  }

  #keep(entry: Entry<ConsoleEvent>): void {
    this.#entries.push(entry);
    if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
  }

  /** Lines for a terminal in raw mode or not. A fault with all of its lines. */
  get text(): string {
    let words = '';
    const lines = openLines((line) => {
      words += line;
    });
    for (const { event, time } of this.#entries) {
      if (event.kind !== 'fault') lines.show(event, time);
      else words += `${sanitizeText(`! fault, ${event.what}: ${event.stack}`)}\n`;
    }
    return words.replaceAll('\n', '\r\n');
  }
}
