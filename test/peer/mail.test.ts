import { describe, expect, test, vi } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import type { Vault, VaultChange } from '../../src/peer/vault.ts';
import type { ServerMessages } from '../../src/protocol/server-messages.ts';
import { Person, until } from './relay.ts';
import { meanwhile, pass } from './time.ts';
import { inTown, type Town } from './town.ts';

const town = inTown();

const person: Town['person'] = (...of) => town.person(...of);

/** A vault whose log is under a passphrase that hasn't been given. */
function lockable(vault: Vault, passphrase: string): Vault {
  const { log } = vault;
  let locked = true;
  const open = (): typeof log => {
    if (locked) throw new Error('the log is locked');
    return log;
  };
  return {
    identity: vault.identity,
    log: {
      get locked() {
        return locked;
      },
      unlock: (typed) => {
        if (typed === passphrase) locked = false;
        return Promise.resolve(!locked);
      },
      setPassphrase: (next) => open().setPassphrase(next),
      append: (who, record) => open().append(who, record),
      change: (who, of, by, change) => open().change(who, of, by, change),
      find: (who, from, id) => open().find(who, from, id),
      page: (who, before, limit) => open().page(who, before, limit),
      forget: (who) => open().forget(who),
      people: () => open().people(),
    },
    pins: (user) => vault.pins(user),
    sessions: (user, device) => vault.sessions(user, device),
    session: (group) => vault.session(group),
    package: (ref) => vault.package(ref),
    published: (own) => vault.published(own),
    queued: () => vault.queued(),
    begun: () => vault.begun(),
    isNoted: (from, id) => vault.isNoted(from, id),
    commit: (change) => vault.commit(change),
    close: () => vault.close(),
  };
}

const texts = (one: Person): string[] => one.all('mail').map(({ text }) => text);
const logOf = (one: Person, other: Person): string[] =>
  one.vault.log.page(other.name, undefined, 100).records.map(({ from, text }) => `${from}: ${text}`);

test('a message reaches somebody who is here, and both have it in their logs', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  const id = alice.mail(bob, 'the disk is full');
  await until(() => texts(bob).length === 1 && alice.all('mailed').length === 1);
  expect(bob.all('mail')[0]).toMatchObject({ n: 1, id, from: 'alice', to: 'bob', text: 'the disk is full' });
  expect(alice.all('mailed')[0]).toMatchObject({ id, to: 'bob', kept: false });
  expect([logOf(alice, bob), logOf(bob, alice)]).toEqual([['alice: the disk is full'], ['alice: the disk is full']]);
  expect(alice.vault.queued()).toEqual([]);
  expect(town.relay.wire.join('')).not.toContain('disk');
});

test('messages to somebody who is away are kept as ciphertext, and come in order', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  bob.offline();
  for (const text of ['one', 'two', 'three']) alice.mail(bob, text);
  await until(() => alice.all('mailed').length === 3);
  expect(alice.all('mailed').map(({ kept }) => kept)).toEqual([true, true, true]);
  bob.online();
  await until(() => texts(bob).length === 3);
  expect(texts(bob)).toEqual(['one', 'two', 'three']);
  // One package for three messages: a session lasts.
  expect(town.relay.devices.get(bob.name)?.get(bob.device)).toHaveLength(49);
});

test('an answer runs in the same session, and the welcome goes along only until then', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  alice.mail(bob, 'ping');
  await until(() => texts(bob).length === 1);
  bob.mail(alice, 'pong');
  await until(() => texts(alice).length === 1);
  alice.mail(bob, 'thanks');
  await until(() => texts(bob).length === 2);
  const welcomes = town.relay.mailboxes.get(bob.device)?.map(({ sealed }) => sealed.welcome !== undefined);
  expect(welcomes).toEqual([true, false]);
  expect(town.relay.mailboxes.get(alice.device)?.[0]?.sealed.group).toBe(
    town.relay.mailboxes.get(bob.device)?.[0]?.sealed.group,
  );
});

