import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyReader } from '../../../../src/server/console/dashboard/keys.ts';

test.each([
  ['Ctrl-C', '\x03', 'stop'],
  ['F1 of xterm', '\x1bOP', 'help'],
  ['F1 of the Linux console', '\x1b[[A', 'help'],
  ['F1 of rxvt', '\x1b[11~', 'help'],
  ['PgUp', '\x1b[5~', 'page-up'],
  ['PgDn', '\x1b[6~', 'page-down'],
  ['Home in screen', '\x1b[1~', 'oldest'],
  ['End of xterm', '\x1bOF', 'newest'],
  ['an arrow with Ctrl', '\x1b[1;5A', 'other'],
  ['Alt-q', '\x1bq', 'other'],
])('%s is one key', (_, bytes, key) => {
  expect(new KeyReader().feed(bytes)).toEqual([key]);
});

test('a sequence that comes byte by byte is the same key', () => {
  const keys = new KeyReader();
  expect(Array.from('\x1b[5~\x1bOP\x03\x1b[[A', (byte) => keys.feed(byte)).flat()).toEqual([
    'page-up',
    'help',
    'stop',
    'help',
  ]);
  expect(keys.waiting).toBe(false);
});

test('the Esc key is a key once nothing follows', () => {
  const keys = new KeyReader();
  expect(keys.feed('\x1b')).toEqual([]);
  expect(keys.waiting).toBe(true);
  expect(keys.flush()).toEqual(['other']);
  expect(keys.waiting).toBe(false);
});

test('noise is never kept for long, and never stops the server but by Ctrl-C itself', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (chunks) => {
      const keys = new KeyReader();
      const pressed = chunks.flatMap((chunk) => keys.feed(Buffer.from(chunk).toString('latin1')));
      const ctrlC = chunks.reduce((sum, chunk) => sum + chunk.filter((byte) => byte === 3).length, 0);
      expect(pressed.filter((key) => key === 'stop').length).toBeLessThanOrEqual(ctrlC);
      keys.flush();
      expect(keys.feed('q')).toEqual(['quit']);
    }),
  );
});
