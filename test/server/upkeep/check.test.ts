import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MIGRATIONS } from '../../../src/server/store/sqlite/migrations/index.ts';
import { openSqliteStore } from '../../../src/server/store/sqlite/open.ts';
import { type Checked, checkFolder } from '../../../src/server/upkeep/check/check.ts';
import { Findings } from '../../../src/server/upkeep/check/finding.ts';
import { newMessage } from '../store/conformance.ts';
import { mayMount, mountMemory } from '../store/mounted.ts';
import { fill } from './filled.ts';

let template: string;
let parent: string;
let folder: string;

beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'uchat-check-'));
  await fill(join(template, 'data'));
});
afterAll(() => rmSync(template, { recursive: true }));
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'uchat-check-'));
  folder = join(parent, 'data');
  cpSync(join(template, 'data'), folder, { recursive: true });
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const NOW = 1_790_000_500_000;
const check = (where = folder, now = NOW): Checked => checkFolder(where, undefined, () => {}, now);
const lines = ({ findings }: Checked): string[] => findings.map(({ code, says }) => `${code}: ${says}`);

/** Spoils the database behind the server's back. */
function spoil(sql: string): void {
  const db = new DatabaseSync(join(folder, 'uchat.db'), { defensive: false, enableForeignKeyConstraints: false });
  db.exec(sql);
  db.close();
}

/** All that can be seen of a folder from outside, but for when it was read. */
function trace(): unknown {
  return [folder, ...readdirSync(folder).map((name) => join(folder, name))].map((path) => {
    const { mode, mtimeNs, ctimeNs, size, ino } = statSync(path, { bigint: true });
    return [path, mode, mtimeNs, ctimeNs, size, ino];
  });
}

test('what a server has kept is sound, and is left exactly as it is', () => {
  const before = trace();
  const checked = check();
  expect(lines(checked)).toEqual([]);
  expect(checked).toMatchObject({ faults: 0, messages: 61, rooms: 2, accounts: 3, version: MIGRATIONS.length });
  expect(trace()).toEqual(before);
});

