/** One data folder, in which one has been there under several names. */
import { expect, test } from 'vitest';
import { until } from './relay.ts';
import { meanwhile, pass } from './time.ts';
import { inTown, type Town } from './town.ts';

const town = inTown();

const person: Town['person'] = (...of) => town.person(...of);

test('mail sealed under one name goes out under no other, and goes when that is there again', async () => {
  const bob = await person('bob');
  const guest = await person('~al');
  town.relay.refuse = (_, message) => (message.type === 'mail' ? 'rate_limited' : undefined);
  guest.mail(bob, 'hello from the guest');
  await until(() => guest.vault.queued().length === 1);
  guest.close();
  town.relay.refuse = () => undefined;
  const account = await person('al', { vault: guest.vault });
  account.mail(bob, 'hello from the account');
  await until(() => bob.mails().length === 1);
  expect(account.vault.queued().map(({ own }) => own)).toEqual(['~al']);
  account.close();
  const again = await person('~al', { vault: guest.vault });
  await until(() => bob.mails().length === 2 && again.all('mailed').length === 1);
  expect(bob.mails()).toEqual(['al > bob: hello from the account', '~al > bob: hello from the guest']);
  expect([bob.all('lostMail'), again.vault.queued()]).toEqual([[], []]);
});

test('to write under another name costs no session of the first', async () => {
  const bob = await person('bob');
  let work = await person('work');
  work.mail(bob, 'one');
  await until(() => bob.mails().length === 1);
  bob.mail(work, 'two');
  await until(() => work.mails().length === 1);
  work.close();
  bob.mail(work, 'while away');
  await until(() => bob.all('mailed').length === 2);
  const home = await person('home', { vault: work.vault });
  home.mail(bob, 'from home');
  await until(() => bob.mails().length === 2);
  home.close();
  work = await person('work', { vault: work.vault });
  await meanwhile(() => work.mails().includes('bob > work: while away'));
  await pass(31_000);
  expect(work.all('lostMail')).toEqual([]);
});

test('the name changes while the program runs, and what waits under the first stays behind', async () => {
  const bob = await person('bob');
  const al = await person('~al');
  town.relay.refuse = (_, message) => (message.type === 'mail' ? 'rate_limited' : undefined);
  al.mail(bob, 'as a guest');
  await until(() => al.vault.queued().length === 1);
  al.messenger.offline();
  const before = town.relay.wire.length;
  al.messenger.online('al' as typeof al.name, { visible: true });
  await pass(5000);
  const sent = town.relay.wire.slice(before).filter((line) => line.startsWith('{"type":"mail"'));
  expect([sent, al.vault.queued().length]).toEqual([[], 1]);
});
