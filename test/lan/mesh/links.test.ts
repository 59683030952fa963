import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MAX_BACKLOG } from '../../../src/lan/limits.ts';
import { Net, Somebody } from './net.ts';
import { LOOK_MS } from './people.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

class World {
  readonly net = new Net();
  readonly low = new Somebody(this.net, 'a-low', 'b-high');
  readonly high = new Somebody(this.net, 'b-high', 'a-low');

  close(): void {
    this.low.links.close();
    this.high.links.close();
  }

  hear(): void {
    this.low.links.heard(this.high.announcement(), '10.0.0.2');
    this.high.links.heard(this.low.announcement(), '10.0.0.1');
  }

  /** Whatever is under way arrives. */
  async calm(): Promise<void> {
    for (let i = 0; i < 1000; i++) {
      await turn();
      const [wire] = this.net.arriving;
      if (wire !== undefined) wire.arrive();
      else if (this.net.dials.length > 0) this.net.connectNext(0);
      else return;
    }
    throw new Error('it never ends');
  }

  /** Time goes by, in which they hear each other, until there is a link; and then some. */
  async come(): Promise<void> {
    for (let look = 0, more = 0; more < 40; look++) {
      if (look > 600) throw new Error('no link has come');
      if (look % 6 === 0) this.hear();
      vi.advanceTimersByTime(LOOK_MS);
      await this.calm();
      if (this.low.connection !== undefined && this.high.connection !== undefined) more++;
    }
  }

  expectOneLink(): void {
    expect(this.low.connection).toBeDefined();
    expect(this.low.connection).toBe(this.high.connection);
    expect([this.low.links.links, this.high.links.links]).toEqual([1, 1]);
    expect([this.low.links.greetings, this.high.links.greetings]).toEqual([0, 0]);
    // No connection is left beside it.
    expect(this.net.open).toHaveLength(2);
    // What was said since one was told of the link has come.
    for (const [one, other] of [
      [this.low, this.high],
      [this.high, this.low],
    ] as const)
      expect(one.said.filter((id) => !other.got.has(id))).toEqual([]);
    for (const { told } of [this.low, this.high])
      expect(told).toEqual(told.map((_, i) => (i % 2 === 0 ? 'linked' : 'unlinked')));
  }
}

const pick = fc.nat({ max: 1000 });
/** What may happen next on a network that loses nothing. */
const gentle = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.constant('arrive' as const), pick) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('connect' as const), pick) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('low hears' as const, 'high hears' as const), pick) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('say' as const), pick) },
);
const look = fc.tuple(fc.constant('look' as const), pick);
/** … and on one that loses connections, and programs. */
const rough = fc.oneof(
  { weight: 12, arbitrary: gentle },
  { weight: 2, arbitrary: look },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constantFrom('cut' as const, 'fail' as const, 'low restarts' as const, 'high restarts' as const),
      pick,
    ),
  },
);
type Step = typeof gentle extends fc.Arbitrary<infer T> ? T : never;
type RoughStep = typeof rough extends fc.Arbitrary<infer T> ? T : never;

async function take(world: World, [what, n]: Step | RoughStep): Promise<void> {
  const { net, low, high } = world;
  switch (what) {
    case 'arrive': {
      const { arriving } = net;
      arriving[n % arriving.length]?.arrive();
      break;
    }
    case 'connect':
      net.connectNext(n);
      break;
    case 'fail':
      net.failNext(n);
      break;
    case 'low hears':
      low.links.heard(high.announcement(), '10.0.0.2');
      break;
    case 'high hears':
      high.links.heard(low.announcement(), '10.0.0.1');
      break;
    case 'say':
      (n % 2 === 0 ? low : high).say();
      break;
    case 'look':
      vi.advanceTimersByTime(LOOK_MS);
      break;
    case 'cut': {
      const { open } = net;
      open[n % open.length]?.destroy();
      break;
    }
    case 'low restarts':
      low.start();
      break;
    case 'high restarts':
      high.start();
      break;
  }
  await turn();
}

describe('whatever comes first', () => {
  test('both end with the same link, and nothing that was said over it is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rough, { maxLength: 80, size: 'max' }), async (steps) => {
        const world = new World();
        for (const step of steps) await take(world, step);
        await world.come();
        world.expectOneLink();
        world.close();
      }),
      { numRuns: 150 },
    );
  });

  test('nobody is told of a link that ends, where the network loses none', async () => {
    await fc.assert(
      fc.asyncProperty(
        // The higher one is past its waiting, so both dial.
        fc.array(gentle, { maxLength: 60, size: 'max' }),
        async (steps) => {
          const world = new World();
          world.high.links.heard(world.low.announcement(), '10.0.0.1');
          vi.advanceTimersByTime(4 * LOOK_MS);
          for (const step of steps) await take(world, step);
          await world.calm();
          await world.come();
          world.expectOneLink();
          expect([world.low.told, world.high.told]).toEqual([['linked'], ['linked']]);
          world.close();
        },
      ),
      { numRuns: 150 },
    );
  });
});

test('of two connections that both have begun, the one that the lower has dialled is kept', async () => {
  const world = new World();
  const { net, low, high } = world;
  high.links.heard(low.announcement(), '10.0.0.1');
  vi.advanceTimersByTime(4 * LOOK_MS);
  low.links.heard(high.announcement(), '10.0.0.2');
  await turn();
  expect(net.dials.map(({ from }) => from)).toEqual([high.pin, low.pin]);
  net.connectNext(0);
  net.connectNext(0);
  await turn();
  // Both listeners' hellos arrive, and both diallers' are under way.
  const [byHigh, , byLow] = net.wires;
  byHigh?.arrive();
  byLow?.arrive();
  await turn();
  await world.calm();
  world.expectOneLink();
  expect(low.connection).toBe(byLow?.remote.port);
  world.close();
});

test('whoever leaves waits for the good-byes to be gone, and no longer than a second', async () => {
  for (const [isStuck, waits] of [
    [false, 0],
    [true, 1000],
  ] as const) {
    const world = new World();
    await world.come();
    for (const wire of world.net.open) wire.isStuck = isStuck;
    let hasLeft = false;
    const leaving = world.low.links.leave().then(() => {
      hasLeft = true;
    });
    await turn();
    vi.advanceTimersByTime(Math.max(0, waits - 1));
    await turn();
    expect(hasLeft).toBe(waits === 0);
    vi.advanceTimersByTime(1);
    await leaving;
    await world.calm();
    expect(world.high.told).toEqual(['linked', 'unlinked']);
    world.close();
  }
});

test('where too much waits for all together, those for whom the most waits lose their links', async () => {
  const world = new World();
  const third = new Somebody(world.net, 'c-third', 'a-low');
  await world.come();
  world.low.links.heard(third.announcement(), '10.0.0.3');
  await world.calm();
  expect(world.low.links.links).toBe(2);
  const connection = world.high.connection;
  for (const wire of world.net.open) wire.buffered = MAX_BACKLOG / (wire.remote.port === connection ? 1.5 : 2.5);
  vi.advanceTimersByTime(LOOK_MS);
  expect([world.low.links.isLinked(world.high.device), world.low.links.isLinked(third.device)]).toEqual([false, true]);
  vi.advanceTimersByTime(LOOK_MS);
  expect(world.low.links.isLinked(third.device)).toBe(true);
  world.close();
  third.links.close();
});
