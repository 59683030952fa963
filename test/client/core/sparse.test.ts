import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logOf } from '../../../src/client/core/lookup.ts';
import type { MessageEntry } from '../../../src/client/core/message-log.ts';
import { scrollBy } from '../../../src/client/view/scroll.ts';
import { view } from '../../../src/client/view/view.ts';
import { renderFrame } from '../../screen/frame.ts';
import { at, clientId, Drive, only, room, START, seq, types, user } from './drive.ts';
import { SparseWorld } from './sparse-world.ts';

/** On the network, with a lobby that holds these places. */
function near(...places: number[]): Drive {
  const drive = new Drive();
  drive.lan(places.at(-1) ?? 0);
  if (places.length > 0) page(drive, places);
  return drive;
}

/** Minutes after the test's start are told by places: 10 is a minute. */
const time = (place: number) => at(START + 50_000 + place * 6000);

function page(drive: Drive, places: readonly number[], more = false): void {
  const [id] = [...drive.state.inner.requests].findLast(([, { purpose }]) => purpose.kind === 'history') ?? [];
  const messages = places.map((place) => ({
    seq: seq(place),
    from: user('bob'),
    text: `at ${place}`,
    time: time(place),
  }));
  drive.get({ type: 'history', ...(id === undefined ? {} : { id }), room: drive.tab().room, messages, more });
}

function hear(drive: Drive, place: number, from = 'bob', text = `at ${place}`): void {
  drive.get({ type: 'message', to: drive.tab().room, seq: seq(place), from: user(from), text, time: time(place) });
}

const screen = (drive: Drive): string => renderFrame(view(drive.state, { now: drive.env.now, mono: drive.mono }));
const places = (drive: Drive): number[] => drive.messages().map((entry) => entry.seq);
const keysAscend = (drive: Drive): boolean =>
  drive.tab().log.entries.every(({ key }, i, all) => i === 0 || key > (all[i - 1]?.key ?? Number.POSITIVE_INFINITY));

describe('in a room whose places have gaps', () => {
  test('nothing is asked for between two places', () => {
    const drive = near(10, 500);
    drive.forgetTold();
    hear(drive, 90_000);
    expect(places(drive)).toEqual([10, 500, 90_000]);
    expect(drive.effects.filter((effect) => effect.do === 'send')).toEqual([]);
  });

  test('a message that comes late stands in its place, and what was there keeps its key', () => {
    const drive = near(10, 20, 30);
    const before = drive.tab().log.entries.map(({ key }) => key);
    hear(drive, 25);
    hear(drive, 15);
    hear(drive, 5);
    expect(places(drive)).toEqual([5, 10, 15, 20, 25, 30]);
    expect(keysAscend(drive)).toBe(true);
    const now = drive.tab().log.entries.map(({ key }) => key);
    expect(before.every((key) => now.includes(key))).toBe(true);
  });

  test('nothing is there twice, whether it comes again live or by a page', () => {
    const drive = near(10, 20);
    hear(drive, 15);
    hear(drive, 15);
    hear(drive, 10);
    expect(places(drive)).toEqual([10, 15, 20]);
  });

  test('an acknowledgement gives our message its place, also before what has come meanwhile', () => {
    const drive = near(10);
    const { id } = only(drive.enter('hello'), 'say');
    hear(drive, 40);
    drive.get({ type: 'ack', id: id ?? clientId(''), to: drive.tab().room, seq: seq(30), time: time(30) });
    expect(drive.texts()).toEqual(['at 10', 'hello', 'at 40']);
    expect(drive.tab().pending).toEqual([]);
    expect(drive.notices()).toEqual([]);
  });

  test('lines of our own stay between the messages that they stood between', () => {
    const drive = near(10, 20);
    drive.tab().log.event(time(12), '+', user('carol'), 'came');
    hear(drive, 30);
    drive.tab().log.event(time(22), '+', user('dave'), 'came');
    hear(drive, 40);
    hear(drive, 35);
    hear(drive, 25);
    const shape = drive.tab().log.entries.map((entry) => (entry.kind === 'message' ? entry.seq : 'came'));
    expect(shape).toEqual([10, 20, 'came', 25, 30, 'came', 35, 40]);
  });

  test('the room begins where it begins: nothing says that older messages are no longer kept', () => {
    const drive = near(10_000, 10_001);
    drive.key('alt-home');
    expect(screen(drive)).toContain('at 10000');
    expect(screen(drive)).not.toContain('no longer kept');
  });

  test('what comes before the first page stands where it belongs when that has come', () => {
    const drive = new Drive();
    drive.lan(30);
    hear(drive, 40);
    hear(drive, 25);
    expect(places(drive)).toEqual([]);
    page(drive, [20, 30]);
    expect(places(drive)).toEqual([20, 25, 30, 40]);
  });

  test('unread messages are counted by themselves, not by their places, and the line stands above the first of them', () => {
    const drive = new Drive({
      memory: { version: 1, welcomed: true, seen: [{ room: room('#lobby'), seq: seq(150) }] },
    });
    drive.lan(3000);
    page(drive, [1000, 2000, 3000], true);
    expect(drive.tab().unread).toBe(0);
    expect(screen(drive)).toContain(' 3 new ');
    drive.key('pageup');
    page(drive, [100, 140, 170, 190]);
    expect(screen(drive)).toMatch(/at 140[^]* 5 new [^]*at 170/);
  });
});

