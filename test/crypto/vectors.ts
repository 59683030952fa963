/**
 * Public test vectors, where they are: in `test/data/vectors`, or in the folder that `UCHAT_VECTORS` names, which has
 *   wycheproof/           of github.com/C2SP/wycheproof, testvectors_v1 (Apache-2.0)
 *   mls-implementations/  of github.com/mlswg/mls-implementations, test-vectors
 * as clones, or only the files in question. They aren't part of the program; without them the suites that need them say so
 * and are skipped. The vectors of the RFCs, in rfc-vectors.test.ts, always run.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = process.env['UCHAT_VECTORS'] || fileURLToPath(new URL('../data/vectors', import.meta.url));

const FOLDERS = {
  wycheproof: ['wycheproof/testvectors_v1', 'wycheproof'],
  mls: ['mls-implementations/test-vectors', 'mls-implementations'],
} as const;

function pathOf(source: keyof typeof FOLDERS, file: string): string | undefined {
  return FOLDERS[source].map((folder) => join(ROOT, folder, file)).find((path) => existsSync(path));
}

/** Whether all of these are here; says so where not. */
export function needVectors(source: keyof typeof FOLDERS, files: readonly string[]): boolean {
  const missing = files.filter((file) => pathOf(source, file) === undefined);
  if (missing.length === 0) return true;
  console.warn(`skipped: needs ${missing.join(', ')} under $UCHAT_VECTORS/${FOLDERS[source][0]}`);
  return false;
}

/** The file's content; the caller says what it is. Empty where it isn't here, so that suites can be collected. */
export function vectors<T>(source: keyof typeof FOLDERS, file: string, otherwise: T): T {
  const path = pathOf(source, file);
  return path === undefined ? otherwise : (JSON.parse(readFileSync(path, 'utf8')) as T);
}

export const hex = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
