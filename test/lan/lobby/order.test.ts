/** The same entries make the same lobby, however they come. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SignedEntry } from '../../../src/lan/mesh/frames.ts';
import type { HistoryEntry } from '../../../src/protocol/server-messages.ts';
import { all, at, deviceOf, exchange, type Person, person, restarted, START, told } from './world.ts';

const NAMES = ['alice', 'bob', 'carol'];
const EMOJI = ['👍', '❤️', '🎉'];

type Act =
  | {
      readonly kind: 'say' | 'answer' | 'edit' | 'delete';
      readonly who: number;
      readonly which: number;
      readonly text: string;
    }
  | {
      readonly kind: 'react';
      readonly who: number;
      readonly which: number;
      readonly emoji: number;
      readonly on: boolean;
    }
  /** One hears all that another holds. */
  | { readonly kind: 'hear'; readonly who: number; readonly whom: number }
  | { readonly kind: 'wait'; readonly ms: number };

const index = fc.nat(40);
const who = fc.nat(NAMES.length - 1);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('say' as const),
      who,
      which: index,
      text: fc.string({ minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('answer', 'edit', 'delete'),
      who,
      which: index,
      text: fc.string({ minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('react' as const),
      who,
      which: index,
      emoji: fc.nat(2),
      on: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('hear' as const), who, whom: who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(3) }) },
);

const withoutRe = ({ re: _re, ...rest }: Omit<HistoryEntry, 'rev'>): object => rest;
const textOf = ({ said }: SignedEntry): string => (JSON.parse(said) as { text: string }).text;

type React = Extract<Act, { kind: 'react' }>;

/** What people did, heard from each other now and then, with clocks that differ. @returns everything that was ever said. */
function live(acts: readonly Act[], people: readonly Person[]): SignedEntry[] {
  const said: SignedEntry[] = [];
  for (const one of acts) {
    if (one.kind === 'wait') {
      for (const each of people) each.now += one.ms;
      continue;
    }
    const self = people[one.who]!;
    if (one.kind === 'hear') {
      for (const list of people[one.whom]!.lobby.missing(self.lobby.held())) self.take(list);
      continue;
    }
    if (one.kind === 'say') {
      said.push(self.say(one.text));
      continue;
    }
    const here = all(self.lobby);
    const seq = here[one.which % Math.max(1, here.length)]?.seq;
    if (seq === undefined) continue;
    if (one.kind === 'answer') said.push(self.say(one.text, seq));
    else {
      const done =
        one.kind === 'edit'
          ? self.lobby.edit({ seq, text: one.text })
          : one.kind === 'delete'
            ? self.lobby.delete({ seq })
            : self.lobby.react({ seq, emoji: EMOJI[(one as React).emoji]!, on: (one as React).on });
      if (done.ok) said.push(...self.note(done.value).fresh);
    }
  }
  return said;
}

/** Some order, some of it twice, in some batches. */
const shuffled = (entries: readonly SignedEntry[]): fc.Arbitrary<SignedEntry[][]> =>
  fc
    .tuple(
      fc.shuffledSubarray([...entries], { minLength: entries.length }),
      fc.array(fc.nat(Math.max(0, entries.length - 1)), { maxLength: 5 }),
      fc.integer({ min: 1, max: 5 }),
    )
    .map(([order, twice, size]) => {
      const some = [...order, ...twice.flatMap((i) => entries[i] ?? [])];
      return Array.from({ length: Math.ceil(some.length / size) }, (_, i) => some.slice(i * size, (i + 1) * size));
    });

const CLOCKS = fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 }));

/** Runs lives, and hands each to two replicas in orders of their own. @param ties values of the hash of places. */
function lives(
  ties: number | undefined,
  check: (a: Person, b: Person, origins: readonly Person[], said: SignedEntry[]) => void,
): void {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), CLOCKS, fc.gen(), (acts, skews, gen) => {
      const more = ties === undefined ? {} : { ties };
      const people = NAMES.map((name, i) => person(name, { ...more, now: START + (skews[i] ?? 0) }));
      const said = live(acts, people);
      const [a, b] = [person('dave', more), person('erin', more)];
      for (const one of [a, b]) {
        one.now = START + 1000;
        for (const batch of gen(() => shuffled(said))) one.take(batch);
      }
      check(a, b, people, said);
    }),
    { numRuns: 150 },
  );
}

