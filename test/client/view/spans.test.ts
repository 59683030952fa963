import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClientId, Seq, UnixMs } from '../../../src/base/ids.ts';
import { linksIn } from '../../../src/base/text/links.ts';
import { sanitizeText } from '../../../src/base/text/sanitize.ts';
import { textWidth } from '../../../src/base/text/width.ts';
import { wrap } from '../../../src/base/text/wrap.ts';
import type { MessageEntry } from '../../../src/client/core/message-log.ts';
import type { Row } from '../../../src/client/view/cells.ts';
import { entryLines } from '../../../src/client/view/message-lines.ts';
import { user } from '../../screen/scene.ts';

const said = (text: string): MessageEntry => ({
  kind: 'message',
  key: 0,
  seq: 1 as Seq,
  from: user('bob'),
  text,
  time: 0 as UnixMs,
  id: 'id' as ClientId,
});

const plain = (row: Row): string => row.map(({ text }) => text).join('');
/** The pieces that lead somewhere, row by row. */
const links = (rows: readonly Row[]): string[] =>
  rows.flatMap((row) => row.filter(({ link }) => link !== undefined).map(({ text, link }) => `${text} -> ${link}`));
const lines = (text: string, width: number, own?: string): readonly Row[] => entryLines(said(text), { width, own });

describe('an address in a message', () => {
  test('leads there, and is underlined', () => {
    const [row] = lines('the log: https://box/log/4012, all of it', 60);
    expect(row).toEqual([
      { text: 'the log: ', width: 9, role: 'text' },
      { text: 'https://box/log/4012', width: 20, role: 'text', underline: true, link: 'https://box/log/4012' },
      { text: ', all of it', width: 11, role: 'text' },
    ]);
  });

  test('stays whole in a row of its own where it fits in one', () => {
    const rows = lines('look at this please: https://box/log/4012 it is full', 24);
    expect(rows.map(plain)).toEqual(['look at this please:', 'https://box/log/4012 it', 'is full']);
    expect(links(rows)).toEqual(['https://box/log/4012 -> https://box/log/4012']);
  });

  test('that is wider than a row leads there in each of its rows', () => {
    const rows = lines('https://box/a/very/long/path', 12);
    expect(links(rows)).toEqual([
      'https://box/ -> https://box/a/very/long/path',
      'a/very/long/ -> https://box/a/very/long/path',
      'path -> https://box/a/very/long/path',
    ]);
  });

  test('names nobody, and our name beside it is marked', () => {
    const [row] = lines('alice: https://box/alice', 60, 'alice');
    expect(row?.map(({ text, role }) => [text, role])).toEqual([
      ['alice', 'mention'],
      [': ', 'text'],
      ['https://box/alice', 'text'],
    ]);
  });

  test('stays whole where our name would reach into it', () => {
    expect(links(lines('see.http://box/log', 60, 'see.http'))).toEqual(['http://box/log -> http://box/log']);
  });

  test('in an announcement, or in words of the program, leads there too', () => {
    const announcement = { ...said(''), kind: 'announcement', said: 0 as UnixMs, text: 'https://a/b' } as const;
    expect(links(entryLines(announcement, { width: 60 }))).toEqual(['https://a/b -> https://a/b']);
    const notice = { kind: 'notice', key: 0, time: 0 as UnixMs, text: 'see https://a/b', bad: false } as const;
    expect(links(entryLines(notice, { width: 60 }))).toEqual(['https://a/b -> https://a/b']);
  });
});

test('our name is marked also where it stands across two rows', () => {
  const rows = lines('alice-the-great', 7, 'alice-the-great');
  expect(rows.map((row) => row.map(({ role }) => role))).toEqual([['mention'], ['mention'], ['mention']]);
});

test('whatever the text and the width, rows are those of the text, and every address is in them from end to end', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'https://a.b/c',
      'http://x/(y)',
      ' ',
      '  ',
      '\n',
      'alice',
      '@alice,',
      '漢字',
      '👍🏽',
      'e\u0301',
      '\u200b',
    ),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.webUrl(),
  );
  const text = fc.array(word, { maxLength: 20 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 40 }), (raw, width) => {
      const safe = sanitizeText(raw);
      const rows = lines(raw, width, 'alice');
      expect(rows.map(plain)).toEqual(safe.split('\n').flatMap((line) => wrap(line, width)));
      for (const row of rows) for (const { text: piece, width: cells } of row) expect(textWidth(piece)).toBe(cells);
      const shown = rows.flatMap((row) => row.filter(({ link }) => link !== undefined));
      const wanted = safe.split('\n').flatMap((line) => linksIn(line).map(({ start, end }) => line.slice(start, end)));
      expect(shown.map((piece) => piece.text).join('')).toBe(wanted.join(''));
    }),
    { numRuns: 300 },
  );
});
