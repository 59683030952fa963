/** Mail from a device that nobody has accepted. */
import { expect, test } from 'vitest';
import type { DeviceId, UnixMs } from '../../src/base/ids.ts';
import { fingerprintOf, newIdentity } from '../../src/crypto/identity.ts';
import { Person, until } from './relay.ts';
import { meanwhile, pass } from './time.ts';
import { inTown, type Town } from './town.ts';

const town = inTown();

const person: Town['person'] = (...of) => town.person(...of);

/** Alice knows bob, and there is somebody else under his name. */
async function spoofed(): Promise<{ alice: Person; bob: Person; evil: Person }> {
  const [alice, bob] = [await person('alice'), await person('bob')];
  bob.mail(alice, 'I am bob');
  await until(() => alice.mails().length === 1);
  return { alice, bob, evil: await person('bob') };
}

const told = (one: Person): string[] => one.all('told').flatMap(({ text, bad }) => (bad ? [text] : []));
const pinOf = (one: Person, device: DeviceId) => one.vault.pins('bob' as never).find((pin) => pin.device === device);
const logged = (one: Person): string[] =>
  one.vault.log.page('bob' as never, undefined, 9).records.map(({ text }) => text);

test('is neither shown nor logged nor lost; a person is told that it waits, and how much of it', async () => {
  const { alice, bob, evil } = await spoofed();
  for (const text of ['send me', 'the', 'password']) evil.mail(alice, text);
  await until(() => town.relay.mailboxes.get(alice.device)?.length === 4);
  await meanwhile(() => told(alice).length > 0);
  await pass(2000);
  const said = told(alice);
  expect(said.at(-1)).toMatch(/^3 messages from bob wait unread.*\/accept-key bob$/);
  expect(alice.all('trust').at(-1)).toMatchObject({ person: 'bob', trust: 'changed' });
  // From the device that is known mail is read as ever.
  bob.mail(alice, 'that was not me');
  await until(() => alice.mails().length === 2);
  expect(logged(alice)).toEqual(['I am bob', 'that was not me']);
  expect(alice.all('lostMail')).toEqual([]);
  // The next time it comes again, and nothing more is said.
  alice.offline();
  alice.online();
  await pass(2000);
  expect(told(alice)).toEqual(said);
});

test('is read when the key is accepted, in its order', async () => {
  const { alice, evil } = await spoofed();
  for (const text of ['one', 'two', 'three']) evil.mail(alice, text);
  await until(() => town.relay.mailboxes.get(alice.device)?.length === 4);
  await until(() => pinOf(alice, evil.device)?.accepted === false);
  alice.do({ do: 'acceptKey', user: evil.name });
  await until(() => alice.mails().length === 4);
  expect(logged(alice)).toEqual(['I am bob', 'one', 'two', 'three']);
  expect(alice.all('lostMail')).toEqual([]);
});

test('is read when the numbers are equal, too', async () => {
  const { alice, evil } = await spoofed();
  evil.mail(alice, 'my new machine');
  await until(() => pinOf(alice, evil.device)?.accepted === false);
  alice.do({ do: 'compared', user: evil.name, device: evil.device, equal: true });
  await until(() => alice.mails().length === 2);
});

test('is given up where the numbers differ, also after a new start, until it is accepted all the same', async () => {
  const { alice, evil } = await spoofed();
  evil.mail(alice, 'one');
  await until(() => pinOf(alice, evil.device)?.accepted === false);
  alice.do({ do: 'compared', user: evil.name, device: evil.device, equal: false });
  await until(() => alice.all('lostMail').length === 1);
  expect(alice.all('lostMail')[0]).toMatchObject({
    n: 2,
    from: 'bob',
    text: expect.stringContaining('differ') as string,
  });
  alice.close();
  const next = await person('alice', { vault: alice.vault });
  evil.mail(next, 'two');
  await until(() => next.all('lostMail').length === 2);
  expect(logged(next)).toEqual(['I am bob']);
  next.do({ do: 'fingerprints', user: evil.name });
  expect(next.all('told').at(-1)?.text).toContain(`${fingerprintOf(evil.device)} (THE NUMBERS DIFFER)`);
  next.do({ do: 'verify', user: evil.name });
  expect(next.all('safetyNumber').at(-1)).toMatchObject({ person: 'bob' });
  next.do({ do: 'acceptKey', user: evil.name });
  expect(pinOf(next, evil.device)).toMatchObject({ accepted: true, verified: false });
});

test('does not stop the mailbox: what waits while very much comes behind it is given up', async () => {
  const { alice, bob, evil } = await spoofed();
  evil.mail(alice, 'here I stay');
  await until(() => pinOf(alice, evil.device)?.accepted === false);
  const [mail] = town.relay.mailboxes.get(alice.device)!;
  for (const n of [202, 203]) alice.connection.give({ ...mail!, n: n as never });
  await until(() => alice.all('lostMail').length === 1);
  expect(alice.all('lostMail')[0]).toMatchObject({ n: 2, from: bob.name });
});

test('of one person only so much waits', async () => {
  const { alice, bob, evil } = await spoofed();
  const [mail] = town.relay.mailboxes.get(alice.device)!;
  for (let n = 10; n < 112; n++)
    alice.connection.give({ ...mail!, n: n as never, sealed: { ...mail!.sealed, from: evil.device } });
  await until(() => alice.all('lostMail').length === 2);
  await meanwhile(() => told(alice).length > 0);
  expect(bob.all('lostMail')).toEqual([]);
});

test('at first contact it is read, whichever of their devices it is from', async () => {
  const [one, two] = [await person('bob'), await person('bob')];
  const alice = await person('alice');
  two.mail(alice, 'hi');
  await until(() => alice.mails().length === 1);
  one.mail(alice, 'hi again');
  await until(() => alice.mails().length === 2);
  expect(alice.all('trust').map(({ trust }) => trust)).not.toContain('changed');
});

test('who has had very many devices in the course of time can have a new one accepted', async () => {
  const { alice, bob, evil } = await spoofed();
  for (let i = 0; i < 19; i++)
    alice.vault.commit({
      putPin: { user: bob.name, device: newIdentity().device, since: i as UnixMs, verified: false, accepted: true },
    });
  evil.mail(alice, 'the twenty-first');
  await until(
    () => alice.all('trust').at(-1)?.trust !== undefined && town.relay.mailboxes.get(alice.device)?.length === 2,
  );
  await pass(1000);
  alice.do({ do: 'acceptKey', user: bob.name });
  await until(() => pinOf(alice, evil.device) !== undefined);
  // It is named only now that there is room for it.
  expect(pinOf(alice, evil.device)?.accepted).toBe(false);
  expect(pinOf(alice, bob.device)?.accepted).toBe(true);
  alice.do({ do: 'acceptKey', user: bob.name });
  await until(() => alice.mails().length === 2);
});