describe('a fault is found, and told by its code and place:', () => {
  const LOBBY_ROW = 4_294_967_296;
  test.each([
    [
      'a trigger, which would go on working in the server',
      'CREATE TRIGGER snoop AFTER INSERT ON messages BEGIN DELETE FROM bans; END',
      'foreign_part: the trigger "snoop" is in the database',
    ],
    ['an index that is missing', 'DROP INDEX sent_mail_time', 'missing_part: the index "sent_mail_time" is missing'],
    [
      'a message that is missing',
      `DELETE FROM changes WHERE message = ${LOBBY_ROW + 5}; DELETE FROM reactions; DELETE FROM messages WHERE id = ${LOBBY_ROW + 5}`,
      'gap: #lobby has no message 5',
    ],
    [
      'the newest ones',
      `DELETE FROM messages WHERE id > ${LOBBY_ROW + 39} AND id < ${LOBBY_ROW * 2}`,
      'gap: #lobby has no message 40 to 41 (2)',
    ],
    [
      'one too many',
      "UPDATE rooms SET last = 40, indexed = 40 WHERE name = '#lobby'",
      'wrong_end: #lobby has a message 41, but is said to end at 40',
    ],
    [
      'one before the first',
      "UPDATE rooms SET first = 2 WHERE name = '#lobby'",
      'wrong_end: #lobby has a message 1, but begins with 2',
    ],
    [
      'a room that is gone',
      "DELETE FROM members; DELETE FROM keep_marks; DELETE FROM former_names; DELETE FROM rooms WHERE name = '#dev'",
      'stray_message: 20 messages are of a room 2, which there is not',
    ],
    [
      'the lobby',
      "UPDATE rooms SET name = '#hall' WHERE id = 1",
      'no_lobby: the room #lobby, where everybody is, is missing',
    ],
    [
      'a name by no rule',
      `UPDATE messages SET author = 'al ice' WHERE id = ${LOBBY_ROW + 41}`,
      'bad_value: the message #lobby 41: author must be a user: a name, with ~ before it for a guest',
    ],
    [
      'a time that no calendar has',
      `UPDATE messages SET time = -1 WHERE id = ${LOBBY_ROW + 2}`,
      'bad_value: the message #lobby 2: time must be a whole number from 0 to 8640000000000000',
    ],
    [
      'a number that is too large for us',
      `UPDATE messages SET time = 9223372036854775807 WHERE id = ${LOBBY_ROW + 2}`,
      /^damaged: .*too large|^bad_value: .*too large/,
    ],
    [
      'an answer to what comes later',
      `UPDATE messages SET re = 7 WHERE id = ${LOBBY_ROW + 2}`,
      'bad_value: the message #lobby 2 answers 7, which comes after it',
    ],
    [
      'a text that was deleted',
      `UPDATE messages SET text = 'still here' WHERE id = ${LOBBY_ROW + 3}`,
      'wrong_deletion: the message #lobby 3 was deleted, and its text is still there',
    ],
    [
      'no text',
      `UPDATE messages SET text = '' WHERE id = ${LOBBY_ROW + 41}`,
      'bad_value: the message #lobby 41 has no text, and was not deleted',
    ],
    [
      'a change of no message',
      `UPDATE changes SET message = ${LOBBY_ROW + 999} WHERE message = ${LOBBY_ROW + 1}`,
      /^reference: "changes" \d+ is of something in "messages" that there is not$/,
    ],
    [
      'a change beyond the last',
      "UPDATE rooms SET rev = 1 WHERE name = '#lobby'",
      "wrong_change: the change 2 of #lobby is beyond the room's last, 1",
    ],
    [
      'a change of another room',
      `UPDATE changes SET rev = ${LOBBY_ROW * 2 + 1} WHERE message = ${LOBBY_ROW + 1}`,
      'wrong_change: the change 1 of #dev is of another room',
    ],
    [
      'a reaction to what was deleted',
      `INSERT INTO reactions (message, emoji, author) VALUES (${LOBBY_ROW + 3}, '👍', 'bob')`,
      /^wrong_reaction: the reaction \d+ is to a message that is deleted/,
    ],
    [
      'a reaction that is no emoji',
      "UPDATE reactions SET emoji = 'x'",
      /^bad_value: reactions \d+: emoji must be one emoji$/,
    ],
    [
      'a member without an account',
      "INSERT INTO members (user, room, since) VALUES ('zoe', 2, 1)",
      'unknown_member: zoe is in #dev, and has no account',
    ],
    [
      'mail at no place',
      'UPDATE mailboxes SET last = 2',
      /^wrong_place: the mail \d+ has the place 3, and its mailbox ends at 2$/,
    ],
    [
      'mail that is counted wrong',
      'UPDATE devices SET messages = 9',
      /^wrong_count: the device 1 is said to have 9 messages/,
    ],
    [
      "mail that isn't sealed",
      "UPDATE mail SET body = 'in clear' WHERE device IS NOT NULL",
      /^bad_value: the mail \d+ is no sealed message$/,
    ],
    [
      'an operator who is nobody',
      "INSERT INTO operators (account, made_by, made) VALUES (99, 'alice', 1)",
      'reference: "operators" 99 is of something in "accounts" that there is not',
    ],
    [
      'a password that is none',
      "UPDATE accounts SET password = 'secret' WHERE password IS NOT NULL",
      'bad_value: accounts "carol" null: password must be an Argon2id hash',
    ],
    [
      'an index that lacks a message',
      `INSERT INTO search (search, rowid, author, text) VALUES ('delete', ${LOBBY_ROW + 1}, 'alice', 'edited since')`,
      'wrong_index: the message #lobby 1 is not in the full-text index',
    ],
    [
      'an index that has what was edited',
      `INSERT INTO search (search, rowid, author, text) VALUES ('delete', ${LOBBY_ROW + 1}, 'alice', 'edited since'); INSERT INTO search (rowid, author, text) VALUES (${LOBBY_ROW + 1}, 'alice', 'message 1')`,
      'wrong_index: the message #lobby 1 is not in the full-text index',
    ],
    [
      'an index that has what was deleted',
      `INSERT INTO search (rowid, author, text) VALUES (${LOBBY_ROW + 3}, 'alice', 'x')`,
      'wrong_index: the message #lobby 3 was deleted, and the full-text index still has it',
    ],
    [
      'an index beyond the end',
      "UPDATE rooms SET indexed = 99 WHERE name = '#dev'",
      'wrong_index: #dev is in the full-text index up to 99, and ends at 20',
    ],
    ['an index that is damaged itself', "UPDATE search_data SET block = x'00' WHERE id > 100", /^damaged: /],
  ])('%s', (_, sql, wanted) => {
    spoil(sql);
    const checked = check();
    expect(lines(checked)).toContainEqual(typeof wanted === 'string' ? wanted : expect.stringMatching(wanted));
    expect(checked.faults).toBeGreaterThan(0);
    for (const { mend } of checked.findings) expect(mend).not.toBe('');
  });

  test('a page that was overwritten', () => {
    const path = join(folder, 'uchat.db');
    const bytes = readFileSync(path);
    bytes.fill(0xff, 4096 * 3, 4096 * 5);
    writeFileSync(path, bytes);
    expect(lines(check())).toContainEqual(expect.stringMatching(/^damaged: /));
  });

  test('a database that is cut off', () => {
    const path = join(folder, 'uchat.db');
    writeFileSync(path, readFileSync(path).subarray(0, 20_000));
    expect(lines(check())).toContainEqual(expect.stringMatching(/^damaged: /));
  });

  test('what is no database of ours, or of a newer uchat, in one line', () => {
    spoil('PRAGMA user_version = 999');
    expect(lines(check())).toEqual([
      expect.stringMatching(/^newer_data: .* was written by a newer uchat \(data version 999/),
    ]);
    spoil('PRAGMA application_id = 7');
    expect(lines(check())).toEqual([expect.stringMatching(/^not_ours: .* is a database of another program$/)]);
    writeFileSync(join(folder, 'uchat.db'), 'x'.repeat(10_000));
    expect(lines(check())).toEqual([expect.stringMatching(/^damaged: /)]);
    writeFileSync(join(folder, 'uchat.db'), '');
    expect(lines(check())).toEqual([`no_database: ${folder} holds no data of a server`]);
    writeFileSync(join(folder, 'uchat.db-wal'), 'x', { mode: 0o600 });
    expect(lines(check())).toEqual([
      expect.stringMatching(/^no_database: .*uchat\.db is lost, and its log uchat\.db-wal has the newest messages$/),
    ]);
    rmSync(join(folder, 'uchat.db-wal'));
    rmSync(join(folder, 'uchat.db'));
    expect(lines(check())).toEqual([`no_database: ${folder} holds no data of a server`]);
  });

  test('files that others may read, and a key that does not fit', () => {
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'uchat.db'), 0o640);
    chmodSync(join(folder, 'server-key.pem'), 0o604);
    expect(check().findings).toMatchObject([
      { code: 'open_to_others', mend: `chmod 700 ${folder}` },
      { code: 'open_to_others', mend: `chmod 600 ${join(folder, 'uchat.db')}` },
      { code: 'open_to_others', mend: `chmod 600 ${join(folder, 'server-key.pem')}` },
    ]);
    chmodSync(folder, 0o700);
    for (const name of ['uchat.db', 'server-key.pem']) chmodSync(join(folder, name), 0o600);
    const key = readFileSync(join(folder, 'server-key.pem'));
    writeFileSync(join(folder, 'server-key.pem'), 'no key');
    expect(lines(check())).toEqual([expect.stringMatching(/^server_key: .*server-key\.pem is not a private key/)]);
    rmSync(join(folder, 'server-key.pem'));
    expect(lines(check())).toEqual([
      expect.stringMatching(/^server_key: .* is missing, and its certificate is there$/),
    ]);
    writeFileSync(join(folder, 'server-key.pem'), key, { mode: 0o600 });
    expect(check().faults).toBe(0);
  });
});

