import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { World, WRITERS } from './world.ts';

type Step = (world: World) => void;

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.nat(9).map(
      (n): Step =>
        (world) =>
          world.otherSays('bob', n),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat(9).map(
      (n): Step =>
        (world) =>
          world.otherSays(world.server.name, n),
    ),
  },
  {
    weight: 5,
    arbitrary: fc.nat(9).map(
      (n): Step =>
        (world) =>
          world.say(n),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.integer({ min: 1, max: 5 }).map(
      (n): Step =>
        (world) =>
          world.serve(n),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.integer({ min: 1, max: 5 }).map(
      (n): Step =>
        (world) =>
          world.deliver(n),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(...WRITERS).map(
      (name): Step =>
        (world) =>
          world.otherMails(name),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(...WRITERS).map(
      (name): Step =>
        (world) =>
          world.mail(name),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((world) => world.announce()) },
  {
    weight: 6,
    arbitrary: fc.integer({ min: 1, max: 5 }).map(
      (n): Step =>
        (world) =>
          world.open(n),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.integer({ min: 1, max: 5 }).map(
      (n): Step =>
        (world) =>
          world.hear(n),
    ),
  },
  { weight: 3, arbitrary: fc.constant<Step>((world) => world.wake()) },
  {
    weight: 5,
    arbitrary: fc.tuple(fc.constantFrom('bob', 'carol', 'alice', '~gast'), fc.nat(9), fc.nat(1000)).map(
      ([from, where, what]): Step =>
        (world) =>
          world.otherChanges(from, where, what),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.nat(1000).map(
      (what): Step =>
        (world) =>
          world.changes(what),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(6).map(
      (lag): Step =>
        (world) => {
          world.server.lag = lag;
        },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.boolean(), fc.boolean()).map(
      ([restart, late]): Step =>
        (world) =>
          world.cut(restart && world.server.name.startsWith('~'), late),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 4 }).map(
      (n): Step =>
        (world) => {
          world.server.busy = n;
        },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('pageup', 'pagedown', 'alt-home', 'alt-end', 'ctrl-n', 'enter').map(
      (key): Step =>
        (world) =>
          world.press(key),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((world) => world.clear()) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 12 })).map(
      ([where, count]): Step =>
        (world) =>
          world.retain(where, count),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Step>((world) => {
      for (let i = 0; i < 30; i++) world.otherSays('bob', 0);
    }),
  },
);

describe('whatever the wire does', () => {
  for (const name of ['alice', '~gast']) {
    test(`${name} sees every message once, in order, as it is now, and every message of theirs is stored once, in rooms and in private`, () => {
      fc.assert(
        fc.property(fc.array(step, { minLength: 5, maxLength: 80 }), fc.integer({ min: 1, max: 20 }), (steps, page) => {
          const world = new World(name, page);
          for (const one of steps) {
            one(world);
            world.check();
          }
          world.settle();
          world.check();
          world.checkChanges();
          for (const { to, text } of world.said) {
            expect(world.server.said(to).filter((said) => said === text)).toHaveLength(1);
          }
          expect(world.server.sentMail.map(({ body }) => body).toSorted()).toEqual(world.mailed.toSorted());
          expect(world.shownMail(name).toSorted()).toEqual(world.mailed.toSorted());
          if (!world.server.isGuest)
            expect(WRITERS.flatMap((from) => world.shownMail(from))).toHaveLength(world.gotten.length);
          if (!world.server.isGuest && !world.isCleared) expect(world.announcements()).toEqual(world.announced);
          // And once all of it was looked at, the mailbox is empty.
          world.lookAtAll();
          world.pause();
          world.settle();
          expect([...world.server.mailbox.keys()]).toEqual([]);
        }),
        { numRuns: 500 },
      );
    });
  }

  test('after an hour away with thousands of messages, the newest are there and the older ones a page away', () => {
    const world = new World('alice', 200);
    world.settle();
    world.otherSays('bob', 0);
    world.settle();
    world.cut(false, false);
    for (let i = 0; i < 2500; i++) world.otherSays('bob', 0);
    world.settle();
    world.check();
    const { log } = world.drive.tab();
    expect(log.last).toBe(2501);
    expect(log.first).toBe(2302);
    expect(log.older).toBe('more');
    for (let i = 0; i < 12; i++) {
      world.press('pageup');
      world.settle();
    }
    for (let i = 0; i < 3; i++) {
      world.serve(10);
      world.deliver(10);
    }
    world.check();
    expect(log.first).toBe(2102);
  });
});
