/** Where themes are, and which there are: a start needs no more, where nobody has chosen another. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { BUILT_IN_DARK, BUILT_IN_MONOCHROME } from '../theme/built-in.ts';
import { SHIPPED, THEME_NAME, type Theme } from '../theme/theme.ts';
import { configFile } from './files.ts';

/** Own themes that are listed: more are no choice any more. */
const MAX_OWN = 100;
const SUFFIX = '.toml';

export type Environment = Readonly<Record<string, string | undefined>>;

/** No choice: what suits the terminal's ground. */
export const AUTO = 'auto';

/** A person's own, in the folder of settings. */
export const ownPath = (name: string, env: Environment): string => join(configFile('themes', env), `${name}${SUFFIX}`);

export const isShipped = (name: string): boolean => SHIPPED.some((each) => each === name);

/** By the alphabet. */
function ownNames(env: Environment): readonly string[] {
  try {
    const files = readdirSync(configFile('themes', env)).filter((file) => file.endsWith(SUFFIX));
    const names = files.map((file) => file.slice(0, -SUFFIX.length)).filter((name) => THEME_NAME.test(name));
    return names.toSorted().slice(0, MAX_OWN);
  } catch {
    // Most people have no such folder; of one that can't be read, each theme says so when it is named.
    return [];
  }
}

/** Ours first, then a person's own; one of the same name stands in place of ours. */
export const themeNames = (env: Environment = process.env): readonly string[] => [
  ...new Set([...SHIPPED, ...ownNames(env)]),
];

/** A name that there is a file for; whether it can be used is seen when it is read. */
export function checkTheme(name: string, env: Environment): Result<string, string> {
  const is = name === AUTO || (THEME_NAME.test(name) && (isShipped(name) || existsSync(ownPath(name, env))));
  const all = [AUTO, ...themeNames(env)].join(', ');
  return is ? ok(name) : err(`there is no theme ${JSON.stringify(name)}; there are ${all}`);
}

/** One that no file has to be read for, unless somebody has their own of that name. */
export function builtInTheme(name: string, env: Environment): Theme | undefined {
  const found = [BUILT_IN_DARK, BUILT_IN_MONOCHROME].find((theme) => theme.name === name);
  return found === undefined || existsSync(ownPath(name, env)) ? undefined : found;
}
