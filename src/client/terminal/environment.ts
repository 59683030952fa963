/** What the environment promises of the terminal. */
import type { ColorLevel } from './theme.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** POSIX: the first of these that is set and not empty decides. */
export function isUtf8({ LC_ALL, LC_CTYPE, LANG }: Environment): boolean {
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
}

/** https://no-color.org: set and not empty. @param colors as terminfo has them. */
export function colorLevel(env: Environment, colors: number): ColorLevel {
  if (env.NO_COLOR) return 0;
  // The name says it where there is no entry of that name: `xterm-16color`.
  const named = Number(/-(\d+)color$/.exec(env.TERM ?? '')?.[1] ?? Number.POSITIVE_INFINITY);
  const most = Math.min(colors, named);
  if (/^(truecolor|24bit)$/i.test(env.COLORTERM ?? '') || most >= 256) return 256;
  return most >= 16 ? 16 : most >= 8 ? 8 : 0;
}
