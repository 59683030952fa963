import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const ROOT = dirname(import.meta.dirname);
/** A client that tells what it was given. Its types make it fail where nobody strips them. */
const CLI =
  "import { shown } from './base/shown.ts';\nconst argv: string[] = process.argv.slice(2);\nconsole.log(shown(argv));\n";
const SHOWN =
  "export const shown = (argv: string[]): string => `${process.version.split('.')[0]} ${JSON.stringify(argv)}`;\n";

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'uchat launcher-'));
  // What the launcher calls, and a machine's own Node that must not be.
  mkdirSync(join(scratch, 'bin'));
  for (const tool of ['dirname', 'readlink']) symlinkSync(join('/usr/bin', tool), join(scratch, 'bin', tool));
  writeFileSync(join(scratch, 'bin', 'node'), '#!/bin/sh\necho the wrong node\nexit 99\n');
  chmodSync(join(scratch, 'bin', 'node'), 0o755);
});
afterEach(() => rmSync(scratch, { recursive: true }));

/** Puts the package into a folder of the scratch folder. */
function install(folder: string): void {
  const src = join(scratch, folder, 'src');
  mkdirSync(join(src, 'base'), { recursive: true });
  for (const file of ['uchat', 'strip-types.mjs']) cpSync(join(ROOT, 'src', file), join(src, file));
  writeFileSync(join(scratch, folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(src, 'cli.ts'), CLI);
  writeFileSync(join(src, 'base', 'shown.ts'), SHOWN);
}

function addNode(folder: string): void {
  mkdirSync(join(scratch, folder), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', 'node'), join(scratch, folder, 'node'));
}

function run(command: string, ...argv: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(join(scratch, command), argv, {
    encoding: 'utf8',
    cwd: '/',
    env: { PATH: join(scratch, 'bin') },
  });
  return { status, stdout, stderr };
}

const GOOD = { status: 0, stdout: 'v26 ["--plain","a b",""]\n', stderr: '' };

test('a checkout runs on its own Node, whatever the machine has', () => {
  install('checkout');
  addNode('checkout/node_modules');
  expect(run('checkout/src/uchat', '--plain', 'a b', '')).toEqual(GOOD);
});

test('symbolic links lead to it, relative and absolute', () => {
  install('checkout');
  addNode('checkout/node_modules');
  symlinkSync('../checkout/src/uchat', join(scratch, 'bin', 'near'));
  symlinkSync(join(scratch, 'bin', 'near'), join(scratch, 'bin', 'uchat'));
  expect(run('bin/uchat', '--plain', 'a b', '')).toEqual(GOOD);
});

test('installed as a dependency it finds the Node beside itself', () => {
  install('project/node_modules/uchat');
  addNode('project/node_modules');
  mkdirSync(join(scratch, 'project/node_modules/.bin'));
  symlinkSync('../uchat/src/uchat', join(scratch, 'project/node_modules/.bin/uchat'));
  expect(run('project/node_modules/.bin/uchat', '--plain', 'a b', '')).toEqual(GOOD);
});

test('without a Node of its own it says so in one line, and exits with 2', () => {
  install('checkout');
  expect(run('checkout/src/uchat')).toEqual({
    status: 2,
    stdout: '',
    stderr: `uchat: its own Node is missing; run 'npm install' in ${scratch}/checkout\n`,
  });
});

test('the exit status of the client is the exit status', () => {
  install('checkout');
  addNode('checkout/node_modules');
  writeFileSync(join(scratch, 'checkout/src/cli.ts'), 'process.exitCode = 3;\n');
  expect(run('checkout/src/uchat').status).toBe(3);
});

test('with a Node that npm has put there without its install script, it says how to get the rest', () => {
  for (const [uchat, packages] of [
    ['checkout', 'checkout/node_modules'],
    ['project/node_modules/uchat', 'project/node_modules'],
  ] as const) {
    install(uchat);
    mkdirSync(join(scratch, packages, 'node'), { recursive: true });
    writeFileSync(join(scratch, packages, 'node', 'package.json'), '{}');
    expect(run(`${uchat}/src/uchat`)).toEqual({
      status: 2,
      stdout: '',
      stderr: `uchat: npm has installed its Node without the script that fetches it; run 'npm rebuild --ignore-scripts=false node' in ${dirname(join(scratch, packages))}\n`,
    });
  }
});