test('both writing first at once is no trouble', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  for (let i = 0; i < 3; i++) {
    alice.mail(bob, `a${i}`);
    bob.mail(alice, `b${i}`);
    await until(() => texts(alice).length === i + 1 && texts(bob).length === i + 1);
  }
  expect([texts(alice), texts(bob)]).toEqual([
    ['b0', 'b1', 'b2'],
    ['a0', 'a1', 'a2'],
  ]);
});

test('all devices of both get it, each once', async () => {
  const [alice, alices] = [await person('alice'), await person('alice')];
  const [bob, bobs] = [await person('bob'), await person('bob')];
  // Each has to be told that the other one is no stranger.
  for (const one of [alice, bob, alices, bobs]) {
    one.offline();
    one.online();
    await until(() => one.all('told').some(({ text }) => text.includes(`/accept-key ${one.name}`)));
    one.do({ do: 'acceptKey', user: one.name });
  }
  alice.mail(bob, 'to you all');
  await until(() => [bob, bobs, alices].every((one) => texts(one).length === 1));
  expect([bob, bobs, alices].map((one) => one.mails())).toEqual(
    Array.from({ length: 3 }, () => ['alice > bob: to you all']),
  );
  await until(() => alice.all('mailed').length === 1);
  expect(logOf(alices, bob)).toEqual(['alice: to you all']);
  bobs.mail(alice, 'and back');
  await until(() => [alice, alices, bob].every((one) => one.mails().includes('bob > alice: and back')));
});

test('after many messages a session is followed by one with new keys', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  for (let i = 0; i < 60; i++) alice.mail(bob, `${i}`);
  await until(() => texts(bob).length === 60);
  expect(texts(bob)).toEqual(Array.from({ length: 60 }, (_, i) => `${i}`));
  expect(new Set(town.relay.mailboxes.get(bob.device)?.map(({ sealed }) => sealed.group)).size).toBe(2);
});

test('a stock that runs low is filled', async () => {
  const bob = await person('bob');
  const stock = town.relay.devices.get(bob.name)!.get(bob.device)!;
  expect(stock.length).toBe(50);
  stock.splice(0, 30);
  bob.offline();
  bob.online();
  await until(() => (town.relay.devices.get(bob.name)?.get(bob.device)?.length ?? 0) === 70);
});

