import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SessionId, sessionId } from '../../../src/base/ids.ts';
import {
  BLOCK_BYTES,
  CHUNK_BYTES,
  LOOK_EVERY_MS,
  MAX_BUFFERED_BYTES,
  MAX_STANDSTILL_MS,
} from '../../../src/server/outbox/limits.ts';
import { Outbox } from '../../../src/server/outbox/outbox.ts';
import type { TooSlow } from '../../../src/server/outbox/readers-behind.ts';
import { Reader } from './reader.ts';

const REASON = 'too slow\n';
/** Looks from the one that finds out that somebody stands still to the one at which it has been too long. */
const LOOKS = 1 + MAX_STANDSTILL_MS / LOOK_EVERY_MS;
const KIB_64 = `${'x'.repeat(65_535)}\n`;

function setUp(count: number) {
  const cut: { session: SessionId; why: TooSlow }[] = [];
  const flushes: (() => void)[] = [];
  const looks: (() => void)[] = [];
  const outbox = new Outbox<string>({
    schedule: (flush) => void flushes.push(flush),
    later: (look, ms) => {
      expect(ms).toBe(LOOK_EVERY_MS);
      looks.push(look);
      expect(looks).toHaveLength(1);
    },
    tooSlow: (session, why) => {
      cut.push({ session, why });
      outbox.send(session, REASON);
      outbox.end(session);
    },
  });
  const readers = Array.from({ length: count }, () => new Reader());
  const id = (i: number): SessionId => sessionId(i);
  const at = (i: number): Reader => readers[i]!;
  for (const [i, reader] of readers.entries()) outbox.add(id(i), reader);
  const turn = (): void => {
    for (const flush of flushes.splice(0)) flush();
  };
  const look = (times = 1): void => {
    for (let n = 0; n < times; n++) looks.pop()?.();
  };
  /** A reader reads so many bytes, and the link tells if that was all that it had. */
  const reads = (i: number, bytes: number): void => {
    let left = bytes;
    while (left > 0) {
      const now = Math.min(left, at(i).buffered);
      left -= now;
      if (now === 0) at(i).room += left;
      if (!at(i).takes(now)) return;
      outbox.drained(id(i));
    }
  };
  return { outbox, id, at, turn, look, looks, reads, cut };
}

/** Everybody is in a room. */
function inRoom(count: number, ...rooms: string[]) {
  const all = setUp(count);
  for (let i = 0; i < count; i++) for (const room of rooms) all.outbox.subscribe(all.id(i), room);
  const publish = (room: string, line: string): void => {
    all.outbox.publish(room, line);
    all.turn();
  };
  return { ...all, publish };
}

test('a reader that takes nothing for a minute is cut off with the reason, though nothing more is said', () => {
  const { at, id, look, cut, publish } = inRoom(2, '#a');
  at(0).stalled = true;
  publish('#a', 'hi\n');
  look(LOOKS - 1);
  expect(cut).toEqual([]);
  look();
  expect(cut).toEqual([{ session: id(0), why: 'standstill' }]);
  expect([at(0).text, at(0).ended]).toEqual([`hi\n${REASON}`, true]);
  expect([at(1).text, at(1).ended]).toEqual(['hi\n', false]);
});

test('what waits is dropped when a reader is cut off, also what was said in this very turn', () => {
  const { outbox, at, id, look, publish, turn } = inRoom(1, '#a');
  at(0).stalled = true;
  for (const line of ['1\n', '2\n', '3\n']) publish('#a', line);
  look(LOOKS - 1);
  outbox.send(id(0), 'answer\n');
  outbox.publish('#a', '4\n');
  look();
  turn();
  expect(at(0).text).toBe(`1\n${REASON}`);
});

test('a slow reader is no stopped one: a chunk in each minute is enough, for hours', () => {
  const { at, id, look, cut, reads, outbox, publish } = inRoom(1, '#a');
  at(0).room = 0;
  const line = `${'y'.repeat(CHUNK_BYTES / 4 - 1)}\n`;
  for (let n = 0; n < 400; n++) publish('#a', line);
  const all = outbox.waiting(id(0));
  let hours = 0;
  while (outbox.waiting(id(0)) > 0) {
    look(LOOKS - 2);
    reads(0, CHUNK_BYTES);
    hours += MAX_STANDSTILL_MS / 3_600_000;
  }
  expect(hours).toBeGreaterThan(1);
  expect(all).toBe(400 * line.length);
  expect(cut).toEqual([]);
  expect(at(0).got).toBe(line.repeat(400));
});

