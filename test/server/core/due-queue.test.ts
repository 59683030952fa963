import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DueQueue } from '../../../src/server/core/due-queue.ts';

test('things fall due in the order in which they were last touched', () => {
  const queue = new DueQueue<string>(100, () => undefined);
  queue.touch('a', 0);
  queue.touch('b', 10);
  queue.touch('a', 20);
  expect(queue.next()).toBe(110);
  expect(queue.take(109)).toBeUndefined();
  expect([queue.take(120), queue.take(120), queue.take(120)]).toEqual(['b', 'a', undefined]);
  expect(queue.next()).toBe(Infinity);
});

test('zero means never', () => {
  const queue = new DueQueue<string>(0, () => undefined);
  queue.touch('a', 0);
  expect([queue.next(), queue.size, queue.has('a')]).toEqual([Infinity, 0, false]);
});

test('whenever the next due time comes closer, that is told', () => {
  const step = fc.record({ item: fc.nat({ max: 3 }), wait: fc.nat({ max: 50 }), remove: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      let told = Infinity;
      const queue = new DueQueue<number>(100, () => {
        told = -Infinity;
      });
      let now = 0;
      let armed = Infinity;
      for (const { item, wait, remove } of steps) {
        now += wait;
        if (remove) queue.delete(item);
        else queue.touch(item, now);
        if (told === -Infinity) {
          armed = Math.min(armed, queue.next());
          told = Infinity;
        }
        if (queue.size > 0) expect(armed).toBeLessThanOrEqual(queue.next());
      }
    }),
  );
});

test('the first that is wanted of the oldest few is taken, else the oldest', () => {
  const queue = new DueQueue<number>(100, () => undefined);
  expect(queue.takeFirst(() => true, 2)).toBeUndefined();
  for (let i = 1; i <= 5; i++) queue.touch(i, i);
  expect(queue.takeFirst((n) => n === 2, 2)).toBe(2);
  expect(queue.takeFirst((n) => n === 5, 2)).toBe(1);
  expect(queue.size).toBe(3);
});
