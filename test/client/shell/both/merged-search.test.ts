import fc from 'fast-check';
import { expect, test } from 'vitest';
import { begin, type Merged, take, toAsk, withPage } from '../../../../src/client/shell/both/merged-search.ts';
import type { FoundEntry } from '../../../../src/protocol/server-messages.ts';
import { at, room, seq, user } from '../../core/drive.ts';

const entry = (time: number, where: string): FoundEntry => ({
  room: room(where),
  seq: seq(time),
  from: user('bob'),
  text: `${where} ${time}`,
  time: at(time),
});

test('two searches are one: everything once, the newest first, however many come at a time', () => {
  const times = fc.uniqueArray(fc.nat(200), { maxLength: 30 });
  fc.assert(
    fc.property(times, times, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (a, b, page, limit) => {
      const found = {
        server: a.toSorted((x, y) => y - x).map((time) => entry(time, '#lobby')),
        lan: b.toSorted((x, y) => y - x).map((time) => entry(time, '#lan')),
      };
      const shown: FoundEntry[] = [];
      let merged: Merged = begin;
      for (let more = true, rounds = 0; more; rounds++) {
        expect(rounds).toBeLessThan(200);
        for (const side of toAsk(merged)) {
          const from = Number(merged[side].before ?? 0);
          const messages = found[side].slice(from, from + page);
          const before = from + page < found[side].length ? { before: `${from + page}` } : {};
          merged = withPage(merged, side, { messages, ...before });
        }
        const taken = take(merged, limit);
        expect(taken.messages.length).toBeLessThanOrEqual(limit);
        shown.push(...taken.messages);
        merged = taken.rest;
        ({ more } = taken);
      }
      expect(shown).toHaveLength(a.length + b.length);
      expect(shown.map(({ time }) => time)).toEqual([...a, ...b].toSorted((x, y) => y - x));
      expect(new Set(shown).size).toBe(shown.length);
    }),
  );
});