test('whoever keeps up is not looked at, and whoever has caught up not any more', () => {
  const { at, look, looks, reads, publish } = inRoom(1, '#a');
  publish('#a', '1\n');
  expect(looks).toEqual([]);
  at(0).stalled = true;
  publish('#a', '2\n');
  publish('#a', '3\n');
  expect(looks).toHaveLength(1);
  look();
  expect(looks).toHaveLength(1);
  reads(0, 100);
  look();
  expect(looks).toEqual([]);
  expect(at(0).got).toBe('1\n2\n3\n');
});

test('a link that passes on everything a moment later, as TLS does, keeps up', () => {
  const { at, look, looks, cut, publish } = inRoom(1, '#a');
  for (let n = 0; n < 5 * LOOKS; n++) {
    at(0).room = 0;
    publish('#a', `${n}\n`);
    at(0).takes(100);
    look();
  }
  expect(cut).toEqual([]);
  expect(looks).toEqual([]);
  // Each was written at once.
  expect(at(0).writes).toHaveLength(5 * LOOKS);
});

test('a reader that is behind gets the rest in its order, in chunks of whole lines', () => {
  const { outbox, at, id, turn, reads } = inRoom(1, '#a', '#b');
  at(0).stalled = true;
  let expected = '';
  for (let n = 0; n < 3000; n++) {
    const room = n % 3 === 0 ? '#b' : '#a';
    const line = `${room} ${n} ${'ü'.repeat(n % 50)}\n`;
    if (n % 7 === 0) outbox.send(id(0), line);
    else outbox.publish(room, line);
    expected += line;
    turn();
  }
  expect(at(0).writes).toHaveLength(1);
  reads(0, Buffer.byteLength(expected));
  expect(at(0).got).toBe(expected);
  for (const bytes of at(0).writes) {
    expect(bytes.length).toBeLessThanOrEqual(CHUNK_BYTES);
    expect(bytes.at(-1)).toBe(0x0a);
  }
});

test('a line that is longer than a chunk goes whole', () => {
  const { at, publish, reads } = inRoom(1, '#a');
  at(0).stalled = true;
  publish('#a', '1\n');
  publish('#a', `2\n${KIB_64}3\n`);
  reads(0, 100_000);
  expect(at(0).writes.map(({ length }) => length)).toEqual([2, 2, KIB_64.length, 2]);
});

test('readers that are behind in a room hold the same bytes', () => {
  const { at, publish, reads } = inRoom(100, '#a');
  for (let i = 0; i < 100; i++) at(i).stalled = true;
  for (let n = 0; n < 1000; n++) publish('#a', `${n} ${'z'.repeat(500)}\n`);
  for (let i = 0; i < 100; i++) reads(i, 1_000_000);
  const held = new Set<ArrayBufferLike>();
  for (let i = 0; i < 100; i++) for (const { buffer } of at(i).writes) held.add(buffer);
  const bytes = Array.from(held, ({ byteLength }) => byteLength).reduce((sum, each) => sum + each, 0);
  // One copy of half a megabyte; what was with the links already is a slice of a common pool.
  expect(bytes).toBeLessThan(1_000_000);
});

test('who waits for little in a quiet room holds nothing of a busy one', () => {
  const { outbox, at, id, publish, reads } = setUpTwo();
  for (let n = 0; n < 200; n++) {
    publish('#busy', KIB_64);
    if (n % 10 === 0) publish('#quiet', `quiet ${n}\n`);
    if (n % 10 === 5) outbox.send(id(0), `pong ${n}\n`);
    reads(1, 1_000_000);
  }
  const first = at(0).writes.length;
  reads(0, 10_000);
  expect(at(0).writes.length).toBeGreaterThan(first);
  for (const { buffer } of at(0).writes.slice(first)) expect(buffer.byteLength).toBeLessThanOrEqual(4096);
});

