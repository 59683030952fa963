import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { UnixMs } from '../../../src/base/ids.ts';
import { APPLICATION_ID, MIGRATIONS, migrate } from '../../../src/client/vault/database.ts';
import { openVault, openVaultReader } from '../../../src/client/vault/open.ts';
import { type VaultPlace, vaultFiles } from '../../../src/client/vault/place.ts';
import { Sessions } from '../../../src/client/vault/sessions.ts';
import { BOB, device, group, outgoing, ownPackage, record, session, user } from '../../peer/vault-conformance.ts';
import { SERVER, useHome } from './folder.ts';

const home = useHome();
const place = (): VaultPlace => ({ folder: home.folder, server: SERVER });
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const PIN = { user: BOB, device: device(1), since: 1 as UnixMs, verified: true, accepted: true };

describe('the folder', () => {
  test.each([0o000, 0o022, 0o277])('is for its owner only, and everything in it, with umask %i', (umask) => {
    const before = process.umask(umask);
    try {
      const vault = home.open();
      vault.commit({ putPin: PIN });
      vault.log.append(BOB, record(1));
    } finally {
      process.umask(before);
    }
    const names = home.files();
    expect(names.map((name) => name.replace(/[0-9a-f]{64}/, 'HASH')).toSorted()).toEqual(
      [
        'identity-key.pem',
        'private/log-key.json',
        ...['history/HASH.log', 'lock', 'sessions.db', 'sessions.db-journal'].map(
          (name) => `private/box.example_2428-${/-([0-9a-f]{16})\//.exec(names.join())?.[1]}/${name}`,
        ),
      ].toSorted(),
    );
    const kept = names.filter((name) => name.startsWith('private/'));
    expect(new Set(kept.map((name) => mode(join(home.folder, name))))).toEqual(new Set(['600']));
    expect(mode(join(home.folder, 'identity-key.pem'))).toMatch(/^[64]00$/);
    const { folder, history } = vaultFiles(place());
    expect([join(home.folder, 'private'), folder, history].map(mode)).toEqual(['700', '700', '700']);
  });

  test('becomes private again', () => {
    home.open().close();
    const { folder, database, history } = vaultFiles(place());
    for (const path of [folder, history]) chmodSync(path, 0o755);
    chmodSync(database, 0o644);
    home.open();
    expect([folder, history, database].map(mode)).toEqual(['700', '700', '600']);
  });

  test('of a server is one, however its name is written, and no two servers share one', () => {
    const named = (host: string, port = 2428): string =>
      vaultFiles({ folder: '/data', server: { host, port } }).folder.slice('/data/private/'.length);
    expect(named('Box.Example.')).toBe(named('box.example'));
    const names = [
      'box.example',
      '::1',
      '[::1]',
      '127.0.0.1',
      'fe80::1%eth0',
      '../../etc',
      '..',
      'a/b',
      'a_b',
      'a'.repeat(253),
    ];
    const folders = [...names.map((name) => named(name)), named('box.example', 2429)];
    expect(new Set(folders).size).toBe(folders.length);
    for (const name of folders) expect(name).toMatch(/^[a-z0-9_][a-z0-9._-]{3,90}$/);
  });

  test('keeps each server for itself, but for the identity', () => {
    const here = home.open();
    const there = home.open({ host: 'other.example', port: 2428 });
    here.commit({ putPin: PIN });
    here.log.append(BOB, record(1));
    expect([there.pins(BOB), there.log.people()]).toEqual([[], []]);
    expect(there.identity).toEqual(here.identity);
  });
});

describe('the identity', () => {
  test('is made once and stays', () => {
    const vault = home.open();
    const { identity } = vault;
    expect([identity.seed.length, identity.publicKey.length]).toEqual([32, 32]);
    expect(identity.device).toBe(Buffer.from(identity.publicKey).toString('base64url'));
    expect(home.again(vault).identity).toEqual(identity);
  });

  test('that others can read is refused', () => {
    home.open().close();
    chmodSync(join(home.folder, 'identity-key.pem'), 0o604);
    expect(home.fault()).toMatchObject({
      code: 'exposed',
      text: expect.stringMatching(/^others can read .*chmod 600/),
    });
  });

  test('that is none is refused, stays, and is not quoted', () => {
    writeFileSync(join(home.folder, 'identity-key.pem'), 'secret words', { mode: 0o600 });
    expect(home.fault()).toMatchObject({ code: 'failed', text: expect.stringContaining('is not an identity key') });
    expect(home.fault().text).not.toContain('secret');
  });

  test('of another device has no use for the sessions of the one before; its pins and its log stay', () => {
    const vault = home.open();
    vault.commit({ putSession: [session(1)], addPackages: [ownPackage(1)], queue: [outgoing(1)], putPin: PIN });
    vault.log.append(BOB, record(1));
    vault.close();
    rmSync(join(home.folder, 'identity-key.pem'));
    const next = home.open();
    expect(next.identity.device).not.toBe(vault.identity.device);
    expect([next.session(group(1)), next.package('ref-1'), next.queued()]).toEqual([undefined, undefined, []]);
    expect([next.pins(BOB), next.log.people()]).toEqual([[PIN], [BOB]]);
  });

  test('of another device makes devices of our own names wait for a person again, and nobody else’s', () => {
    const vault = home.open();
    const own = { ...PIN, user: user('alice') };
    vault.commit({ putPin: { ...own, device: vault.identity.device } });
    vault.commit({ putPin: own });
    vault.commit({ putPin: PIN });
    vault.close();
    rmSync(join(home.folder, 'identity-key.pem'));
    const next = home.open();
    expect(next.pins(own.user).map(({ accepted, verified }) => accepted || verified)).toEqual([false, false]);
    expect(next.pins(BOB)).toEqual([PIN]);
  });
});