describe('where two would have the same place', () => {
  function tell(drive: Drive, place: number, id: string, stamp = place, re?: number): void {
    const words = { from: user('bob'), text: id, time: time(stamp), id: clientId(id) };
    const more = re === undefined ? {} : { re: seq(re) };
    drive.get({ type: 'message', to: drive.tab().room, seq: seq(place), ...words, ...more });
  }
  const whole = (): Drive => {
    const drive = near();
    tell(drive, 10, 'first');
    tell(drive, 20, 'second');
    tell(drive, 30, 'third');
    return drive;
  };

  test('a late one may take the place of another, which moves on and is no news', () => {
    const drive = whole();
    drive.event({ type: 'focus', on: false });
    tell(drive, 20, 'before');
    tell(drive, 21, 'second', 20);
    expect(drive.texts()).toEqual(['first', 'before', 'second', 'third']);
    expect(places(drive)).toEqual([10, 20, 21, 30]);
    expect(drive.tab().unread).toBe(1);
    expect(keysAscend(drive)).toBe(true);
  });

  test('the newest moves on like any other, and may come back', () => {
    const drive = whole();
    tell(drive, 30, 'before', 30);
    tell(drive, 31, 'third', 30);
    expect(drive.texts()).toEqual(['first', 'second', 'before', 'third']);
    tell(drive, 29, 'third', 30);
    expect(drive.texts()).toEqual(['first', 'second', 'third', 'before']);
    expect(places(drive)).toEqual([10, 20, 29, 30]);
  });

  test('what answers it, here and on its way, still answers it', () => {
    const drive = whole();
    tell(drive, 40, 'answer', 40, 20);
    drive.tab().writing = { kind: 'reply', to: seq(20) };
    tell(drive, 20, 'before');
    tell(drive, 21, 'second', 20);
    expect(drive.messages().at(-1)?.re).toBe(21);
    expect(drive.tab().writing).toEqual({ kind: 'reply', to: 21 });
  });

  test('also where that is found out after a connection was lost', () => {
    const drive = whole();
    drive.event({ type: 'linkDown', text: 'the program has ended' });
    drive.pass(5000);
    drive.tick();
    drive.lan(30);
    const [id] = [...drive.state.inner.requests].findLast(([, { purpose }]) => purpose.kind === 'history') ?? [];
    const said = (place: number, text: string, stamp = place) => ({
      seq: seq(place),
      from: user('bob'),
      text,
      time: time(stamp),
      id: clientId(text),
    });
    const messages = [said(10, 'first'), said(20, 'before'), said(21, 'second', 20), said(30, 'third')];
    const own = id === undefined ? {} : { id };
    drive.get({ type: 'history', ...own, room: drive.tab().room, messages, more: false });
    expect(drive.texts()).toEqual(['first', 'before', 'second', 'third']);
    expect(drive.notices()).toEqual([]);
  });
});

