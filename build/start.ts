/** What the single executable starts with. */
import * as sea from 'node:sea';
import { createLoader } from './load.ts';
import { COMPILED, FIRST } from './names.ts';

// The executable's own pages, which nothing copies.
const part = (name: string): Uint8Array => new Uint8Array(sea.getRawAsset(name));

createLoader({
  // All of it is ASCII, so that a character takes one byte in memory too.
  text: (name) => Buffer.from(sea.getRawAsset(name)).toString('latin1'),
  compiled: (name) => part(name + COMPILED),
  sea,
})(FIRST);
