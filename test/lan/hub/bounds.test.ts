/** What others may bring, and may say about what is not theirs. */
import { expect, test } from 'vitest';
import type { ClientId } from '../../../src/base/ids.ts';
import { newIdentity } from '../../../src/crypto/identity.ts';
import { ENTRIES, NEWCOMERS } from '../../../src/lan/hub/limits.ts';
import { signingOf } from '../../../src/lan/hub/signing.ts';
import { MAX_MAILBOX, MAX_MAILBOX_OF_ONE } from '../../../src/lan/limits.ts';
import type { SignedEntry } from '../../../src/lan/mesh/frames.ts';
import { sealedBy } from './program.ts';
import { invented, pass, settle, World } from './world.ts';

test('of entries that one peer brings as many are looked at as a lobby may need', async () => {
  const world = new World();
  const [alice, bob] = [await world.comes('alice'), await world.comes('bob')];
  await pass(4000);
  const mallory = newIdentity();
  const { sign } = signingOf(mallory);
  const entry = (n: number): SignedEntry => {
    const said = JSON.stringify({
      v: 1,
      id: `m-${n}`,
      name: 'mallory',
      stamp: Date.now() - 90_000_000 + n * 1000,
      kind: 'say',
      text: 'x',
    });
    return { device: mallory.device, said, signature: sign(said) };
  };
  // The same again costs as much to look at.
  const known = entry(0);
  const full = Array.from({ length: 100 }, () => known);
  for (let n = 0; n < ENTRIES.burst; n += full.length) bob.sends(alice, { type: 'lobby', entries: full });
  bob.sends(alice, { type: 'lobby', entries: [entry(1)] });
  expect(alice.store.entries()).toEqual([known]);
  await pass(1000);
  bob.sends(alice, { type: 'lobby', entries: [entry(1)] });
  expect(alice.store.entries()).toHaveLength(2);
});

test('a mailbox is full, whoever has filled it', async () => {
  const world = new World();
  const [alice, bob] = [await world.comes('alice'), await world.comes('bob')];
  await pass(4000);
  const strangers = Array.from({ length: MAX_MAILBOX / MAX_MAILBOX_OF_ONE }, () => newIdentity());
  for (const { device } of strangers)
    for (let i = 0; i < MAX_MAILBOX_OF_ONE; i++)
      alice.store.putMail({ from: device, id: `p-${i}` as ClientId, sealed: sealedBy(device), time: 1 as never });
  await alice.leaves();
  await alice.start();
  await pass(4000);
  bob.program.say({ type: 'mail', id: 'p-1', to: 'alice', device: alice.device, sealed: sealedBy(bob.device) });
  await settle();
  expect(bob.program.errors).toEqual(['mailbox_full']);
});

test('what a program was not sent is not received by it, whatever it says', async () => {
  const world = new World();
  const [alice, bob] = [await world.comes('alice'), await world.comes('bob')];
  await pass(4000);
  const message = 'A'.repeat(16_000);
  for (let i = 0; i < 150; i++)
    bob.store.putMail({
      from: alice.device,
      id: `p-${i}` as ClientId,
      sealed: { ...sealedBy(alice.device), message },
      time: 1 as never,
    });
  await bob.leaves();
  await bob.start();
  const program = await bob.opens();
  program.link.pause();
  program.say({ type: 'device', device: bob.device, packages: [] });
  await settle();
  program.say({ type: 'received', n: 150 });
  await settle();
  expect(bob.store.mail().length).toBeGreaterThan(100);
});

