import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventLog, MAX_CHARS, MAX_ENTRIES } from '../../../../src/server/console/dashboard/event-log.ts';
import type { Row } from '../../../../src/server/console/dashboard/frame.ts';
import { entriesOfPage, logRows } from '../../../../src/server/console/dashboard/log-rows.ts';
import { NOW, said } from './scene.ts';

const SIZE = { width: 40, height: 5 };
const textOf = (rows: readonly Row[]): string[] => rows.map((row) => row.map(({ text }) => text).join(''));

function logOf(count: number): EventLog {
  const log = new EventLog();
  for (let i = 1; i <= count; i += 1) log.add({ event: said('bob', `message ${i}`, i), time: NOW });
  return log;
}

const lastShown = (log: EventLog): string | undefined => textOf(logRows(log, SIZE)).at(-1)?.slice(9);

describe('the log', () => {
  test('keeps a bounded number of entries, the newest', () => {
    const log = logOf(MAX_ENTRIES + 10);
    expect([...log.upwards()]).toHaveLength(MAX_ENTRIES);
    expect(lastShown(log)).toBe(`#lobby bob: message ${MAX_ENTRIES + 10}`);
  });

  test('keeps a bounded number of characters', () => {
    const log = new EventLog();
    for (let i = 0; i < 200; i += 1) log.add({ event: said('bob', 'x'.repeat(8192)), time: NOW });
    expect([...log.upwards()].length * 8192).toBeLessThanOrEqual(MAX_CHARS);
    expect([...log.upwards()].length).toBeGreaterThan(100);
  });

  test('stays where the operator reads while new entries come', () => {
    const log = logOf(50);
    log.scroll(10);
    expect(lastShown(log)).toBe('#lobby bob: message 40');
    log.add({ event: said('bob', 'new'), time: NOW });
    expect(lastShown(log)).toBe('#lobby bob: message 40');
    expect(log.below).toBe(11);
    log.scroll(-Infinity);
    expect(lastShown(log)).toBe('#lobby bob: new');
  });

  test('scrolls to both ends and not beyond', () => {
    const log = logOf(50);
    log.scroll(Infinity);
    expect(lastShown(log)).toBe('#lobby bob: message 1');
    log.scroll(-Infinity);
    expect(log.below).toBe(0);
  });

  test('goes a page up and back to where it was, and leaves out nothing', () => {
    const log = logOf(50);
    const seen = new Set(textOf(logRows(log, SIZE)));
    for (let i = 0; i < 30; i += 1) {
      log.scroll(entriesOfPage(log.upwards(), SIZE));
      for (const row of textOf(logRows(log, SIZE))) seen.add(row);
    }
    expect(seen.size).toBe(50);
    for (let i = 0; i < 30; i += 1) log.scroll(-entriesOfPage(log.downwards(), SIZE));
    expect(log.below).toBe(0);
  });

  test('wraps a long message, and cuts one that would fill everything', () => {
    const log = new EventLog();
    log.add({ event: said('bob', 'word '.repeat(20)), time: NOW });
    const rows = textOf(logRows(log, { width: 60, height: 9 }));
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatch(/^09:16:00 #lobby bob: word/);
    expect(rows[1]).toMatch(/^ {9}word/);
    log.add({ event: said('bob', 'word '.repeat(1000)), time: NOW });
    const cut = textOf(logRows(log, { width: 60, height: 4 }));
    expect(cut[0]).toMatch(/^09:16:00/);
    expect(cut.at(-1)).toMatch(/…$/);
  });

  test('shows whatever a user writes as text alone, in its own rows', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), (texts) => {
        const log = new EventLog();
        for (const text of texts) log.add({ event: said('bob', text), time: NOW });
        const rows = textOf(logRows(log, SIZE));
        expect(rows.length).toBeLessThanOrEqual(SIZE.height);
        for (const row of rows) expect(row).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