/** The first stands still in a quiet room, the second now and then in a busy one. */
function setUpTwo() {
  const all = setUp(2);
  all.outbox.subscribe(all.id(0), '#quiet');
  all.outbox.subscribe(all.id(1), '#busy');
  for (const i of [0, 1]) all.at(i).stalled = true;
  const publish = (room: string, line: string): void => {
    all.outbox.publish(room, line);
    all.turn();
  };
  return { ...all, publish };
}

test('answers of a few bytes, one a turn, are not worth a buffer each', () => {
  const { outbox, at, id, turn, cut } = setUp(1);
  at(0).stalled = true;
  let turns = 0;
  while (cut.length === 0) {
    outbox.send(id(0), '{"type":"pong"}\n');
    turn();
    turns += 1;
    expect(turns).toBeLessThan(200_000);
  }
  expect(turns).toBeGreaterThan(MAX_BUFFERED_BYTES / 17);
  expect(at(0).text).toBe(`{"type":"pong"}\n${REASON}`);
});

test('pieces that can’t be put together count what they cost', () => {
  const { at, cut, publish } = inRoom(1, '#a', '#b');
  at(0).stalled = true;
  let bytes = 0;
  for (let n = 0; cut.length === 0; n++) {
    publish(n % 2 === 0 ? '#a' : '#b', '\n');
    bytes += 1;
    expect(bytes).toBeLessThan(200_000);
  }
  expect(bytes).toBeLessThan(MAX_BUFFERED_BYTES / 50);
});

test('whatever a reader that stands still is sent, what waits for it is bounded', () => {
  const { outbox, at, id, turn, cut } = inRoom(1, '#a');
  at(0).stalled = true;
  let most = 0;
  while (cut.length === 0) {
    for (let n = 0; n < 10; n++) outbox.publish('#a', KIB_64);
    outbox.send(id(0), KIB_64);
    most = Math.max(most, outbox.waiting(id(0)));
    turn();
    most = Math.max(most, outbox.waiting(id(0)));
    expect(most).toBeLessThan(2 * MAX_BUFFERED_BYTES);
  }
  expect(most).toBeGreaterThanOrEqual(MAX_BUFFERED_BYTES);
  expect(most).toBeLessThan(MAX_BUFFERED_BYTES + 16 * KIB_64.length);
  expect(cut).toEqual([{ session: id(0), why: 'bytes' }]);
  // From then on it is a batch, of which others may hold the same bytes, and the reason.
  expect(outbox.waiting(id(0))).toBeLessThan(6 * KIB_64.length);
});

test('a long answer is given to a link in chunks, so little of it is where it can’t be taken back', () => {
  const { outbox, at, id, turn, reads } = setUp(1);
  at(0).stalled = true;
  const lines = Array.from({ length: 1000 }, (_, n) => `${n} ${'w'.repeat(1000)}\n`).join('');
  outbox.send(id(0), lines);
  turn();
  expect(at(0).buffered).toBeLessThanOrEqual(CHUNK_BYTES);
  expect(outbox.waiting(id(0))).toBe(lines.length);
  reads(0, lines.length);
  expect(at(0).got).toBe(lines);
});

test('last words come after all that waits', () => {
  const { outbox, at, id, publish, reads, look, looks } = inRoom(1, '#a');
  at(0).stalled = true;
  for (let n = 0; n < 100; n++) publish('#a', `${n}\n`);
  outbox.send(id(0), 'bye\n');
  outbox.end(id(0));
  expect(at(0).ended).toBe(true);
  reads(0, 10_000);
  expect(at(0).got).toBe(`${Array.from({ length: 100 }, (_, n) => `${n}\n`).join('')}bye\n`);
  look();
  expect(looks).toEqual([]);
});

test('after a gap there are no last words: they would say that nothing is missing', () => {
  const { outbox, at, id, publish, turn, cut } = inRoom(1, '#a');
  at(0).stalled = true;
  publish('#a', '1\n');
  // More than may wait is sent, and the end comes in the same turn.
  for (let n = 0; n < 100; n++) outbox.send(id(0), KIB_64);
  outbox.send(id(0), 'bye\n');
  outbox.end(id(0));
  turn();
  expect([at(0).text, at(0).ended, cut]).toEqual(['1\n', true, []]);
});

