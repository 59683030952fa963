import { describe, expect, test, vi } from 'vitest';
import type { UnixMs } from '../../src/base/ids.ts';
import { ACK_AFTER_MS, RESEND_AFTER_MS } from '../../src/peer/conversation.ts';
import type { ServerMessages } from '../../src/protocol/server-messages.ts';
import { newId, type Person, talk, until } from './relay.ts';
import { meanwhile, pass } from './time.ts';
import { inTown, type Town } from './town.ts';

const town = inTown();
const person: Town['person'] = (...of) => town.person(...of);

const changes = (one: Person) => one.all('changed').map(({ of, by, change }) => ({ of: of.id, by, ...change }));
const mailChanges = (one: Person) =>
  one
    .all('mailChanged')
    .flatMap(({ by, what }) => (what === undefined ? [] : [{ of: what.of.id, by, ...what.change }]));
const logOf = (one: Person, other: Person): string[] =>
  one.vault.log
    .page(other.name, undefined, 100)
    .records.map(({ text, edited, deleted, reactions = [] }) =>
      [deleted === true ? 'deleted' : text, edited === undefined ? '' : ' (edited)']
        .concat(reactions.map(({ emoji, users }) => ` ${emoji} ${users.join(' ')}`))
        .join(''),
    );

describe('in a chat', () => {
  /** Both have heard a message of alice's. */
  async function talking(plain = false) {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = await talk(alice, bob, { plain });
    for (const one of [alice, bob]) one.do({ do: 'log', chat, on: true });
    const id = alice.say(chat, 'lunch?');
    await until(() => bob.said(chat).length === 1);
    return { alice, bob, chat, of: { from: alice.name, id } };
  }
  /** Acknowledged, too. */
  const both = (one: Person, other: Person, count: number) =>
    meanwhile(() => changes(one).length === count && changes(other).length === count, 'the change');

  test.each([[false], [true]])(
    'edits, reactions and deletions are the same for both, and in both logs (plain: %s)',
    async (plain) => {
      const { alice, bob, chat, of } = await talking(plain);
      alice.do({ do: 'change', chat, of, change: { kind: 'edit', text: 'lunch at noon?' } });
      bob.do({ do: 'change', chat, of, change: { kind: 'react', emoji: '👍', on: true } });
      await both(alice, bob, 2);
      expect(changes(bob).map(({ kind, by }) => [kind, by])).toContainEqual(['edit', 'alice']);
      expect(changes(alice).map(({ kind, by }) => [kind, by])).toContainEqual(['react', 'bob']);
      for (const [one, other] of [
        [alice, bob],
        [bob, alice],
      ] as const)
        expect(logOf(one, other)).toEqual(['lunch at noon? (edited) 👍 bob']);
      alice.do({ do: 'change', chat, of, change: { kind: 'delete' } });
      await both(alice, bob, 3);
      expect([logOf(alice, bob), logOf(bob, alice)]).toEqual([['deleted'], ['deleted']]);
    },
  );

  test('a deletion goes from the log also after keeping it was ended; other changes do not get in', async () => {
    const { alice, bob, chat, of } = await talking();
    bob.do({ do: 'log', chat, on: false });
    alice.do({ do: 'change', chat, of, change: { kind: 'edit', text: 'not to be kept' } });
    await both(alice, bob, 1);
    expect(logOf(bob, alice)).toEqual(['lunch?']);
    alice.do({ do: 'change', chat, of, change: { kind: 'delete' } });
    await both(alice, bob, 2);
    expect(logOf(bob, alice)).toEqual(['deleted']);
  });

  test('an answer says what it answers, to both and in the logs', async () => {
    const { alice, bob, chat, of } = await talking();
    bob.do({ do: 'say', chat, id: newId(), text: 'at noon', re: of });
    await until(() => alice.said(chat).length === 1);
    expect(alice.all('said')[0]).toMatchObject({ text: 'at noon', re: of });
    for (const [one, other] of [
      [alice, bob],
      [bob, alice],
    ] as const)
      expect(one.vault.log.page(other.name, undefined, 1).records).toMatchObject([
        { text: 'at noon', re: of, reAt: 0 },
      ]);
  });

  test('nobody edits or deletes what the other has said', async () => {
    const { alice, bob, chat, of } = await talking();
    bob.do({ do: 'change', chat, of, change: { kind: 'edit', text: 'never said' } });
    bob.do({ do: 'change', chat, of, change: { kind: 'delete' } });
    // What comes after it has come.
    bob.say(chat, 'done');
    await until(() => alice.said(chat).length === 1);
    expect([changes(alice), changes(bob)]).toEqual([[], []]);
  });

  test('who is writing is seen at once, and takes no acknowledgement', async () => {
    const { alice, bob, chat } = await talking();
    await pass(1000);
    const lines = town.relay.wire.length;
    alice.do({ do: 'typing', chat });
    await until(() => bob.all('typing').length === 1);
    expect(bob.all('typing')).toEqual([{ type: 'typing', chat }]);
    await pass(RESEND_AFTER_MS + 1000);
    // To the server and from there, and nothing comes back.
    expect(town.relay.wire.length - lines).toBe(2);
    // What is said next acknowledges it, and is in order.
    alice.say(chat, 'here');
    await until(() => bob.said(chat).includes('here'));
  });

  test('that somebody is writing, lost on the way, holds up nothing that is said', async () => {
    const { alice, bob, chat } = await talking();
    await pass(1000);
    let lost = 0;
    town.relay.tamper = (to, message) =>
      to.user === bob.name && message.type === 'private' && lost++ === 0 ? [] : [message];
    alice.do({ do: 'typing', chat });
    await until(() => lost === 1);
    alice.say(chat, 'still there');
    await meanwhile(() => bob.said(chat).includes('still there'));
  });

  test('with an older program nothing is changed, and nobody is told that somebody writes', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    // Plain text, so that what bob says first can be made what an older program says.
    town.relay.tamper = (to, message) => {
      if (to.user !== alice.name || message.type !== 'private' || message.frame.kind !== 'plain') return [message];
      const item = message.frame.item.replace(',"changes":true', '');
      return [{ ...message, frame: { ...message.frame, item } }];
    };
    const chat = await talk(alice, bob, { plain: true });
    const id = alice.say(chat, 'lunch?');
    alice.do({ do: 'change', chat, of: { from: alice.name, id }, change: { kind: 'delete' } });
    alice.do({ do: 'typing', chat });
    alice.say(chat, 'well');
    await until(() => bob.said(chat).length === 2);
    expect([changes(bob), bob.all('typing')]).toEqual([[], []]);
    expect(alice.notes(chat)).toContain(
      "not changed: bob's program is an older one, in which what was said stays as it is",
    );
  });

  test('what belongs into mail is not taken in a chat', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = await talk(alice, bob, { plain: true });
    const id = alice.say(chat, 'lunch?');
    await until(() => bob.said(chat).length === 1);
    town.relay.tamper = (to, message) => {
      if (to.user !== alice.name || message.type !== 'private' || message.frame.kind !== 'plain') return [message];
      const item = `{"kind":"mailDelete","id":"x","from":"alice","to":"bob","of":"${id}"}\n`;
      return [{ ...message, frame: { ...message.frame, item } }];
    };
    bob.say(chat, 'never said so');
    await until(() => alice.notes(chat).includes('something came that does not belong here, and was left out'));
    expect([changes(alice), mailChanges(alice), alice.said(chat)]).toEqual([[], [], []]);
  });

  test('after its end nothing changes, and what was under way is said to be', async () => {
    const { alice, bob, chat, of } = await talking();
    bob.close();
    alice.do({ do: 'change', chat, of, change: { kind: 'delete' } });
    await meanwhile(() => alice.status(chat) === 'ended');
    expect(alice.notes(chat)).toContain('a change of a message has perhaps not arrived');
    alice.do({ do: 'change', chat, of, change: { kind: 'delete' } });
    expect(alice.notes(chat)).toContain('not changed: the chat is over');
    expect(logOf(alice, bob)).toEqual(['lunch?']);
  });

  test('ending it waits for a change that was just made', async () => {
    const { alice, bob, chat, of } = await talking();
    alice.do({ do: 'change', chat, of, change: { kind: 'edit', text: 'last words' } });
    alice.do({ do: 'end', chat });
    await until(() => changes(bob).length === 1);
    await vi.advanceTimersByTimeAsync(ACK_AFTER_MS);
    await until(() => changes(alice).length === 1);
    await meanwhile(() => bob.status(chat) === 'ended');
    expect(changes(bob)).toMatchObject([{ kind: 'edit', text: 'last words' }]);
    expect(alice.notes(chat).filter((note) => note.includes('perhaps'))).toEqual([]);
  });
});

