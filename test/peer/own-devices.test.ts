/** What else is said to be ours: nothing counts as that before a person says so. */
import { expect, test } from 'vitest';
import type { UnixMs, UserName } from '../../src/base/ids.ts';
import { newIdentity } from '../../src/crypto/identity.ts';
import { memoryVault } from '../../src/peer/memory-vault.ts';
import type { Vault } from '../../src/peer/vault.ts';
import { Person, until } from './relay.ts';
import { pass } from './time.ts';
import { inTown, type Town } from './town.ts';

const town = inTown();
const ALICE = 'alice' as UserName;

const person: Town['person'] = (...of) => town.person(...of);

const warned = (one: Person): number =>
  one.all('told').filter(({ text, bad }) => bad && text.includes(`says that it is yours`)).length;
const acceptedOf = (vault: Vault): string[] =>
  vault.pins(ALICE).flatMap(({ device, accepted }) => (accepted ? [device] : []));

test('a device that the server lists under our name at the very first log-in gets no copies, and we are told', async () => {
  const evil = await person('alice');
  const bob = await person('bob');
  const alice = await person('alice');
  alice.mail(bob, 'top secret');
  await until(() => bob.mails().length === 1 && warned(alice) === 1);
  expect([...town.relay.mailboxes.keys()]).toEqual([bob.device]);
  expect(acceptedOf(alice.vault)).toEqual([alice.device]);
  expect(evil.mails()).toEqual([]);
  // It is said once in a program, and not at each log-in.
  alice.offline();
  alice.online();
  alice.mail(bob, 'more');
  await until(() => bob.mails().length === 2);
  expect(warned(alice)).toBe(1);
});

test('so it is for a script, which is nobody’s device at all', async () => {
  const evil = await person('alice');
  const bob = await person('bob');
  const cron = town.newcomer('alice', { visible: false });
  cron.online();
  cron.mail(bob, 'the backup is done');
  await until(() => bob.mails().length === 1 && cron.all('mailed').length === 1);
  expect(town.relay.mailboxes.get(evil.device)).toBeUndefined();
  cron.close();
  // A script’s words are read by nobody: a person is told at the next start.
  const alice = await person('alice', { vault: cron.vault });
  await until(() => warned(alice) === 1);
});

test('once accepted, it gets copies', async () => {
  const second = await person('alice');
  const bob = await person('bob');
  const alice = await person('alice');
  await until(() => warned(alice) === 1);
  alice.do({ do: 'acceptKey', user: ALICE });
  expect(alice.all('told').at(-1)).toMatchObject({ person: 'alice', bad: false });
  expect(alice.all('told').at(-1)?.text).toMatch(/^a new device counts as yours from now on; .*\/dhkey/);
  alice.mail(bob, 'to both');
  await until(() => town.relay.mailboxes.get(second.device)?.length === 1);
});

test('what it sends in our name waits, and is shown when it is accepted', async () => {
  const alice = await person('alice');
  const bob = await person('bob');
  const second = await person('alice');
  await until(() => warned(second) === 1);
  second.do({ do: 'acceptKey', user: ALICE });
  second.mail(bob, 'from the other machine');
  await until(() => bob.mails().length === 1 && warned(alice) === 1);
  await pass(1000);
  expect([alice.mails(), alice.all('lostMail')]).toEqual([[], []]);
  alice.do({ do: 'acceptKey', user: ALICE });
  await until(() => alice.mails().length === 1);
  expect(alice.mails()).toEqual(['alice > bob: from the other machine']);
  expect(alice.vault.log.page(bob.name, undefined, 9).records).toHaveLength(1);
});

test('a new key in an old folder is ours, and the one before it counts no more', async () => {
  const old = newIdentity().device;
  const vault = memoryVault(newIdentity());
  vault.commit({ putPin: { user: ALICE, device: old, since: 1 as UnixMs, verified: false, accepted: true } });
  const alice = await person('alice', { vault });
  await until(() => warned(alice) === 1);
  expect(acceptedOf(vault)).toEqual([alice.device]);
});

test('whoever had our name before us gets no copies', async () => {
  const before = await person('al');
  const home = await person('home');
  home.mail(before, 'hello');
  await until(() => before.mails().length === 1);
  before.close();
  home.close();
  // The same folder under the name that was somebody else's.
  const al = await person('al', { vault: home.vault });
  const bob = await person('bob');
  al.mail(bob, 'secret');
  await until(() => bob.mails().length === 1);
  al.mail(bob, 'another');
  await until(() => bob.mails().length === 2);
  expect(town.relay.mailboxes.get(before.device)).toHaveLength(1);
});