test('a clock that was ahead is a note, and no fault', () => {
  const checked = check(folder, 1_700_000_000_000);
  expect(checked.faults).toBe(0);
  expect(checked.findings.map(({ code, level }) => `${level} ${code}`)).toEqual([
    ...Array<string>(6).fill('note time_ahead'),
  ]);
  expect(lines(checked).at(-1)).toBe('time_ahead: and 56 more of these');
});

test('what a restore has left that was cut off is told', () => {
  mkdirSync(join(folder, 'restore-unfinished'));
  expect(check()).toMatchObject({ faults: 0, findings: [{ code: 'cut_off' }] });
  mkdirSync(join(folder, 'restore-ready'));
  expect(check()).toMatchObject({ faults: 1, findings: [{ code: 'restore_unfinished' }, { code: 'cut_off' }] });
});

test('while a server runs and writes, what it has is sound, and it is not disturbed', async () => {
  const store = await openSqliteStore({ folder, durability: 'process' });
  try {
    let isDone = false;
    const writer = (async () => {
      for (let n = 0; !isDone; n++) await Promise.all([1, 2, 3].map((i) => store.append(newMessage(`more ${n} ${i}`))));
    })();
    for (let n = 0; n < 5; n++) {
      await store.append(newMessage('one more'));
      expect(lines(check())).toEqual([]);
    }
    isDone = true;
    await writer;
  } finally {
    await store.close();
  }
  expect(check().faults).toBe(0);
});

