/** What themes/README.md promises to whoever writes a theme. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import { readTheme } from '../../../src/client/theme/file.ts';
import { resolveTheme } from '../../../src/client/theme/resolve.ts';
import { NAMED_ROLES, roleInfo } from '../../../src/client/theme/roles.ts';
import { FOLDER, toml } from './themes-folder.ts';

const TEXT = readFileSync(join(FOLDER, 'README.md'), 'utf8');

/** The rows of a section's table, cell by cell, without its head. */
const rows = (title: string): string[][] =>
  (TEXT.split(/^## /m).find((section) => section.startsWith(`${title}\n`)) ?? '')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

test('names every role, and which other one each is like', () => {
  expect(rows('Roles').map(([role, like]) => [role, like])).toEqual(
    NAMED_ROLES.map((role) => {
      const { like } = roleInfo(role);
      return [`\`${role}\``, like === undefined ? '' : `\`${like}\``];
    }),
  );
});

test('names every key', () => {
  const [fault] = readTheme({ nope: 1 }).faults;
  const known = new Set(fault?.says.replace(/^.* known are /, '').split(', '));
  expect(new Set(rows('Keys').map(([key]) => key?.replaceAll('`', '')))).toEqual(known);
});

test('its examples are themes without a fault', () => {
  const examples = [...TEXT.matchAll(/```toml\n(.*?)```/gs)].map(([, example = '']) => example);
  expect(examples.length).toBe(3);
  for (const example of examples) {
    const { file, faults } = readTheme(parse(example));
    const resolved = resolveTheme('example', [file, readTheme(toml('dark')).file, readTheme(toml('nord')).file]);
    const own = resolved.faults.filter((fault) => fault.file === 0 && fault.path[0] !== 'nicks');
    expect([...faults, ...own]).toEqual([]);
  }
});
