import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Key } from '../../../src/client/keys/key.ts';
import { KEYMAP } from '../../../src/client/keys/keymap.ts';
import { KeyDecoder, MAX_PASTE } from '../../../src/client/terminal/decode.ts';
import { keyBytes } from '../../screen/headless.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (text: string): Key[] => new KeyDecoder().feed(bytes(text));
/** `<alt-1>` for keys, what was typed for text. */
const show = (keys: readonly Key[]): string =>
  keys
    .map((key) => (key.kind === 'key' ? `<${key.name}>` : key.kind === 'paste' ? `[${key.text}]` : key.text))
    .join('');
const shown = (text: string): string => show(decode(text));

function byteByByte(text: string): Key[] {
  const decoder = new KeyDecoder();
  return [...bytes(text)].flatMap((byte) => decoder.feed(Uint8Array.of(byte)));
}

describe('keys', () => {
  test.each([
    ['\r', '<enter>'],
    ['\n', '<ctrl-j>'],
    ['\t', '<tab>'],
    ['\x1b[Z', '<shift-tab>'],
    ['\x7f', '<backspace>'],
    ['\x08', '<ctrl-h>'],
    ['\x00', '<ctrl-space>'],
    ['\x01\x0e\x1f\x1d', '<ctrl-a><ctrl-n><ctrl-_><ctrl-]>'],
    ['\x1b\r', '<alt-enter>'],
    ['\x1b1\x1b9\x1b0', '<alt-1><alt-9><alt-0>'],
    ['\x1ba\x1bB', '<alt-a><alt-shift-b>'],
    ['\x1b\x7f', '<alt-backspace>'],
    ['\x1b\x08', '<alt-backspace>'],
    ['\x1b[A\x1bOA', '<up><up>'],
    ['\x1b[1;3C\x1b[1;5D\x1b[1;2A', '<alt-right><ctrl-left><shift-up>'],
    ['\x1b\x1b[D', '<alt-left>'],
    ['\x1b[a\x1bOd', '<shift-up><ctrl-left>'],
    ['\x1b[H\x1b[1~\x1b[7~\x1bOH', '<home><home><home><home>'],
    ['\x1b[F\x1b[4~\x1b[8~\x1bOF', '<end><end><end><end>'],
    ['\x1b[1;3H\x1b[1;3F', '<alt-home><alt-end>'],
    ['\x1b[5~\x1b[6~\x1b[2~\x1b[3~', '<pageup><pagedown><insert><delete>'],
    ['\x1b[3;5~\x1b[3^', '<ctrl-delete><ctrl-delete>'],
    ['\x1bOP\x1b[11~\x1b[[A\x1b[18~\x1b[24~', '<f1><f1><f1><f7><f12>'],
    ['\x1b[13;3u\x1b[97;5u\x1b[27;5;9~', '<alt-enter><ctrl-a><ctrl-tab>'],
    ['\x1bOM', '<enter>'],
  ])('%j is %s', (sent, expected) => {
    expect(shown(sent)).toBe(expected);
    expect(show(byteByByte(sent))).toBe(expected);
  });

  test('Enter is told once', () => {
    expect(decode('\r')).toEqual([{ kind: 'key', name: 'enter' }]);
  });

  test('every key of the keymap arrives under its name', () => {
    for (const name of KEYMAP.flatMap(({ keys }) => keys)) {
      // Two keys, one byte: the terminal cannot say which.
      if (['ctrl-h', 'ctrl-j', 'ctrl-alt-h'].includes(name)) continue;
      const decoder = new KeyDecoder();
      const keys = [...decoder.feed(bytes(keyBytes(name))), ...decoder.timeout()];
      expect(show(keys)).toBe(`<${name}>`);
    }
  });
});

describe('text', () => {
  test('is told in one piece where it comes in one', () => {
    expect(decode('héllo 👨‍👩‍👧‍👦')).toEqual([{ kind: 'text', text: 'héllo 👨‍👩‍👧‍👦' }]);
  });

  test('an emoji whose bytes arrive one by one is whole', () => {
    expect(byteByByte('😀')).toEqual([{ kind: 'text', text: '😀' }]);
  });

  test('bytes that are no UTF-8 stop nothing', () => {
    expect(show(new KeyDecoder().feed(Uint8Array.of(0xff, 0x61, 0x0d)))).toBe('\ufffda<enter>');
  });
});

