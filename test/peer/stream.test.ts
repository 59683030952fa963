import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InStream, MAX_HELD_FRAMES, type Numbered, OutStream, WINDOW } from '../../src/peer/stream.ts';

const held = (seq: number, more: { readonly quiet?: boolean; readonly size?: number } = {}) => ({
  frame: { seq },
  size: more.size ?? 10,
  quiet: more.quiet ?? false,
});
const seqs = (frames: readonly Numbered[]): number[] => frames.map(({ seq }) => seq);

/** All that can be opened now. */
function open(stream: InStream<Numbered>): number[] {
  const opened: number[] = [];
  for (let frame = stream.due(); frame !== undefined; frame = stream.due()) {
    opened.push(frame.seq);
    stream.opened();
  }
  return opened;
}

test('what was sent is held until it is acknowledged, and sent once on each path', () => {
  const out = new OutStream();
  for (const seq of [1, 2, 3]) out.push(held(seq));
  expect(seqs(out.take())).toEqual([1, 2, 3]);
  expect(out.take()).toEqual([]);
  expect(seqs(out.acknowledge(2).map(({ frame }) => frame))).toEqual([1, 2]);
  out.push(held(4));
  expect(seqs(out.take())).toEqual([4]);
  out.again();
  expect(seqs(out.take())).toEqual([3, 4]);
  expect(out.waiting).toBe(true);
  out.acknowledge(4);
  expect([out.waiting, out.empty]).toEqual([false, true]);
});

test('what was never sent can not be acknowledged, nor what was acknowledged before', () => {
  const out = new OutStream();
  out.push(held(1));
  expect(out.acknowledge(2)).toEqual([]);
  expect(out.acknowledge(0)).toEqual([]);
  expect(out.acknowledge(1)).toHaveLength(1);
  expect(out.acknowledge(1)).toEqual([]);
});

test('acknowledgements by themselves are not waited for, and find room where others do not', () => {
  const out = new OutStream();
  out.push(held(1, { quiet: true }));
  expect([out.waiting, out.empty]).toEqual([false, false]);
  for (let seq = 2; seq <= WINDOW; seq++) out.push(held(seq));
  expect([out.room, out.roomForAck]).toEqual([false, true]);
  for (let seq = WINDOW + 1; seq <= MAX_HELD_FRAMES; seq++) out.push(held(seq, { quiet: true }));
  expect(out.roomForAck).toBe(false);
  out.acknowledge(MAX_HELD_FRAMES - 1);
  expect([out.room, out.roomForAck]).toEqual([true, true]);
});

test('a few long frames fill it, too', () => {
  const out = new OutStream();
  out.push(held(1, { size: 2_000_000 }));
  expect(out.room).toBe(false);
  out.acknowledge(1);
  expect(out.room).toBe(true);
});

test('frames come out in order, once each, and only so many are held', () => {
  const stream = new InStream<Numbered>();
  expect([3, 1, 3].map((seq) => stream.take({ seq }))).toEqual(['held', 'held', 'known']);
  expect(open(stream)).toEqual([1]);
  expect(stream.take({ seq: 2 })).toBe('held');
  expect(open(stream)).toEqual([2, 3]);
  expect([stream.upTo, stream.take({ seq: 2 })]).toEqual([3, 'known']);
  expect(stream.take({ seq: 4 + MAX_HELD_FRAMES })).toBe('far');
});

test('a frame that was not opened is waited for again', () => {
  const stream = new InStream<Numbered>();
  stream.take({ seq: 1 });
  expect(stream.due()).toEqual({ seq: 1 });
  expect(stream.due()).toBeUndefined();
  expect(stream.take({ seq: 1 })).toBe('held');
  expect(open(stream)).toEqual([1]);
});

test('whatever a path loses, repeats and reorders, each frame is delivered exactly once and in order', () => {
  /** What becomes of the frames that are on their way, and of the path itself. */
  const fate = fc.record({
    lost: fc.array(fc.nat(9), { maxLength: 5 }),
    repeated: fc.array(fc.nat(9), { maxLength: 5 }),
    order: fc.infiniteStream(fc.nat()),
    again: fc.boolean(),
    acknowledged: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(fate, { maxLength: 30 }), fc.integer({ min: 1, max: 60 }), (fates, count) => {
      const out = new OutStream();
      const stream = new InStream<Numbered>();
      const delivered: number[] = [];
      let pushed = 0;
      const push = (): void => {
        while (pushed < count && out.room) out.push(held(++pushed));
      };
      for (const { lost, repeated, order, again, acknowledged } of fates) {
        push();
        if (again) out.again();
        const frames = out.take();
        const arriving = frames.flatMap((frame, i) =>
          lost.includes(i % 10) ? [] : repeated.includes(i % 10) ? [frame, frame] : [frame],
        );
        const keyed = arriving.map((frame) => ({ frame, key: order.next().value ?? 0 }));
        for (const { frame } of keyed.toSorted((a, b) => a.key - b.key)) stream.take(frame);
        delivered.push(...open(stream));
        if (acknowledged) out.acknowledge(stream.upTo);
      }
      // A path that works, in the end.
      while (stream.upTo < count) {
        push();
        out.again();
        for (const frame of out.take()) stream.take(frame);
        delivered.push(...open(stream));
        out.acknowledge(stream.upTo);
      }
      expect(delivered).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    }),
  );
});
