/** Keeps src/lan/README.md true. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { encodeAnnouncement } from '../../src/lan/announcement-codec.ts';
import * as limits from '../../src/lan/limits.ts';
import { LAN_FRAMES, lanFrame, MAX_ENTRIES_IN_FRAME } from '../../src/lan/mesh/frames.ts';
import { privateFrame } from '../../src/protocol/private-frames.ts';
import { parse } from '../../src/protocol/schema.ts';
import { fieldsOf, listed, plain, rows, sections } from '../specification.ts';

const README = readFileSync(new URL('../../src/lan/README.md', import.meta.url), 'utf8');
const top = sections(README, '##');
const described = sections(top.get('Frames') ?? '', '###');

describe('frames', () => {
  test('are all described, and no others', () => {
    expect([...described.keys()].toSorted()).toEqual(Object.keys(LAN_FRAMES).toSorted());
  });

  test.each(Object.entries(LAN_FRAMES))('%s has exactly its fields', (type, schema) => {
    const table = rows(described.get(type) ?? '');
    expect(listed(table)).toEqual(fieldsOf(schema, privateFrame).toSorted());
    expect(table.find(([name]) => plain(name) === 'type')?.[2]).toContain(`"${type}"`);
  });

  test.each(Object.keys(LAN_FRAMES))('%s has an example, which is one', (type) => {
    const [, example = ''] = /```\n(.*?)\n```/s.exec(described.get(type) ?? '') ?? [];
    expect(parse(lanFrame, JSON.parse(example))).toMatchObject({ ok: true, value: { type } });
  });
});

test('every limit is in the table, with its number, unit and reason', () => {
  const numbers = Object.entries(limits).flatMap(([name, limit]) =>
    typeof limit === 'number' ? [[name, limit]] : Object.entries(limit).map(([key, of]) => [`${name}.${key}`, of]),
  );
  const table = rows(top.get('Limits') ?? '');
  expect(Object.fromEntries(table.map(([name, number]) => [plain(name), Number(number)]))).toEqual(
    Object.fromEntries(numbers),
  );
  for (const [name, , unit, reason] of table) {
    if (name !== '`LAN_VERSION`' && name !== '`LAN_PORT`') expect(unit, name).not.toBe('');
    expect(reason, name).not.toBe('');
  }
});

test('the numbers in the prose are those of the limits', () => {
  const announcements = top.get('Announcements') ?? '';
  expect(announcements).toContain(
    `at most ${limits.MAX_DATAGRAM_BYTES} bytes, every ${limits.ANNOUNCE_EVERY_MS / 1000} s`,
  );
  expect(announcements).toContain(`within ${limits.MAX_SKEW_MS / 1000} s of ours`);
  expect(announcements).toContain(`0 to ${limits.MAX_ADDRESSES} `);
  expect(announcements).toContain(
    `for ${limits.AWAY_AFTER_MS / 1000} s is away, and after ${limits.REMOVE_AFTER_MS / 60_000} minutes`,
  );
  expect(top.get('Links')).toContain(
    `after ${limits.LINK_PING_MS / 1000} s, and is dead after ${limits.LINK_DEAD_MS / 1000} s`,
  );
  expect(described.get('lobby')).toContain(`at most ${MAX_ENTRIES_IN_FRAME}`);
  const days = limits.LOBBY_KEPT_MS / 86_400_000;
  expect(top.get('The lobby')).toContain(
    `newest ${limits.MAX_LOBBY_ENTRIES} entries of the last ${days === 7 ? 'seven' : days} days`,
  );
  expect(top.get('The lobby')).toContain(`at most ${limits.MAX_ENTRIES_OF_ONE} of one author`);
});

test('the layout of an announcement is the one that is written', async () => {
  const { identityFromSeed } = await import('../../src/crypto/identity.ts');
  const { unixMs } = await import('../../src/base/ids.ts');
  const identity = identityFromSeed(new Uint8Array(32).fill(7));
  const pin = `SHA256:${Buffer.alloc(32, 9).toString('base64').replace('=', '')}`;
  const time = unixMs(1_795_164_904_000);
  const bytes = encodeAnnouncement(identity, {
    name: 'alice',
    being: 'idle',
    pin,
    port: 40_123,
    addresses: ['10.0.0.7'],
    time,
  });
  const table = rows(top.get('Announcements') ?? '');
  const at = (holds: RegExp): number => Number(table.find(([, , says]) => holds.test(says ?? ''))?.[0]);
  expect(bytes.subarray(at(/uLAN/), 4).toString()).toBe('uLAN');
  expect(bytes[at(/^0: here/)]).toBe(1);
  expect(bytes.subarray(at(/key of the person/)).subarray(0, 32)).toEqual(Buffer.from(identity.publicKey));
  expect(bytes.subarray(at(/TLS key/)).subarray(0, 32)).toEqual(Buffer.alloc(32, 9));
  expect(bytes.readUInt16BE(at(/^a port/))).toBe(40_123);
  expect(bytes.readUIntBE(at(/^the time/), 6)).toBe(time);
  const name = at(/length of the name/);
  expect([bytes[name], bytes.subarray(name + 1, name + 6).toString()]).toEqual([5, 'alice']);
  expect([...bytes.subarray(name + 6, name + 12)]).toEqual([1, 4, 10, 0, 0, 7]);
  expect(bytes.length).toBe(name + 12 + 64);
});
