import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from './checker.ts';
import type { Entry, Mail, Observation, Screen, Stored, StoredRoom, ViolationKind } from './trace.ts';

const ROOM = '#lobby';
const DEVICE = 'desk';

interface Told {
  readonly trace: readonly Observation[];
  readonly stored: Stored;
  readonly screens: readonly Screen[];
}

const alice = { who: 'alice', as: '~alice', session: 1 } as const;
const bob = { who: 'bob', as: '~bob', session: 1 } as const;

const entry = (seq: number, more: Partial<Entry> = {}): Entry => ({
  seq,
  from: '~alice',
  text: `text ${seq}`,
  id: `a-${seq}`,
  rev: 0,
  ...more,
});

const room = (entries: readonly Entry[], rev = 0, last = entries.length): StoredRoom => ({ last, rev, entries });

/** Alice writes `count` messages, which are acknowledged, and which Bob hears; she edits the first, and he reacts to it. */
function good(count: number): Told {
  const trace: Observation[] = [alice, bob].map((who) => ({ kind: 'began', room: ROOM, last: 0, rev: 0, ...who }));
  const entries: Entry[] = [];
  for (let seq = 1; seq <= count; seq += 1) {
    const one = entry(seq);
    entries.push(one);
    trace.push(
      { kind: 'asked', id: `a-${seq}`, room: ROOM, text: one.text, ...alice },
      { kind: 'acked', id: `a-${seq}`, room: ROOM, seq, ...alice },
      { kind: 'claimed', id: `a-${seq}`, ...alice },
      { kind: 'heard', room: ROOM, entry: one, ...bob },
      { kind: 'shown', room: ROOM, entry: one, anew: false, ...bob },
    );
  }
  const reactions = [{ emoji: '👍', users: ['~bob'] }];
  const edit = { room: ROOM, seq: 1, rev: 1, text: 'edited' };
  const reaction = { room: ROOM, seq: 1, rev: 2, reactions };
  trace.push(
    { kind: 'wished', id: 'e-1', room: ROOM, seq: 1, wish: { kind: 'edit', text: 'edited' }, ...alice },
    { kind: 'changed', id: 'e-1', change: edit, ...alice },
    { kind: 'changed', change: edit, ...bob },
    { kind: 'wished', id: 'r-1', room: ROOM, seq: 1, wish: { kind: 'react', emoji: '👍', on: true }, ...bob },
    { kind: 'changed', id: 'r-1', change: reaction, ...bob },
    { kind: 'changed', change: reaction, ...alice },
    { kind: 'mailAsked', id: 'm-1', to: 'root', device: DEVICE, body: 'letter', ...alice },
    { kind: 'mailed', id: 'm-1', ...alice },
    { kind: 'mailAsked', id: 'm-2', to: 'root', device: DEVICE, body: 'letter two', ...alice },
    { kind: 'mailed', id: 'm-2', ...alice },
    { kind: 'delivered', device: DEVICE, mail: { n: 1, id: 'm-1', from: '~alice', body: 'letter' }, ...bob },
  );
  entries[0] = entry(1, { text: 'edited', rev: 2, reactions });
  const mail: Mail[] = [{ n: 2, id: 'm-2', from: '~alice', body: 'letter two' }];
  const screens = [alice, bob].map(({ who }) => ({ who, room: ROOM, entries: [...entries], unsent: 0, whole: true }));
  return { trace, stored: { rooms: new Map([[ROOM, room(entries, 2)]]), mail: new Map([[DEVICE, mail]]) }, screens };
}

const kinds = ({ trace, stored, screens }: Told): ViolationKind[] =>
  check(trace, stored, screens).map(({ kind }) => kind);