describe('a paste', () => {
  test('keeps its newlines, and nothing in it is a key', () => {
    expect(decode('x\x1b[200~one\rtwo\r\nthree\x03\x1b[201~y')).toEqual([
      { kind: 'text', text: 'x' },
      { kind: 'paste', text: 'one\ntwo\nthree\x03' },
      { kind: 'text', text: 'y' },
    ]);
  });

  test('is the same cut into bytes', () => {
    expect(show(byteByByte('\x1b[200~a\r\x1b[Ab 😀\x1b[201~\r'))).toBe('[a\n\x1b[Ab 😀]<enter>');
  });

  test('without an end is told in pieces once it is too long, and its newlines still send nothing', () => {
    const decoder = new KeyDecoder();
    const keys = decoder.feed(bytes(`\x1b[200~${'x\r'.repeat(MAX_PASTE)}`));
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.every(({ kind }) => kind === 'paste')).toBe(true);
    expect(decoder.waiting).toBe('paste');
  });

  test('without an end is over after a silence', () => {
    const decoder = new KeyDecoder();
    expect(decoder.feed(bytes('\x1b[200~abc'))).toEqual([]);
    expect(decoder.timeout()).toEqual([{ kind: 'paste', text: 'abc' }]);
    expect(show(decoder.feed(bytes('\r')))).toBe('<enter>');
  });

  test('its end mark is found across the limit', () => {
    const decoder = new KeyDecoder();
    const text = 'x'.repeat(MAX_PASTE - 2);
    const keys = [
      ...decoder.feed(bytes(`\x1b[200~${text}`)),
      ...decoder.feed(bytes('\x1b[201~')),
      ...decoder.feed(bytes('y')),
    ];
    expect(show(keys).replaceAll(/[[\]]/g, '')).toBe(`${text}y`);
  });
});

describe('a silence', () => {
  test('makes a lone escape the Esc key', () => {
    const decoder = new KeyDecoder();
    expect(decoder.feed(bytes('\x1b'))).toEqual([]);
    expect(decoder.waiting).toBe('escape');
    expect(show(decoder.timeout())).toBe('<escape>');
    expect(decoder.waiting).toBe('nothing');
  });

  test.each([
    ['\x1b\x1b', '<escape><escape>'],
    ['\x1b[', '<alt-[>'],
    ['\x1bO', '<alt-shift-o>'],
    ['\x1b]', '<alt-]>'],
    ['\x1bP', '<alt-shift-p>'],
    ['\x1b[1;', ''],
  ])('ends %j as %s', (sent, expected) => {
    const decoder = new KeyDecoder();
    decoder.feed(bytes(sent));
    expect(show(decoder.timeout())).toBe(expected);
    expect(show(decoder.feed(bytes('a')))).toBe('a');
  });
});

describe('what is no key', () => {
  test.each([
    ['focus', '\x1b[I\x1b[O'],
    ['a mouse (SGR)', '\x1b[<0;10;20M\x1b[<0;10;20m'],
    ['a mouse (X10)', '\x1b[M !!'],
    ['a colour', '\x1b]11;rgb:0000/0000/0000\x07'],
    ['a colour with ST', '\x1b]11;rgb:0000/0000/0000\x1b\\'],
    ['device attributes', '\x1b[?64;1;2c\x1b[>0;276;0c'],
    ['the end of a paste that never began', '\x1b[201~'],
  ])('%s passes without a trace', (_name, sent) => {
    expect(shown(`a${sent}b`)).toBe('ab');
    expect(show(byteByByte(`a${sent}b`))).toBe('ab');
  });

  test("the cursor's place is reported to whoever asked", () => {
    const reports: number[][] = [];
    const decoder = new KeyDecoder((...report) => reports.push(report));
    expect(decoder.feed(bytes('a\x1b[2;9Rb'))).toEqual([{ kind: 'text', text: 'ab' }]);
    expect(reports).toEqual([[2, 9]]);
  });
});

describe('any bytes', () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .array(
        fc.constantFrom(
          '\x1b',
          '[',
          'O',
          ']',
          '200~',
          '\x1b[200~',
          '\x1b[201~',
          ';',
          '1',
          'A',
          '~',
          'é',
          '😀',
          '\r',
          'M',
          '\x07',
        ),
        {
          maxLength: 20,
        },
      )
      .map((parts) => bytes(parts.join(''))),
  );

  test('mean the same however they are cut', () => {
    fc.assert(
      fc.property(noise, (sent) => {
        const whole = new KeyDecoder();
        const cut = new KeyDecoder();
        const atOnce = [...whole.feed(sent), ...whole.timeout()];
        const oneByOne = [...[...sent].flatMap((byte) => cut.feed(Uint8Array.of(byte))), ...cut.timeout()];
        expect(show(oneByOne)).toBe(show(atOnce));
      }),
      { numRuns: 500 },
    );
  });

  test('give no text with controls in it', () => {
    fc.assert(
      fc.property(noise, (sent) => {
        const decoder = new KeyDecoder();
        for (const key of [...decoder.feed(sent), ...decoder.timeout()]) {
          if (key.kind === 'text') expect(key.text).toMatch(/^[^\u0000-\u001f\u007f-\u009f]+$/);
        }
      }),
    );
  });
});
