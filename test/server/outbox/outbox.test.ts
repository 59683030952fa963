import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sessionId } from '../../../src/base/ids.ts';
import { MAX_BATCH_CHARS, MAX_BUFFERED_BYTES } from '../../../src/server/outbox/limits.ts';
import { Outbox } from '../../../src/server/outbox/outbox.ts';
import { Reader } from './reader.ts';

function setUp(count: number) {
  const slow: number[] = [];
  let scheduled: (() => void) | undefined;
  const outbox = new Outbox<string>({
    schedule: (flush) => {
      if (scheduled !== undefined) throw new Error('scheduled twice');
      scheduled = flush;
    },
    later: () => undefined,
    tooSlow: (session) => {
      slow.push(session);
      outbox.send(session, 'too slow\n');
      outbox.end(session);
    },
  });
  const readers = Array.from({ length: count }, () => new Reader());
  const ids = readers.map((_, i) => sessionId(i));
  for (const [i, reader] of readers.entries()) outbox.add(sessionId(i), reader);
  const turn = (): void => {
    const flush = scheduled;
    scheduled = undefined;
    flush?.();
  };
  const at = (i: number): Reader => readers[i]!;
  const id = (i: number) => ids[i]!;
  return { outbox, at, id, turn, slow };
}

test('a turn is one write of the same bytes to everybody', () => {
  const { outbox, at, id, turn } = setUp(3);
  for (const i of [0, 1, 2]) outbox.subscribe(id(i), '#a');
  outbox.publish('#a', '1\n');
  outbox.publish('#a', 'ü2\n');
  expect(at(0).writes).toEqual([]);
  turn();
  expect(at(0).writes).toHaveLength(1);
  expect(at(0).text).toBe('1\nü2\n');
  expect(at(1).writes[0]).toBe(at(0).writes[0]);
  expect(at(2).writes[0]).toBe(at(0).writes[0]);
  turn();
  expect(at(0).writes).toHaveLength(1);
});

test('who wrote gets the acknowledgement where the others get the message', () => {
  const { outbox, at, id, turn } = setUp(2);
  for (const i of [0, 1]) outbox.subscribe(id(i), '#a');
  outbox.publish('#a', 'm1\n');
  outbox.publish('#a', 'm2\n', { session: id(0), line: 'ack2\n' });
  outbox.publish('#a', 'm3\n');
  outbox.publish('#a', 'm4\n', { session: id(0), line: undefined });
  outbox.publish('#a', 'm5\n');
  turn();
  expect(at(0).text).toBe('m1\nack2\nm3\nm5\n');
  expect(at(0).writes).toHaveLength(1);
  expect(at(1).text).toBe('m1\nm2\nm3\nm4\nm5\n');
});

test('those who are left out get what comes before and after, and nobody else notices', () => {
  const { outbox, at, id, turn } = setUp(4);
  for (const i of [0, 1, 2]) outbox.subscribe(id(i), '#a');
  outbox.publish('#a', '1\n');
  outbox.publish('#a', '2\n', undefined, new Set([id(0), id(3)]));
  outbox.publish('#a', '3\n');
  outbox.publish('#a', '4\n', { session: id(1), line: 'ack4\n' }, new Set([id(0)]));
  turn();
  expect([0, 1, 2, 3].map((i) => at(i).text)).toEqual(['1\n3\n', '1\n2\n3\nack4\n', '1\n2\n3\n4\n', '']);
  outbox.publish('#a', '5\n', undefined, new Set([id(0)]));
  turn();
  expect([at(0).text, at(0).writes.length]).toEqual(['1\n3\n', 1]);
  expect(at(2).text.endsWith('5\n')).toBe(true);
});

test('each line is counted once for each of its readers, and not for those who are left out', () => {
  const { outbox, id, turn } = setUp(4);
  for (const i of [0, 1, 2]) outbox.subscribe(id(i), '#a');
  outbox.publish('#a', '1\n');
  expect(outbox.sent).toBe(3);
  outbox.publish('#a', '2\n', undefined, new Set([id(0), id(3)]));
  expect(outbox.sent).toBe(5);
  outbox.publish('#a', '3\n', { session: id(1), line: 'ack\n' }, new Set([id(0), id(1)]));
  expect(outbox.sent).toBe(7);
  turn();
  expect(outbox.sent).toBe(7);
});

