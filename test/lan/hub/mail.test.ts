import { describe, expect, test } from 'vitest';
import { MAX_MAILBOX_OF_ONE } from '../../../src/lan/limits.ts';
import { memoryStore } from '../../../src/lan/store/memory.ts';
import { brokenStore } from './broken-store.ts';
import { type Program, sealedBy } from './program.ts';
import { type Person, pass, settle, World } from './world.ts';

const two = async () => {
  const world = new World();
  const alice = await world.comes('alice');
  const bob = await world.comes('bob');
  await pass(4000);
  for (const { program } of [alice, bob]) program.forget();
  return { world, alice, bob };
};

const isDevice = (person: Person, program: Program = person.program): void =>
  program.say({ type: 'device', device: person.device, packages: [] });

const mails = (from: Person, to: Person, id: string, more: Readonly<Record<string, unknown>> = {}): void =>
  from.program.say({ type: 'mail', id, to: to.name, device: to.device, sealed: sealedBy(from.device), ...more });

describe('mail to somebody who is linked', () => {
  test('is on their disk when its author is told so, and comes to their program', async () => {
    const { alice, bob } = await two();
    isDevice(bob);
    mails(alice, bob, 'p-1');
    await settle();
    expect(alice.program.of('mailed')).toEqual([
      { type: 'mailed', id: 'p-1', to: 'bob', time: expect.any(Number), kept: false },
    ]);
    expect(bob.store.mail()).toMatchObject([{ from: alice.device, id: 'p-1' }]);
    expect(bob.program.of('mail')).toEqual([
      {
        type: 'mail',
        kind: 'sealed',
        n: 1,
        from: 'alice',
        to: 'bob',
        device: bob.device,
        sealed: sealedBy(alice.device),
        time: expect.any(Number),
        id: 'p-1',
      },
    ]);
  });

  test('comes again after each log-in until it was received, and to no session that is no device', async () => {
    const { alice, bob } = await two();
    isDevice(bob);
    mails(alice, bob, 'p-1');
    mails(alice, bob, 'p-2');
    await settle();
    bob.program.say({ type: 'received', n: 1 });
    const script = await bob.opens({ visible: false });
    const second = await bob.opens();
    isDevice(bob, second);
    await settle();
    expect(second.mailIds).toEqual(['p-2']);
    expect(script.of('mail')).toEqual([]);
    second.say({ type: 'received', n: 2 });
    await settle();
    expect(bob.store.mail()).toEqual([]);
  });

  test('stays, whatever somebody says to have received that they were not sent', async () => {
    const { alice, bob } = await two();
    mails(alice, bob, 'p-1');
    bob.program.say({ type: 'received', n: 100 });
    await settle();
    expect(bob.store.mail()).toHaveLength(1);
  });

  test('that comes twice is answered twice, and shown once; also when it was received', async () => {
    const { alice, bob } = await two();
    isDevice(bob);
    mails(alice, bob, 'p-1');
    await settle();
    mails(alice, bob, 'p-1');
    await settle();
    bob.program.say({ type: 'received', n: 1 });
    await settle();
    mails(alice, bob, 'p-1');
    await settle();
    expect(alice.program.of('mailed')).toHaveLength(3);
    expect(bob.program.of('mail')).toHaveLength(1);
  });

  test('waits on the disk while their program is away, and comes after a restart', async () => {
    const { alice, bob } = await two();
    mails(alice, bob, 'p-1');
    await settle();
    await bob.dies();
    await bob.start();
    isDevice(bob);
    await settle();
    expect(bob.program.of('mail')).toMatchObject([{ from: 'alice', id: 'p-1' }]);
  });

  test('of a key other than that of the link is refused', async () => {
    const { alice, bob } = await two();
    mails(alice, bob, 'p-1', { sealed: sealedBy(bob.device) });
    await settle();
    expect(alice.program.last('error')).toMatchObject({ code: 'bad_message', id: 'p-1' });
    expect(bob.store.mail()).toEqual([]);
  });

  test('for another device of theirs, to oneself, or to nobody, is refused', async () => {
    const { alice, bob } = await two();
    mails(alice, bob, 'p-1', { device: alice.device });
    mails(alice, alice, 'p-2');
    alice.program.say({ type: 'mail', id: 'p-3', to: 'zoe', device: bob.device, sealed: sealedBy(alice.device) });
    await settle();
    expect(alice.program.of('error').map(({ id, code }) => [id, code])).toEqual([
      ['p-1', 'no_such_device'],
      ['p-2', 'no_such_device'],
      ['p-3', 'no_such_user'],
    ]);
  });

  test('is refused when they have too much of one, and taken again when that was received', async () => {
    const { alice, bob } = await two();
    isDevice(bob);
    for (let i = 0; i < MAX_MAILBOX_OF_ONE + 1; i++) {
      mails(alice, bob, `p-${i}`);
      if (i % 100 === 99) await pass(10_000);
    }
    await settle();
    expect(alice.program.of('mailed')).toHaveLength(MAX_MAILBOX_OF_ONE);
    expect(alice.program.last('error')).toMatchObject({ code: 'mailbox_full', id: `p-${MAX_MAILBOX_OF_ONE}` });
    bob.program.say({ type: 'received', n: MAX_MAILBOX_OF_ONE });
    mails(alice, bob, 'p-again');
    await settle();
    expect(alice.program.of('mailed').at(-1)?.id).toBe('p-again');
  });

  test('in a flood is refused for now', async () => {
    const { alice, bob } = await two();
    for (let i = 0; i < 190; i++) mails(alice, bob, `p-${i}`);
    await settle();
    expect(new Set(alice.program.errors)).toEqual(new Set(['rate_limited']));
    expect(bob.store.mail()).toHaveLength(180);
  });

  test('that cannot be written is refused, and its author tries again', async () => {
    const world = new World();
    const store = brokenStore(memoryStore(), 'putMail');
    const alice = await world.comes('alice');
    const bob = await world.comes('bob', { store });
    await pass(4000);
    mails(alice, bob, 'p-1');
    await settle();
    expect(alice.program.last('error')).toMatchObject({ code: 'not_stored', id: 'p-1' });
  });
});