const storedAs = (told: Told, change: (entries: Entry[]) => readonly Entry[], rev = 2): Told => {
  const entries = change([...(told.stored.rooms.get(ROOM)?.entries ?? [])]);
  return { ...told, stored: { ...told.stored, rooms: new Map([[ROOM, room(entries, rev)]]) } };
};
const also = (told: Told, ...more: readonly Observation[]): Told => ({ ...told, trace: [...told.trace, ...more] });
const without = (told: Told, test: (one: Observation) => boolean): Told => ({
  ...told,
  trace: told.trace.filter((one) => !test(one)),
});
const shownBy = (told: Told, change: (entries: Entry[]) => readonly Entry[]): Told => ({
  ...told,
  screens: told.screens.map((screen) =>
    screen.who === 'bob' ? { ...screen, entries: change([...screen.entries]) } : screen,
  ),
});
const swap = (entries: Entry[], a: number, b: number): Entry[] =>
  entries.map((one, i) =>
    i === a ? { ...entries[b]!, seq: one.seq } : i === b ? { ...entries[a]!, seq: one.seq } : one,
  );

const many = fc.integer({ min: 3, max: 30 });
/** A run, and a place in it that is neither the first (which has changed) nor the last. */
const placed = many.chain((count) => fc.tuple(fc.constant(count), fc.integer({ min: 2, max: count - 1 })));

describe('what is as it was promised', () => {
  test('has no violation', () => {
    fc.assert(
      fc.property(many, (count) => {
        expect(kinds(good(count))).toEqual([]);
      }),
    );
  });

  test('may have been sent twice, come by a page, and be the answer to a change that was so already', () => {
    const told = also(
      good(4),
      { kind: 'began', room: ROOM, last: 4, rev: 2, ...alice, session: 2 },
      { kind: 'acked', id: 'a-2', room: ROOM, seq: 2, ...alice, session: 2 },
      { kind: 'read', room: ROOM, entries: [entry(2), entry(3)], ...alice, session: 2 },
      { kind: 'changed', id: 'e-2', change: { room: ROOM, seq: 1, rev: 1, text: 'edited' }, ...alice, session: 2 },
    );
    expect(kinds(told)).toEqual([]);
  });

  test('may hold what was written and not acknowledged, and a change that nobody was told of', () => {
    const unheard = without(good(3), (one) => one.kind === 'acked' && one.seq === 3);
    const told = without(unheard, (one) => one.kind === 'claimed' && one.id === 'a-3');
    const asked = also(told, { kind: 'wished', id: 'e-3', room: ROOM, seq: 2, wish: { kind: 'delete' }, ...alice });
    const screens = told.screens.map((one) => ({
      ...one,
      unsent: one.who === 'alice' ? 1 : 0,
      whole: false,
      entries: [],
    }));
    const deleted = (entries: Entry[]) =>
      entries.map((one) => (one.seq === 2 ? entry(2, { text: '', deleted: true, rev: 3 }) : one));
    expect(kinds(storedAs({ ...asked, screens }, deleted, 3))).toEqual([]);
  });

  test('may have another order than the one of writing, where the server refused some for now', () => {
    const { trace, stored, screens } = good(3);
    const asked = (n: number) => (one: Observation) => one.kind === 'asked' && one.id === `a-${n}`;
    const [first, second] = [trace.find(asked(2)), trace.find(asked(3))];
    const turned = trace.map((one) => (one === first ? second! : one === second ? first! : one));
    expect(check(turned, stored, screens, { writersOrder: false })).toEqual([]);
    expect(kinds({ trace: turned, stored, screens })).toEqual(['reordered']);
  });
});