test('the acknowledgement comes also to who is not in the room any more', () => {
  const { outbox, at, id, turn } = setUp(2);
  outbox.subscribe(id(1), '#a');
  outbox.publish('#a', 'm\n', { session: id(0), line: 'ack\n' });
  turn();
  expect([at(0).text, at(1).text]).toEqual(['ack\n', 'm\n']);
});

test('an answer stands between what came before it and what came after it', () => {
  const { outbox, at, id, turn } = setUp(2);
  for (const i of [0, 1]) outbox.subscribe(id(i), '#a');
  outbox.publish('#a', '1\n');
  outbox.send(id(0), 'answer\n');
  outbox.publish('#a', '2\n');
  turn();
  expect([at(0).text, at(1).text]).toEqual(['1\nanswer\n2\n', '1\n2\n']);
});

test('who comes in the middle of a turn gets what follows, who leaves what was before', () => {
  const { outbox, at, id, turn } = setUp(3);
  outbox.subscribe(id(0), '#a');
  outbox.subscribe(id(1), '#a');
  outbox.publish('#a', '1\n');
  outbox.unsubscribe(id(1), '#a');
  outbox.send(id(2), 'room\n');
  outbox.subscribe(id(2), '#a');
  outbox.publish('#a', '2\n');
  turn();
  expect([at(0).text, at(1).text, at(2).text]).toEqual(['1\n2\n', '1\n', 'room\n2\n']);
  outbox.publish('#a', '3\n');
  turn();
  expect([at(0).text, at(1).text, at(2).text]).toEqual(['1\n2\n3\n', '1\n', 'room\n2\n3\n']);
});

test('who leaves and comes back in one turn misses what was between', () => {
  const { outbox, at, id, turn } = setUp(1);
  outbox.subscribe(id(0), '#a');
  outbox.publish('#a', '1\n');
  outbox.unsubscribe(id(0), '#a');
  outbox.publish('#a', '2\n');
  outbox.subscribe(id(0), '#a');
  outbox.publish('#a', '3\n');
  turn();
  expect(at(0).text).toBe('1\n3\n');
});

test('the end comes after everything that was sent, at once, and nothing after it', () => {
  const { outbox, at, id, turn } = setUp(2);
  for (const i of [0, 1]) outbox.subscribe(id(i), '#a');
  outbox.publish('#a', '1\n');
  outbox.send(id(0), 'bye\n');
  outbox.end(id(0));
  expect(at(0).text).toBe('1\nbye\n');
  expect(at(0).ended).toBe(true);
  outbox.send(id(0), 'never\n');
  outbox.publish('#a', '2\n', { session: id(0), line: 'never\n' });
  turn();
  expect([at(0).text, at(1).text]).toEqual(['1\nbye\n', '1\n2\n']);
});

test('a connection that is gone is written nothing', () => {
  const { outbox, at, id, turn } = setUp(2);
  for (const i of [0, 1]) outbox.subscribe(id(i), '#a');
  outbox.publish('#a', '1\n');
  outbox.send(id(0), 'x\n');
  outbox.remove(id(0));
  turn();
  expect([at(0).text, at(1).text]).toEqual(['', '1\n']);
});

test('a slow reader is told and cut off, and costs the others nothing', () => {
  const { outbox, at, id, turn, slow } = setUp(2);
  for (const i of [0, 1]) outbox.subscribe(id(i), '#a');
  at(0).stalled = true;
  const line = `${'x'.repeat(65_535)}\n`;
  let lines = 0;
  while (slow.length === 0) {
    outbox.publish('#a', line);
    lines += 1;
    turn();
    expect(lines).toBeLessThan(100);
  }
  expect(slow).toEqual([0]);
  expect(at(0).ended).toBe(true);
  expect(at(0).text.endsWith(`${line}too slow\n`)).toBe(true);
  expect(at(0).buffered).toBeLessThan(MAX_BUFFERED_BYTES + 2 * line.length);
  expect(at(1).text).toBe(line.repeat(lines));
  outbox.publish('#a', 'more\n');
  turn();
  expect(at(0).text.endsWith('too slow\n')).toBe(true);
});

