/** Which of the log's entries are shown. */
import { textOf } from './entry-text.ts';
import type { Entry } from './event-log.ts';

const KINDS = ['all', 'people', 'messages', 'warnings'] as const;
type Kind = (typeof KINDS)[number];

/** UTF-16 units of words that are looked for: more than a row shows. */
const MAX_WORDS = 100;

export class LogFilter {
  #kind: Kind = 'all';
  #words = '';

  /** For a title; empty where all is shown. */
  get name(): string {
    const words = this.#words === '' ? '' : `"${this.#words}"`;
    return [this.#kind === 'all' ? '' : `${this.#kind} only`, words].filter(Boolean).join(' ');
  }

  nextKind(): void {
    this.#kind = KINDS[(KINDS.indexOf(this.#kind) + 1) % KINDS.length] ?? 'all';
  }

  /** @param words of which an entry must have the whole, as they stand, in capitals or not; empty: any will do. */
  find(words: string): void {
    this.#words = words.slice(0, MAX_WORDS).toWellFormed().toLowerCase();
  }

  shows(entry: Entry): boolean {
    const kind = kindOf(entry);
    if (kind === 'own') return true;
    if (this.#kind !== 'all' && kind !== this.#kind) return false;
    return this.#words === '' || textOf(entry).toLowerCase().includes(this.#words);
  }
}

/** `own`: is shown whatever is looked for, as what was typed here and what came of it. */
function kindOf({ event }: Entry): Exclude<Kind, 'all'> | 'own' {
  switch (event.kind) {
    case 'online':
    case 'registered':
    case 'away':
    case 'back':
    case 'offline':
    case 'joined':
    case 'left':
      return 'people';
    case 'message':
    case 'edited':
    case 'deleted':
    case 'topic':
      return 'messages';
    case 'warning':
    case 'refused':
    case 'store-failed':
    case 'fault':
      return 'warnings';
    case 'typed':
    case 'answer':
    case 'audit':
    case 'started':
    case 'metrics':
    case 'draining':
    case 'reloaded':
    case 'stopping':
    case 'stopped':
      return 'own';
  }
}
