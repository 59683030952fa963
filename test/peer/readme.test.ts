/** Keeps src/peer/README.md true. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LINGER_MS, OPEN_WITHIN_MS, SETTLE_MS } from '../../src/peer/chat.ts';
import { REKEY_AFTER_MESSAGES, REKEY_AFTER_MS } from '../../src/peer/chat-cipher.ts';
import { MAX_RETRIES, RETRY_AFTER_MS } from '../../src/peer/chat-direct.ts';
import { FAREWELL_AGAIN_MS } from '../../src/peer/chat-farewells.ts';
import { AWAY_MS, CUT_OFF_MS, DEAD_AFTER_MS, PING_AFTER_MS } from '../../src/peer/chat-path.ts';
import { ACK_AFTER_MS, RESEND_AFTER_MS, RESEND_AT_MOST_MS } from '../../src/peer/conversation.ts';
import { MAX_OFFERED } from '../../src/peer/direct.ts';
import { decodeItem, ITEMS } from '../../src/peer/item.ts';
import { GAP_MS, MAX_EARLY_OF_ONE } from '../../src/peer/mail-early.ts';
import { MAX_BEHIND, MAX_HELD_OF_ONE } from '../../src/peer/mail-held.ts';
import { MAX_SESSIONS, RENEW_AFTER } from '../../src/peer/mail-sessions.ts';
import { MAX_HELD_CHARS, MAX_HELD_FRAMES, WINDOW } from '../../src/peer/stream.ts';
import { CHANGEABLE_AMONG, MAX_EARLY_CHANGES, MAX_NOTED } from '../../src/peer/vault.ts';
import { ASK_WITHIN_MS, MAX_ITEM_BYTES, MAX_TEXT_BYTES } from '../../src/protocol/limits.ts';
import { PRIVATE_FRAMES } from '../../src/protocol/private-frames.ts';
import { fieldsOf, listed, plain, rows, sections } from '../specification.ts';

const README = readFileSync(new URL('../../src/peer/README.md', import.meta.url), 'utf8');

const top = sections(README, '##');
const described = sections(top.get('Items') ?? '', '###');

describe('items', () => {
  test('are all described, and no others', () => {
    expect([...described.keys()].toSorted()).toEqual(Object.keys(ITEMS).toSorted());
  });

  test.each(Object.entries(ITEMS))('%s has exactly its fields', (kind, schema) => {
    const table = rows(described.get(kind) ?? '');
    expect(listed(table)).toEqual(fieldsOf(schema).toSorted());
    expect(table.find(([name]) => plain(name) === 'kind')?.[2]).toContain(`"${kind}"`);
  });

  test.each(Object.keys(ITEMS))('%s has an example, which is one', (kind) => {
    const [, example = ''] = /```\n(.*?)\n```/s.exec(described.get(kind) ?? '') ?? [];
    const withText = ['text', 'edit', 'mail', 'mailEdit'].includes(kind);
    const bytes = new TextEncoder().encode(withText ? example : `${example}\n`);
    expect(decodeItem(bytes)).toMatchObject({ ok: true, value: { kind } });
  });
});

test('every limit is in the table, with its number, unit and reason', () => {
  const table = rows(top.get('Limits') ?? '');
  expect(Object.fromEntries(table.map(([name, number]) => [plain(name), Number(number)]))).toEqual({
    ASK_WITHIN_MS,
    OPEN_WITHIN_MS,
    SETTLE_MS,
    FAREWELL_AGAIN_MS,
    ACK_AFTER_MS,
    RESEND_AFTER_MS,
    RESEND_AT_MOST_MS,
    WINDOW,
    MAX_HELD_FRAMES,
    MAX_HELD_CHARS,
    LINGER_MS,
    PING_AFTER_MS,
    DEAD_AFTER_MS,
    RETRY_AFTER_MS,
    MAX_RETRIES,
    AWAY_MS,
    CUT_OFF_MS,
    REKEY_AFTER_MESSAGES,
    REKEY_AFTER_MS,
    RENEW_AFTER,
    MAX_SESSIONS,
    GAP_MS,
    MAX_EARLY_OF_ONE,
    MAX_HELD_OF_ONE,
    MAX_BEHIND,
    CHANGEABLE_AMONG,
    MAX_EARLY_CHANGES,
    MAX_NOTED,
  });
  for (const [name, , unit, reason] of table) expect([unit, reason], name).not.toContain('');
});

test('the numbers in the prose are those of the limits', () => {
  expect(top.get('Items')).toContain(`at most ${MAX_TEXT_BYTES} bytes`);
  expect(top.get('Items')).toContain(`at most ${MAX_ITEM_BYTES} bytes`);
  expect(described.get('address')).toContain(`at most ${MAX_OFFERED}`);
});

test('the chat at the beginning is made of frames and items', () => {
  const chat = top.get('A chat, from beginning to end') ?? '';
  const named = [...chat.matchAll(/\b([a-z]+) \{/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(4);
  for (const name of named) expect(Object.keys(PRIVATE_FRAMES)).toContain(name);
});
