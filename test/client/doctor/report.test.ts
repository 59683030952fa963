import { expect, test } from 'vitest';
import type { Finding } from '../../../src/client/doctor/judge/finding.ts';
import { jsonReport, type Look, report } from '../../../src/client/doctor/report.ts';

const FINDINGS: readonly Finding[] = [
  { check: 'locale', level: 'ok', says: 'UTF-8' },
  { check: 'own-server', level: 'note', says: 'so and so', mend: 'do this' },
  { check: 'files', level: 'problem', says: 'others can read it', mend: 'chmod 600 it' },
];
const PLAIN: Look = { unicode: true, colors: false, columns: undefined };

test('each finding is a line with a sign, a word, and what to do; the last line counts', () => {
  expect(report(FINDINGS, PLAIN)).toBe(
    [
      '✓ ok       locale      UTF-8',
      '· note     own-server  so and so → do this',
      '✗ problem  files       others can read it → chmod 600 it',
      '1 problem, 1 note.',
      '',
    ].join('\n'),
  );
});

test('without UTF-8 all of it is ASCII', () => {
  const text = report(FINDINGS, { ...PLAIN, unicode: false });
  expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  expect(text).toContain('! problem  files       others can read it -> chmod 600 it');
});

test('colours are of the mark only', () => {
  expect(report(FINDINGS, { ...PLAIN, colors: true }).split('\n')[2]).toBe(
    '\x1b[31m✗ problem\x1b[m  files       others can read it → chmod 600 it',
  );
});

test('on a terminal long ones are broken, and go on under their beginning', () => {
  const long: Finding = { check: 'clock', level: 'note', says: 'one two three four five six seven eight nine ten' };
  expect(report([long], { ...PLAIN, columns: 60 }).split('\n')).toEqual([
    '· note     clock       one two three four five six seven',
    '                       eight nine ten',
    '1 note. uchat works.',
    '',
  ]);
  // Too narrow for two columns: the terminal breaks them where it likes.
  expect(report([long], { ...PLAIN, columns: 40 }).split('\n')).toHaveLength(3);
});

test('where all is well it says so', () => {
  expect(report(FINDINGS.slice(0, 1), PLAIN)).toMatch(/\nNothing is wrong\.\n$/);
});

const HOSTILE: Finding = {
  check: 'log-in',
  level: 'problem',
  says: 'no\x1b[2J\n✓ ok  all is well\u202e',
  mend: '\x07x',
};

test('words of others do nothing to the terminal, and make no line of their own', () => {
  const text = report([HOSTILE], PLAIN);
  expect(text.split('\n')).toHaveLength(3);
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
});

test('as JSON it is an object a line, with stable fields, and as harmless', () => {
  const lines = jsonReport([...FINDINGS, HOSTILE])
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(4);
  const read = lines.slice(0, 2).map((line): unknown => JSON.parse(line));
  expect(read).toEqual([
    { check: 'locale', level: 'ok', says: 'UTF-8' },
    { check: 'own-server', level: 'note', says: 'so and so', mend: 'do this' },
  ]);
  expect(lines[3]).toMatch(/^[\x20-\u007e✓]*$/);
  expect(JSON.parse(lines[3] ?? '')).toEqual(HOSTILE);
});