describe('found is', () => {
  const finds = (kind: ViolationKind, spoil: (told: Told, place: number, count: number) => Told) =>
    fc.assert(
      fc.property(placed, ([count, place]) => {
        expect(kinds(spoil(good(count), place, count))).toContain(kind);
      }),
    );

  test('an acknowledged message that is gone from the end', () => {
    finds('acknowledged and missing', (told) => storedAs(told, (entries) => entries.slice(0, -1)));
  });

  test('one that is gone from the middle, with all behind it moved up', () => {
    const lose = (told: Told, place: number) =>
      storedAs(told, (entries) => entries.filter(({ seq }) => seq !== place).map((one, i) => ({ ...one, seq: i + 1 })));
    finds('acknowledged and missing', lose);
    finds('two orders', lose);
  });

  test('one that another has seen, though nobody acknowledged it', () => {
    finds('shown and missing', (told, _, count) => {
      const quiet = without(told, (one) => (one.kind === 'acked' || one.kind === 'claimed') && one.id === `a-${count}`);
      return storedAs(quiet, (entries) => entries.slice(0, -1));
    });
  });

  test('one that is stored twice', () => {
    finds('doubled', (told, place, count) =>
      storedAs(told, (entries) => [...entries, entry(count + 1, { id: `a-${place}`, text: `text ${place}` })]),
    );
  });

  test('two that have changed places since they were seen', () => {
    finds('two orders', (told, place) => storedAs(told, (entries) => swap(entries, place - 1, place)));
  });

  test('one that somebody heard in another place than all others', () => {
    finds('two orders', (told, place) =>
      also(told, { kind: 'read', room: ROOM, entries: [entry(place, { id: `a-${place + 1}` })], ...bob }),
    );
  });

  test('one that came before its turn, or again, on one connection', () => {
    finds('gap', (told, place) => without(told, (one) => one.kind === 'heard' && one.entry.seq === place));
    finds('reordered', (told, place) => also(told, { kind: 'heard', room: ROOM, entry: entry(place), ...bob }));
  });

  test('one that is shown twice, left out, or below a later one', () => {
    const show = (told: Told, place: number): Told =>
      also(told, { kind: 'shown', room: ROOM, entry: entry(place), anew: false, ...bob });
    finds('doubled', (told, _, count) => show(told, count));
    finds('reordered', (told, place) => show(told, place));
    finds('gap', (told, place) => without(told, (one) => one.kind === 'shown' && one.entry.seq === place));
  });

  test('a text that is another than what was written, in the store, on its way, or on a screen', () => {
    const other = (entries: readonly Entry[], place: number) =>
      entries.map((one) => (one.seq === place ? { ...one, text: 'forged' } : one));
    finds('text changed', (told, place) => storedAs(told, (entries) => other(entries, place)));
    finds('text changed', (told, place) => shownBy(told, (entries) => other(entries, place)));
    finds('text changed', (told, place) => ({
      ...told,
      trace: told.trace.map((one) =>
        one.kind === 'heard' && one.entry.seq === place ? { ...one, entry: entry(place, { text: 'forged' }) } : one,
      ),
    }));
  });

  test('a place without a message, and a room that ends elsewhere than it says', () => {
    finds('gap', (told, place) => storedAs(told, (entries) => entries.filter(({ seq }) => seq !== place)));
    finds('gap', (told) => {
      const { entries = [] } = told.stored.rooms.get(ROOM) ?? {};
      return { ...told, stored: { ...told.stored, rooms: new Map([[ROOM, room(entries, 2, entries.length + 1)]]) } };
    });
  });

  test('one that is shown as sent before anybody has said so', () => {
    finds('unacknowledged shown as sent', (told, place) =>
      without(told, (one) => one.kind === 'acked' && one.id === `a-${place}`),
    );
  });

  test('one that nobody has written', () => {
    finds('invented', (told, place) => without(told, (one) => one.kind === 'asked' && one.id === `a-${place}`));
  });

  test('one that vanished without a word', () => {
    finds('dropped silently', (told) => also(told, { kind: 'asked', id: 'a-x', room: ROOM, text: 'lost', ...alice }));
  });

  test('a screen that ends too early, has a hole, or shows what is not there', () => {
    finds('gap', (told) => shownBy(told, (entries) => entries.slice(0, -1)));
    finds('gap', (told, place) => shownBy(told, (entries) => entries.filter(({ seq }) => seq !== place)));
    finds('reordered', (told, place) =>
      shownBy(told, (entries) => [
        ...entries.slice(0, place - 1),
        entries[place]!,
        entries[place - 1]!,
        ...entries.slice(place + 1),
      ]),
    );
    finds('shown and missing', (told, place) => shownBy(told, (entries) => swap(entries, place - 1, place)));
  });
});

