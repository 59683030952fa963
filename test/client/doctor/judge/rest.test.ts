/** The checks that have no more than one question. */
import { describe, expect, test } from 'vitest';
import { judgeEditor } from '../../../../src/client/doctor/judge/editor.ts';
import { bytesText, listed, shellWord } from '../../../../src/client/doctor/judge/finding.ts';
import { judgePrivate } from '../../../../src/client/doctor/judge/private.ts';
import { judgeProgram } from '../../../../src/client/doctor/judge/program.ts';
import { judgeSettings } from '../../../../src/client/doctor/judge/settings.ts';
import { judgeTimeZone } from '../../../../src/client/doctor/judge/time-zone.ts';

describe('the program', () => {
  const facts = { version: '0.1.0', node: '26.10.0', single: false, platform: 'linux x64', cache: { folder: '/c' } };

  test('says what it is', () => {
    expect(judgeProgram(facts).map(({ says }) => says)).toEqual([
      'uchat 0.1.0, from source on Node 26.10.0 (linux x64)',
    ]);
    expect(judgeProgram({ ...facts, single: true, cache: undefined })[0]?.says).toContain('a single executable');
  });

  test('that can keep nothing of what it compiles is slow, which is a note', () => {
    const slow = judgeProgram({ ...facts, cache: { folder: '/c', fault: 'EACCES' } });
    expect(slow.map(({ level }) => level)).toEqual(['ok', 'note']);
  });
});

describe('settings', () => {
  const file = (faults: readonly string[], isThere = true) => ({ path: '/c/config.toml', isThere, faults });

  test('without a mistake are well, and files that are not there are nothing', () => {
    expect(judgeSettings({ files: [file([])], others: [] })).toEqual([
      { check: 'settings', level: 'ok', says: '/c/config.toml holds no mistake' },
    ]);
    expect(judgeSettings({ files: [file([], false)], others: [] })).toEqual([]);
  });

  test('each mistake is a problem', () => {
    const found = judgeSettings({
      files: [file(['/c/config.toml:3:1: x is no setting'])],
      others: ['UCHAT_SERVER: no'],
    });
    expect(found.map(({ level, says }) => `${level}: ${says}`)).toEqual([
      'problem: /c/config.toml:3:1: x is no setting',
      'problem: UCHAT_SERVER: no',
    ]);
    const [server] = judgeSettings({ files: [{ ...file(['x']), path: '/c/server.toml' }], others: [] });
    expect([found[0]?.mend, server?.mend]).toEqual([
      expect.stringContaining('until then it does not count'),
      expect.stringContaining('until then no server starts with it'),
    ]);
  });
});

test('a time zone that nobody knows is a note', () => {
  const facts = { variable: 'Nowhere/Land', zone: 'UTC', now: '14:05' };
  expect(judgeTimeZone({ ...facts, isKnown: false })).toMatchObject({
    level: 'note',
    says: expect.stringContaining('Nowhere'),
  });
  expect(judgeTimeZone({ ...facts, variable: 'UTC', isKnown: true })).toMatchObject({
    level: 'ok',
    says: '14:05 in UTC',
  });
});

test.each([
  [undefined, undefined, 'note'],
  ['nosuch', false, 'note'],
  ['vim', true, 'ok'],
  ['sh -c "vim"', undefined, 'ok'],
])('an editor %j that is found (%j): %s', (command, isFound, level) => {
  expect(judgeEditor({ command, isFound })).toMatchObject({ level });
});

test('who has the private chats is told', () => {
  expect(judgePrivate({ isThere: false, holder: undefined, log: 0 }, bytesText)).toEqual([]);
  expect(judgePrivate({ isThere: true, holder: undefined, log: 2000 }, bytesText)[0]?.says).toBe(
    'private chats are free: the next uchat that starts has them; your log of them has 2.0 kB',
  );
  expect(judgePrivate({ isThere: true, holder: { pid: 7, command: 'uchat' }, log: 0 }, bytesText)[0]?.says).toBe(
    'private chats are in process 7 (uchat)',
  );
});

test('words for bytes, lists, and commands', () => {
  expect([0, 999, 1000, 12_345, 1e9, 5e15].map(bytesText)).toEqual([
    '0 bytes',
    '999 bytes',
    '1.0 kB',
    '12 kB',
    '1.0 GB',
    '5000 TB',
  ]);
  expect([listed([]), listed(['a']), listed(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
  expect([shellWord('/a/b'), shellWord("it's"), shellWord('$(x)')]).toEqual(['/a/b', "'it'\\''s'", "'$(x)'"]);
});