describe('waits', () => {
  test('while there is no connection', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    alice.offline();
    alice.mail(bob, 'later');
    alice.online();
    await until(() => texts(bob).length === 1);
    expect(alice.all('notMailed')).toEqual([]);
  });

  test('for somebody who has no device yet, and goes when they have been here', async () => {
    const alice = await person('alice');
    const id = alice.mail({ name: 'bob' } as Person, 'welcome here');
    await until(() => alice.all('notMailed').length === 1);
    expect(alice.all('notMailed')[0]).toMatchObject({ id, code: 'no_device', wait: true });
    const bob = await person('bob');
    await meanwhile(() => texts(bob).length === 1);
    expect(alice.all('notMailed')).toHaveLength(1);
  });

  test('where no key package is left', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    bob.offline();
    town.relay.devices.get(bob.name)!.set(bob.device, []);
    const id = alice.mail(bob, 'patience');
    await until(() => alice.all('notMailed').length === 1);
    expect(alice.all('notMailed')[0]).toMatchObject({ id, wait: true });
    bob.online();
    await meanwhile(() => texts(bob).length === 1);
  });

  test('while the server finds it too much, and keeps its order', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    let count = 0;
    town.relay.refuse = (_, message) => (message.type === 'mail' && ++count % 3 === 0 ? 'rate_limited' : undefined);
    const all = Array.from({ length: 12 }, (_, i) => `${i}`);
    for (const text of all) alice.mail(bob, text);
    await meanwhile(() => texts(bob).length === 12 && alice.all('mailed').length === 12);
    expect(texts(bob)).toEqual(all);
    expect(bob.all('lostMail')).toEqual([]);
  });

  test('for a full mailbox', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    bob.offline();
    town.relay.refuse = (_, message) => (message.type === 'mail' ? 'mailbox_full' : undefined);
    alice.mail(bob, 'much');
    await until(() => alice.all('notMailed').length === 1);
    expect(alice.all('notMailed')[0]).toMatchObject({ code: 'mailbox_full', wait: true });
    town.relay.refuse = () => undefined;
    bob.online();
    await until(() => texts(bob).length === 1);
  });

  test('for the key of a new device to be accepted', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    alice.mail(bob, 'one');
    await until(() => texts(bob).length === 1);
    const bobs = await person('bob');
    await vi.advanceTimersByTimeAsync(61_000);
    const id = alice.mail(bob, 'two');
    await until(() => alice.all('notMailed').length === 1);
    expect(alice.all('notMailed')[0]).toMatchObject({ id, code: 'key_changed', wait: true });
    expect(alice.all('trust').at(-1)).toMatchObject({ person: 'bob', trust: 'changed' });
    alice.do({ do: 'acceptKey', user: bob.name });
    await until(() => texts(bob).length === 2 && texts(bobs).length === 1);
  });

  test('for the log to be unlocked, and so does what comes', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const vault = lockable(bob.vault, 'sesame');
    bob.close();
    const closed = await person('bob', { vault });
    alice.mail(bob, 'sealed lips');
    await until(() => closed.all('locked').some(({ waiting }) => waiting === 1));
    closed.mail(alice, 'mute');
    await until(() => closed.all('notMailed').length === 1);
    expect(closed.all('notMailed')[0]).toMatchObject({ code: 'locked', wait: true });
    closed.do({ do: 'unlock', passphrase: new Secret('wrong') });
    await until(() => closed.all('told').some(({ bad, about }) => bad && about === 'unlock'));
    expect(texts(closed)).toEqual([]);
    closed.do({ do: 'unlock', passphrase: new Secret('sesame') });
    await until(() => texts(closed).length === 1 && texts(alice).length === 1);
    expect(closed.all('locked').at(-1)).toEqual({ type: 'locked', locked: false, waiting: 0 });
  });
});

describe('is given up', () => {
  test('where the server says that it never goes', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    town.relay.refuse = (_, message) => (message.type === 'mail' ? 'not_delivered' : undefined);
    const id = alice.mail(bob, 'unwanted');
    await until(() => alice.all('notMailed').length === 1);
    expect(alice.all('notMailed')[0]).toMatchObject({ id, code: 'not_delivered', wait: false });
    expect(alice.vault.queued()).toEqual([]);
    // The next one is in a session without a hole.
    town.relay.refuse = () => undefined;
    alice.mail(bob, 'wanted');
    await until(() => texts(bob).length === 1);
    expect(bob.all('lostMail')).toEqual([]);
  });

  test('when its author takes it back', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    alice.offline();
    const id = alice.mail(bob, 'not this');
    alice.mail(bob, 'but this');
    alice.do({ do: 'unmail', id });
    alice.online();
    await until(() => texts(bob).length === 1);
    expect(texts(bob)).toEqual(['but this']);
  });

  test('of a device that is no more, and sealed anew for the one that is', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    alice.mail(bob, 'one');
    await until(() => texts(bob).length === 1);
    bob.close();
    town.relay.devices.delete(bob.name);
    const next = await person('bob');
    const id = alice.mail(bob, 'two');
    await until(() => alice.all('notMailed').length === 1);
    expect(alice.all('notMailed')[0]).toMatchObject({ id, code: 'key_changed', wait: true });
    alice.do({ do: 'acceptKey', user: bob.name });
    await until(() => texts(next).length === 1);
    expect(texts(next)).toEqual(['two']);
  });
});

const savesSession = (change: VaultChange): boolean => change.putSession !== undefined;

