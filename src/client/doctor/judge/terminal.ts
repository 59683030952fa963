/** The terminal, as far as it can be told without asking it anything. */
import { type Finding, findings } from './finding.ts';

export interface TerminalFacts {
  /** $TERM. */
  readonly term: string | undefined;
  /** Its description on this host. */
  readonly entry:
    | {
        readonly file: string;
        /** 0: it has none. */
        readonly colors: number;
        /** Of its numbers; 32 since ncurses 6.1. */
        readonly bits: 16 | 32;
      }
    | undefined;
  readonly colorTerm: string | undefined;
  readonly noColor: boolean;
  /** How many uchat uses: 0, 8, 16, 256 or more. */
  readonly colors: number;
  readonly inside: 'tmux' | 'screen' | undefined;
  /** Whether $TMUX or $STY is set: what is inside is known by more than TERM. */
  readonly surely: boolean;
  readonly input: boolean;
  readonly output: boolean;
  /** Cells; undefined: output is no terminal. 0: it doesn't say. */
  readonly size: { readonly columns: number; readonly rows: number } | undefined;
}

/** Below this the screen is cut; SCREENS: folds down to 20x5. */
const LEAST = { columns: 20, rows: 5 };
/** What everything fits. */
const USUAL = { columns: 80, rows: 24 };

const { ok, note, problem } = findings('terminal');

const OTHER_TERM = 'set TERM to what your terminal is, such as xterm-256color; over ssh it comes from where you are';

function judgeTerm({ term, entry, inside, surely }: TerminalFacts): readonly Finding[] {
  if (term === undefined || term === '')
    return [note('TERM is not set: uchat takes the terminal for xterm-256color', OTHER_TERM)];
  if (term === 'dumb')
    return [
      problem('TERM is dumb, so there is no full screen', `${OTHER_TERM}; without one uchat is lines, as with --plain`),
    ];
  const found: Finding[] = [];
  if (surely && inside !== undefined && !/^(tmux|screen)/.test(term))
    found.push(
      problem(
        `TERM is ${term} inside of ${inside}, which is another terminal: keys, colours and lines go wrong`,
        `remove what sets TERM from your shell's start files; ${inside} sets it to ${inside === 'tmux' ? 'tmux-256color' : 'screen-256color'}`,
      ),
    );
  if (entry === undefined)
    found.push(
      note(
        `this host has no description of ${term}: uchat takes what most terminals have in common`,
        'install descriptions of more terminals (Debian: ncurses-term), or set TERM=xterm-256color',
      ),
    );
  else found.push(ok(`${term} (${entry.file}${entry.bits === 32 ? ', with 32-bit numbers' : ''})`));
  return found;
}

function judgeColors({ term, colors, noColor, colorTerm, entry }: TerminalFacts): Finding {
  if (noColor) return ok('no colours, because NO_COLOR is set: every state has its sign or word');
  if (colors >= 256)
    return ok(`${colors > 256 ? 'all' : colors} colours${colorTerm ? ` (COLORTERM=${colorTerm})` : ''}`);
  const why = entry === undefined ? '' : `, as ${term ?? 'its description'} says`;
  return note(
    `${colors === 0 ? 'no' : colors} colours${why}`,
    term === 'linux' ? undefined : 'where your terminal has more, take its other name, such as TERM=xterm-256color',
  );
}

function judgeSize({ size }: TerminalFacts): Finding | undefined {
  if (size === undefined) return undefined;
  const { columns, rows } = size;
  const shown = `${columns}x${rows}`;
  if (columns === 0 || rows === 0)
    return problem(
      'the terminal does not say how large it is: uchat takes it for 80x24',
      'say it: stty columns 80 rows 24, with the true numbers',
    );
  if (columns < LEAST.columns || rows < LEAST.rows)
    return problem(
      `${shown} is too small: below ${LEAST.columns}x${LEAST.rows} parts of the screen are cut off`,
      'make the window larger, or its letters smaller',
    );
  if (columns < USUAL.columns || rows < USUAL.rows)
    return note(`${shown} is small: the list of people and the times are folded away`, 'from 80x24 on all is shown');
  return ok(shown);
}

export function judgeTerminal(facts: TerminalFacts): readonly Finding[] {
  const { input, output } = facts;
  if (!input || !output) {
    const what = input ? 'output is' : output ? 'input is' : 'input and output are';
    const blind = note(
      `${what} not a terminal, so its size and its widths were not looked at`,
      'run uchat doctor alone on a command line',
    );
    return [...judgeTerm(facts), blind];
  }
  const size = judgeSize(facts);
  return [...judgeTerm(facts), judgeColors(facts), ...(size === undefined ? [] : [size])];
}
