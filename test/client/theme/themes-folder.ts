/** The themes that come with the program, read as the program reads them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { readTheme } from '../../../src/client/theme/file.ts';
import { type Resolved, resolveTheme } from '../../../src/client/theme/resolve.ts';

export const FOLDER = join(import.meta.dirname, '..', '..', '..', 'themes');

export const NAMES: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.toml'))
  .map((file) => file.replace('.toml', ''));

export const toml = (name: string): unknown => parse(readFileSync(join(FOLDER, `${name}.toml`), 'utf8'));

/** A theme, with what is wrong in its file; none of them extends another. */
export function shipped(name: string): Resolved & { readonly wrong: readonly string[] } {
  const { file, faults } = readTheme(toml(name));
  const resolved = resolveTheme(name, [file]);
  return { ...resolved, wrong: [...faults, ...resolved.faults].map(({ path, says }) => `${path.join('.')}: ${says}`) };
}