describe('mail to somebody without a link', () => {
  test('waits with its author, who is told so', async () => {
    const { alice, bob } = await two();
    await bob.leaves();
    mails(alice, bob, 'p-1');
    await settle();
    expect(alice.program.last('error')).toEqual({
      type: 'error',
      code: 'peer_away',
      text: 'bob is away: it waits here, encrypted, and goes when they are heard again',
      closes: false,
      id: 'p-1',
    });
  });

  test('goes when they are here again, and their program is told of by presence', async () => {
    const { alice, bob } = await two();
    await bob.leaves();
    mails(alice, bob, 'p-1');
    await settle();
    alice.program.forget();
    await bob.start();
    await pass(4000);
    const back = alice.program.of('presence').filter(({ user, state }) => user === 'bob' && state !== 'offline');
    expect(back.length).toBeGreaterThan(0);
    expect(alice.links.has(bob.device)).toBe(true);
    mails(alice, bob, 'p-1');
    await settle();
    expect(alice.program.of('mailed')).toHaveLength(1);
  });

  test('who is heard already waits for the link that is being made', async () => {
    const world = new World();
    const alice = await world.comes('alice');
    const bob = await world.comes('bob');
    world.cut(alice, bob);
    bob.announce();
    world.heal();
    bob.announce();
    await pass(5);
    expect(alice.links.size).toBe(0);
    expect(alice.program.last('presence').user).toBe('bob');
    mails(alice, bob, 'p-1');
    await pass(2000);
    bob.announce();
    alice.announce();
    await pass(100);
    expect(alice.links.size).toBe(1);
    expect(alice.program.errors).toEqual([]);
    expect(alice.program.of('mailed')).toHaveLength(1);
  });

  test('who is heard, and cannot be reached, is said to be so', async () => {
    const { world, alice, bob } = await two();
    alice.unlink(bob, false);
    bob.unlink(alice, false);
    const stays = world.reaches.bind(world);
    world.reaches = () => false;
    mails(alice, bob, 'p-1');
    await pass(2900);
    expect(alice.program.errors).toEqual([]);
    await pass(200);
    expect(alice.program.last('error')).toMatchObject({ code: 'peer_away', text: expect.stringContaining("can't be") });
    world.reaches = stays;
  });

  test('that has gone without an answer is taken back after ten seconds, or with the link', async () => {
    const { alice, bob } = await two();
    bob.loses = ({ type }) => type === 'mail';
    mails(alice, bob, 'p-1');
    await pass(9900);
    expect(alice.program.errors).toEqual([]);
    await pass(200);
    expect(alice.program.errors).toEqual(['peer_away']);
    mails(alice, bob, 'p-2');
    await settle();
    alice.unlink(bob, false);
    await settle();
    expect(alice.program.errors).toEqual(['peer_away', 'peer_away']);
  });

  test('is not answered by anybody else', async () => {
    const { world, alice, bob } = await two();
    const mallory = await world.comes('mallory');
    await pass(4000);
    bob.loses = ({ type }) => type === 'mail';
    mails(alice, bob, 'p-1');
    await settle();
    mallory.sends(alice, { type: 'mailed', id: 'p-1' as never, time: 0 as never });
    mallory.sends(alice, { type: 'refused', id: 'p-1' as never, code: 'not_delivered' });
    await settle();
    expect(alice.program.of('mailed')).toEqual([]);
    expect(alice.program.errors).toEqual([]);
  });

  test('said again by another program of ours while it is on its way is answered to both', async () => {
    const { alice, bob } = await two();
    const second = await alice.opens();
    bob.loses = ({ type }) => type === 'mailed';
    mails(alice, bob, 'p-1');
    second.say({ type: 'mail', id: 'p-1', to: 'bob', device: bob.device, sealed: sealedBy(alice.device) });
    await pass(10_100);
    expect(alice.program.errors).toEqual(['peer_away']);
    expect(second.errors).toEqual(['peer_away']);
    expect(bob.store.mail()).toHaveLength(1);
  });
});

test('a full mailbox comes to a program as fast as it reads, in its order', async () => {
  const { alice, bob } = await two();
  for (let i = 0; i < 150; i++)
    bob.store.putMail({
      from: alice.device,
      id: `p-${i}` as never,
      sealed: { ...sealedBy(alice.device), message: 'A'.repeat(16_000) },
      time: 1 as never,
    });
  await bob.leaves();
  await bob.start();
  const program = await bob.opens();
  program.link.pause();
  isDevice(bob, program);
  await pass(30_000);
  program.link.resume();
  await pass(100);
  expect(program.ended).toBeUndefined();
  expect(program.of('mail').map(({ n }) => n)).toEqual(Array.from({ length: 150 }, (_, i) => i + 1));
});
