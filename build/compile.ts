/**
 * Compiles parts without running them: those that no run at building time comes to.
 * Usage: node build/compile.ts FOLDER PART…
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from './load.ts';
import { COMPILED } from './names.ts';

const [folder, ...names] = process.argv.slice(2);
if (folder === undefined) throw new Error('which folder?');
const text = (name: string): string => readFileSync(join(folder, name), 'latin1');
for (const name of names) {
  const script = compile({ text, compiled: () => undefined }, name);
  writeFileSync(join(folder, name + COMPILED), script.createCachedData());
}
