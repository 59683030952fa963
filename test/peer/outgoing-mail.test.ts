/** Mail that one writes: what becomes of it where something is in its way. */
import { describe, expect, test } from 'vitest';
import type { VaultChange } from '../../src/peer/vault.ts';
import { PATIENCE_MS, Person, realNow, until } from './relay.ts';
import { meanwhile, pass } from './time.ts';
import { inTown, type Town } from './town.ts';

const town = inTown();

const person: Town['person'] = (...of) => town.person(...of);
const texts = (one: Person): string[] => one.all('mail').map(({ text }) => text);
const logOf = (one: Person, other: Person): string[] =>
  one.vault.log.page(other.name, undefined, 100).records.map(({ text }) => text);

describe('a crash', () => {
  test('between the log and the queue: what the log says was said goes at the next start, once', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const next = await town.crashAt(
      alice,
      (change) => change.queue !== undefined,
      () => alice.mail(bob, 'one'),
    );
    await until(() => texts(bob).length === 1 && next.all('mailed').length === 1);
    expect([texts(bob), logOf(next, bob), next.vault.begun()]).toEqual([['one'], ['one'], []]);
    const third = await person('alice', { vault: next.vault });
    await pass(3000);
    expect([texts(bob), third.all('mailed')]).toEqual([['one'], []]);
  });

  test('before the log: nothing was said, and nothing goes', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const append = alice.vault.log.append.bind(alice.vault.log);
    alice.vault.log.append = () => {
      alice.close();
      throw new Error('the power is out');
    };
    alice.mail(bob, 'one');
    await until(() => alice.vault.begun().length === 1);
    alice.vault.log.append = append;
    const next = await person('alice', { vault: alice.vault });
    next.mail(bob, 'two');
    await until(() => texts(bob).length === 1);
    expect([texts(bob), logOf(next, bob), next.vault.begun()]).toEqual([['two'], ['two'], []]);
  });

  test('leaves all copies of a message, or none', async () => {
    const [alice, bob, bobs] = [await person('alice'), await person('bob'), await person('bob')];
    const changes: VaultChange[] = [];
    const real = alice.vault.commit.bind(alice.vault);
    alice.vault.commit = (change) => {
      if (change.queue !== undefined) changes.push(change);
      real(change);
    };
    alice.mail(bob, 'to both');
    await until(() => texts(bob).length === 1 && texts(bobs).length === 1);
    expect(changes.map(({ queue, putSession }) => [queue?.length, putSession?.length])).toEqual([[2, 2]]);
  });
});

test('a device without keys on the server is told of, once, and gets what comes when it has some again', async () => {
  const [bob, bobs] = [await person('bob'), await person('bob')];
  const alice = await person('alice');
  town.relay.devices.get(bob.name)!.set(bobs.device, []);
  alice.mail(bob, 'one');
  alice.mail(bob, 'two');
  await until(() => texts(bob).length === 2);
  const told = () => alice.all('told').filter(({ text }) => text.startsWith('another device of bob has no keys'));
  await until(() => told().length > 0);
  await pass(1000);
  expect(told()).toMatchObject([{ person: 'bob', bad: true }]);
  bobs.offline();
  bobs.online();
  await until(() => (town.relay.devices.get(bob.name)?.get(bobs.device)?.length ?? 0) > 0);
  alice.mail(bob, 'three');
  await until(() => texts(bobs).length === 1);
  expect(texts(bobs)).toEqual(['three']);
});

describe('what is taken back', () => {
  test('while it is being sealed does not go', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    let id: ReturnType<Person['mail']> | undefined;
    // The last that is asked of the vault before it is sealed.
    const session = alice.vault.session.bind(alice.vault);
    alice.vault.session = (group) => {
      if (id !== undefined) alice.do({ do: 'unmail', id });
      return session(group);
    };
    alice.mail(bob, 'one');
    await until(() => texts(bob).length === 1);
    id = alice.mail(bob, 'not this');
    await pass(1000);
    id = undefined;
    alice.mail(bob, 'but this');
    await until(() => texts(bob).length === 2);
    await pass(31_000);
    expect([texts(bob), bob.all('lostMail')]).toEqual([['one', 'but this'], []]);
  });

  test('after it was sent, and never came there, leaves no hole in what follows', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    alice.mail(bob, 'one');
    await until(() => texts(bob).length === 1);
    town.relay.refuse = (_, message) => (message.type === 'mail' ? 'rate_limited' : undefined);
    const id = alice.mail(bob, 'not this');
    await until(() => town.relay.wire.some((line) => line.includes('"rate_limited"')));
    alice.do({ do: 'unmail', id });
    town.relay.refuse = () => undefined;
    alice.mail(bob, 'but this');
    await meanwhile(() => texts(bob).length === 2);
    expect(texts(bob)).toEqual(['one', 'but this']);
    // And what they write is read, in whichever session.
    expect(alice.vault.sessions(bob.name, bob.device).map(({ retired }) => retired)).toEqual([false, true]);
    bob.mail(alice, 'answer');
    await until(() => texts(alice).length === 1);
    await pass(31_000);
    expect([bob.all('lostMail'), alice.all('lostMail')]).toEqual([[], []]);
  });
});

test('somebody who comes and goes all the time does not put off what waits for them', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  bob.offline();
  town.relay.devices.get(bob.name)!.set(bob.device, []);
  alice.mail(bob, 'patience');
  await until(() => alice.all('notMailed').length === 1);
  bob.online();
  await until(() => (town.relay.devices.get(bob.name)?.get(bob.device)?.length ?? 0) > 0);
  const deadline = realNow() + PATIENCE_MS;
  while (texts(bob).length === 0 && realNow() < deadline) {
    alice.connection.give({ type: 'presence', user: bob.name, state: 'online', since: 1 as never });
    await pass(1500);
  }
  expect(texts(bob)).toEqual(['patience']);
});

test('copies that the server never stores do not stand in the way of others', async () => {
  const [alice, bob, carol] = [await person('alice'), await person('bob'), await person('carol')];
  town.relay.refuse = (_, message) =>
    message.type === 'mail' && message.to === bob.name && message.sealed.seq <= 16 ? 'not_stored' : undefined;
  for (let n = 0; n < 20; n++) alice.mail(bob, `${n}`);
  await until(() => alice.vault.queued().length === 20);
  alice.mail(carol, 'hello');
  await meanwhile(() => texts(carol).length === 1);
  expect(texts(bob)).toEqual([]);
  town.relay.refuse = () => undefined;
  await meanwhile(() => texts(bob).length === 20);
  expect([texts(bob), bob.all('lostMail')]).toEqual([Array.from({ length: 20 }, (_, n) => `${n}`), []]);
});