describe('after a connection was lost', () => {
  function again(drive: Drive, last: number, rev = 0): ReturnType<Drive['get']> {
    drive.event({ type: 'linkDown', text: 'the program has ended' });
    drive.pass(5000);
    drive.tick();
    return drive.lan(last, 'alice', rev);
  }

  test('all that is here is gone through once more, and what came late meanwhile gets its place', () => {
    const drive = near(10, 20, 30);
    const asked = only(again(drive, 40), 'history');
    expect(asked).toMatchObject({ since: 0 });
    page(drive, [10, 15, 20], true);
    const next = drive.effects.flatMap((effect) => (effect.do === 'send' ? [effect.message] : []));
    expect(only(next.slice(-1), 'history')).toMatchObject({ since: 20 });
    page(drive, [25, 30, 40]);
    expect(places(drive)).toEqual([10, 15, 20, 25, 30, 40]);
    expect(drive.tab().unreadFrom).toBe(40);
  });

  test('what comes while that goes on is as unread as what was missed before it', () => {
    const drive = near(10, 20);
    again(drive, 60);
    drive.event({ type: 'focus', on: false });
    hear(drive, 70);
    page(drive, [10, 20, 30, 40], true);
    page(drive, [50, 60, 70]);
    expect(places(drive)).toEqual([10, 20, 30, 40, 50, 60, 70]);
    expect(drive.tab()).toMatchObject({ unread: 5, unreadFrom: 30 });
    expect(drive.notices()).toEqual([]);
  });

  test('of a log whose older messages are not here, only what is here', () => {
    const drive = new Drive();
    drive.lan(30);
    page(drive, [20, 30], true);
    expect(only(again(drive, 30), 'history')).toMatchObject({ since: 19 });
  });

  test('a message that was changed meanwhile is as it is now, whoever counts the changes by now', () => {
    const drive = near(10);
    const lobby = drive.tab().room;
    drive.get({ type: 'changed', room: lobby, seq: seq(10), by: user('bob'), time: time(11), text: 'old', rev: 1 });
    expect(types(again(drive, 10, 7)).filter((type) => type === 'history')).toEqual(['history']);
    const [id] = [...drive.state.inner.requests].findLast(([, { purpose }]) => purpose.kind === 'history') ?? [];
    const messages = [{ seq: seq(10), from: user('bob'), text: 'new', time: time(10) }];
    drive.get({ type: 'history', ...(id === undefined ? {} : { id }), room: lobby, messages, more: false });
    expect(drive.texts()).toEqual(['new']);
    drive.get({ type: 'changed', room: lobby, seq: seq(10), by: user('bob'), time: time(12), text: 'newer', rev: 8 });
    expect(drive.texts()).toEqual(['newer']);
  });
});

describe('what is read', () => {
  const many = Array.from({ length: 40 }, (_, i) => (i + 1) * 10);

  test('what comes late and far up is told by one line at the end, also when it is several', () => {
    const drive = near(...many);
    hear(drive, 155);
    expect(drive.notices()).toEqual([
      expect.stringMatching(/^1 message came late and stands above, from bob at \d\d:\d\d$/),
    ]);
    hear(drive, 156, 'carol');
    expect(drive.notices()).toEqual([
      expect.stringMatching(/^2 messages came late and stand above, from bob, carol at \d\d:\d\d$/),
    ]);
    expect(drive.tab().log.entries.at(-1)?.kind).toBe('notice');
    drive.pass(61_000);
    hear(drive, 101, '~eve');
    expect(drive.notices()).toHaveLength(2);
  });

  test('nothing is told of what is within the last few lines, or a minute', () => {
    const drive = near(...many);
    hear(drive, 399);
    hear(drive, 375);
    expect(drive.notices()).toEqual([]);
  });

  test('our own from another terminal, and whom one blocks, are told by nothing', () => {
    const drive = near(...many);
    hear(drive, 155, 'alice');
    drive.ignored(['carol']);
    hear(drive, 156, 'carol');
    expect(drive.notices()).toEqual([]);
  });

  test('in a tab that nobody looks at it counts as unread, and what was read before stays read', () => {
    const drive = near(...many);
    drive.event({ type: 'focus', on: false });
    hear(drive, 155);
    expect(drive.tab()).toMatchObject({ unread: 1, unreadFrom: undefined });
    hear(drive, 500);
    hear(drive, 450);
    expect(drive.tab()).toMatchObject({ unread: 3, unreadFrom: 450 });
    expect(drive.notices()).toHaveLength(1);
  });

  test('the key for what is unread leads to what came late, where nothing else is', () => {
    const drive = near(...many);
    hear(drive, 155);
    drive.key('alt-u');
    const { scroll } = drive.tab();
    expect(scroll.kind).toBe('at');
  });

  test('a screen that is scrolled stays where it is', () => {
    const drive = near(...many);
    const tab = drive.tab();
    tab.scroll = scrollBy(drive.state, tab, 10);
    const { scroll } = tab;
    for (const place of [5, 155, 305, 395]) hear(drive, place);
    expect(tab.scroll).toEqual(scroll);
  });

  test('also when numbers between two lines come to an end', () => {
    const drive = near(...many);
    const tab = drive.tab();
    tab.scroll = scrollBy(drive.state, tab, 10);
    const bottom = (): number | undefined => {
      const { scroll } = tab;
      if (scroll.kind === 'tail') return undefined;
      const entry = tab.log.entries.findLast(({ key }) => key <= scroll.bottom);
      return entry?.kind === 'message' ? entry.seq : undefined;
    };
    const before = bottom();
    // Each between the two before it.
    let [low, high] = [2 ** 40, 2 ** 41];
    hear(drive, low);
    hear(drive, high);
    const keys = tab.log.entries[0]?.key;
    for (let i = 0; i < 39; i++) {
      const middle = (low + high) / 2;
      hear(drive, middle);
      if (i % 2 === 0) low = middle;
      else high = middle;
    }
    expect(keysAscend(drive)).toBe(true);
    expect(tab.log.entries[0]?.key).not.toBe(keys);
    expect(bottom()).toBe(before);
  });

  test('what was said while this program was away stands under one unread line, and rings for nobody', () => {
    const drive = near(10);
    drive.pass(3_600_000);
    drive.event({ type: 'linkDown', text: 'gone' });
    drive.tick();
    drive.lan(10);
    page(drive, [10]);
    drive.forgetTold();
    for (const place of [20, 30, 40]) hear(drive, place, 'bob', '@alice look');
    expect(drive.tab().unreadFrom).toBe(20);
    expect(drive.effects.filter((effect) => effect.do === 'bell')).toEqual([]);
  });
});

