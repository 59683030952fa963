import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RoomName, Seq, UnixMs, UserName } from '../../../src/base/ids.ts';
import { DayLines, jsonLine, linesOf, messageLine } from '../../../src/client/script/lines.ts';
import { MAX_TEXT_BYTES } from '../../../src/protocol/limits.ts';

const room = '#dev' as RoomName;
const entry = (text: string) => ({ seq: 3 as Seq, from: 'alice' as UserName, text, time: 1_700_000_000_123 as UnixMs });

test('a message is one line: time, name, text', () => {
  expect(messageLine(room, entry('hi\nthere'), false)).toBe('22:13 alice: hi there\n');
});

test('what was edited says so, and of what was deleted that is all there is', () => {
  const time = 1_700_000_050_000 as UnixMs;
  expect(messageLine(room, { ...entry('hi'), edited: time }, false)).toBe('22:13 alice: hi (edited)\n');
  expect(messageLine(room, { ...entry(''), edited: time, deleted: true }, false)).toBe('22:13 alice: (deleted)\n');
});

test('a line says which day it is, where that is another than before; of today none does', () => {
  const days = new DayLines(1_700_000_000_000 as UnixMs);
  const hours = (count: number): UnixMs => (1_700_000_000_000 + count * 3_600_000) as UnixMs;
  expect([-50, -49, -26, 0, 1, 2, 3].map((count) => days.before(hours(count)))).toEqual([
    '--- 2023-11-12 ---\n',
    '',
    '--- 2023-11-13 ---\n',
    '--- 2023-11-14 ---\n',
    '',
    '--- 2023-11-15 ---\n',
    '',
  ]);
});

test('as JSON it has stable fields', () => {
  expect(messageLine(room, entry('hi'), true)).toBe(
    '{"room":"#dev","seq":3,"from":"alice","text":"hi","time":"2023-11-14T22:13:20.123Z"}\n',
  );
});

test('no text takes control of the terminal, plain or as JSON, and as JSON none is changed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const json = messageLine(room, entry(text), true);
      const plain = messageLine(room, entry(text), false);
      expect(JSON.parse(json)).toMatchObject({ text });
      for (const line of [json, plain]) {
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
      }
    }),
  );
});

test('characters beyond the first plane are escaped as two', () => {
  expect(jsonLine('\u{e0041}')).toBe('"\\udb40\\udc41"\n');
});

async function* chunks(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(typeof part === 'string' ? Buffer.from(part) : part);
}

async function read(...parts: readonly (string | Uint8Array)[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(chunks(...parts))) lines.push(line.ok ? line.value : `! ${line.error}`);
  return lines;
}

test('lines end in LF or CRLF, the last one needs no end', async () => {
  expect(await read('a\r\nb\n\nc')).toEqual(['a', 'b', '', 'c']);
  expect(await read('a\n')).toEqual(['a']);
  expect(await read()).toEqual([]);
});

test('however the bytes come, the lines are the same', async () => {
  const text = 'über\r\n日本\n🙂 last';
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(40)), async (cuts) => {
      const bytes = Buffer.from(text);
      const places = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
      const parts = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
      expect(await read(...parts)).toEqual(['über', '日本', '🙂 last']);
    }),
  );
});

test('bytes that are no UTF-8 are replaced', async () => {
  expect(await read(new Uint8Array([0x61, 0xff, 0x62, 0x0a, 0xe6]))).toEqual(['a\ufffdb', '\ufffd']);
});

test('a line longer than a message ends it, named by its number, however it comes', async () => {
  const long = 'x'.repeat(MAX_TEXT_BYTES + 1);
  const whole = 'y'.repeat(MAX_TEXT_BYTES);
  const error = `! line 2 is longer than ${MAX_TEXT_BYTES} bytes; split it`;
  expect(await read('a\n', `${long}\nb\n`)).toEqual(['a', error]);
  expect(await read('a\n', long)).toEqual(['a', error]);
  expect(await read('a\n', whole, 'more and more')).toEqual(['a', error]);
  expect(await read(`a\n${whole}\r`, '\nb')).toEqual(['a', whole, 'b']);
  expect(await read(`a\n${'ü'.repeat(MAX_TEXT_BYTES / 2 + 1)}\n`)).toEqual(['a', error]);
});
