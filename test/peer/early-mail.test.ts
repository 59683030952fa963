/** Mail that can't be opened, or not yet, because of what is missing before it. */
import { expect, test } from 'vitest';
import type { ClientId } from '../../src/base/ids.ts';
import { GAP_MS } from '../../src/peer/mail-early.ts';
import type { Sealed } from '../../src/protocol/fields.ts';
import type { ServerMessages } from '../../src/protocol/server-messages.ts';
import { newChat, Person, until } from './relay.ts';
import { meanwhile, pass } from './time.ts';
import { inTown, type Town } from './town.ts';

const town = inTown();

const person: Town['person'] = (...of) => town.person(...of);

const texts = (one: Person): string[] => one.all('mail').map(({ text }) => text);

/** What no program would send: messages with these numbers that nobody can open. */
function flood(from: Person, to: Person, seqs: readonly number[], like: Partial<Sealed> = {}): void {
  const sealed = { from: from.device, group: newChat('A'), message: 'AAAA', ...like };
  for (const seq of seqs)
    from.connection.send({
      type: 'mail',
      id: `flood-${seq}-aaaaaa` as ClientId,
      to: to.name,
      device: to.device,
      sealed: { ...sealed, seq },
    });
}

/** A session that somebody has begun, and whose first message hasn't come. */
async function begun(from: Person, to: Person): Promise<Sealed> {
  town.relay.tamper = (_, message) => (message.type === 'mail' ? [] : [message]);
  from.mail(to, 'kept back');
  await until(() => town.relay.mailboxes.get(to.device)?.length === 1);
  town.relay.tamper = (_, message) => [message];
  return town.relay.mailboxes.get(to.device)![0]!.sealed;
}

test('what is of no session of ours, nor begins one, is not waited for', async () => {
  const [bob, mallory] = [await person('bob'), await person('mallory')];
  flood(
    mallory,
    bob,
    Array.from({ length: 520 }, (_, i) => 2 * i + 2),
  );
  await until(() => bob.all('lostMail').length === 520);
  expect(new Set(bob.all('lostMail').map(({ n }) => n)).size).toBe(520);
});

test('what waits for the one before it is given up all at once, however many more are missing', async () => {
  const [bob, mallory] = [await person('bob'), await person('mallory')];
  const { group, welcome } = await begun(mallory, bob);
  flood(mallory, bob, [3, 5, 7, 9, 11], { group, ...(welcome === undefined ? {} : { welcome }) });
  await until(() => town.relay.mailboxes.get(bob.device)?.length === 6);
  const from = performance.now();
  await pass(GAP_MS - 5000);
  expect(bob.all('lostMail')).toEqual([]);
  await meanwhile(() => bob.all('lostMail').length === 5);
  expect(performance.now() - from).toBeLessThan(2 * GAP_MS);
});

test('one person’s early mail takes no room from others’', async () => {
  const [bob, mallory, carol] = [await person('bob'), await person('mallory'), await person('carol')];
  const { group, welcome } = await begun(mallory, bob);
  const held: ServerMessages['mail'][] = [];
  town.relay.tamper = (to, message) => {
    if (to.user !== bob.name || message.type !== 'mail' || message.from !== carol.name) return [message];
    held.push(message);
    return held.length > 1 ? [message] : [];
  };
  carol.mail(bob, 'one');
  carol.mail(bob, 'two');
  await until(() => held.length === 2);
  const seqs = Array.from({ length: 101 }, (_, i) => i + 3);
  flood(mallory, bob, seqs, { group, ...(welcome === undefined ? {} : { welcome }) });
  // The one too many ends the waiting of its own group only.
  await until(() => bob.all('lostMail').length === 101);
  expect(texts(bob)).toEqual([]);
  bob.connection.give(held[0]!);
  await until(() => texts(bob).length === 2);
  expect(texts(bob)).toEqual(['one', 'two']);
});

test('those that wait for one that can’t be opened are read at once', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  alice.mail(bob, 'one');
  await until(() => texts(bob).length === 1);
  const held: ServerMessages['mail'][] = [];
  town.relay.tamper = (to, message) => {
    if (to.user !== bob.name || message.type !== 'mail' || message.n !== 2) return [message];
    held.push(message);
    return [];
  };
  for (const text of ['two', 'three', 'four']) alice.mail(bob, text);
  await until(() => town.relay.mailboxes.get(bob.device)?.length === 4);
  town.relay.tamper = (_, message) => [message];
  const [second] = held;
  if (second?.kind !== 'sealed') throw new Error('there is none');
  bob.connection.give({ ...second, sealed: { ...second.sealed, message: 'AAAA' } });
  await until(() => texts(bob).length === 3);
  expect(texts(bob)).toEqual(['one', 'three', 'four']);
  expect(bob.all('lostMail').map(({ n }) => n)).toEqual([2, 0]);
});