test('nobody refuses what was for somebody else', async () => {
  const world = new World();
  const [alice, bob, carol] = [await world.comes('alice'), await world.comes('bob'), await world.comes('carol')];
  await pass(4000);
  for (const { program, device } of [alice, bob]) program.say({ type: 'device', device, packages: [] });
  await settle();
  const frame = { kind: 'gone', chat: 'AAAAAAAAAAAAAAAAAAAAAA' };
  alice.program.say({ type: 'private', id: 'c-1', to: 'bob', frame });
  await settle();
  const sent = bob.frames.findLast(({ frame: { type } }) => type === 'private')?.frame;
  if (sent?.type !== 'private' || sent.id === undefined) throw new Error('it has not come');
  carol.sends(alice, { type: 'refused', id: sent.id, code: 'not_delivered' });
  await settle();
  expect(alice.program.errors).toEqual([]);
  bob.sends(alice, { type: 'refused', id: sent.id, code: 'not_delivered' });
  await settle();
  expect(alice.program.errors).toEqual(['not_delivered']);
  expect(alice.program.last('error')).toMatchObject({ text: 'bob takes no messages from you' });
});

test('of people whom somebody invents only so many are new at once, and then a second', async () => {
  const alice = await new World().comes('alice');
  for (let i = 0; i < NEWCOMERS.burst + 100; i++) alice.discovery?.heard(invented(`eve-${i}`), '10.0.0.9');
  await settle();
  const told = (): number => new Set(alice.program.of('presence').map(({ user }) => user)).size;
  expect(told()).toBe(NEWCOMERS.burst);
  await pass(1000);
  for (let i = 0; i < 100; i++) alice.discovery?.heard(invented(`mal-${i}`), '10.0.0.9');
  await settle();
  expect(told()).toBeLessThanOrEqual(NEWCOMERS.burst + 2 * NEWCOMERS.perSecond);
});

test('who has said good-bye and comes back with a clock that was set back is here', async () => {
  const world = new World();
  const [alice, bob] = [await world.comes('alice'), await world.comes('bob')];
  await pass(4000);
  const heard = { ...invented('bob'), device: bob.device };
  alice.discovery?.heard({ ...heard, being: 'bye', time: (Date.now() + 30_000) as never }, '10.0.0.1');
  bob.isSilent = true;
  await settle();
  expect(alice.program.last('presence')).toMatchObject({ user: 'bob', state: 'offline' });
  alice.discovery?.heard({ ...heard, time: (Date.now() + 29_000) as never }, '10.0.0.1');
  await settle();
  expect(alice.program.last('presence')).toMatchObject({ user: 'bob', state: 'offline' });
  alice.discovery?.heard({ ...heard, time: Date.now() as never }, '10.0.0.1');
  await settle();
  expect(alice.program.last('presence')).toMatchObject({ user: 'bob', state: 'online' });
});

test('whom we block is not asked for a spare key package', async () => {
  const world = new World();
  const [alice, bob] = [await world.comes('alice'), await world.comes('bob')];
  await pass(4000);
  bob.program.say({ type: 'device', device: bob.device, packages: ['p0', 'p1'] });
  alice.program.say({ type: 'block', user: 'bob' });
  await settle();
  await bob.leaves();
  bob.frames.length = 0;
  await bob.start();
  await pass(70_000);
  expect(bob.frames.filter(({ frame }) => frame.type === 'claim')).toEqual([]);
  expect(alice.links.has(bob.device)).toBe(true);
});

test('whom a program only answers is nobody whom we have had to do with; whom we ask or write to is', async () => {
  const world = new World();
  const [alice, bob, carol] = [await world.comes('alice'), await world.comes('bob'), await world.comes('carol')];
  await pass(4000);
  const { program, device, store } = alice;
  const chat = 'AAAAAAAAAAAAAAAAAAAAAA';
  const dealt = (): string[] => store.met().flatMap(({ user, dealt: isDealt }) => (isDealt ? [user] : []));
  program.say({ type: 'device', device, packages: [] });
  program.say({ type: 'private', to: 'bob', frame: { kind: 'gone', chat } });
  await settle();
  expect(store.met().map(({ user }) => user)).toContain('bob');
  expect(dealt()).toEqual([]);
  program.say({ type: 'private', to: 'bob', frame: { kind: 'ask', chat, from: device, plain: true } });
  program.say({ type: 'mail', id: 'm-1', to: 'carol', device: carol.device, sealed: sealedBy(device) });
  await settle();
  expect(dealt().toSorted()).toEqual([bob.name, carol.name]);
});
