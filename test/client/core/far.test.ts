import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_FAR_ENTRIES } from '../../../src/client/core/far.ts';
import { logOf, roomOf } from '../../../src/client/core/lookup.ts';
import { MAX_LOG_ENTRIES } from '../../../src/client/core/message-log.ts';
import { visibleSpan } from '../../../src/client/view/scroll.ts';
import type { ClientMessage, ClientMessages } from '../../../src/protocol/client-messages.ts';
import { at, Drive, info, room, START, seq, user } from './drive.ts';

const LOBBY = room('#lobby');
const MILLION = 1_000_000;

/** A room of a server that answers each question at once. */
class Long {
  readonly drive = new Drive();
  end: number;
  answers = 0;
  /** Messages that the client may ask for in vain, as if the server were away. */
  isMute = false;

  constructor(end: number) {
    this.end = end;
    this.serve(this.drive.login([info('#lobby', end)]));
  }

  #page({ before, since, around, limit = 200 }: ClientMessages['history']): [number, number] {
    if (around !== undefined) {
      const from = Math.max(1, around - limit / 2);
      return [from, Math.min(this.end, from + limit - 1)];
    }
    if (since !== undefined) return [since + 1, Math.min(this.end, since + limit)];
    const to = Math.min(this.end, (before ?? this.end + 1) - 1);
    return [Math.max(1, to - limit + 1), to];
  }

  serve(sent: readonly ClientMessage[]): void {
    if (this.isMute) return;
    for (const message of sent) {
      if (message.type !== 'history') continue;
      this.answers++;
      const [from, to] = this.#page(message);
      const isForward = message.since !== undefined || message.around !== undefined;
      this.serve(
        this.drive.get({
          type: 'history',
          ...(message.id === undefined ? {} : { id: message.id }),
          room: LOBBY,
          messages: Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => ({
            seq: seq(from + i),
            from: user('bob'),
            text: `line ${from + i}`,
            time: at(START + from + i),
          })),
          more: isForward ? to < this.end : from > 1,
          moreOlder: from > 1,
        }),
      );
    }
  }

  press(...keys: string[]): this {
    for (const key of keys) this.serve(this.drive.key(key));
    return this;
  }

  says(): void {
    this.end++;
    this.serve(this.drive.hear('#lobby', this.end, `line ${this.end}`));
  }

  get tab() {
    return this.drive.tab();
  }

  /** Places of the messages on the screen, from the top. */
  get shown(): readonly number[] {
    const span = visibleSpan(this.drive.state, this.tab);
    if (span === undefined) return [];
    return logOf(this.tab).entries.flatMap((entry) =>
      entry.kind === 'message' && entry.seq >= span.first && entry.seq <= span.last ? [entry.seq] : [],
    );
  }

  get held(): number {
    return this.tab.log.entries.length + (this.tab.far?.log.entries.length ?? 0);
  }
}

const isContiguous = (places: readonly number[]): boolean =>
  places.every((place, i) => i === 0 || place === (places[i - 1] ?? 0) + 1);

