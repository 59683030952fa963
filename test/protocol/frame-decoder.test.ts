import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Frame, FrameDecoder } from '../../src/protocol/frame-decoder.ts';
import { MAX_FRAME_BYTES } from '../../src/protocol/limits.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const lines = (...texts: string[]): Frame[] => texts.map((line) => ({ ok: true, line }));
const TOO_LONG: Frame = { ok: false, fault: 'frame_too_long' };
const BAD: Frame = { ok: false, fault: 'bad_utf8' };

/** All frames of a stream that arrives in these chunks. */
function framesOf(chunks: readonly Uint8Array[], limit?: number): Frame[] {
  const decoder = new FrameDecoder(limit);
  return chunks.flatMap((chunk) => decoder.push(chunk));
}

const oneByOne = (stream: Uint8Array): Uint8Array[] => [...stream].map((byte) => Uint8Array.of(byte));

/** Streams in which newlines, returns and broken UTF-8 are frequent. */
const stream = fc.uint8Array({ maxLength: 200 }).map((noise) =>
  noise.map((byte) => {
    if (byte < 40) return 0x0a;
    if (byte < 60) return 0x0d;
    if (byte < 200) return 0x61 + (byte % 26);
    return byte;
  }),
);

/** The same stream, cut at random places. */
const cutStream = fc.tuple(stream, fc.array(fc.nat(200), { maxLength: 20 })).map(([whole, cuts]) => {
  const at = [0, ...cuts.filter((cut) => cut < whole.length).toSorted((a, b) => a - b), whole.length];
  return { whole, chunks: at.slice(1).map((end, i) => whole.subarray(at[i], end)) };
});

describe('lines', () => {
  test.each<[string, string, Frame[]]>([
    ['a whole one', 'hello\n', lines('hello')],
    ['several', 'one\ntwo\nthree\n', lines('one', 'two', 'three')],
    ['one that ends in CR LF', 'one\r\ntwo\n', lines('one', 'two')],
    ['a return inside', 'a\rb\n', lines('a\rb')],
    ['empty ones are skipped', '\n\r\n\n\r\na\n', lines('a')],
    ['one that is not complete yet', 'hel', []],
    ['characters of two, three and four bytes', 'ä€👍\n', lines('ä€👍')],
    ['a byte order mark is kept', '\ufeffa\n', lines('\ufeffa')],
  ])('%s', (_name, text, frames) => {
    expect(framesOf([bytes(text)])).toEqual(frames);
    expect(framesOf(oneByOne(bytes(text)))).toEqual(frames);
  });

  test('a line that is cut in two arrives whole', () => {
    const text = bytes('hello wörld 👍\n');
    for (let cut = 0; cut <= text.length; cut++)
      expect(framesOf([text.subarray(0, cut), text.subarray(cut)])).toEqual(lines('hello wörld 👍'));
  });

  test('a line whose CR and LF come apart ends once', () => {
    expect(framesOf([bytes('a\r'), bytes('\nb\r'), bytes('\n')])).toEqual(lines('a', 'b'));
  });

  test('what is held is a copy: the chunk may be used again', () => {
    const decoder = new FrameDecoder();
    const chunk = bytes('hel');
    decoder.push(chunk);
    chunk.fill(0x78);
    expect(decoder.push(bytes('lo\n'))).toEqual(lines('hello'));
  });

  test('nothing is held after a whole line', () => {
    const decoder = new FrameDecoder();
    decoder.push(bytes('abc\nde'));
    expect(decoder.held).toBe(2);
    decoder.push(bytes('f\n'));
    expect(decoder.held).toBe(0);
  });
});

describe('the limit', () => {
  test('counts the newline', () => {
    const most = 'x'.repeat(MAX_FRAME_BYTES - 1);
    expect(framesOf([bytes(`${most}\n`)])).toEqual(lines(most));
    expect(framesOf([bytes(`${most}x\n`)])).toEqual([TOO_LONG]);
    expect(framesOf([bytes(`${most.slice(1)}\r\n`)])).toEqual(lines(most.slice(1)));
    expect(framesOf([bytes(`${most}\r\n`)])).toEqual([TOO_LONG]);
  });

  test('holds byte by byte too', () => {
    expect(framesOf(oneByOne(bytes('1234567\n')), 8)).toEqual(lines('1234567'));
    expect(framesOf(oneByOne(bytes('12345678\n')), 8)).toEqual([TOO_LONG]);
  });

  test('is noticed before the newline comes', () => {
    expect(framesOf([bytes('12345678')], 8)).toEqual([TOO_LONG]);
  });

  test('comes after the lines before it, and ends the stream', () => {
    const decoder = new FrameDecoder(8);
    expect(decoder.push(bytes('a\nb\n123456789\nc\n'))).toEqual([...lines('a', 'b'), TOO_LONG]);
    expect(decoder.push(bytes('d\n'))).toEqual([]);
    expect(decoder.held).toBe(0);
  });
});

describe('bytes that are not UTF-8', () => {
  test.each([
    ['a byte that never occurs', [0xff]],
    ['a continuation without its start', [0x80]],
    ['a start without its continuation', [0xc3]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ])('%s: a fault, and the next line arrives', (_name, wrong) => {
    const whole = Uint8Array.from([0x61, ...wrong, 0x0a, ...bytes('next\n')]);
    expect(framesOf([whole])).toEqual([BAD, ...lines('next')]);
    expect(framesOf(oneByOne(whole))).toEqual([BAD, ...lines('next')]);
  });
});

describe('any stream', () => {
  test('gives the same frames, however it is cut', () => {
    fc.assert(
      fc.property(cutStream, fc.integer({ min: 2, max: 64 }), ({ whole, chunks }, limit) => {
        const frames = framesOf([whole], limit);
        expect(framesOf(chunks, limit)).toEqual(frames);
        expect(framesOf(oneByOne(whole), limit)).toEqual(frames);
      }),
      { numRuns: 500 },
    );
  });

  test('gives what a plain split gives', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
        const whole = texts.map((text) => text.toWellFormed().replaceAll(/[\r\n]/g, ''));
        expect(framesOf([bytes(whole.map((text) => `${text}\n`).join(''))])).toEqual(
          lines(...whole.filter((text) => text !== '')),
        );
      }),
    );
  });

  test('never makes the decoder hold more than its limit, nor throw', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 })), fc.integer({ min: 2, max: 64 }), (chunks, limit) => {
        const decoder = new FrameDecoder(limit);
        for (const chunk of chunks) {
          decoder.push(chunk);
          expect(decoder.held).toBeLessThan(limit);
        }
      }),
      { numRuns: 500 },
    );
  });
});