describe('of changes, found is', () => {
  const undone = (change: (one: Entry) => Entry, rev = 2) =>
    kinds(storedAs(good(3), (entries) => entries.map((one) => (one.seq === 1 ? change(one) : one)), rev));

  test('an edit that is undone, by its number or by its text', () => {
    expect(undone((one) => ({ ...one, rev: 1 }))).toContain('change undone');
    expect(undone((one) => ({ ...one, text: 'text 1' }))).toContain('change undone');
    expect(undone((one) => one, 1)).toContain('change undone');
  });

  test('a reaction that is undone, or was never given', () => {
    expect(undone(({ reactions, ...one }) => ({ ...one, text: reactions === undefined ? '' : one.text }))).toContain(
      'change undone',
    );
    const two = [{ emoji: '👍', users: ['~bob', '~carol'] }];
    expect(undone((one) => ({ ...one, reactions: two }))).toContain('change undone');
  });

  test('a deletion that is undone, and one that nobody wanted', () => {
    const change = { room: ROOM, seq: 1, rev: 3, deleted: true } as const;
    const deleted = also(good(3), { kind: 'changed', change, ...bob });
    expect(
      kinds(storedAs(deleted, (entries) => entries.map((one) => (one.seq === 1 ? { ...one, rev: 3 } : one)), 3)),
    ).toContain('change undone');
    expect(
      undone(
        ({ seq, from, id }) =>
          entry(seq, { from, ...(id === undefined ? {} : { id }), text: '', deleted: true, rev: 3 }),
        3,
      ),
    ).toContain('change undone');
  });

  test('one number for two changes, a number that is left out, and one that comes again', () => {
    const other = { room: ROOM, seq: 2, rev: 2, text: 'another' };
    const began = { kind: 'began', room: ROOM, last: 3, rev: 1, ...bob, session: 2 } as const;
    expect(kinds(also(good(3), began, { kind: 'changed', change: other, ...bob, session: 2 }))).toContain('two orders');
    const far = { room: ROOM, seq: 1, rev: 4, text: 'later' };
    expect(kinds(also(good(3), { kind: 'changed', change: far, ...bob }))).toContain('gap');
    const again = { room: ROOM, seq: 1, rev: 1, text: 'edited' };
    expect(kinds(also(good(3), { kind: 'changed', change: again, ...bob }))).toContain('reordered');
  });
});

describe('of mail, found is', () => {
  const letter = (n: number, id: string, body = 'letter'): Mail => ({ n, id, from: '~alice', body });
  const delivered = (mail: Mail, session = 1): Observation => ({
    kind: 'delivered',
    device: DEVICE,
    mail,
    ...bob,
    session,
  });

  test('mail that was taken and is neither there nor has come', () => {
    const told = good(3);
    expect(kinds({ ...told, stored: { ...told.stored, mail: new Map() } })).toEqual(['mail lost']);
  });

  test('mail that has two places, comes twice on one connection, or out of order', () => {
    expect(kinds(also(good(3), delivered(letter(3, 'm-1'))))).toEqual(['mail doubled']);
    expect(kinds(also(good(3), delivered(letter(1, 'm-1'))))).toEqual(['mail doubled']);
    expect(kinds(also(good(3), delivered(letter(2, 'm-2', 'letter two')), delivered(letter(1, 'm-1'))))).toEqual([
      'reordered',
    ]);
    // To another connection it comes again, until it was received.
    expect(kinds(also(good(3), delivered(letter(1, 'm-1'), 2)))).toEqual([]);
  });

  test('a place with two letters, a letter that says something else, and one that nobody sent', () => {
    expect(kinds(also(good(3), delivered(letter(2, 'm-1'), 2)))).toContain('two orders');
    expect(kinds(also(good(3), delivered(letter(1, 'm-1', 'forged'), 2)))).toEqual(['text changed']);
    expect(kinds(also(good(3), delivered(letter(5, 'm-9'), 2)))).toEqual(['invented']);
  });
});
