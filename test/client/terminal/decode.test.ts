import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KEYMAP } from '../../../src/client/keys/keymap.ts';
import type { Answer } from '../../../src/client/terminal/answer.ts';
import { type Input, KeyDecoder, MAX_PASTE } from '../../../src/client/terminal/decode.ts';
import { bytesOf } from '../../e2e/harness/keys.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (text: string): Input[] => new KeyDecoder().feed(bytes(text));
/** `<alt-1>` for keys, what was typed for text. */
function shownInput(input: Input): string {
  switch (input.kind) {
    case 'key':
      return `<${input.name}>`;
    case 'paste':
      return `[${input.text}]`;
    case 'text':
      return input.text;
    case 'click':
      return `(${input.x},${input.y})`;
    case 'drag':
      return `(to ${input.x},${input.y})`;
    case 'release':
      return `(up at ${input.x},${input.y})`;
    case 'wheel':
      return `(${input.up ? 'up' : 'down'} at ${input.x},${input.y})`;
    case 'focus':
      return input.on ? '(in)' : '(out)';
  }
}
const show = (inputs: readonly Input[]): string => inputs.map(shownInput).join('');
const shown = (text: string): string => show(decode(text));

function byteByByte(text: string): Input[] {
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
      const keys = [...decoder.feed(bytes(bytesOf(name, true))), ...decoder.timeout()];
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

describe('the mouse', () => {
  test.each([
    ['the left button, down and up', '\x1b[<0;10;20M\x1b[<0;10;20m', '(9,19)(up at 9,19)'],
    [
      'a drag',
      '\x1b[<0;10;20M\x1b[<32;11;20M\x1b[<36;12;21M\x1b[<32;12;21m',
      '(9,19)(to 10,19)(to 11,20)(up at 11,20)',
    ],
    ['the corner', '\x1b[<0;1;1M', '(0,0)'],
    ['beyond the old limit', '\x1b[<0;301;99M', '(300,98)'],
    ['with Ctrl held', '\x1b[<16;2;3M', '(1,2)'],
    ['the wheel', '\x1b[<64;5;5M\x1b[<65;5;5M\x1b[<68;5;5M', '(up at 4,4)(down at 4,4)(up at 4,4)'],
    ['between keys, in order', 'a\x1b[<0;2;2Mb\r', 'a(1,1)b<enter>'],
    ['Esc right before a click', '\x1b\x1b[<0;2;2M', '<escape>(1,1)'],
  ])('%s', (_name, sent, expected) => {
    expect(shown(sent)).toBe(expected);
    expect(show(byteByByte(sent))).toBe(expected);
  });

  test.each([
    ['the other buttons', '\x1b[<1;2;2M\x1b[<2;2;2M\x1b[<128;2;2M'],
    ['a wheel to the side', '\x1b[<66;2;2M\x1b[<67;2;2M'],
    ['a movement of no button, or of another', '\x1b[<35;2;2M\x1b[<33;2;2M\x1b[<34;2;2m'],
    ['column 0', '\x1b[<0;0;5M\x1b[<0;5;0M'],
    ['no numbers', '\x1b[<M\x1b[<;;M\x1b[<0;5M\x1b[<0;5;5;5M'],
    ['too much of a number', '\x1b[<0;99999;1M\x1b[<0000;1;1M'],
    ['signs and points', '\x1b[<-1;1;1M\x1b[<0;1.5;1M\x1b[<0:1:1M'],
    ['no end', `\x1b[<${'1'.repeat(100)}`],
    ['another end', '\x1b[<0;5;5~\x1b[<0;5;5u\x1b[<0;5;5R\x1b[<0;5;5A'],
    ['the old way', '\x1b[M !!'],
  ])('is not %s', (_name, sent) => {
    for (const inputs of [decode(sent), byteByByte(sent)]) {
      expect(inputs.filter(({ kind }) => kind !== 'key' && kind !== 'text')).toEqual([]);
      expect(show(inputs)).not.toContain('<');
    }
  });

  test('is told within any screen, or not at all', () => {
    fc.assert(
      fc.property(fc.integer({ min: -2, max: 300 }), fc.integer(), fc.integer(), (button, column, row) => {
        for (const input of decode(`\x1b[<${button};${column};${row}M`)) {
          if (input.kind !== 'click') continue;
          expect(input).toEqual({ kind: 'click', x: column - 1, y: row - 1 });
          expect(Math.min(input.x, input.y)).toBeGreaterThanOrEqual(0);
          expect(Math.max(input.x, input.y)).toBeLessThan(9999);
        }
      }),
    );
  });
});

describe('what is no key', () => {
  test.each([
    ['a mouse (X10)', '\x1b[M !!'],
    ['a colour', '\x1b]11;rgb:0000/0000/0000\x07'],
    ['a colour with ST', '\x1b]11;rgb:0000/0000/0000\x1b\\'],
    ['device attributes', '\x1b[?64;1;2c\x1b[>0;276;0c'],
    ['the end of a paste that never began', '\x1b[201~'],
  ])('%s passes without a trace', (_name, sent) => {
    expect(shown(`a${sent}b`)).toBe('ab');
    expect(show(byteByByte(`a${sent}b`))).toBe('ab');
  });
});

describe('what the terminal answers', () => {
  test.each<[string, string, Answer]>([
    ['where its cursor is', '\x1b[2;9R', { kind: 'cursor', row: 2, column: 9 }],
    ['that it knows a mode', '\x1b[?2026;2$y', { kind: 'mode', mode: 2026, value: 2 }],
    ['what it is', '\x1b[?64;1;2c', { kind: 'device', level: 1, numbers: [64, 1, 2] }],
    ['what is in between', '\x1b[>84;0;0c', { kind: 'device', level: 2, numbers: [84, 0, 0] }],
    ['its name', '\x1bP>|kitty(0.35.2)\x1b\\', { kind: 'version', text: 'kitty(0.35.2)' }],
    ['its ground', '\x1b]11;rgb:ffff/0000/8080\x07', { kind: 'ground', text: 'rgb:ffff/0000/8080' }],
  ])('%s is told to whoever asked, and is no key', (_name, sent, answer) => {
    const answers: Answer[] = [];
    const decoder = new KeyDecoder((each) => answers.push(each));
    expect(decoder.feed(bytes(`a${sent}b`))).toEqual([{ kind: 'text', text: 'ab' }]);
    const slow = new KeyDecoder((each) => answers.push(each));
    expect(show([...bytes(`a${sent}b`)].flatMap((byte) => slow.feed(Uint8Array.of(byte))))).toBe('ab');
    expect(answers).toEqual([answer, answer]);
  });

  test('whether its window has the keyboard is told among the keys', () => {
    expect(shown('a\x1b[Ob\x1b[Ic')).toBe('a(out)b(in)c');
    expect(show(byteByByte('a\x1b[Ob\x1b[Ic'))).toBe('a(out)b(in)c');
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
          '<0;1',
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
