import { describe, expect, test } from 'vitest';
import { type Entry, type FolderFacts, judgeFolder } from '../../../../src/client/doctor/judge/files.ts';

const UID = 1001;
const entry = (path: string, given: Partial<Entry> = {}): Entry => ({
  path,
  kind: 'file',
  mode: 0o600,
  uid: UID,
  size: 500,
  secret: false,
  ...given,
});
const folder = (path: string, mode = 0o700, given: Partial<Entry> = {}): Entry =>
  entry(path, { kind: 'folder', mode, ...given });
const ABOVE = [folder('/home/al', 0o755), folder('/home', 0o755, { uid: 0 }), folder('/', 0o755, { uid: 0 })];
const facts = (inside: readonly Entry[], given: Partial<FolderFacts> = {}): FolderFacts => ({
  what: 'data',
  path: '/home/al/uchat',
  entries: [folder('/home/al/uchat'), ...inside],
  above: ABOVE,
  space: { free: 5e9, files: true },
  ...given,
});
const judged = (...args: Parameters<typeof facts>) => judgeFolder(facts(...args), UID);

test('a folder that is ours alone is one line, with what is in it', () => {
  expect(judged([entry('/home/al/uchat/known_servers'), folder('/home/al/uchat/private')])).toEqual([
    { check: 'files', level: 'ok', says: 'data: /home/al/uchat, yours alone: 1 file, 500 bytes, 5.0 GB free' },
  ]);
});

test('one that is not there yet is made at the first start; of a server’s nothing is said', () => {
  expect(judged([], { entries: [] })).toEqual([
    expect.objectContaining({ level: 'ok', says: expect.stringContaining('first start') }),
  ]);
  expect(judged([], { entries: [], what: "your server's data" })).toEqual([]);
});

test('one that can’t be used is a problem', () => {
  expect(judged([], { fault: 'EACCES: permission denied' })).toEqual([
    expect.objectContaining({ level: 'problem', says: expect.stringContaining('EACCES') }),
  ]);
});

describe('modes', () => {
  test('of a secret that others can read are a problem, with the command that mends it', () => {
    expect(judged([entry('/home/al/uchat/device-key.pem', { secret: true, mode: 0o640 })])).toEqual([
      {
        check: 'files',
        level: 'problem',
        says: 'others can read /home/al/uchat/device-key.pem, which is secret',
        mend: 'chmod 600 /home/al/uchat/device-key.pem',
      },
    ]);
  });

  test('of what is no secret are a note where others read it, and a problem where they write', () => {
    const known = '/home/al/uchat/known servers';
    expect(judged([entry(known, { mode: 0o644 })])).toEqual([
      expect.objectContaining({ level: 'note', mend: `chmod 600 '${known}'` }),
    ]);
    expect(judged([entry(known, { mode: 0o666 })])).toEqual([
      expect.objectContaining({ level: 'problem', says: `others can change ${known}` }),
    ]);
  });

  test('of many files are one line', () => {
    const many = ['a', 'b', 'c', 'd'].map((name) => entry(`/home/al/uchat/${name}`, { mode: 0o620 }));
    expect(judged(many)).toEqual([
      expect.objectContaining({
        says: 'others can change /home/al/uchat/a, /home/al/uchat/b and 2 more',
        mend: 'chmod go-rwx /home/al/uchat/a /home/al/uchat/b …',
      }),
    ]);
  });

  test('of settings may let others read', () => {
    const config = [entry('/home/al/.config/uchat/config.toml', { mode: 0o644 })];
    expect(judged(config, { what: 'settings' }).map(({ level }) => level)).toEqual(['ok']);
    const open = [entry('/home/al/.config/uchat/config.toml', { mode: 0o664 })];
    expect(judged(open, { what: 'settings' }).map(({ level }) => level)).toEqual(['problem']);
  });

  test('of a folder above that anybody may write to are a problem, unless it is sticky as /tmp is', () => {
    expect(judged([], { above: [folder('/tmp', 0o1777, { uid: 0 })] }).map(({ level }) => level)).toEqual(['ok']);
    expect(judged([], { above: [folder('/share', 0o777, { uid: 0 })] })).toEqual([
      expect.objectContaining({ level: 'problem', mend: 'chmod o-w /share' }),
    ]);
  });
});

describe('owners', () => {
  test('that are others are a problem', () => {
    expect(judged([entry('/home/al/uchat/client.json', { uid: 0 })])).toEqual([
      expect.objectContaining({
        level: 'problem',
        says: expect.stringContaining('of user id 0: /home/al/uchat/client.json'),
        mend: expect.stringContaining('sudo chown -R 1001 /home/al/uchat'),
      }),
    ]);
  });

  test('of settings may be the administrator, and nobody else', () => {
    const config = (uid: number) => [entry('/etc/uchat/config.toml', { uid })];
    expect(judged(config(0), { what: 'settings' }).map(({ level }) => level)).toEqual(['ok']);
    expect(judged(config(7), { what: 'settings' }).map(({ level }) => level)).toEqual(['problem']);
  });

  test('of a folder above may be root, and of anybody else it is a note', () => {
    expect(judged([], { above: [folder('/home/bob', 0o755, { uid: 1002 })] })).toEqual([
      expect.objectContaining({ level: 'note', says: expect.stringContaining('user id 1002') }),
    ]);
  });
});

describe('links', () => {
  const link = (given: Partial<Entry>) => entry('/home/al/uchat/known_servers', { kind: 'link', ...given });

  test('that lead nowhere are a problem', () => {
    expect(judged([link({ dangling: true })])).toEqual([expect.objectContaining({ level: 'problem' })]);
  });

  test('in place of a file are a note, but not among settings, nor of the whole folder', () => {
    expect(judged([link({})])).toEqual([expect.objectContaining({ level: 'note' })]);
    expect(judged([link({})], { what: 'settings' }).map(({ level }) => level)).toEqual(['ok']);
    const whole = { entries: [entry('/home/al/uchat', { kind: 'link', mode: 0o700 })] };
    expect(judged([], whole).map(({ level }) => level)).toEqual(['ok']);
  });
});

test.each<readonly [free: number, files: boolean, level: string]>([
  [5e9, true, 'ok'],
  [1e8, true, 'note'],
  [1e6, true, 'problem'],
  [5e9, false, 'problem'],
])('%i bytes of space, and places for files: %j: %s', (free, files, level) => {
  expect(judged([], { space: { free, files } }).map((finding) => finding.level)).toEqual([level]);
});
