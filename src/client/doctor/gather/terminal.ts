import { colorLevel } from '../../terminal/environment.ts';
import { kindOf } from '../../terminal/kind.ts';
import { colorsOf, FALLBACK, findEntry } from '../../terminal/terminfo.ts';
import type { TerminalFacts } from '../judge/terminal.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What we look at of `process.stdout`. */
interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export function terminalFacts(env: Environment, input: { readonly isTTY?: boolean }, output: Output): TerminalFacts {
  const term = env.TERM;
  const found = term === undefined ? undefined : findEntry(term, env);
  const entry = found === undefined ? undefined : { file: found.file, colors: colorsOf(found.data), bits: found.bits };
  const { inside } = kindOf(env);
  const isTerminal = output.isTTY === true;
  return {
    term,
    entry,
    colorTerm: env.COLORTERM,
    noColor: Boolean(env.NO_COLOR),
    colors: colorLevel(env, entry?.colors ?? FALLBACK.numbers.max_colors ?? 0),
    inside,
    surely: Boolean(env.TMUX) || Boolean(env.STY),
    input: input.isTTY === true,
    output: isTerminal,
    size: isTerminal ? { columns: output.columns ?? 0, rows: output.rows ?? 0 } : undefined,
  };
}
