/** What people ask about keys and logs. */
import { expect, test } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { fingerprintOf } from '../../src/crypto/identity.ts';
import { safetyNumber } from '../../src/crypto/safety-number.ts';
import { newChat, Person, talk, until } from './relay.ts';
import { inTown, type Town } from './town.ts';

const town = inTown({ now: new Date('2026-11-21T10:00:00Z') });

const person: Town['person'] = (...of) => town.person(...of);

const told = (one: Person): string => one.all('told').at(-1)?.text ?? '';

test('one who was never met is trusted in no way, and can be verified before the first word', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  alice.do({ do: 'trust', user: bob.name });
  expect(alice.all('trust').at(-1)).toMatchObject({ person: 'bob', trust: 'unknown' });
  alice.do({ do: 'verify', user: bob.name });
  await until(() => alice.all('safetyNumber').length === 1);
  const us = { user: alice.name, device: alice.device };
  expect(alice.all('safetyNumber')[0]).toEqual({
    type: 'safetyNumber',
    person: 'bob',
    device: bob.device,
    digits: safetyNumber(us, { user: bob.name, device: bob.device }),
    more: 0,
  });
  alice.do({ do: 'compared', user: bob.name, device: bob.device, equal: true });
  expect(alice.all('trust').at(-1)).toMatchObject({ person: 'bob', trust: 'verified' });
  expect(told(alice)).toBe('bob is verified');
});

test('somebody with several devices is verified when all of them are', async () => {
  const [bob, bobs] = [await person('bob'), await person('bob')];
  const alice = await person('alice');
  alice.do({ do: 'verify', user: bob.name });
  await until(() => alice.all('safetyNumber').length === 1);
  const [first] = alice.all('safetyNumber');
  expect(first?.more).toBe(1);
  alice.do({ do: 'compared', user: bob.name, device: first!.device, equal: true });
  expect(alice.all('trust').at(-1)?.trust).toBe('first');
  const second = alice.all('safetyNumber')[1]!;
  expect(second.more).toBe(0);
  expect([first!.device, second.device].toSorted()).toEqual([bob.device, bobs.device].toSorted());
  alice.do({ do: 'compared', user: bob.name, device: second.device, equal: true });
  expect(alice.all('trust').at(-1)?.trust).toBe('verified');
});

test('a new device of somebody verified is one to be accepted, and then not verified', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  alice.do({ do: 'verify', user: bob.name });
  await until(() => alice.all('safetyNumber').length === 1);
  alice.do({ do: 'compared', user: bob.name, device: bob.device, equal: true });
  const bobs = await person('bob');
  const before = await talk(alice, bob);
  const chat = bobs.ask(alice, { chat: newChat('Z') });
  await until(() => alice.all('trust').at(-1)?.trust === 'changed');
  // What is said in it is said to the device that is verified.
  expect(alice.chat(before)).toMatchObject({ trust: 'verified', status: { kind: 'open' } });
  alice.do({ do: 'end', chat: before });
  await until(() => alice.status(chat) === 'asked');
  expect(alice.chat(chat)?.trust).toBe('changed');
  alice.do({ do: 'acceptKey', user: bob.name });
  expect(alice.all('trust').at(-1)?.trust).toBe('first');
  expect(told(alice)).toContain('/verify bob');
  alice.do({ do: 'acceptKey', user: bob.name });
  expect(told(alice)).toBe('there is no new key of bob');
  // Compared instead of accepted, it is both.
  alice.do({ do: 'compared', user: bob.name, device: bobs.device, equal: true });
  expect(alice.all('trust').at(-1)?.trust).toBe('verified');
});

test('numbers that differ stop what is sent, until the key is accepted all the same', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  const chat = await talk(alice, bob);
  alice.do({ do: 'compared', user: bob.name, device: bob.device, equal: false });
  await until(() => bob.status(chat) === 'ended');
  expect(alice.all('told').at(-1)).toMatchObject({ bad: true, person: 'bob' });
  alice.mail(bob, 'secret');
  await until(() => alice.all('notMailed').length === 1);
  expect(alice.all('notMailed')[0]).toMatchObject({ code: 'key_changed' });
});

test('fingerprints are shown, one’s own and those of others', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  alice.do({ do: 'fingerprints' });
  expect(told(alice)).toBe(`this device: ${fingerprintOf(alice.device)}`);
  alice.do({ do: 'fingerprints', user: bob.name });
  expect(told(alice)).toBe('no device of bob is known here yet');
  await talk(alice, bob);
  alice.do({ do: 'fingerprints', user: bob.name });
  expect(told(alice)).toBe(`bob: ${fingerprintOf(bob.device)} (not verified)`);
});

test('the log is read in pages, written out once, and removed', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  alice.do({ do: 'export', user: bob.name });
  expect(told(alice)).toBe('there is nothing in your log of bob');
  for (const text of ['one', 'two\nlines', 'evil \u001b[2J']) alice.mail(bob, text);
  await until(() => bob.all('mail').length === 3);
  bob.do({ do: 'history', user: alice.name, limit: 2 });
  expect(bob.all('history')[0]).toMatchObject({
    person: 'alice',
    records: [
      { at: 1, text: 'two\nlines' },
      { at: 2, text: 'evil \u001b[2J' },
    ],
    more: true,
  });
  bob.do({ do: 'history', user: alice.name, before: 1, limit: 10 });
  expect(bob.all('history')[1]).toMatchObject({ records: [{ at: 0, text: 'one' }], more: false });
  bob.do({ do: 'export', user: alice.name });
  const [[path, text]] = [...bob.files] as [[string, string]];
  expect(path).toBe('uchat-alice-2026-11-21.txt');
  expect(text.split('\n')).toEqual([
    '2026-11-21 10:00:00 alice: one',
    '2026-11-21 10:00:00 alice: two',
    '    lines',
    expect.stringMatching(/^2026-11-21 10:00:00 alice: evil [^\u001b]*$/),
    '',
  ]);
  expect(told(bob)).toContain('/here/uchat-alice-2026-11-21.txt');
  bob.do({ do: 'export', user: alice.name });
  expect(bob.all('told').at(-1)).toMatchObject({ bad: true });
  expect(bob.all('logged').at(-1)).toEqual({ type: 'logged', people: ['alice'] });
  bob.do({ do: 'forget', user: alice.name });
  expect(told(bob)).toContain('3 messages with alice are removed');
  expect(bob.all('logged').at(-1)).toEqual({ type: 'logged', people: [] });
  bob.do({ do: 'history', user: alice.name, limit: 10 });
  expect(bob.all('history').at(-1)?.records).toEqual([]);
});

test('a long log is written out whole and in order', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  for (let i = 0; i < 1200; i++)
    alice.vault.log.append(bob.name, { id: `i${i}` as never, from: bob.name, text: `${i}`, time: 0 as never });
  alice.do({ do: 'export', user: bob.name, path: 'all.txt' });
  const lines = alice.files.get('all.txt')!.trimEnd().split('\n');
  expect(lines.map((line) => Number(line.split(': ')[1]))).toEqual(Array.from({ length: 1200 }, (_, i) => i));
});

test('a passphrase is set, and said to be', async () => {
  const alice = await person('alice');
  alice.do({ do: 'passphrase', passphrase: new Secret('sesame') });
  await until(() => told(alice).includes('under this passphrase'));
  alice.do({ do: 'passphrase' });
  await until(() => told(alice).includes('no passphrase any more'));
  alice.do({ do: 'unlock', passphrase: new Secret('x') });
  await until(() => told(alice) === 'your log is not locked');
  expect(JSON.stringify(alice.events)).not.toContain('sesame');
});