describe('in whatever order it comes', () => {
  type Step = (world: SparseWorld) => void;
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.constantFrom('bob', 'carol', 'alice').map(
        (from): Step =>
          (world) =>
            world.other(from, 0),
      ),
    },
    {
      weight: 5,
      arbitrary: fc.tuple(fc.constantFrom('bob', 'carol'), fc.constantFrom(1, 2, 3, 1000, 40_000, 90_000)).map(
        ([from, ago]): Step =>
          (world) =>
            world.other(from, ago),
      ),
    },
    { weight: 3, arbitrary: fc.constant<Step>((world) => world.say()) },
    {
      weight: 3,
      arbitrary: fc.nat(99).map(
        (which): Step =>
          (world) =>
            world.change(which),
      ),
    },
    {
      weight: 6,
      arbitrary: fc.integer({ min: 1, max: 6 }).map(
        (n): Step =>
          (world) =>
            world.deliver(n),
      ),
    },
    { weight: 2, arbitrary: fc.constant<Step>((world) => world.cut()) },
    { weight: 3, arbitrary: fc.constant<Step>((world) => world.wake()) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('pageup', 'pagedown', 'alt-home', 'alt-end').map(
        (key): Step =>
          (world) =>
            world.press(key),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constant<Step>((world) => {
        for (let i = 0; i < 20; i++) world.other('bob', 0);
      }),
    },
  );
  const shown = ({ seq: place, from, text, id }: MessageEntry) => ({ seq: place, from, text, id });

  test('all see the same list, nothing twice, and nothing is lost', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), (steps, size) => {
        const world = new SparseWorld(size);
        for (const one of steps) one(world);
        world.settle();
        const { drive, entries } = world;
        const tab = drive.tab();
        const { first } = tab.log;
        // What is older than the first page is there to be paged in.
        const expected = entries.filter((entry) => tab.log.older === 'none' || entry.seq >= first);
        expect(drive.messages().map(shown)).toEqual(
          expected.map((entry) => shown({ ...entry, kind: 'message', key: 0 })),
        );
        expect(keysAscend(drive)).toBe(true);
        expect(tab.pending).toEqual([]);
        expect(world.said.filter((text) => !entries.some((entry) => entry.text.replace(/!+$/, '') === text))).toEqual(
          [],
        );
        const screen = logOf(tab).entries.flatMap((entry) => (entry.kind === 'message' ? [entry.seq] : []));
        expect(screen).toEqual([...new Set(screen)].toSorted((a, b) => a - b));
      }),
      { numRuns: 400 },
    );
  });

  test('paging back shows what is older, to the first message', () => {
    const world = new SparseWorld(5);
    for (let i = 0; i < 60; i++) world.other('bob', 0);
    world.settle();
    for (let i = 0; i < 40; i++) {
      world.press('pageup');
      world.settle();
    }
    expect(world.drive.messages().map((entry) => entry.seq)).toEqual(world.entries.map((entry) => entry.seq));
  });
});
