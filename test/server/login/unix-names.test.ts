import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  askGetent,
  type GetentAnswer,
  MAX_AT_WORK,
  MAX_REMEMBERED,
  MAX_WAITING,
  REMEMBER_FAILURE_MS,
  REMEMBER_MS,
} from '../../../src/server/login/getent.ts';
import { parsePasswd, parseSources } from '../../../src/server/login/passwd.ts';
import { createUnixNames, type UnixNames } from '../../../src/server/login/unix-names.ts';

const PASSWD = `root:x:0:0:root:/root:/bin/bash
# a comment: it is nobody:x:7:7:::
alice:x:1001:1001:Alice,,,:/home/alice:/bin/bash
Bob:x:1002:1002::/home/bob:/bin/zsh
alice2:x:1001:1001:the same uid:/home/alice:/bin/bash
broken:x
+nis:x:99:99:::
-nobody:x:98:98:::
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uchat-names-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function names(
  passwd: string,
  nsswitch: string,
  answers: Readonly<Record<string, GetentAnswer>> = {},
): Promise<UnixNames & { readonly asked: string[] }> {
  const [passwdFile, nsswitchFile] = [join(folder, 'passwd'), join(folder, 'nsswitch.conf')];
  await writeFile(passwdFile, passwd);
  await writeFile(nsswitchFile, nsswitch);
  const asked: string[] = [];
  const getent = (key: string): Promise<GetentAnswer> => {
    asked.push(key);
    return Promise.resolve(answers[key] ?? { kind: 'none' });
  };
  const unix = createUnixNames({ passwdFile, nsswitchFile, getent });
  return { asked, nameOf: (uid) => unix.nameOf(uid), isUnixLogin: (name) => unix.isUnixLogin(name) };
}

describe('the file passwd', () => {
  test('names user ids, the first login of each', async () => {
    const unix = await names(PASSWD, 'passwd: files\n');
    expect(await Promise.all([0, 1001, 1002, 7, 99, 98, 5].map((uid) => unix.nameOf(uid)))).toEqual([
      'root',
      'alice',
      'Bob',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(unix.asked).toEqual([]);
  });

  test('knows its logins in upper and lower case', async () => {
    const unix = await names(PASSWD.replace('+nis:x:99:99:::\n', ''), 'passwd: files systemd\n');
    const asked = ['root', 'Root', 'ROOT', 'bob', 'BOB', 'alice2', 'carol', 'nis', 'nobody', 'broken', ''];
    const known = await Promise.all(asked.map((name) => unix.isUnixLogin(name)));
    expect(asked.filter((_, i) => known[i])).toEqual(['root', 'Root', 'ROOT', 'bob', 'BOB', 'alice2']);
    expect(unix.asked).toEqual([]);
  });

  test('knows what looks like its logins', async () => {
    const unix = await names(PASSWD, 'passwd: files\n');
    const asked = ['r00t', 'a1ice', 'ALlCE', 'b0b_', 'root2', 'alic'];
    const known = await Promise.all(asked.map((name) => unix.isUnixLogin(name)));
    expect(asked.filter((_, i) => known[i])).toEqual(['r00t', 'a1ice', 'ALlCE', 'b0b_']);
  });

  test('that can not be read for now leaves everybody known, and is read as soon as it can be', async () => {
    const unix = await names(PASSWD, 'passwd: files\n');
    expect(await unix.nameOf(1001)).toBe('alice');
    const path = join(folder, 'passwd');
    await rename(path, join(folder, 'old'));
    // As where too many files are open: it is there, and reading it fails.
    await mkdir(path);
    expect([await unix.nameOf(1001), await unix.isUnixLogin('bob')]).toEqual(['alice', true]);
    await rm(path, { recursive: true });
    await writeFile(path, 'carol:x:1003:1003:::\n');
    expect([await unix.nameOf(1003), await unix.isUnixLogin('bob')]).toEqual(['carol', false]);
  });

  test('is read again when it has changed, in place or by another in its place', async () => {
    const unix = await names(PASSWD, 'passwd: files\n');
    expect(await unix.nameOf(1003)).toBeUndefined();
    await writeFile(join(folder, 'passwd'), `${PASSWD}carol:x:1003:1003:::\n`);
    expect(await unix.nameOf(1003)).toBe('carol');
    await writeFile(join(folder, 'new'), `${PASSWD}caroo:x:1003:1003:::\n`);
    await rename(join(folder, 'new'), join(folder, 'passwd'));
    expect(await unix.nameOf(1003)).toBe('caroo');
  });

  test('is as it was when one asked, or later, however many ask at once', async () => {
    const unix = await names(PASSWD, 'passwd: files\n');
    for (let i = 1; i <= 3; i++) {
      await unix.nameOf(1003);
      const crowd = Array.from({ length: 50 }, () => unix.nameOf(1003));
      // The file is looked at by another thread meanwhile, and what it saw is older than the next question.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      const name = `u${'x'.repeat(i)}`;
      writeFileSync(join(folder, 'passwd'), `${PASSWD}${name}:x:1003:1003:::\n`);
      expect(await unix.nameOf(1003)).toBe(name);
      await Promise.all(crowd);
    }
  });

  test('that is not there knows nobody', async () => {
    const unix = createUnixNames({ passwdFile: join(folder, 'none'), nsswitchFile: join(folder, 'none') });
    expect([await unix.nameOf(0), await unix.isUnixLogin('root')]).toEqual([undefined, false]);
  });

  test('may hold noise: what is no entry is nobody', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (noise) => {
        const { nameByUid } = parsePasswd(`${noise.replaceAll('\n', '')}\nalice:x:1001:1001:::\n`);
        expect([...nameByUid.values()]).toContain('alice');
      }),
    );
  });
});

describe('nsswitch.conf', () => {
  test.each([
    ['passwd: files', false],
    ['passwd:         files systemd', false],
    ['passwd: compat', false],
    ['passwd: files # sss', false],
    ['# passwd: sss\npasswd: files', false],
    ['group: files sss\npasswd: files', false],
    ['passwd: files [NOTFOUND=return SUCCESS=merge] systemd', false],
    ['', false],
    ['passwd: files sss', true],
    ['passwd:sss files', true],
    ['passwd: files [SUCCESS=return] ldap', true],
    ['  passwd : files winbind', true],
  ])('%j: users come from a directory too: %j', (text, directory) => {
    expect(parseSources(text).directory).toBe(directory);
  });
});

describe('with a directory', () => {
  const DIRECTORY = 'passwd: files sss\n';
  const dora: GetentAnswer = { kind: 'entry', name: 'dora', uid: 70_001 };

  test('users are asked for there who are not in the file', async () => {
    const unix = await names(PASSWD, DIRECTORY, { '70001': dora, dora });
    expect([await unix.nameOf(1001), await unix.nameOf(70_001), await unix.nameOf(70_002)]).toEqual([
      'alice',
      'dora',
      undefined,
    ]);
    expect([await unix.isUnixLogin('alice'), await unix.isUnixLogin('dora'), await unix.isUnixLogin('Dora')]).toEqual([
      true,
      true,
      true,
    ]);
    expect(await unix.isUnixLogin('emil')).toBe(false);
    expect(unix.asked).toEqual(['70001', '70002', 'dora', 'Dora', 'dora', 'emil']);
  });

  test('a guest whose name is somebody’s number is not them', async () => {
    const unix = await names(PASSWD, DIRECTORY, { '70001': dora });
    expect(await unix.isUnixLogin('70001')).toBe(false);
  });

  test('an answer about somebody else names nobody', async () => {
    const unix = await names(PASSWD, DIRECTORY, { '70002': dora });
    expect(await unix.nameOf(70_002)).toBeUndefined();
  });

  test('that does not answer, nobody has a name, and every name is taken', async () => {
    const unix = await names(PASSWD, DIRECTORY, { '70001': { kind: 'failed' }, emil: { kind: 'failed' } });
    expect([await unix.nameOf(70_001), await unix.isUnixLogin('emil')]).toEqual([undefined, true]);
  });

  test('NIS is one too, where passwd says + and nsswitch.conf compat', async () => {
    const file = await names(`${PASSWD}+\n`, 'passwd: files\n', { '70001': dora });
    expect(await file.nameOf(70_001)).toBeUndefined();
    const unix = await names(`${PASSWD}+\n`, 'passwd: compat\n', { '70001': dora });
    expect(await unix.nameOf(70_001)).toBe('dora');
  });
});

describe('getent', () => {
  const ENTRY = 'dora:*:70001:70001:Dora:/home/dora:/bin/sh\n';

  test.each([
    [0, ENTRY, { kind: 'entry', name: 'dora', uid: 70_001 }],
    [2, '', { kind: 'none' }],
    [1, '', { kind: 'failed' }],
    [-1, '', { kind: 'failed' }],
    [0, '', { kind: 'failed' }],
    [0, 'no entry at all', { kind: 'failed' }],
  ])('that ends with %d and says %j', async (status, output, answer) => {
    expect(await askGetent(() => Promise.resolve({ status, output }))('dora')).toEqual(answer);
  });

  test('that can’t be run has failed', async () => {
    expect(await askGetent(() => Promise.reject(new Error('ENOENT')))('dora')).toEqual({ kind: 'failed' });
  });

  test('is asked once for a while, also by many at once, and failures are forgotten sooner', async () => {
    let now = 0;
    const runs: string[] = [];
    const getent = askGetent(
      (key) => {
        runs.push(key);
        return Promise.resolve(key === 'dora' ? { status: 0, output: ENTRY } : { status: 1, output: '' });
      },
      () => now,
    );
    await Promise.all([getent('dora'), getent('dora'), getent('dead')]);
    now = REMEMBER_FAILURE_MS - 1;
    await Promise.all([getent('dora'), getent('dead')]);
    expect(runs).toEqual(['dora', 'dead']);
    now = REMEMBER_FAILURE_MS;
    await Promise.all([getent('dora'), getent('dead')]);
    expect(runs).toEqual(['dora', 'dead', 'dead']);
    now = REMEMBER_MS;
    await getent('dora');
    expect(runs).toEqual(['dora', 'dead', 'dead', 'dora']);
  });

  test('runs a few at a time, a bounded number waits, and the rest fails at once', async () => {
    const running: ((result: { status: number; output: string }) => void)[] = [];
    let most = 0;
    let atWork = 0;
    const getent = askGetent(async () => {
      atWork += 1;
      most = Math.max(most, atWork);
      const result = await new Promise<{ status: number; output: string }>((resolve) => {
        running.push(resolve);
      });
      atWork -= 1;
      return result;
    });
    const answers = Array.from({ length: MAX_AT_WORK + MAX_WAITING + 1 }, (_, i) => getent(`u${i}`));
    expect(await answers.at(-1)).toEqual({ kind: 'failed' });
    for (const answer of answers.slice(0, -1)) {
      running.shift()?.({ status: 2, output: '' });
      expect(await answer).toEqual({ kind: 'none' });
    }
    expect(most).toBe(MAX_AT_WORK);
    // A turn that was handed on is free again.
    const later = [getent('a'), getent('b')];
    await setImmediate();
    expect(running).toHaveLength(2);
    for (const resolve of running.splice(0)) resolve({ status: 2, output: '' });
    await Promise.all(later);
  });

  test('remembers a bounded number', async () => {
    const runs: string[] = [];
    const getent = askGetent((key) => {
      runs.push(key);
      return Promise.resolve({ status: 2, output: '' });
    });
    for (let i = 0; i <= MAX_REMEMBERED; i++) await getent(`u${i}`);
    await getent('u1');
    expect(runs).toHaveLength(MAX_REMEMBERED + 1);
    await getent('u0');
    expect(runs).toHaveLength(MAX_REMEMBERED + 2);
  });
});

describe.runIf(process.platform === 'linux')('this host', () => {
  test('knows us, and root whatever its case', async () => {
    const unix = createUnixNames();
    expect(await unix.nameOf(userInfo().uid)).toBe(userInfo().username);
    expect([await unix.isUnixLogin('Root'), await unix.isUnixLogin('no-such-user-here')]).toEqual([true, false]);
  });

  test('answers by getent as by its file, and takes no key for an option', async () => {
    const getent = askGetent();
    expect(await getent('root')).toEqual({ kind: 'entry', name: 'root', uid: 0 });
    expect(await getent('0')).toEqual({ kind: 'entry', name: 'root', uid: 0 });
    expect(await getent('no-such-user-here')).toEqual({ kind: 'none' });
    expect(await getent('--help')).toEqual({ kind: 'none' });
    expect(await readFile('/etc/passwd', 'utf8')).toContain('root:');
  });
});
