import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyChange, MAX_MISSED_CHANGES } from '../../../src/client/core/changes.ts';
import type { ClientMessages } from '../../../src/protocol/client-messages.ts';
import type { HistoryEntry, ServerMessages } from '../../../src/protocol/server-messages.ts';
import { at, clientId, Drive, info, only, room, seq, user } from './drive.ts';
import { World } from './world.ts';

type Step = (world: World) => void;

const arbitrary = <T>(weight: number, value: fc.Arbitrary<T>, act: (world: World, value: T) => void) => ({
  weight,
  arbitrary: value.map(
    (one): Step =>
      (world) =>
        act(world, one),
  ),
});

const few = fc.integer({ min: 1, max: 6 });
const anybody = fc.constantFrom('bob', 'carol', 'alice');
const key = fc.constantFrom('pageup', 'pagedown', 'alt-home', 'alt-end', 'ctrl-n', 'escape');

const step = fc.oneof(
  arbitrary(4, fc.tuple(anybody, fc.nat(9)), (world, [from, where]) => world.otherSays(from, where)),
  arbitrary(2, fc.nat(9), (world, where) => world.say(where)),
  arbitrary(8, fc.tuple(anybody, fc.nat(9), fc.nat(1000)), (world, [from, where, what]) =>
    world.otherChanges(from, where, what),
  ),
  arbitrary(4, fc.nat(1000), (world, what) => world.changes(what)),
  arbitrary(8, few, (world, count) => world.serve(count)),
  arbitrary(8, few, (world, count) => world.deliver(count)),
  arbitrary(3, fc.constant(0), (world) => world.wake()),
  arbitrary(2, fc.boolean(), (world, late) => world.cut(false, late)),
  arbitrary(2, fc.nat(8), (world, lag) => {
    world.server.lag = lag;
  }),
  arbitrary(1, few, (world, busy) => {
    world.server.busy = busy;
  }),
  arbitrary(2, key, (world, name) => world.press(name)),
  arbitrary(1, fc.constant(0), (world) => world.clear()),
);

/** What the server tells of a change. */
const changed = (rev: number, place: number, more: Partial<ServerMessages['changed']>): ServerMessages['changed'] => ({
  type: 'changed',
  room: room('#lobby'),
  rev,
  seq: seq(place),
  by: user('bob'),
  time: at(5000 + rev),
  ...more,
});

const withRev = (last: number, rev: number) => ({ ...info('#lobby', last), rev });

/** Online in the lobby, with what bob has said there. */
function online(...texts: readonly string[]): Drive {
  const drive = new Drive();
  const asked = drive.login([withRev(texts.length, 0)]);
  if (texts.length > 0) page(drive, only(asked, 'history'), ...texts.map((text, i) => entry(i + 1, text)));
  return drive;
}

const entry = (place: number, text: string, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  seq: seq(place),
  from: user('bob'),
  text,
  time: at(1000 + place),
  ...more,
});

function page(drive: Drive, { id }: ClientMessages['history'], ...messages: readonly HistoryEntry[]) {
  const named = id === undefined ? {} : { id };
  return drive.get({ type: 'history', ...named, room: room('#lobby'), messages, more: false });
}

/** The line breaks, and comes back. */
function again(drive: Drive, last: number, rev: number) {
  drive.event({ type: 'linkDown', text: 'the line broke' });
  drive.pass(60_000);
  drive.tick();
  drive.event({ type: 'linkUp' });
  return drive.welcome([withRev(last, rev)]);
}