test('what a killed server has left in its log counts, and stays where it is', () => {
  const db = new DatabaseSync(join(folder, 'uchat.db'));
  db.exec("UPDATE rooms SET topic = 'in the log only' WHERE id = 2; DELETE FROM members WHERE user = 'bob'");
  // As they are while it is open.
  const killed = join(parent, 'killed');
  cpSync(folder, killed, { recursive: true });
  db.close();
  folder = killed;
  const log = readFileSync(join(folder, 'uchat.db-wal'));
  const data = readFileSync(join(folder, 'uchat.db'));
  expect(log.length).toBeGreaterThan(0);
  expect(check().faults).toBe(0);
  expect(readFileSync(join(folder, 'uchat.db-wal')).equals(log)).toBe(true);
  expect(readFileSync(join(folder, 'uchat.db')).equals(data)).toBe(true);
  spoil("INSERT INTO members (user, room, since) VALUES ('zoe', 2, 1)");
});

describe.runIf(mayMount())('on a disk', () => {
  test('that is read-only, with a log or without one', () => {
    const disk = mountMemory('8m');
    try {
      for (const name of ['still', 'logged']) cpSync(folder, join(disk.path, name), { recursive: true });
      const db = new DatabaseSync(join(disk.path, 'logged', 'uchat.db'));
      db.exec("UPDATE rooms SET topic = 'in the log only' WHERE id = 2");
      cpSync(join(disk.path, 'logged'), join(disk.path, 'killed'), { recursive: true });
      db.close();
      disk.remount('ro');
      for (const name of ['still', 'killed']) expect(lines(check(join(disk.path, name)))).toEqual([]);
    } finally {
      disk.unmount();
    }
  });
});

test('of many faults of one kind a few are listed, and the rest counted', () => {
  const findings = new Findings();
  for (let n = 0; n < 100_000; n++) findings.add('gap', `#lobby has no message ${n}`);
  findings.add('no_lobby', '\u001b[2Jgone');
  expect(findings.faults).toBe(100_001);
  expect(findings.list().map(({ says }) => says)).toEqual([
    ...[0, 1, 2, 3, 4].map((n) => `#lobby has no message ${n}`),
    'and 99995 more of these',
    expect.not.stringContaining('\u001b'),
  ]);
});