describe('a second program', () => {
  test('is told that the vault is busy, in this process too, and gets it when the first has ended', () => {
    const first = home.open();
    for (let i = 0; i < 3; i++)
      expect(home.fault()).toEqual({ code: 'busy', text: 'private chats are in your other uchat' });
    first.commit({ putSession: [session(1)] });
    expect(home.again(first).session(group(1))).toEqual(session(1));
  });

  test('knows the identity and the pins meanwhile', () => {
    expect(openVaultReader(place())).toMatchObject({ ok: true });
    const vault = home.open();
    const reader = openVaultReader(place());
    if (!reader.ok) throw new Error(reader.error.text);
    expect(reader.value.pins(BOB)).toEqual([]);
    vault.commit({ putPin: PIN });
    expect([reader.value.pins(BOB), reader.value.identity]).toEqual([[PIN], vault.identity]);
    vault.commit({ putPin: { ...PIN, verified: false } });
    expect(reader.value.pins(BOB)).toEqual([{ ...PIN, verified: false }]);
    reader.value.close();
  });

  test('that only reads makes no database', () => {
    const reader = openVaultReader(place());
    if (!reader.ok) throw new Error(reader.error.text);
    expect(reader.value.pins(BOB)).toEqual([]);
    reader.value.close();
    expect(home.files()).toEqual(['identity-key.pem']);
  });

  test('that starts at the same moment has the same identity and key', async () => {
    const starter = fileURLToPath(new URL('./starter.ts', import.meta.url));
    const children = Array.from({ length: 4 }, (_, i) =>
      spawn(process.execPath, [starter, home.folder, `host${i}.example`], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    const said = children.map(async (child) => {
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      await once(child, 'close');
      return text.trim().split('\n').at(-1);
    });
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    for (const child of children) child.stdin.end('go\n');
    const devices = await Promise.all(said);
    expect(devices[0]).toMatch(/^[A-Za-z0-9_-]{43} unlocked$/);
    expect(new Set(devices).size).toBe(1);
    expect(
      home
        .files()
        .filter((name) => /\.(pem|json)/.test(name))
        .toSorted(),
    ).toEqual(['identity-key.pem', 'private/log-key.json']);
    // One key opens the logs of all.
    const server = { host: 'host3.example', port: 2428 };
    expect(home.open(server).log.people()).toEqual([BOB]);
  });
});

describe('what is replaced or dropped', () => {
  const marker = (text: string): Uint8Array => Buffer.from(text.repeat(40));
  test('is in no file any more', () => {
    const vault = home.open();
    const secret = { ...ownPackage(1), secret: marker('PACKAGE-SECRET') };
    vault.commit({ putSession: [session(1, { state: marker('FIRST-STATE') })], addPackages: [secret] });
    expect([home.holding('FIRST-STATE'), home.holding('PACKAGE-SECRET')].map((it) => it.length)).toEqual([1, 1]);
    // Longer, so that it lies elsewhere.
    const second = session(1, { state: Buffer.concat([marker('SECOND-STATE'), new Uint8Array(6000)]) });
    vault.commit({ putSession: [second], dropPackage: 'ref-1' });
    expect([home.holding('FIRST-STATE'), home.holding('PACKAGE-SECRET')]).toEqual([[], []]);
    vault.commit({ dropSession: group(1) });
    expect(home.holding('SECOND-STATE')).toEqual([]);
  });

  test('stays where a change is not made, and the change leaves nothing', () => {
    const vault = home.open();
    vault.commit({ putSession: [session(1)] });
    const broken = { ...PIN, since: 'never' as unknown as UnixMs };
    expect(() => vault.commit({ putSession: [session(2)], dropSession: group(1), putPin: broken })).toThrow();
    expect([vault.session(group(1)), vault.session(group(2))]).toEqual([session(1), undefined]);
    vault.commit({ putSession: [session(3)] });
    expect(home.again(vault).session(group(3))).toEqual(session(3));
  });
});

describe('the database', () => {
  const sql = (text: string): void => {
    const db = new DatabaseSync(vaultFiles(place()).database);
    db.exec(text);
    db.close();
  };

  test('carries its version and whose it is', () => {
    home.open().close();
    const db = new DatabaseSync(vaultFiles(place()).database);
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: MIGRATIONS.length });
    expect(db.prepare('PRAGMA application_id').get()).toEqual({ application_id: APPLICATION_ID });
    db.close();
  });

  test('is migrated step by step, and stays as it was where a step fails half way', () => {
    expect(MIGRATIONS.map((m) => m.version)).toEqual(MIGRATIONS.map((_, i) => i + 1));
    const db = new DatabaseSync(':memory:');
    migrate(db, MIGRATIONS);
    migrate(db, MIGRATIONS);
    const version = MIGRATIONS.length + 1;
    const half = { version, sql: 'CREATE TABLE half (x INTEGER) STRICT; CREATE TABLE half (x INTEGER) STRICT' };
    expect(() => migrate(db, [...MIGRATIONS, half])).toThrow('half');
    expect(db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'half'").get()).toEqual({ n: 0 });
    migrate(db, [...MIGRATIONS, { version, sql: 'CREATE TABLE later (x INTEGER) STRICT' }]);
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: version });
  });

  test('of version 1 is brought forward with its sessions, and says under which of our names each is', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db, MIGRATIONS.slice(0, 1));
    const state = Buffer.concat([Buffer.from([1, 5]), Buffer.from('alice'), Buffer.alloc(100, 0xe9)]);
    const put = db.prepare('INSERT INTO sessions (id, user, device, state, used) VALUES (?, ?, ?, ?, 1)');
    put.run(group(1), BOB, device(1), state);
    put.run(group(2), BOB, device(1), Buffer.from('no state'));
    for (const n of [1, 2]) {
      const { of, own: _, ...mail } = outgoing(n);
      db.prepare('INSERT INTO queue (id, copy_of, mail) VALUES (?, ?, ?)').run(mail.id, of, JSON.stringify(mail));
    }
    const { own: _, ...kept } = ownPackage(1);
    db.prepare('INSERT INTO packages (ref, public, secret) VALUES (?, ?, ?)').run(kept.ref, kept.public, kept.secret);
    migrate(db, MIGRATIONS);
    const sessions = new Sessions(db);
    expect(sessions.sessions(BOB, device(1))).toEqual([
      session(1, { own: user('alice'), state: Uint8Array.from(state), used: 1 as UnixMs }),
    ]);
    expect(sessions.queued()).toEqual([outgoing(1, { own: user('alice') })]);
    expect(sessions.package(kept.ref)).toEqual(kept);
    db.close();
  });

  test('of a newer version is refused and left alone, by readers too', () => {
    home.open().close();
    sql('PRAGMA user_version = 99');
    const { database } = vaultFiles(place());
    const text = `${database} was written by a newer uchat (data version 99, this one knows ${MIGRATIONS.length}): install the newer uchat`;
    expect(home.fault()).toMatchObject({ code: 'newer', text });
    expect(openVaultReader(place())).toMatchObject({ ok: false, error: { code: 'newer', text } });
  });

  test('of another program is refused and left alone', () => {
    mkdirSync(vaultFiles(place()).folder, { recursive: true });
    sql('CREATE TABLE theirs (x)');
    expect(home.fault()).toMatchObject({ code: 'damaged', text: expect.stringContaining('another program') });
  });

  test('that is none is said to be damaged, in one line, and the lock is free afterwards', () => {
    home.open().close();
    const { database } = vaultFiles(place());
    const before = readFileSync(database);
    writeFileSync(database, 'not a database, but long enough to be one '.repeat(300));
    expect(home.fault()).toMatchObject({
      code: 'damaged',
      text: expect.stringMatching(/^the file is damaged: [^\n]*$/),
    });
    writeFileSync(database, before);
    home.open();
  });

  test('with a value that is not ours says so, without quoting it', () => {
    const vault = home.open();
    vault.commit({ putPin: PIN, queue: [outgoing(1)] });
    sql('UPDATE pins SET device = \'x-secret\'; UPDATE queue SET mail = \'{"x":"x-secret"}\'');
    expect(() => vault.pins(BOB)).toThrow(/^the private data is damaged: a value that must be a device/);
    expect(() => vault.queued()).toThrow(/^the private data is damaged: mail that was to be sent$/);
  });
});

test('a vault that is closed says so', () => {
  const vault = home.open();
  vault.close();
  vault.close();
  expect(() => vault.pins(BOB)).toThrow('the vault is closed');
  expect(() => vault.commit({})).toThrow('the vault is closed');
  expect(() => vault.log.append(BOB, record(1))).toThrow('closed');
});

test('a data folder that is a file is said to be so, in one line', () => {
  const folder = join(home.folder, 'file');
  writeFileSync(folder, '');
  const opened = openVault({ folder, server: SERVER });
  expect(opened).toMatchObject({
    ok: false,
    error: { code: 'failed', text: expect.stringMatching(/^could not use [^\n]*$/) },
  });
});
