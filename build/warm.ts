/**
 * Runs the parts from a folder, as the executable will from itself, and when the program ends keeps there what V8 has
 * compiled: with the functions that were called, which so need not be compiled again at a start.
 * Usage: node build/warm.ts FOLDER [uchat's arguments]. Each run adds to what those before it have kept.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Script } from 'node:vm';
import { createLoader } from './load.ts';
import { COMPILED, FIRST } from './names.ts';

const [folder] = process.argv.splice(2, 1);
if (folder === undefined) throw new Error('which folder?');

function compiled(name: string): Uint8Array | undefined {
  try {
    return readFileSync(join(String(folder), name + COMPILED));
  } catch {
    // The first run that has this part.
    return undefined;
  }
}

const scripts = new Map<string, Script>();
const load = createLoader({
  text: (name) => readFileSync(join(folder, name), 'latin1'),
  compiled,
  sea: {
    isSea: () => true,
    getAsset: (name: string, encoding: BufferEncoding) => readFileSync(join(folder, name), encoding),
  },
  onCompiled: (name, script) => {
    if (script.cachedDataRejected === true) throw new Error(`V8 does not take up what it made of ${name}`);
    scripts.set(name, script);
  },
});
process.once('exit', () => {
  for (const [name, script] of scripts) {
    const file = join(folder, name + COMPILED);
    writeFileSync(`${file}.new`, script.createCachedData());
    renameSync(`${file}.new`, file);
  }
});
// What listens to it itself ends without this; the others would end without the event above.
process.once('SIGINT', () => process.exit());
load(FIRST);