test('a connection that is gone is not looked at, and told nothing', () => {
  const { outbox, at, id, look, looks, publish, cut } = inRoom(1, '#a');
  at(0).stalled = true;
  publish('#a', '1\n');
  publish('#a', '2\n');
  outbox.remove(id(0));
  outbox.drained(id(0));
  look(LOOKS);
  expect([looks, cut, at(0).text]).toEqual([[], [], '1\n']);
});

test('a thousand that were stopped together are cut off at one look', () => {
  const { at, look, looks, cut, publish } = inRoom(1000, '#a');
  for (let i = 0; i < 1000; i++) at(i).stalled = true;
  publish('#a', '1\n');
  look(LOOKS);
  expect(cut).toHaveLength(1000);
  look();
  expect(looks).toEqual([]);
});

const BLOCK_LINE = `${'b'.repeat(BLOCK_BYTES / 2)}\n`;

test('whatever happens, a reader gets the beginning of the whole stream, in whole lines, and then at most the reason', () => {
  const reader = fc.integer({ min: 0, max: 2 });
  const room = fc.constantFrom('#a', '#b');
  const pad = fc.constantFrom(
    '',
    'ü'.repeat(40),
    BLOCK_LINE.slice(0, 20_000),
    BLOCK_LINE.slice(0, -1),
    KIB_64.slice(9),
  );
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant('publish' as const), room, pad, times: fc.nat({ max: 8 }) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('own' as const), room, reader }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('send' as const), reader, pad, times: fc.nat({ max: 8 }) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const), reader, bytes: fc.nat({ max: 300_000 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('look' as const), times: fc.nat({ max: LOOKS + 1 }) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
  );
  let reasons = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const { outbox, id, at, turn, look, reads, cut } = inRoom(3, '#a', '#b');
      const whole = ['', '', ''];
      for (const i of [0, 1, 2]) at(i).room = 0;
      let last = '';
      // Between the lines of two rooms a turn has no order.
      const publish = (name: string, line: string, instead?: { session: SessionId; line: string }): void => {
        if (name !== last) turn();
        last = name;
        outbox.publish(name, line, instead);
      };
      for (const [n, s] of steps.entries()) {
        switch (s.do) {
          case 'publish':
            for (let t = 0; t <= s.times; t++) {
              publish(s.room, `${n}.${t} ${s.pad}\n`);
              for (const i of [0, 1, 2]) whole[i] += `${n}.${t} ${s.pad}\n`;
            }
            break;
          case 'own':
            publish(s.room, `${n}\n`, { session: id(s.reader), line: `ack ${n}\n` });
            for (const i of [0, 1, 2]) whole[i] += i === s.reader ? `ack ${n}\n` : `${n}\n`;
            break;
          case 'send':
            for (let t = 0; t <= s.times; t++) {
              outbox.send(id(s.reader), `to you ${n}.${t} ${s.pad}\n`);
              whole[s.reader] += `to you ${n}.${t} ${s.pad}\n`;
            }
            break;
          case 'read':
            reads(s.reader, s.bytes);
            break;
          case 'look':
            look(s.times);
            break;
          case 'turn':
            turn();
        }
      }
      turn();
      for (const i of [0, 1, 2]) {
        reads(i, 100_000_000);
        const isCut = cut.some(({ session }) => session === id(i));
        const { got, ended } = at(i);
        expect(ended).toBe(isCut);
        if (!isCut) {
          // Not by `toBe`, which would show megabytes.
          expect(got === whole[i]).toBe(true);
          continue;
        }
        reasons += 1;
        expect(got.endsWith(`\n${REASON}`) || got === REASON).toBe(true);
        expect(whole[i]?.startsWith(got.slice(0, -REASON.length))).toBe(true);
        expect(got.length - REASON.length).toBeLessThan(whole[i]?.length ?? 0);
      }
    }),
    { numRuns: 60 },
  );
  expect(reasons).toBeGreaterThan(10);
});
