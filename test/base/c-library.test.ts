import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { foreignFunctions } from '../../src/base/c-library.ts';

const FILE = join(import.meta.dirname, '..', '..', 'src', 'base', 'c-library.ts');
const script = `
  const { foreignFunctions } = await import(${JSON.stringify(FILE)});
  foreignFunctions();
  process.emitWarning('this one is for people');
`;
const run = (...options: readonly string[]) =>
  spawnSync(process.execPath, [...options, '--input-type=module', '-e', script], { encoding: 'utf8' });

test('the C library is there without a word, and other warnings are still told', () => {
  const { status, stderr } = run();
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: expect.stringMatching(/^\(node:\d+\) Warning: this one is for people\n\(Use [^\n]*\n$/),
  });
});

test('a Node without it is told by an error', () => {
  const { status, stderr } = run('--no-experimental-ffi');
  expect(status).toBe(1);
  expect(stderr).toContain('node:ffi');
});

test('it has the functions of this process', () => {
  const { functions } = foreignFunctions().dlopen(null, { abs: { arguments: ['i32'], return: 'i32' } });
  expect(functions.abs(-7)).toBe(7);
});