describe('whatever the wire does to changes', () => {
  test('every message is at any time as it was once, and in the end as the server has it', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 20, maxLength: 80, size: 'max' }),
        fc.integer({ min: 1, max: 20 }),
        (steps, size) => {
          const world = new World('alice', size);
          world.settle();
          for (let i = 0; i < 6; i++) world.otherSays('bob', i);
          world.settle();
          for (const one of steps) {
            one(world);
            world.check();
          }
          world.settle();
          world.check();
          world.checkChanges();
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a change', () => {
  test('of a text is shown in its place, with the time', () => {
    const drive = online('teh disk', 'is full');
    drive.get(changed(1, 1, { text: 'the disk', edited: at(9000) }));
    expect(drive.messages()).toMatchObject([{ text: 'the disk', edited: 9000, rev: 1 }, { text: 'is full' }]);
  });

  test('that deletes takes text and reactions away, and says who did it', () => {
    const drive = online('secret');
    drive.get(changed(1, 1, { reactions: [{ emoji: '👍', users: [user('alice')] }] }));
    drive.get(changed(2, 1, { deleted: true, by: user('root') }));
    expect(drive.messages()).toEqual([
      { kind: 'message', key: -1, seq: 1, from: 'bob', text: '', time: 1001, deleted: true, deletedBy: 'root', rev: 2 },
    ]);
    // Nothing brings it back.
    drive.get(changed(3, 1, { text: 'here again' }));
    expect(drive.texts()).toEqual(['']);
  });

  test('whose list of reactions is empty leaves none', () => {
    const drive = online('hello');
    drive.get(changed(1, 1, { reactions: [{ emoji: '👍', users: [user('alice')] }] }));
    drive.get(changed(2, 1, { reactions: [] }));
    expect(drive.messages()[0]).not.toHaveProperty('reactions');
  });

  test('is no news: nothing is unread by it', () => {
    const drive = online('hello');
    drive.get({ type: 'room', room: info('#dev') });
    drive.key('alt-2');
    drive.get(changed(1, 1, { text: 'alice, look' }));
    expect(drive.tab()).toMatchObject({ unread: 0, mentioned: false });
  });

  test('of a message of ours is not lost where its acknowledgement comes again, over another connection', () => {
    const drive = online('one');
    drive.enter('/clear');
    const said = only(drive.enter('mine'), 'say');
    // It was stored; then somebody reacted to it.
    const asked = only(again(drive, 2, 1), 'history');
    drive.get({ type: 'ack', id: said.id ?? clientId(''), to: room('#lobby'), seq: seq(2), time: at(2000) });
    expect(drive.tab().pending).toEqual([]);
    const reactions = [{ emoji: '👍', users: [user('bob')] }];
    const more = { from: user('alice'), reactions, rev: 1, ...(said.id === undefined ? {} : { id: said.id }) };
    page(drive, asked, entry(2, 'mine', more));
    expect(drive.messages()).toMatchObject([{ seq: 2, text: 'mine', reactions, rev: 1 }]);
  });

  test('that was missed while the line was broken is asked for, and what is shown is as new as the room', () => {
    const drive = online('one', 'two');
    const asked = only(again(drive, 2, 3), 'history');
    expect(asked).toMatchObject({ room: '#lobby', changes: 0 });
    page(drive, asked, entry(2, 'two', { reactions: [{ emoji: '🎉', users: [user('carol')] }], rev: 2 }), {
      ...entry(1, 'won', { edited: at(7000), rev: 3 }),
    });
    expect(drive.messages()).toMatchObject([
      { text: 'won', rev: 3 },
      { text: 'two', rev: 2 },
    ]);
    // And the next one follows on.
    expect(drive.get(changed(4, 2, { text: '2' }))).toEqual([]);
    expect(drive.texts()).toEqual(['won', '2']);
  });

  test('is not asked for where none was missed', () => {
    const drive = online('one');
    drive.get(changed(1, 1, { text: 'first' }));
    expect(again(drive, 1, 1).filter(({ type }) => type === 'history')).toEqual([]);
  });

  test('with a gap before it waits for those that were missed', () => {
    const drive = online('one', 'two');
    const asked = only(drive.get(changed(2, 2, { text: '2' })), 'history');
    expect(asked).toMatchObject({ changes: 0 });
    expect(drive.texts()).toEqual(['one', 'two']);
    page(drive, asked, entry(1, '1', { rev: 1 }), entry(2, '2', { rev: 2 }));
    expect(drive.texts()).toEqual(['1', '2']);
  });

  test('that is not to be had is not asked for again and again', () => {
    const drive = online('one');
    const asked = only(drive.get(changed(5, 1, { text: 'x' })), 'history');
    expect(page(drive, asked)).toEqual([]);
    const id = asked.id ?? clientId('');
    const refused = only(drive.get(changed(9, 1, { text: 'y' })), 'history');
    expect(refused.id).not.toBe(id);
    const error = { type: 'error', code: 'not_a_member', text: 'no', closes: false } as const;
    expect(drive.get({ ...error, ...(refused.id === undefined ? {} : { id: refused.id }) })).toEqual([]);
  });

  test('of a message that an older page brings is in the page', () => {
    const drive = new Drive({ rows: 10 });
    const opened = only(drive.login([withRev(300, 4)]), 'history');
    const newest = Array.from({ length: 60 }, (_, i) => entry(241 + i, `text ${241 + i}`));
    drive.get({ type: 'history', id: opened.id ?? clientId(''), room: room('#lobby'), messages: newest, more: true });
    const older = only(drive.key('alt-home'), 'history');
    page(drive, older, entry(240, 'as it is now', { edited: at(1), rev: 4 }));
    // What the server tells of the change once more is older than what is here.
    drive.get(changed(3, 240, { text: 'as it was before' }));
    expect(drive.texts()[0]).toBe('as it is now');
  });

  test('that came while a page was on its way is asked for once more, since the page may be older', () => {
    const drive = new Drive({ rows: 10 });
    const opened = only(drive.login([withRev(300, 0)]), 'history');
    const newest = Array.from({ length: 60 }, (_, i) => entry(241 + i, `text ${241 + i}`));
    drive.get({ type: 'history', id: opened.id ?? clientId(''), room: room('#lobby'), messages: newest, more: true });
    const older = only(drive.key('alt-home'), 'history');
    drive.get(changed(1, 240, { text: 'changed' }));
    const asked = only(page(drive, older, entry(240, 'read before')), 'history');
    expect(asked).toMatchObject({ changes: 0 });
    page(drive, asked, entry(240, 'changed', { rev: 1 }));
    expect(drive.texts()[0]).toBe('changed');
  });

  test('of too many that were missed lets the log begin anew', () => {
    const drive = online('one', 'two');
    const asked = only(again(drive, 2, MAX_MISSED_CHANGES + 1), 'history');
    expect(asked).not.toHaveProperty('changes');
    expect(drive.texts()).toEqual([]);
  });

  test('of a message that is kept aside is fetched with those in front of it', () => {
    const drive = online('one');
    const asked = only(drive.hear('#lobby', 3, 'thre'), 'history');
    drive.get(changed(1, 3, { text: 'three', edited: at(1) }));
    const more = page(drive, asked, entry(2, 'two')).filter((message) => message.type === 'history');
    expect(drive.texts()).toEqual(['one', 'two']);
    for (const one of more) page(drive, one, entry(3, 'three', { edited: at(1), rev: 1 }));
    expect(drive.texts()).toEqual(['one', 'two', 'three']);
  });

  test('that was made while we were away reaches what was kept aside before', () => {
    const drive = online('one');
    drive.hear('#lobby', 3, 'thre');
    const since = again(drive, 3, 1).filter((message) => message.type === 'history');
    const asked = since.find((message) => message.since !== undefined);
    page(drive, asked ?? { type: 'history', room: room('#lobby') }, entry(2, 'two'));
    expect(drive.texts()).not.toContain('thre');
  });

  test('is asked for from further back where a page has come meanwhile that is older', () => {
    const drive = new Drive({ rows: 10 });
    const opened = only(drive.login([withRev(300, 0)]), 'history');
    const newest = Array.from({ length: 60 }, (_, i) => entry(241 + i, `text ${241 + i}`));
    drive.get({ type: 'history', id: opened.id ?? clientId(''), room: room('#lobby'), messages: newest, more: true });
    const older = only(drive.key('alt-home'), 'history');
    drive.get(changed(1, 240, { text: 'first change' }));
    const asked = only(drive.get(changed(3, 250, { text: 'third' })), 'history');
    expect(asked).toMatchObject({ changes: 1 });
    expect(page(drive, older, entry(240, 'read before'))).toEqual([]);
    const further = only(page(drive, asked, entry(250, 'third', { rev: 3 })), 'history');
    expect(further).toMatchObject({ changes: 0 });
    // What is here is newer than a page that is late.
    page(drive, further, entry(240, 'first change', { rev: 1 }), entry(250, 'second', { rev: 2 }));
    expect([drive.texts()[0], drive.texts()[10]]).toEqual(['first change', 'third']);
  });

  test('is counted from the beginning where the server has begun another life', () => {
    const drive = online('one');
    for (let rev = 1; rev <= 5; rev++) drive.get(changed(rev, 1, { text: `one ${rev}` }));
    again(drive, 0, 0);
    drive.hear('#lobby', 1, 'first');
    expect(only(drive.get(changed(2, 1, { text: 'second change' })), 'history')).toMatchObject({ changes: 0 });
  });

  test('that we have asked for is asked for again after the line broke, under its id', () => {
    const drive = online('one');
    const asked = only(drive.enter('/react 👍'), 'react');
    expect(asked).toMatchObject({ room: '#lobby', seq: 1, emoji: '👍', on: true });
    expect(only(again(drive, 1, 0), 'react')).toEqual(asked);
    drive.get({
      ...changed(1, 1, { reactions: [{ emoji: '👍', users: [user('alice')] }] }),
      id: asked.id ?? clientId(''),
    });
    expect(again(drive, 1, 1).map(({ type }) => type)).not.toContain('react');
  });

  test('reaches a message by the id that its author gave it, as in private nobody counts places', () => {
    const drive = new Drive();
    drive.login();
    drive.mail(1, 'see you at 12', 'bob', { id: clientId('m1') });
    const tab = drive.person('bob');
    const by = user('bob');
    expect(applyChange(tab, { id: clientId('m1'), from: by }, { by, text: 'see you at 1', edited: at(1) })).toBe(true);
    expect(drive.texts('bob')).toEqual(['see you at 1']);
    // Another's id is another message.
    expect(applyChange(tab, { id: clientId('m1'), from: user('carol') }, { by, deleted: true })).toBe(false);
  });
});
