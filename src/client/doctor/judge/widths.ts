/** What the terminal has answered: how far it goes for what terminals count in different ways, and what it knows. */
import { type Finding, findings, listed } from './finding.ts';

/** Drawn, and the terminal asked how far that went. */
export const SAMPLES = [
  { name: 'accent', text: '\u00e9', cells: 1 },
  { name: 'mark', text: 'e\u0301', cells: 1 },
  { name: 'wide', text: '\u4f60', cells: 2 },
  { name: 'emoji', text: '\u{1f44b}', cells: 2 },
] as const;

type Sample = (typeof SAMPLES)[number]['name'];

export interface WidthFacts {
  /** Whether the locale promises UTF-8. */
  readonly utf8: boolean;
  readonly answers:
    | {
        /** Cells; a missing one wasn't answered. */
        readonly cells: ReadonlyMap<Sample, number>;
        /** What is drawn as one picture, in words, and what isn't. */
        readonly joined: readonly string[];
        readonly apart: readonly string[];
        /** The screen's own signs take more than one cell each. */
        readonly wideSigns: boolean;
        readonly notifications: boolean;
        readonly links: boolean;
      }
    /** It was asked, and has not answered. */
    | undefined;
}

const widths = findings('widths');
const terminal = findings('terminal');

const NARROW =
  'in your terminal, set characters of ambiguous width to narrow; a locale of China, Japan or Korea may set them to wide';

function judgeText(cells: ReadonlyMap<Sample, number>, utf8: boolean): readonly Finding[] {
  const accent = cells.get('accent') ?? 1;
  const wide = cells.get('wide') ?? 2;
  // Two bytes in UTF-8, and three: each is a character to who doesn't know it.
  if (accent > 1 && wide !== 2)
    return [
      widths.problem(
        'the terminal does not read UTF-8, which the locale promises: letters beyond ASCII come out wrong',
        'switch your terminal to UTF-8; inside of screen, attach with screen -U',
      ),
    ];
  if (!utf8)
    return [
      widths.note('the terminal reads UTF-8, and only the locale does not promise it', 'export LANG=C.UTF-8 is enough'),
    ];
  const wrong = SAMPLES.filter(({ name, cells: right }) => name !== 'accent' && (cells.get(name) ?? right) !== right);
  if (wrong.length === 0) return [];
  const shown = wrong.map(({ text, name, cells: right }) => `${text} takes ${cells.get(name) ?? 0}, not ${right}`);
  return [
    widths.note(
      `widths of an old table: ${listed(shown)}; uchat puts what follows where it belongs`,
      'a newer terminal, or multiplexer, has a newer table',
    ),
  ];
}

export function judgeWidths({ utf8, answers }: WidthFacts): readonly Finding[] {
  if (answers === undefined)
    return [
      widths.note(
        'the terminal does not say where its cursor is: emoji of several parts are shown by their first',
        'a terminal of today says it; over a slow line, run this again',
      ),
    ];
  const { cells, joined, apart, wideSigns, notifications, links } = answers;
  const found = [...judgeText(cells, utf8)];
  if (wideSigns)
    found.push(
      widths.note(
        'the terminal draws signs such as \u25cf two cells wide: columns stay straight, but signs cover what is beside them',
        NARROW,
      ),
    );
  if (utf8 && !found.some(({ level }) => level === 'problem'))
    found.push(
      apart.length === 0
        ? widths.ok(`emoji of several parts are one picture: ${listed(joined)}`)
        : widths.ok(
            `${joined.length === 0 ? 'no emoji of several parts is one picture' : `one picture: ${listed(joined)}`}; of ${listed(apart)} the first part is shown`,
          ),
    );
  found.push(
    terminal.ok(
      `${notifications ? 'shows notifications' : 'knows no notifications (the bell works)'}, ${links ? 'takes links' : 'knows no links'}`,
    ),
  );
  return found;
}