describe('by mail', () => {
  const change = (one: Person, to: Person, of: { from: Person; id: ReturnType<typeof newId> }, wish: object) =>
    one.do({
      do: 'changeMail',
      id: newId(),
      to: to.name,
      of: { from: of.from.name, id: of.id },
      change: wish,
    } as Parameters<Person['do']>[0]);

  async function written() {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const id = alice.mail(bob, 'the disk is full');
    await until(() => bob.all('mail').length === 1 && alice.all('mailed').length === 1);
    return { alice, bob, of: { from: alice, id } };
  }

  test('edits, reactions and deletions are the same for both, and in both logs', async () => {
    const { alice, bob, of } = await written();
    change(alice, bob, of, { kind: 'edit', text: 'the disk is nearly full' });
    await until(() => mailChanges(bob).length === 1);
    change(bob, alice, of, { kind: 'react', emoji: '👀', on: true });
    await until(() => mailChanges(alice).length === 2);
    for (const [one, other] of [
      [alice, bob],
      [bob, alice],
    ] as const)
      expect(logOf(one, other)).toEqual(['the disk is nearly full (edited) 👀 bob']);
    change(alice, bob, of, { kind: 'delete' });
    await until(() => mailChanges(bob).length === 3 && mailChanges(alice).length === 3);
    expect([logOf(alice, bob), logOf(bob, alice)]).toEqual([['deleted'], ['deleted']]);
    expect(town.relay.wire.join('')).not.toContain('nearly');
  });

  test('an answer says what it answers', async () => {
    const { alice, bob, of } = await written();
    const re = { from: alice.name, id: of.id };
    bob.do({ do: 'mail', id: newId(), to: alice.name, text: 'again?', re });
    await until(() => alice.all('mail').length === 1);
    expect(alice.all('mail')[0]).toMatchObject({ text: 'again?', re });
    expect(bob.vault.log.page(alice.name, undefined, 1).records).toMatchObject([{ re, reAt: 0 }]);
  });

  test('reach somebody who is away, in order', async () => {
    const { alice, bob, of } = await written();
    bob.offline();
    change(alice, bob, of, { kind: 'edit', text: 'one' });
    await until(() => mailChanges(alice).length === 1);
    await pass(1000);
    change(alice, bob, of, { kind: 'edit', text: 'two' });
    await until(() => mailChanges(alice).length === 2);
    bob.online();
    await until(() => mailChanges(bob).length === 2);
    expect(logOf(bob, alice)).toEqual(['two (edited)']);
  });

  test('that come before their message are kept for it, over a restart too', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const kept: ServerMessages['mail'][] = [];
    let isHeld = true;
    town.relay.tamper = (to, message) => {
      if (to.user !== bob.name || message.type !== 'mail' || !isHeld || kept.length > 0) return [message];
      kept.push(message);
      return [];
    };
    const id = alice.mail(bob, 'too early');
    await until(() => alice.all('mailed').length === 1);
    // In a session of its own, as after many messages: nothing says that something is missing.
    for (const { group } of alice.vault.sessions(bob.name, bob.device)) alice.vault.commit({ retireSession: group });
    change(alice, bob, { from: alice, id }, { kind: 'delete' });
    await until(() => mailChanges(bob).length === 1);
    isHeld = false;
    const next = await town.again(bob);
    await until(() => next.all('mail').length === 1);
    expect(next.all('mail')[0]).toMatchObject({ id, text: '', deleted: true });
    expect(logOf(next, alice)).toEqual(['deleted']);
  });

  test('that come again, to a later program, are known and counted as read', async () => {
    const { alice, bob, of } = await written();
    change(alice, bob, of, { kind: 'edit', text: 'better' });
    await until(() => mailChanges(bob).length === 1);
    const next = await town.again(bob);
    await until(() => next.all('mailChanged').length === 1 && next.all('mail').length === 1);
    expect(next.all('mail')[0]).toMatchObject({ text: 'better' });
    expect(next.all('mailChanged')[0]?.what).toBeUndefined();
    expect(next.all('mailChanged')[0]?.n).toBe(2);
    expect(next.all('lostMail')).toEqual([]);
  });

  test('reach the other devices of whoever makes them', async () => {
    const [alice, alices, bob] = [await person('alice'), await person('alice'), await person('bob')];
    for (const one of [alice, alices]) {
      one.offline();
      one.online();
      await until(() => one.all('told').some(({ text }) => text.includes(`/accept-key ${one.name}`)));
      one.do({ do: 'acceptKey', user: one.name });
    }
    const id = alice.mail(bob, 'hello');
    await until(() => alices.all('mail').length === 1 && alice.all('mailed').length === 1);
    change(alices, bob, { from: alice, id }, { kind: 'edit', text: 'hello all' });
    await until(() => mailChanges(alice).length === 1 && mailChanges(bob).length === 1);
    expect(mailChanges(alice)).toMatchObject([{ by: 'alice', kind: 'edit', text: 'hello all' }]);
    for (const one of [alice, alices]) expect(logOf(one, bob)).toEqual(['hello all (edited)']);
  });

  test('of what another has said are not made, and not believed', async () => {
    const { alice, bob, of } = await written();
    change(bob, alice, of, { kind: 'delete' });
    change(bob, alice, of, { kind: 'react', emoji: '👍', on: true });
    await until(() => mailChanges(alice).length === 1);
    expect(mailChanges(alice)).toMatchObject([{ kind: 'react' }]);
    expect(logOf(alice, bob)).toEqual(['the disk is full 👍 bob']);
  });

  test('that can not go are told of, and given up when that is wanted', async () => {
    const { alice, bob, of } = await written();
    town.relay.devices.delete(bob.name);
    bob.offline();
    await pass(60_000);
    const id = newId();
    const wish = { of: { from: of.from.name, id: of.id }, change: { kind: 'delete' } } as const;
    alice.messenger.receive({ type: 'presence', user: bob.name, state: 'online', since: 1 as UnixMs });
    alice.do({ do: 'changeMail', id, to: bob.name, ...wish });
    await meanwhile(() => alice.all('notMailed').some((event) => event.id === id));
    expect(mailChanges(alice)).toEqual([]);
    expect(logOf(alice, bob)).toEqual(['the disk is full']);
  });
});
