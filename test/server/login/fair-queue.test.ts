import { setImmediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FairQueue } from '../../../src/server/login/fair-queue.ts';

/** Work that ends when it is told to. */
class Bench {
  readonly started: string[] = [];
  readonly #ends: (() => void)[] = [];
  most = 0;
  #running = 0;

  readonly work = (name: string) => async (): Promise<string> => {
    this.started.push(name);
    this.#running += 1;
    this.most = Math.max(this.most, this.#running);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ends.push(resolve);
    await promise;
    this.#running -= 1;
    return name;
  };

  async endOne(): Promise<boolean> {
    const end = this.#ends.shift();
    end?.();
    await setImmediate();
    return end !== undefined;
  }

  async endAll(): Promise<void> {
    while (await this.endOne()) {
      // Until nothing is left that runs or waits.
    }
  }
}

test('so many at once, the rest in turn', async () => {
  const bench = new Bench();
  const queue = new FairQueue({ atOnce: 2, waiting: 10, waitingOfOne: 10 });
  const all = ['1', '2', '3', '4'].map((name) => queue.run('a', bench.work(name)));
  await setImmediate();
  expect([bench.started, queue.size]).toEqual([['1', '2'], 2]);
  await bench.endAll();
  expect(await Promise.all(all)).toEqual(['1', '2', '3', '4'].map((value) => ({ ok: true, value })));
  expect([bench.most, queue.size]).toEqual([2, 0]);
});

test('sources take turns', async () => {
  const bench = new Bench();
  const queue = new FairQueue({ atOnce: 1, waiting: 10, waitingOfOne: 10 });
  const all = ['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2'].map((name) => queue.run(name.charAt(0), bench.work(name)));
  await bench.endAll();
  await Promise.all(all);
  expect(bench.started).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
});

test('one source has so many places, and no more', async () => {
  const bench = new Bench();
  const queue = new FairQueue({ atOnce: 1, waiting: 10, waitingOfOne: 2 });
  const all = ['a1', 'a2', 'a3', 'a4', 'b1'].map((name) => queue.run(name.charAt(0), bench.work(name)));
  expect(await all[3]).toEqual({ ok: false, error: 'busy' });
  await bench.endAll();
  expect((await Promise.all(all)).map(({ ok }) => ok)).toEqual([true, true, true, false, true]);
});

test('where all is taken, who has most gives way to who has less', async () => {
  const bench = new Bench();
  const queue = new FairQueue({ atOnce: 1, waiting: 3, waitingOfOne: 3 });
  const all = ['a0', 'a1', 'a2', 'a3', 'b1', 'b2'].map((name) => queue.run(name.charAt(0), bench.work(name)));
  await bench.endAll();
  // b2 would have made it two of b and one of a.
  expect((await Promise.all(all)).map(({ ok }) => ok)).toEqual([true, true, true, false, true, false]);
});

test('work that fails gives its place back', async () => {
  const queue = new FairQueue({ atOnce: 1, waiting: 1, waitingOfOne: 1 });
  await expect(queue.run('a', () => Promise.reject(new Error('out of luck')))).rejects.toThrow('out of luck');
  expect(await queue.run('a', () => Promise.resolve(1))).toEqual({ ok: true, value: 1 });
});

test('whatever is asked, all is answered, within the limits', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c', 'end'), { maxLength: 60 }), async (steps) => {
      const bench = new Bench();
      const limits = { atOnce: 2, waiting: 5, waitingOfOne: 3 };
      const queue = new FairQueue(limits);
      const asked: Promise<{ readonly ok: boolean }>[] = [];
      for (const [i, step] of steps.entries()) {
        if (step === 'end') await bench.endOne();
        else asked.push(queue.run(step, bench.work(`${step}${i}`)));
        expect(queue.size).toBeLessThanOrEqual(limits.waiting);
      }
      await setImmediate();
      await bench.endAll();
      const answers = await Promise.all(asked);
      expect(answers.filter(({ ok }) => ok)).toHaveLength(bench.started.length);
      expect(bench.most).toBeLessThanOrEqual(limits.atOnce);
      expect(queue.size).toBe(0);
    }),
    { numRuns: 50 },
  );
});