describe('a crash', () => {
  test('between the log and the session’s state: it is shown, and once', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    alice.mail(bob, 'one');
    await until(() => texts(bob).length === 1);
    const next = await town.crashAt(bob, savesSession, () => alice.mail(bob, 'two'));
    expect(texts(bob)).toEqual(['one']);
    alice.mail(bob, 'three');
    await until(() => texts(next).includes('three'));
    expect(texts(next)).toEqual(['one', 'two', 'three']);
    expect(logOf(next, alice)).toEqual(['alice: one', 'alice: two', 'alice: three']);
    expect(next.all('lostMail')).toEqual([]);
  });

  test('at the first message of a session: those after it are read at once', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const next = await town.crashAt(bob, savesSession, () => alice.mail(bob, 'one'));
    await until(() => texts(next).length === 1);
    alice.mail(bob, 'two');
    await until(() => texts(next).length === 2);
    expect(logOf(next, alice)).toEqual(['alice: one', 'alice: two']);
    expect(next.all('lostMail')).toEqual([]);
  });

  test('after the state, before the server may forget it: it comes again under the same id', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const id = alice.mail(bob, 'one');
    await until(() => texts(bob).length === 1);
    const next = await town.again(bob);
    await until(() => texts(next).length === 1);
    expect(next.all('mail')[0]).toMatchObject({ n: 1, id, text: 'one' });
    expect(logOf(next, alice)).toEqual(['alice: one']);
  });

  test('after sealing, before sending: it goes at the next start, and once', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    town.relay.refuse = (_, message) => (message.type === 'mail' ? 'internal' : undefined);
    const id = alice.mail(bob, 'one');
    await until(() => alice.vault.queued().length === 1);
    const next = await town.again(alice);
    town.relay.refuse = () => undefined;
    await meanwhile(() => texts(bob).length === 1 && next.all('mailed').length === 1);
    expect(next.all('mailed')[0]).toMatchObject({ id, to: 'bob' });
    next.mail(bob, 'two');
    await until(() => texts(bob).length === 2);
    expect(next.vault.queued()).toEqual([]);
  });
});

describe('a server that', () => {
  test('drops a message is noticed, and those after it are read all the same', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    alice.mail(bob, 'one');
    await until(() => texts(bob).length === 1);
    town.relay.tamper = (to, message) =>
      to.user === bob.name && message.type === 'mail' && message.n === 2 ? [] : [message];
    for (const text of ['two', 'three', 'four']) alice.mail(bob, text);
    await until(() => alice.all('mailed').length === 4);
    await meanwhile(() => texts(bob).length === 3);
    expect(texts(bob)).toEqual(['one', 'three', 'four']);
    expect(bob.all('lostMail')).toEqual([
      { type: 'lostMail', n: 0, from: 'alice', text: 'something before this was lost on the way, or held back' },
    ]);
  });

  test('reorders messages is put right', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const held: ServerMessages['mail'][] = [];
    town.relay.tamper = (to, message) => {
      if (to.user !== bob.name || message.type !== 'mail') return [message];
      held.push(message);
      return held.length === 4 ? held.toReversed() : [];
    };
    for (const text of ['one', 'two', 'three', 'four']) alice.mail(bob, text);
    await until(() => texts(bob).length === 4);
    expect(texts(bob)).toEqual(['one', 'two', 'three', 'four']);
    expect(bob.all('lostMail')).toEqual([]);
  });

  test('repeats a message, or sends it back to its author, is put right', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const id = alice.mail(bob, 'one');
    await until(() => texts(bob).length === 1);
    const [mail] = town.relay.mailboxes.get(bob.device)!;
    bob.connection.give(mail!);
    alice.connection.give({ ...mail!, from: bob.name, to: alice.name, device: alice.device });
    alice.connection.give({ ...mail!, from: alice.name, to: alice.name, device: alice.device });
    await until(() => bob.all('mail').length === 2 && alice.all('lostMail').length === 2);
    // The same message, which whoever shows it knows by its id.
    expect(bob.all('mail').map((event) => event.id)).toEqual([id, id]);
    expect(logOf(bob, alice)).toEqual(['alice: one']);
    expect(texts(alice)).toEqual([]);
  });

  test('says that a message is from somebody else is not believed', async () => {
    const [alice, bob, carol] = [await person('alice'), await person('bob'), await person('carol')];
    town.relay.tamper = (to, message) =>
      to.user === bob.name && message.type === 'mail' && message.kind === 'sealed'
        ? [{ ...message, from: carol.name }]
        : [message];
    alice.mail(bob, 'pay mallory');
    await until(() => bob.all('lostMail').length === 1);
    expect(texts(bob)).toEqual([]);
    expect(logOf(bob, carol)).toEqual([]);
  });

  test('gives out a key package of somebody else gets nothing sealed for it', async () => {
    const [alice, bob, mallory] = [await person('alice'), await person('bob'), await person('mallory')];
    const theirs = town.relay.devices.get(mallory.name)!.get(mallory.device)!;
    town.relay.devices.get(bob.name)!.set(bob.device, [...theirs]);
    alice.mail(bob, 'secret');
    await until(() => alice.all('notMailed').length === 1);
    expect(alice.all('notMailed')[0]).toMatchObject({ code: 'wrong_key', wait: true });
    expect([...town.relay.mailboxes.values()].flat()).toEqual([]);
  });

  test('invents another device of our own gets no copies, and its own are not believed', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    alice.mail(bob, 'one');
    await until(() => texts(bob).length === 1);
    const falseAlice = await person('alice');
    await vi.advanceTimersByTimeAsync(61_000);
    alice.mail(bob, 'two');
    await until(() => texts(bob).length === 2);
    expect(texts(falseAlice)).toEqual([]);
    falseAlice.do({ do: 'acceptKey', user: alice.name });
    falseAlice.mail(bob, 'I am alice');
    await until(() => town.relay.mailboxes.get(alice.device)?.some(({ from }) => from === 'alice') === true);
    await until(() => alice.all('told').some(({ text }) => text.includes('/accept-key alice')));
    await pass(1000);
    expect(texts(alice)).toEqual([]);
    expect(logOf(alice, bob)).toEqual(['alice: one', 'alice: two']);
    // And to bob it is a new device.
    await until(() => bob.all('trust').some(({ trust }) => trust === 'changed'));
  });
});