describe.each([
  ['places by the whole hash', undefined],
  ['places by two bits of it, so that they collide', 4],
  ['places by no bit of it', 1],
])('%s', (_, ties) => {
  test('whoever has heard the same has the same pages, edits, reactions and digest', () => {
    lives(ties, (a, b) => {
      expect(all(b.lobby)).toEqual(all(a.lobby));
      expect(b.lobby.digest).toBe(a.lobby.digest);
      expect(a.lobby.agrees(b.lobby.digest)).toBe(true);
      expect(b.lobby.last).toBe(a.lobby.last);
      expect(b.lobby.held().map((text) => text.length)).toEqual(a.lobby.held().map((text) => text.length));
    });
  });

  test('after everybody has exchanged with everybody, those who have said it have the same, too', () => {
    lives(ties, (a, _b, people) => {
      for (const one of people) one.now = START + 1000;
      for (let round = 0; round < 2; round++)
        for (const one of people) for (const other of people) if (one !== other) exchange(one, other);
      for (const one of people) {
        expect(all(one.lobby)).toEqual(all(a.lobby));
        expect(one.lobby.digest).toBe(a.lobby.digest);
      }
    });
  });

  test('places ascend, no two are the same, and their order is that of the stamps', () => {
    lives(ties, (a) => {
      const messages = all(a.lobby);
      for (const [i, { seq, time }] of messages.entries()) {
        const before = messages[i - 1];
        if (before === undefined) continue;
        expect(seq).toBeGreaterThan(before.seq);
        expect(time).toBeGreaterThanOrEqual(before.time);
        expect(Number.isSafeInteger(seq)).toBe(true);
      }
    });
  });

  test('an answer stands behind what it answers, everywhere and always', () => {
    lives(ties, (a, b, people) => {
      for (const { lobby } of [a, b, ...people])
        for (const { seq, re } of all(lobby)) if (re !== undefined) expect(re).toBeLessThan(seq);
    });
  });

  test('a program that was told each change holds what the pages have', () => {
    lives(ties, (a, b) => {
      for (const { news, lobby } of [a, b]) {
        const known = new Set(told(news).map(({ seq }) => seq));
        // Of a message that was deleted before it came nothing is told: there is nothing to show.
        const pages = all(lobby).filter(({ seq, deleted }) => deleted !== true || known.has(seq));
        expect(told(news).map(withoutRe)).toEqual(pages.map(withoutRe));
      }
    });
  });

  test('changes are counted without gaps, and each page of changes has all that were told later', () => {
    lives(ties, ({ news, lobby }) => {
      const revs = news.flatMap((one) => (one.kind === 'changed' ? [one.changed.rev] : []));
      expect(revs).toEqual(revs.map((_rev, i) => i + 1));
      expect(lobby.rev).toBe(revs.length);
      const half = Math.floor(revs.length / 2);
      const page = lobby.page({ changes: half });
      if ('code' in page) throw new Error(page.text);
      const since = new Map<number, number>();
      for (const one of news)
        if (one.kind === 'changed' && one.changed.rev > half) since.set(one.changed.seq, one.changed.rev);
      expect(page.messages.map(({ rev }) => rev)).toEqual([...since.values()].toSorted((a, b) => a - b));
    });
  });

  test('a restart from the disk changes nothing', () => {
    lives(ties, (a) => {
      const again = restarted(a, ties === undefined ? {} : { ties });
      expect(all(again.lobby)).toEqual(all(a.lobby));
      expect(again.lobby.digest).toBe(a.lobby.digest);
      expect(again.lobby.rev).toBeGreaterThanOrEqual(a.lobby.rev);
      expect(again.verified).toBe(0);
      expect(new Set(again.disk.keys())).toEqual(new Set(a.disk.keys()));
    });
  });

  test('to hear it all again changes nothing', () => {
    lives(ties, (a, _b, _people, said) => {
      const [news, verified] = [a.news.length, a.verified];
      const again = a.take(said);
      expect(again).toEqual({ news: [], fresh: [], dropped: [] });
      expect(a.news).toHaveLength(news);
      expect(a.verified).toBe(verified);
    });
  });
});

test('a message that comes late stands in its place, and is told with it', () => {
  const [alice, bob] = [person('alice'), person('bob')];
  const early = alice.say('early');
  bob.now += 5;
  const later = bob.say('later');
  const carol = person('carol');
  carol.take([later]);
  const { news } = carol.take([early]);
  expect(all(carol.lobby).map(({ text }) => text)).toEqual(['early', 'later']);
  expect(news).toHaveLength(1);
  expect(news[0]).toMatchObject({ kind: 'message', message: { text: 'early', seq: all(alice.lobby)[0]?.seq } });
});

test('where two have one place, the one that comes late and belongs there takes it, and the other is told anew', () => {
  const [alice, bob, carol] = [person('alice', { ties: 1 }), person('bob', { ties: 1 }), person('carol', { ties: 1 })];
  const [first, second] = [alice.say('of alice'), bob.say('of bob')].toSorted((a, b) => (a.device < b.device ? -1 : 1));
  const { news: before } = carol.take([second!]);
  const { news } = carol.take([first!]);
  const places = [before, news].map((list) =>
    list.flatMap((one) => (one.kind === 'message' ? [[one.message.text, one.message.seq]] : [])),
  );
  const [text, seq] = [textOf(second!), places[0]?.[0]?.[1] as number];
  expect(places).toEqual([
    [[text, seq]],
    [
      [textOf(first!), seq],
      [text, seq + 1],
    ],
  ]);
  expect(all(carol.lobby).map((one) => one.seq)).toEqual([seq, seq + 1]);
});

test('what is about something later, or made up, is no entry', () => {
  const carol = person('carol');
  const of = { device: deviceOf('bob'), id: 'm', stamp: START + 1 };
  const said = { v: 1, kind: 'say', id: 'x', name: 'bob', stamp: START, text: 'hi' };
  const { entryOf } = {
    entryOf: (more: object) => ({
      device: deviceOf('bob'),
      said: JSON.stringify({ ...said, ...more }),
      signature: 'x',
    }),
  };
  expect(carol.take([entryOf({ re: of })]).fresh).toEqual([]);
  expect(carol.verified).toBe(0);
  expect(carol.lobby.find(at(1))).toBeUndefined();
});
