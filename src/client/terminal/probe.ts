/**
 * What the terminal is asked when it is opened: how far it goes for what terminals count in different ways, what it is, and
 * what it knows. All that goes out in one piece before the first frame, on a screen that is still blank, so nobody sees it;
 * until the answers come everything is drawn in the way that is right anywhere.
 */
import { isDarkAnswer } from '../theme/ground.ts';
import { UNICODE_SIGNS } from '../view/signs.ts';
import type { Answer } from './answer.ts';
import { JOINS_NOTHING, type Joins } from './cell-writer.ts';
import { answered, type Kind, named } from './kind.ts';

/** Each sample is drawn in this row, the terminal is asked how far that went, and in the end the row is wiped. */
const PROBE_ROW = 2;
/** Columns without which there is no room for that. */
const PROBE_COLUMNS = 12;
/**
 * Before each of them, so that a program in between that miscounts it returns to the row's start by a carriage return,
 * which is right however far it went, and not by as many steps back as it counts.
 */
const INDENT = '  ';
const AT = `\x1b[${PROBE_ROW};1H`;
const WIPE = `${AT}\x1b[2K`;
/** DSR 6: where is the cursor? */
const WHERE = '\x1b[6n';

/** What is one picture of two cells where it is joined; else its parts stand side by side, or on top of each other. */
const SAMPLES = [
  { joins: 'pictures', sample: '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}' },
  { joins: 'tones', sample: '\u{1f44d}\u{1f3fd}' },
  { joins: 'styles', sample: '\u2764\ufe0f' },
  { joins: 'keycaps', sample: '1\ufe0f\u20e3' },
  { joins: 'flags', sample: '\u{1f1e8}\u{1f1ed}' },
] as const satisfies readonly { readonly joins: keyof Joins; readonly sample: string }[];
const JOINED_WIDTH = 2;

/** DECRQM of synchronized output, and the values that say that it is known. */
const TOGETHER_MODE = 2026;
const KNOWN_MODE: ReadonlySet<number> = new Set([1, 2, 3]);
/** DECRQM; XTVERSION; DA2; and OSC 11, what colour its ground is. */
const QUESTIONS = `\x1b[?${TOGETHER_MODE}$p\x1b[>q\x1b[>c\x1b]11;?\x07`;
/** DA1, which every terminal answers: what comes after it is no answer. */
const LAST_QUESTION = '\x1b[c';

/** The signs of our screen, as many as fit. */
const signsFor = (columns: number): string =>
  [...new Set(Object.values(UNICODE_SIGNS))].slice(0, columns - INDENT.length - 1).join('');

export interface Findings {
  readonly kind: Kind;
  readonly joins: Joins;
  readonly wideSigns: boolean;
  readonly together: boolean;
  /** Its ground is dark; undefined: it hasn't said. */
  readonly dark: boolean | undefined;
}

export class Probe {
  #findings: Findings;
  #signs = '';
  /** How many samples it has measured; it does so in their order. */
  #measured = 0;
  /** When it was asked (monotonic ms), as long as not all is answered. */
  #askedAt: number | undefined;

  constructor(kind: Kind) {
    this.#findings = { kind, joins: JOINS_NOTHING, wideSigns: false, together: false, dark: undefined };
  }

  get findings(): Findings {
    return this.#findings;
  }

  /** Milliseconds for which answers are under way; undefined: none are. */
  pendingFor(now: number): number | undefined {
    return this.#askedAt === undefined ? undefined : now - this.#askedAt;
  }

  /** What to write to a screen that is blank; afterwards the cursor is anywhere. */
  ask(columns: number, unicode: boolean, now: number): string {
    if (columns < PROBE_COLUMNS) return '';
    this.#askedAt = now;
    this.#measured = 0;
    this.#signs = signsFor(columns);
    const samples = unicode ? [...SAMPLES.map(({ sample }) => sample), this.#signs] : [];
    const measures = samples.map((sample) => AT + INDENT + sample + WHERE).join('');
    // Who reads no commands may print the newer of these, too.
    const questions = this.#findings.kind.commands ? QUESTIONS : '';
    return measures + AT + questions + LAST_QUESTION + WIPE;
  }

  /** @returns whether that has changed what is known. */
  take(answer: Answer): boolean {
    const before = this.#findings;
    switch (answer.kind) {
      case 'cursor':
        if (answer.row === PROBE_ROW) this.#measure(answer.column - 1 - INDENT.length);
        break;
      case 'mode':
        if (answer.mode === TOGETHER_MODE) this.#find({ together: KNOWN_MODE.has(answer.value) });
        break;
      case 'version':
        this.#find({ kind: named(before.kind, answer.text) });
        break;
      case 'ground':
        this.#find({ dark: isDarkAnswer(answer.text) });
        break;
      case 'device':
        if (answer.level === 1) this.#askedAt = undefined;
        else this.#find({ kind: answered(before.kind, answer.numbers) });
        break;
    }
    return this.#findings !== before;
  }

  #find(found: Partial<Findings>): void {
    this.#findings = { ...this.#findings, ...found };
  }

  #measure(width: number): void {
    const probe = SAMPLES[this.#measured];
    this.#measured += 1;
    if (probe === undefined) {
      if (this.#measured === SAMPLES.length + 1 && width !== this.#signs.length) this.#find({ wideSigns: true });
      return;
    }
    const { joins } = this.#findings;
    // To terminals that know no emoji each is one cell, and so a picture and its tone are two as well.
    if (width !== JOINED_WIDTH || (probe.joins === 'tones' && !joins.pictures)) return;
    this.#find({ joins: { ...joins, [probe.joins]: true } });
  }
}