test('a message to oneself is refused', async () => {
  const alice = await person('alice');
  const id = alice.mail(alice, 'note');
  await until(() => alice.all('notMailed').length === 1);
  expect(alice.all('notMailed')[0]).toMatchObject({ id, wait: false });
});

test('a script’s session sends, and takes nothing', async () => {
  const bob = await person('bob');
  const cron = town.newcomer('alice', { visible: false });
  cron.online();
  cron.mail(bob, 'the backup is done');
  await until(() => texts(bob).length === 1 && cron.all('mailed').length === 1);
  expect(town.relay.connections.size).toBe(2);
  expect(town.relay.wire.filter((line) => line.startsWith('{"type":"device",') && line.includes(cron.device))).toEqual(
    [],
  );
});

test('a program that can keep no session makes one for each message, and nobody answers in it', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  const script = town.newcomer('alice', { identity: alice.vault.identity, visible: false, once: true });
  script.online();
  script.mail(bob, 'one');
  script.mail(bob, 'two');
  await until(() => texts(bob).length === 2 && script.all('mailed').length === 2);
  expect(new Set(town.relay.mailboxes.get(bob.device)?.map(({ sealed }) => sealed.group)).size).toBe(2);
  expect(bob.vault.sessions(alice.name, alice.device)).toEqual([]);
  bob.mail(alice, 'read');
  await until(() => texts(alice).length === 1);
  // What comes again is known from the log, since the keys for it are gone.
  for (const mail of town.relay.mailboxes.get(bob.device) ?? []) bob.connection.give(mail);
  await until(() => bob.all('mail').length === 4);
  expect(logOf(bob, alice)).toEqual(['alice: one', 'alice: two', 'bob: read']);
});

test('to somebody whom nobody knows nothing goes', async () => {
  const alice = await person('alice');
  const id = alice.mail({ name: 'nobody' } as Person, 'hello?');
  await until(() => alice.all('notMailed').length === 1);
  expect(alice.all('notMailed')[0]).toMatchObject({ id, code: 'no_such_user', wait: false });
});