test('answers without end are bounded too', () => {
  const { outbox, at, id, turn, slow } = setUp(1);
  at(0).stalled = true;
  const line = `${'x'.repeat(65_535)}\n`;
  for (let i = 0; i < 1000; i++) outbox.send(id(0), line);
  turn();
  expect(slow).toEqual([0]);
  expect(at(0).buffered).toBeLessThan(3 * MAX_BUFFERED_BYTES);
});

test('one long answer to who reads is no reason to cut them off', () => {
  const { outbox, at, id, turn, slow } = setUp(1);
  const line = 'x'.repeat(MAX_BUFFERED_BYTES + 10);
  outbox.send(id(0), line);
  turn();
  expect(slow).toEqual([]);
  expect(at(0).text).toBe(line);
});

test('a turn that brings very much is written in parts', () => {
  const { outbox, at, id, turn } = setUp(1);
  outbox.subscribe(id(0), '#a');
  const line = `${'x'.repeat(1023)}\n`;
  const lines = (2 * MAX_BATCH_CHARS) / line.length;
  for (let i = 0; i < lines; i++) outbox.publish('#a', line);
  expect(at(0).writes.length).toBeGreaterThan(0);
  turn();
  expect(at(0).text).toBe(line.repeat(lines));
});

/** What a reader must get: everything at once, in the order of the calls. */
class Model {
  readonly got = new Map<number, string>();
  readonly members = new Map<string, Set<number>>();
  readonly ended = new Set<number>();
  put(session: number, line: string): void {
    if (!this.ended.has(session)) this.got.set(session, (this.got.get(session) ?? '') + line);
  }
}

test('whatever happens, every stream has what was sent to it, and each room’s lines in their order', () => {
  const session = fc.integer({ min: 0, max: 3 });
  const room = fc.constantFrom('#a', '#b');
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('publish' as const), room }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('own' as const), room, session, acked: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('hide' as const), room, from: fc.uniqueArray(session) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('send' as const), session }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('in' as const), room, session }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('out' as const), room, session }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), session }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { outbox, at, id, turn } = setUp(4);
      const model = new Model();
      for (const [n, s] of steps.entries()) {
        switch (s.do) {
          case 'publish':
          case 'own': {
            const line = `${s.room} ${n}\n`;
            const own =
              s.do === 'own' ? { session: id(s.session), line: s.acked ? `ack ${n}\n` : undefined } : undefined;
            outbox.publish(s.room, line, own);
            if (own?.line !== undefined) model.put(own.session, own.line);
            for (const m of model.members.get(s.room) ?? []) if (m !== own?.session) model.put(m, line);
            break;
          }
          case 'hide': {
            const line = `${s.room} ${n}\n`;
            outbox.publish(s.room, line, undefined, new Set(s.from.map(id)));
            for (const m of model.members.get(s.room) ?? []) if (!s.from.includes(m)) model.put(m, line);
            break;
          }
          case 'send':
            outbox.send(id(s.session), `direct ${n}\n`);
            model.put(s.session, `direct ${n}\n`);
            break;
          case 'in':
            outbox.subscribe(id(s.session), s.room);
            model.members.set(s.room, (model.members.get(s.room) ?? new Set()).add(s.session));
            break;
          case 'out':
            outbox.unsubscribe(id(s.session), s.room);
            model.members.get(s.room)?.delete(s.session);
            break;
          case 'end':
            outbox.end(id(s.session));
            model.ended.add(s.session);
            break;
          case 'turn':
            turn();
        }
      }
      turn();
      // Two rooms' lines may change places with each other between two lines of one's own: those are the fixed points.
      const parts = (text: string): string[][] => {
        const blocks: string[][] = [[], []];
        for (const line of text.split('\n')) {
          if (line.startsWith('#a')) blocks.at(-2)!.push(line);
          else if (line.startsWith('#b')) blocks.at(-1)!.push(line);
          else blocks.push([line], [], []);
        }
        return blocks;
      };
      for (let i = 0; i < 4; i++) expect(parts(at(i).text)).toEqual(parts(model.got.get(i) ?? ''));
    }),
    { numRuns: 300 },
  );
});
