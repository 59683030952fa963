import { describe, expect, test } from 'vitest';
import { type Person, pass, settle, World } from './world.ts';

const two = async () => {
  const world = new World();
  const alice = await world.comes('alice');
  const bob = await world.comes('bob');
  await pass(4000);
  for (const { program, device } of [alice, bob]) program.say({ type: 'device', device, packages: [] });
  await settle();
  for (const { program } of [alice, bob]) program.forget();
  return { world, alice, bob };
};

const CHAT = 'AAAAAAAAAAAAAAAAAAAAAA';
const ask = (from: Person) => ({ kind: 'ask', chat: CHAT, from: from.device, plain: true }) as const;
const gone = { kind: 'gone', chat: CHAT } as const;

describe('a part of a private chat', () => {
  test('goes over the link to the program that is their device', async () => {
    const { alice, bob } = await two();
    const other = await bob.opens();
    alice.program.say({ type: 'private', to: 'bob', frame: ask(alice) });
    alice.program.say({ type: 'private', id: 'c-1', to: 'bob', device: bob.device, frame: gone });
    await settle();
    expect(bob.program.of('private')).toEqual([
      { type: 'private', from: 'alice', device: alice.device, frame: ask(alice), time: expect.any(Number) },
      { type: 'private', from: 'alice', device: alice.device, frame: gone, time: expect.any(Number) },
    ]);
    expect(other.of('private')).toEqual([]);
    expect(alice.program.got).toEqual([]);
  });

  test('for somebody without a link, another device, or oneself, is not here', async () => {
    const { alice, bob } = await two();
    alice.program.say({ type: 'private', id: 'c-1', to: 'bob', device: alice.device, frame: gone });
    alice.program.say({ type: 'private', id: 'c-2', to: 'alice', frame: gone });
    await bob.leaves();
    alice.program.say({ type: 'private', id: 'c-3', to: 'bob', frame: gone });
    alice.program.say({ type: 'private', id: 'c-4', to: 'zoe', frame: gone });
    await settle();
    expect(alice.program.of('error').map(({ id, code }) => [id, code])).toEqual([
      ['c-1', 'not_here'],
      ['c-2', 'not_here'],
      ['c-3', 'not_here'],
      ['c-4', 'no_such_user'],
    ]);
  });

  test('of a program that has not said to be our device is refused', async () => {
    const { alice } = await two();
    const other = await alice.opens();
    other.say({ type: 'private', id: 'c-1', to: 'bob', frame: gone });
    await settle();
    expect(other.errors).toEqual(['device_expected']);
  });

  test('is refused by their program where nobody is the device, to the program that has sent it', async () => {
    const { alice, bob } = await two();
    const second = await alice.opens();
    second.say({ type: 'device', device: alice.device, packages: [] });
    bob.program.say({ type: 'bye' });
    const seeing = await bob.opens();
    alice.program.say({ type: 'private', id: 'c-1', to: 'bob', frame: gone });
    second.say({ type: 'private', id: 'c-1', to: 'bob', frame: gone });
    await settle();
    expect(alice.program.of('error')).toMatchObject([{ id: 'c-1', code: 'no_device' }]);
    expect(second.of('error')).toMatchObject([{ id: 'c-1', code: 'no_device' }]);
    seeing.say({ type: 'bye' });
    await settle();
    alice.program.say({ type: 'private', id: 'c-2', to: 'bob', frame: gone });
    await settle();
    expect(alice.program.last('error')).toMatchObject({ id: 'c-2', code: 'not_here' });
  });

  test('cannot be in the name of another key', async () => {
    const { world, alice, bob } = await two();
    const mallory = await world.comes('mallory');
    await pass(4000);
    mallory.sends(bob, { type: 'private', id: 'x' as never, frame: ask(alice) as never });
    await settle();
    expect(bob.program.of('private')).toEqual([]);
    expect(mallory.frames.map(({ frame }) => frame)).toContainEqual({ type: 'refused', id: 'x', code: 'bad_message' });
  });

  test('that asks something of a person cannot come without end', async () => {
    const { alice, bob } = await two();
    for (let i = 0; i < 15; i++) alice.program.say({ type: 'private', id: `c-${i}`, to: 'bob', frame: ask(alice) });
    await settle();
    expect(bob.program.of('private')).toHaveLength(10);
    expect(alice.program.errors).toEqual(Array.from({ length: 5 }, () => 'too_many_asks'));
    alice.program.forget();
    for (let i = 0; i < 205; i++) alice.program.say({ type: 'private', id: `d-${i}`, to: 'bob', frame: gone });
    await settle();
    expect(alice.program.errors).toEqual(Array.from({ length: 5 }, () => 'rate_limited'));
  });
});