describe('a room of a million messages', () => {
  test('can be read back as far as one likes, without a line missing, and little of it is held', () => {
    const long = new Long(MILLION);
    let oldest = Math.min(...long.shown);
    let most = 0;
    for (let i = 0; i < 3000; i++) {
      long.press('pageup');
      // Every page begins within, or right before, the one that was there.
      expect(Math.max(...long.shown)).toBeGreaterThanOrEqual(oldest - 1);
      oldest = Math.min(...long.shown);
      most = Math.max(most, long.held);
    }
    expect(oldest).toBeLessThan(MILLION - 40_000);
    expect(most).toBeLessThanOrEqual(MAX_LOG_ENTRIES + MAX_FAR_ENTRIES + 400);
  });

  test('and forward again, through the place where the window meets the log, to the newest line', () => {
    const long = new Long(MILLION);
    for (let i = 0; i < 500; i++) long.press('pageup');
    expect(long.tab.far).toBeDefined();
    let newest = Math.max(...long.shown);
    for (let i = 0; i < 1000 && long.tab.scroll.kind === 'at'; i++) {
      long.press('pagedown');
      expect(Math.min(...long.shown)).toBeLessThanOrEqual(newest + 1);
      newest = Math.max(...long.shown);
    }
    expect(long.tab.scroll.kind).toBe('tail');
    expect(long.tab.far).toBeUndefined();
    expect(long.shown.at(-1)).toBe(MILLION);
  });

  test('has its first message one key away, and its newest', () => {
    const long = new Long(MILLION);
    const before = long.answers;
    long.press('alt-home');
    expect(long.shown[0]).toBe(1);
    expect(long.answers - before).toBeLessThanOrEqual(2);
    long.press('alt-end');
    expect(long.shown.at(-1)).toBe(MILLION);
    expect(long.tab.far).toBeUndefined();
  });

  test('what comes meanwhile is counted, and the screen stays', () => {
    const long = new Long(MILLION);
    long.press('alt-home');
    const { shown } = long;
    for (let i = 0; i < 3; i++) long.says();
    expect(long.shown).toEqual(shown);
    expect(long.tab.unread).toBe(3);
    long.press('alt-end');
    expect(long.tab.unread).toBe(0);
    expect(long.shown.at(-1)).toBe(MILLION + 3);
  });

  test('what one writes there is seen at the end', () => {
    const long = new Long(MILLION);
    long.press('alt-home');
    long.serve(long.drive.enter('hello'));
    expect(long.tab.far).toBeUndefined();
    expect(long.tab.scroll.kind).toBe('tail');
  });

  test('an edit of what is read there is seen', () => {
    const long = new Long(MILLION);
    long.press('alt-home');
    const { rev } = roomOf(long.drive.state, LOBBY);
    long.drive.get({
      type: 'changed',
      room: LOBBY,
      rev: rev + 1,
      seq: seq(1),
      by: user('bob'),
      time: at(START),
      text: 'other',
    });
    expect(logOf(long.tab).find(seq(1))?.text).toBe('other');
  });

  test('a page that comes after one has gone elsewhere changes nothing', () => {
    const long = new Long(MILLION);
    const asked = long.drive.key('alt-home');
    long.press('alt-end');
    long.serve(asked);
    expect(long.tab.far).toBeUndefined();
    expect(long.shown.at(-1)).toBe(MILLION);
  });

  test('without a connection it says so, and with it goes on', () => {
    const long = new Long(MILLION);
    long.press('alt-home');
    long.isMute = true;
    for (let i = 0; i < 20; i++) long.press('pagedown');
    long.drive.event({ type: 'linkDown', text: 'gone' });
    long.press('pagedown');
    expect(long.drive.state.hint?.text).toContain('on the server');
    expect(isContiguous(long.shown)).toBe(true);
  });
});

test('however one moves, the lines on the screen follow on each other, and little is held', () => {
  const keys = fc.constantFrom('pageup', 'pagedown', 'alt-home', 'alt-end', 'alt-u', 'says', 'far up', 'far down');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30_000 }), fc.array(keys, { maxLength: 40 }), (end, moves) => {
      const long = new Long(end);
      for (const move of moves) {
        if (move === 'says') long.says();
        else if (move === 'far up') for (let i = 0; i < 60; i++) long.press('pageup');
        else if (move === 'far down') for (let i = 0; i < 60; i++) long.press('pagedown');
        else long.press(move);
        expect(isContiguous(long.shown)).toBe(true);
        expect(long.held).toBeLessThanOrEqual(MAX_LOG_ENTRIES + MAX_FAR_ENTRIES * 2 + 400);
        if (long.tab.far !== undefined) expect(long.tab.scroll.kind).toBe('at');
      }
      long.press('alt-end');
      if (long.end > 0) expect(long.shown.at(-1)).toBe(long.end);
    }),
    { numRuns: 60 },
  );
});
