import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DashboardKey, KeyReader } from '../../../../src/server/console/dashboard/keys.ts';

const bytesOf = (text: string): Uint8Array => Buffer.from(text);
/** Fed byte by byte. */
const keysOf = (reader: KeyReader, text: string): DashboardKey[] =>
  Array.from(bytesOf(text), (byte) => reader.feed(Uint8Array.of(byte))).flat();

test.each([
  ['Ctrl-C', '\x03', 'stop'],
  ['F1 of xterm', '\x1bOP', 'help'],
  ['F1 of the Linux console', '\x1b[[A', 'help'],
  ['F1 of rxvt', '\x1b[11~', 'help'],
  ['F2 of xterm and a VT100', '\x1bOQ', 'people'],
  ['F3 of the Linux console', '\x1b[[C', 'rooms'],
  ['F4 of rxvt', '\x1b[14~', 'connections'],
  ['F5', '\x1b[15~', 'log'],
  ['F5 of the Linux console', '\x1b[[E', 'log'],
  ['F6', '\x1b[17~', 'sort'],
  ['F7', '\x1b[18~', 'kinds'],
  ['PgUp', '\x1b[5~', 'page-up'],
  ['PgDn', '\x1b[6~', 'page-down'],
  ['Home in screen', '\x1b[1~', 'home'],
  ['End of xterm', '\x1bOF', 'end'],
  ['Backspace', '\x7f', 'delete-back'],
  ['Enter of the digits’ block', '\x1bOM', 'enter'],
  ['an arrow with Ctrl', '\x1b[1;5A', 'other'],
  ['Alt-q', '\x1bq', 'other'],
  ['Alt-d', '\x1bd', 'delete-word-forward'],
  ['Ctrl-R', '\x12', 'find-older'],
])('%s is one key', (_, bytes, key) => {
  expect(new KeyReader().feed(bytesOf(bytes))).toEqual([key]);
});

test('a sequence that comes byte by byte is the same key', () => {
  const keys = new KeyReader();
  expect(keysOf(keys, '\x1b[5~\x1bOP\x03\x1b[[A')).toEqual(['page-up', 'help', 'stop', 'help']);
  expect(keys.waiting).toBe(false);
});

test('the Esc key is a key once nothing follows', () => {
  const keys = new KeyReader();
  expect(keys.feed(bytesOf('\x1b'))).toEqual([]);
  expect(keys.waiting).toBe(true);
  expect(keys.flush()).toEqual(['other']);
  expect(keys.waiting).toBe(false);
});

test('noise is never kept for long, and never stops the server but by Ctrl-C itself', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (chunks) => {
      const keys = new KeyReader();
      const pressed = chunks.flatMap((chunk) => keys.feed(chunk));
      const ctrlC = chunks.reduce((sum, chunk) => sum + chunk.filter((byte) => byte === 3).length, 0);
      expect(pressed.filter((key) => key === 'stop').length).toBeLessThanOrEqual(ctrlC);
      // A paste that has begun ends here, and a character that is not whole.
      keys.feed(bytesOf(' '));
      keys.flush();
      keys.feed(bytesOf('\x03'));
      expect(keys.feed(bytesOf('q'))).toEqual([{ text: 'q' }]);
    }),
  );
});

test('text is text in whatever pieces it comes, and digits of the digits’ block are too', () => {
  expect(new KeyReader().feed(bytesOf('/kick é 你🙂\r'))).toEqual([{ text: '/kick é 你🙂' }, 'enter']);
  expect(keysOf(new KeyReader(), 'é🙂')).toEqual([{ text: 'é' }, { text: '🙂' }]);
  expect(keysOf(new KeyReader(), '\x1bOp\x1bOy\x1bOn')).toEqual([{ text: '0' }, { text: '9' }, { text: '.' }]);
});

describe('a paste', () => {
  test('is one text, whatever it holds, and ends at its mark', () => {
    const pasted = '/stop\r\x03\x1b[5~\n/x';
    const keys = [{ text: pasted }, 'enter'];
    expect(new KeyReader().feed(bytesOf(`\x1b[200~${pasted}\x1b[201~\r`))).toEqual(keys);
    const slowly = keysOf(new KeyReader(), '\x1b[200~/stop\r\x1b[5~\x1b[201~\r');
    expect(slowly.pop()).toBe('enter');
    expect(slowly.map((key) => (typeof key === 'object' ? key.text : '?')).join('')).toBe('/stop\r\x1b[5~');
  });

  test('whose end is lost is ended by Ctrl-C', () => {
    const keys = new KeyReader();
    expect(keys.feed(bytesOf('\x1b[200~abc'))).toEqual([{ text: 'abc' }]);
    expect(keys.feed(bytesOf('\r'))).toEqual([{ text: '\r' }]);
    expect(keys.waiting).toBe(false);
    expect(keys.feed(bytesOf('\x03'))).toEqual(['stop']);
    expect(keys.feed(bytesOf('\r'))).toEqual(['enter']);
  });
});
