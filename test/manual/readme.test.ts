/** The README speaks of nothing that there is not: options, words, commands and variables, wherever it shows code. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../src/client/commands/index.ts';
import { VARIABLES } from '../../src/usage/environment.ts';
import { ALL_OPTIONS, isWord } from '../../src/usage/modes.ts';

const README = readFileSync(join(dirname(dirname(import.meta.dirname)), 'README.md'), 'utf8');

const BLOCKS = [...README.matchAll(/^```\w*\n(.*?)^```/gms)].map(([, text = '']) => text);
const SPANS = [...README.replaceAll(/^```.*?^```/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);
const CODE = [...BLOCKS.flatMap((block) => block.split('\n')), ...SPANS];

const all = (pattern: RegExp): readonly string[] =>
  CODE.flatMap((text) => [...text.matchAll(pattern)].map(([, found = '']) => found));

/** Of other programs. */
const FOREIGN = ['omit'];

test('every option is one', () => {
  const ofCommands = COMMANDS.flatMap(({ args }) => [...args.matchAll(/--([a-z-]+)/g)].map(([, name = '']) => name));
  const known = [...Object.keys(ALL_OPTIONS), 'help', 'version', ...ofCommands, ...FOREIGN];
  const named = all(/(?<=^|\s)--([a-z][a-z-]*)/g);
  expect(named).toContain('serve');
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});

test('every word behind uchat is one, or a host', () => {
  const named = all(/(?:^|\| |&& )uchat ([a-z-]+)(?=\s|$)/g);
  expect(named).toContain('send');
  expect(named.filter((word) => !isWord(word) && !word.startsWith('--'))).toEqual([]);
});

test('every command is one', () => {
  // Names of files begin with a slash, too, and have another one, or stand behind something.
  const named = all(/(?:^|, )\/([a-z][a-z-]*)(?=[\s,]|$)/g);
  const known = COMMANDS.flatMap(({ name, aliases }): readonly string[] => [name, ...aliases]);
  expect(named).toContain('join');
  // At the server's own terminal; and what `//text` says.
  const others = ['audit', 'filter', 'reload', 'stop', 'text'];
  expect(named.filter((name) => !known.includes(name) && !others.includes(name))).toEqual([]);
});

test('every variable is one', () => {
  const known = VARIABLES.flatMap(({ name }) => name.split(', '));
  const named = all(/\$?\b([A-Z]+_[A-Z_]+)\b/g).filter((name) => name.startsWith('UCHAT') || name.startsWith('XDG'));
  expect(named).toContain('UCHAT_SERVER');
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});
