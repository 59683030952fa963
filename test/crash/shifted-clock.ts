/**
 * `node --import` this, and the wall clock of the process is set by a file: what stands there is added to it, in
 * milliseconds, from the start and again at each SIGUSR2. The clock that nobody sets (`performance.now`) goes on.
 */
import { readFileSync } from 'node:fs';

const path = process.env.UCHAT_SHIFT ?? '';
const real = Date.now.bind(Date);
const read = (): number => Number(readFileSync(path, 'utf8')) || 0;
let shift = read();

const shifted = (): number => Math.max(0, real() + shift);
globalThis.Date = class extends Date {
  constructor(...given: readonly unknown[]) {
    super(...((given.length === 0 ? [shifted()] : given) as [number]));
  }

  static override now(): number {
    return shifted();
  }
} as DateConstructor;

process.on('SIGUSR2', () => {
  shift = read();
});
