import { readFileSync } from 'node:fs';
import type { Joins } from '../../terminal/cell-writer.ts';
import { isUtf8 } from '../../terminal/environment.ts';
import { openKeyboard, type TerminalInput } from '../../terminal/keyboard.ts';
import { kindOf, notification, takesLinks } from '../../terminal/kind.ts';
import { Probe } from '../../terminal/probe.ts';
import { SAMPLES, type WidthFacts } from '../judge/widths.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Milliseconds for all answers: a slow line takes half a second. */
const WITHIN_MS = 1500;
/** Columns that the widest sample needs, with what stands before it. */
const LEAST_COLUMNS = 20;

/** Below the row in which the client's own questions are asked. */
const ROW = 3;
const INDENT = '  ';
const AT = `\x1b[${ROW};1H`;
/** A screen of its own, where the terminal has one, so that nothing of what stands there is drawn over. */
const ENTER = '\x1b7\x1b[?1049h\x1b[2J';
const LEAVE = `${AT}\x1b[2K\x1b[?1049l\x1b8`;
/** Whose bytes in UTF-8 are commands to nobody, also where each of them is a character. */
const HARMLESS: ReadonlySet<string> = new Set(['accent', 'wide']);

const WORDS: Readonly<Record<keyof Joins, string>> = {
  pictures: 'families',
  tones: 'skin tones',
  styles: 'hearts',
  keycaps: 'keycaps',
  flags: 'flags',
};

const JOINS = ['pictures', 'tones', 'styles', 'keycaps', 'flags'] as const satisfies readonly (keyof Joins)[];

/** What we use of `process.stdout`. */
interface TerminalOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Whether the terminal is ours to read from: whoever does so in the background is stopped. True where that isn't known. */
export function isInFront(stat: string): boolean {
  // Behind the name, which may hold anything: state, parent, group, session, terminal, the group in its front.
  const [, , group, , , front] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // -1: it isn't our terminal, so nobody stops us.
  return group === undefined || front === undefined || front === '-1' || group === front;
}

function ownStat(): string {
  try {
    return readFileSync('/proc/self/stat', 'latin1');
  } catch {
    return '';
  }
}

/** Resolves when all is answered, or the time is up. */
async function answersFrom(
  input: TerminalInput,
  output: TerminalOutput,
  columns: number,
  env: Environment,
  withinMs: number,
) {
  const utf8 = isUtf8(env);
  const probe = new Probe(kindOf(env));
  const samples = SAMPLES.filter(({ name }) => utf8 || HARMLESS.has(name));
  const cells: number[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, withinMs);
  const keyboard = openKeyboard(input, {
    onAnswer: (answer) => {
      if (answer.kind === 'cursor' && answer.row === ROW) cells.push(answer.column - 1 - INDENT.length);
      probe.take(answer);
      if (probe.pendingFor(0) === undefined) resolve();
    },
    // What is typed meanwhile is nobody's.
    onKey: () => undefined,
    onMouse: () => undefined,
    onFocus: () => undefined,
    onGone: resolve,
  });
  const measures = samples.map(({ text }) => `${AT}\x1b[2K${INDENT}${text}\x1b[6n`).join('');
  output.write(ENTER + measures + probe.ask(columns, utf8, 0));
  await promise;
  clearTimeout(timer);
  output.write(LEAVE);
  keyboard.close();
  const measured = samples.flatMap(({ name }, at) => {
    const width = cells[at];
    return width === undefined ? [] : [[name, width] as const];
  });
  return { probe, cells: new Map(measured) };
}

/** @returns undefined where the terminal is none to be asked. */
export async function widthFacts(
  env: Environment,
  input: TerminalInput,
  output: TerminalOutput,
  withinMs: number = WITHIN_MS,
): Promise<WidthFacts | undefined> {
  const columns = output.columns ?? 0;
  if (input.isTTY !== true || output.isTTY !== true || env.TERM === 'dumb' || columns < LEAST_COLUMNS) return undefined;
  if (!isInFront(ownStat())) return undefined;
  const { probe, cells } = await answersFrom(input, output, columns, env, withinMs);
  if (cells.size === 0) return { utf8: isUtf8(env), answers: undefined };
  const { joins, kind, wideSigns } = probe.findings;
  const named = (is: boolean): string[] => JOINS.filter((name) => joins[name] === is).map((name) => WORDS[name]);
  return {
    utf8: isUtf8(env),
    answers: {
      cells,
      joined: named(true),
      apart: named(false),
      wideSigns,
      notifications: notification(kind) !== undefined,
      links: takesLinks(kind),
    },
  };
}
