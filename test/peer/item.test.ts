import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClientId, DeviceId, GroupId, UnixMs, UserName } from '../../src/base/ids.ts';
import { decodeItem, encodeItem, ITEMS, type Item } from '../../src/peer/item.ts';
import { MAX_ITEM_BYTES, MAX_TEXT_BYTES } from '../../src/protocol/limits.ts';

const device = 'A'.repeat(43) as DeviceId;
const [alice, bob] = ['alice' as UserName, 'bob' as UserName];
const id = 'm-1' as ClientId;
const time = 1_795_164_904_000 as UnixMs;

const EXAMPLES: readonly Item[] = [
  {
    kind: 'hello',
    upTo: 0,
    chat: 'A'.repeat(22) as GroupId,
    from: alice,
    device,
    to: bob,
    toDevice: device,
    plain: false,
    hidden: true,
    changes: true,
  },
  { kind: 'text', upTo: 3, id, time, text: 'two\nlines, and {"kind":"end"}' },
  { kind: 'text', id, time, re: { from: bob, id }, text: 'an answer' },
  { kind: 'edit', upTo: 4, of: id, time, text: 'another\ntext' },
  { kind: 'delete', of: id },
  { kind: 'react', of: { from: bob, id }, emoji: '👍🏽', on: false },
  { kind: 'typing', upTo: 5 },
  { kind: 'ack', upTo: 7 },
  { kind: 'address', pin: `SHA256:${'A'.repeat(43)}`, addresses: [{ host: '::1', port: 65_535 }] },
  { kind: 'use' },
  { kind: 'ping', upTo: 1 },
  { kind: 'log', on: true },
  { kind: 'end' },
  { kind: 'mail', id, from: alice, to: bob, time, once: true, re: { from: bob, id }, text: 'hello' },
  { kind: 'mailEdit', id, from: alice, to: bob, of: id, time, text: 'another' },
  { kind: 'mailDelete', id, from: alice, to: bob, of: id },
  { kind: 'mailReact', id, from: alice, to: bob, of: { from: bob, id }, emoji: '❤️', on: true },
];

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('every kind is what it was after it was written and read', () => {
  expect(new Set(EXAMPLES.map(({ kind }) => kind))).toEqual(new Set(Object.keys(ITEMS)));
  for (const item of EXAMPLES) expect(decodeItem(encodeItem(item)), item.kind).toEqual({ ok: true, value: item });
});

test('any text is carried as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
      const read = decodeItem(encodeItem({ kind: 'text', id, time, text }));
      expect(read).toEqual({ ok: true, value: { kind: 'text', id, time, text } });
    }),
  );
});

test('the longest text of the worst characters fits, and a longer one is no item', () => {
  const item = (text: string): Uint8Array => encodeItem({ kind: 'text', id, time, text });
  const longest = item('\u0001'.repeat(MAX_TEXT_BYTES));
  expect(longest.length).toBeLessThanOrEqual(MAX_ITEM_BYTES);
  expect(decodeItem(longest).ok).toBe(true);
  expect(decodeItem(item('x'.repeat(MAX_TEXT_BYTES + 1)))).toEqual({
    ok: false,
    error: 'text is longer than 8192 bytes',
  });
  expect(() => item('x'.repeat(MAX_ITEM_BYTES))).toThrow(/too long/);
});

test('what only a newer program knows is left out without a word', () => {
  expect(decodeItem(bytes('{"kind":"wave","upTo":1}\nat you'))).toEqual({ ok: true, value: undefined });
  expect(decodeItem(bytes('{"kind":"constructor"}\n'))).toEqual({ ok: true, value: undefined });
});

test.each([
  ['', 'it has no head'],
  ['{"kind":"end"}', 'it has no head'],
  ['\n', 'it is not JSON and text'],
  ['{"kind":"text","id":"x","time":1}\n', 'text must not be empty'],
  ['{"kind":"text","id":"x"}\nhi', 'time must be'],
  ['{"kind":7}\n', 'kind must be'],
  ['[]\n', 'the message must be an object'],
  ['{"kind":"edit","of":"x","time":1}\n', 'text must not be empty'],
  ['{"kind":"react","of":{"from":"bob","id":"x"},"emoji":"ab","on":true}\n', 'emoji must be one emoji'],
])('%j is no item: %s', (text, error) => {
  expect(decodeItem(bytes(text))).toEqual({ ok: false, error: expect.stringContaining(error) as string });
});

test('no bytes that somebody may send throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (given) => {
      decodeItem(given);
    }),
  );
  fc.assert(
    fc.property(fc.json(), fc.string(), (head, text) => {
      decodeItem(bytes(`${head}\n${text}`));
    }),
  );
});

test('text that is not UTF-8 is no item', () => {
  const head = bytes('{"kind":"text","id":"x","time":1}\n');
  expect(decodeItem(Uint8Array.from([...head, 0xff]))).toEqual({ ok: false, error: 'it is not JSON and text' });
});
