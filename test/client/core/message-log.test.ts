import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog, type MessageLog } from '../../../src/client/core/message-log.ts';
import type { HistoryEntry } from '../../../src/protocol/server-messages.ts';
import { at, seq, user } from './drive.ts';

const entry = (n: number): HistoryEntry => ({ seq: seq(n), from: user('bob'), text: `text ${n}`, time: at(n) });
const page = (from: number, to: number): HistoryEntry[] =>
  Array.from({ length: to - from + 1 }, (_, i) => entry(from + i));
const seqs = (log: MessageLog): number[] => log.entries.flatMap((one) => (one.kind === 'message' ? [one.seq] : []));
const shape = (log: MessageLog): string[] =>
  log.entries.map((one) => (one.kind === 'message' ? `${one.seq}` : one.text));
const keysAscend = (log: MessageLog): boolean =>
  log.entries.every(({ key }, i) => i === 0 || key > (log.entries[i - 1]?.key ?? Number.POSITIVE_INFINITY));

describe('a log', () => {
  test('is empty at first, and begins anywhere', () => {
    const log = createLog();
    expect([log.first, log.last, log.entries.length]).toEqual([1, 0, 0]);
    log.append(entry(41));
    expect([log.first, log.last]).toEqual([41, 41]);
  });

  test('that begins anew keeps announcements, which nothing would bring back', () => {
    const log = createLog();
    log.append(entry(7));
    log.announcement(at(1), at(1), user('root'), 'restart at noon');
    log.notice(at(1), 'a line of the program', false);
    log.reset();
    expect([log.first, log.last, log.older]).toEqual([1, 0, 'unknown']);
    expect(shape(log)).toEqual(['restart at noon']);
    log.open(page(3, 4));
    expect(shape(log)).toEqual(['3', '4', 'restart at noon']);
    expect(keysAscend(log)).toBe(true);
  });

  test('as new, it can keep words of our own behind the page that comes', () => {
    const log = createLog();
    log.append(entry(7));
    log.notice(at(1), 'a line of the program', true);
    log.reset(true);
    log.open(page(3, 4));
    expect(shape(log)).toEqual(['3', '4', 'a line of the program']);
    expect(keysAscend(log)).toBe(true);
  });

  test('can begin far from the first place, so that there is room in front', () => {
    const log = createLog(seq(100));
    expect([log.first, log.last]).toEqual([101, 100]);
    log.append(entry(101));
    expect(log.prepend(page(1, 3))).toBe(3);
    expect(seqs(log)).toEqual([1, 2, 3, 101]);
    log.reset();
    expect([log.first, log.last]).toEqual([101, 100]);
  });

  test('takes no message twice', () => {
    const log = createLog();
    expect([log.append(entry(1)), log.append(entry(2)), log.append(entry(2)), log.append(entry(1))]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(seqs(log)).toEqual([1, 2]);
  });

  test('older pages go before it, and what was there keeps its key', () => {
    const log = createLog();
    for (const one of page(10, 12)) log.append(one);
    const keys = log.entries.map(({ key }) => key);
    expect(log.prepend(page(7, 9))).toBe(3);
    expect(log.prepend(page(5, 8))).toBe(2);
    expect(log.prepend(page(5, 8))).toBe(0);
    expect(seqs(log)).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
    expect(log.entries.slice(5).map(({ key }) => key)).toEqual(keys);
    expect(log.first).toBe(5);
  });

  test('the first page goes above the local lines that are there already', () => {
    const log = createLog();
    log.notice(at(1), 'words', false);
    log.open(page(8, 9));
    log.event(at(2), '+', user('bob'), 'came');
    log.append(entry(10));
    expect(shape(log)).toEqual(['8', '9', 'words', 'came', '10']);
    expect([log.first, log.last]).toEqual([8, 10]);
  });

  test('cleared, it knows its place: newer ones follow on, and the older ones are a page away', () => {
    const log = createLog();
    log.open(page(1, 5));
    log.older = 'none';
    log.clear();
    expect([log.entries.length, log.first, log.last, log.older]).toEqual([0, 6, 5, 'more']);
    expect(log.append(entry(5))).toBe(false);
    log.append(entry(6));
    log.prepend(page(1, 5));
    expect(seqs(log)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('trimmed, it drops the oldest and says that there are more', () => {
    const log = createLog();
    log.open(page(1, 10));
    log.older = 'none';
    log.trim(10);
    expect(log.older).toBe('none');
    log.trim(4);
    expect(seqs(log)).toEqual([7, 8, 9, 10]);
    expect([log.first, log.older]).toEqual([7, 'more']);
  });

  test('local lines that are trimmed are not on the server', () => {
    const log = createLog();
    log.notice(at(1), 'a', false);
    log.notice(at(2), 'b', false);
    log.older = 'none';
    log.trim(1);
    expect(shape(log)).toEqual(['b']);
    expect(log.older).toBe('none');
  });

  test('a message becomes another in its place, as a new entry with the same key', () => {
    const log = createLog();
    log.open(page(1, 3));
    log.notice(at(9), 'words', false);
    const before = log.find(seq(2));
    const { version } = log;
    const reactions = [{ emoji: '👍', users: [user('bob')] }];
    expect(log.change(seq(2), { text: 'another', edited: at(5), reactions, rev: 1 })).toBe(true);
    const after = log.find(seq(2));
    expect(after).toEqual({ ...before, text: 'another', edited: at(5), reactions, rev: 1 });
    expect(after).not.toBe(before);
    expect(log.version).not.toBe(version);
    expect(shape(log)).toEqual(['1', '2', '3', 'words']);
    // What there is no more of, has no field.
    log.change(seq(2), { text: '', deleted: true, reactions: [], rev: 2 });
    expect(log.find(seq(2))).toEqual({ ...before, text: '', deleted: true, rev: 2 });
  });

  test('what is not here can not become another', () => {
    const log = createLog();
    expect([log.find(seq(1)), log.change(seq(1), { text: 'x' })]).toEqual([undefined, false]);
    log.notice(at(9), 'words', false);
    log.open(page(5, 6));
    expect([log.find(seq(4)), log.find(seq(7)), log.change(seq(7), { text: 'x' })]).toEqual([
      undefined,
      undefined,
      false,
    ]);
  });

  test('what a message answers, and what has become of it, comes with its page', () => {
    const log = createLog();
    const reactions = [{ emoji: '👍', users: [user('bob')] }];
    log.open([
      { ...entry(2), re: seq(1), edited: at(3), reactions, rev: 4 },
      { ...entry(3), text: '', deleted: true, rev: 5 },
    ]);
    expect(log.find(seq(2))).toMatchObject({ re: 1, edited: 3, reactions, rev: 4 });
    expect(log.find(seq(3))).toMatchObject({ text: '', deleted: true, rev: 5 });
    expect(Object.keys(log.find(seq(3)) ?? {})).not.toContain('reactions');
  });

  test('whatever is done to it, keys ascend, and seqs are a piece without gaps from first to last', () => {
    const action = fc.constantFrom('append', 'prepend', 'notice', 'trim', 'clear');
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), fc.integer({ min: 1, max: 50 }), (actions, start) => {
        const log = createLog();
        log.open([entry(start)]);
        for (const one of actions) {
          if (one === 'append') log.append(entry(log.last + 1));
          else if (one === 'prepend') log.prepend(page(Math.max(1, log.first - 3), log.first - 1));
          else if (one === 'notice') log.notice(at(0), 'words', false);
          else if (one === 'trim') log.trim(5);
          else log.clear();
          expect(keysAscend(log)).toBe(true);
          expect(seqs(log)).toEqual(page(log.first, log.last).map((message) => message.seq));
          for (let place = log.first - 1; place <= log.last + 1; place++) {
            const held = place >= log.first && place <= log.last;
            expect(log.find(seq(place))?.seq).toBe(held ? place : undefined);
          }
        }
      }),
    );
  });
});
