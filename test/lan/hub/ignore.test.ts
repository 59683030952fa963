import { describe, expect, test } from 'vitest';
import { sealedBy } from './program.ts';
import { pass, settle, World } from './world.ts';

const two = async () => {
  const world = new World();
  const alice = await world.comes('alice');
  const bob = await world.comes('bob');
  await pass(4000);
  for (const { program, device } of [alice, bob])
    program.say({ type: 'device', device, packages: [`of-${device}`, 'x'] });
  await pass(100);
  for (const { program } of [alice, bob]) program.forget();
  return { world, alice, bob };
};

describe('whom one blocks', () => {
  test('is told to all programs, and after each log-in, by the name that one knows', async () => {
    const { alice } = await two();
    const second = await alice.opens();
    second.forget();
    alice.program.say({ type: 'block', id: 'b', user: 'bob' });
    await settle();
    expect(alice.program.got).toEqual([
      { type: 'ignored', blocked: ['bob'], muted: [] },
      {
        type: 'done',
        id: 'b',
        text: "you block bob: nothing private of theirs reaches you, and you don't see what they write",
      },
    ]);
    expect(second.got).toEqual([{ type: 'ignored', blocked: ['bob'], muted: [] }]);
    const third = await alice.opens();
    expect(third.got.map(({ type }) => type)).toEqual(['welcome', 'ignored']);
    await alice.leaves();
    await alice.start();
    expect(alice.program.last('ignored').blocked).toEqual(['bob']);
    alice.program.say({ type: 'unblock', id: 'u', user: 'bob' });
    await settle();
    expect(alice.program.last('ignored').blocked).toEqual([]);
    expect(alice.program.last('done').text).toBe("you don't block bob any more");
  });

  test('reaches us with nothing private, nor we them; what they say to all comes', async () => {
    const { alice, bob } = await two();
    alice.program.say({ type: 'block', user: 'bob' });
    await settle();
    alice.program.forget();
    bob.program.say({ type: 'mail', id: 'p-1', to: 'alice', device: alice.device, sealed: sealedBy(bob.device) });
    bob.program.say({
      type: 'private',
      id: 'c-1',
      to: 'alice',
      frame: { kind: 'gone', chat: 'AAAAAAAAAAAAAAAAAAAAAA' },
    });
    bob.program.say({ type: 'typing', to: '#lobby' });
    bob.sends(alice, { type: 'claim', id: 'k' as never });
    bob.program.say({ type: 'say', to: '#lobby', text: 'hi' });
    await settle();
    expect(
      bob.program
        .of('error')
        .map(({ id, code }) => `${id} ${code}`)
        .toSorted(),
    ).toEqual(['c-1 not_delivered', 'p-1 not_delivered']);
    expect(bob.frames.map(({ frame }) => frame)).toContainEqual({ type: 'refused', id: 'k', code: 'not_delivered' });
    expect(alice.program.got.map(({ type }) => type)).toEqual(['message']);
    alice.program.say({ type: 'mail', id: 'p-2', to: 'bob', device: bob.device, sealed: sealedBy(alice.device) });
    alice.program.say({
      type: 'private',
      id: 'c-2',
      to: 'bob',
      frame: { kind: 'gone', chat: 'AAAAAAAAAAAAAAAAAAAAAA' },
    });
    alice.program.say({ type: 'devices', id: 'd-2', user: 'bob' });
    await settle();
    expect(alice.program.errors).toEqual(['not_delivered', 'not_delivered', 'not_delivered']);
  });
});

describe('whom one mutes', () => {
  test('is muted until then, and that it has ended is told', async () => {
    const { alice } = await two();
    alice.program.say({ type: 'mute', id: 'm', user: 'bob', for: 60_000 });
    await settle();
    expect(alice.program.last('ignored').muted).toEqual([{ user: 'bob', until: expect.any(Number) }]);
    expect(alice.program.last('done').text).toBe("you mute bob for 1 min: you don't see what they write");
    await pass(60_000);
    expect(alice.program.last('ignored').muted).toEqual([]);
    alice.program.say({ type: 'mute', user: 'bob' });
    await pass(1000);
    alice.program.say({ type: 'unmute', id: 'u', user: 'bob' });
    await settle();
    expect(alice.program.last('done').text).toBe("you don't mute bob any more");
  });
});

test('nobody ignores themself, or somebody whom nobody knows', async () => {
  const { alice } = await two();
  alice.program.say({ type: 'block', id: '1', user: 'alice' });
  alice.program.say({ type: 'mute', id: '2', user: 'zoe' });
  alice.program.say({ type: 'mute', id: '3', user: 'bob', for: 0 });
  alice.program.say({ type: 'unblock', id: '4', user: 'bob' });
  await settle();
  expect(alice.program.errors).toEqual(['bad_message', 'no_such_user', 'bad_message']);
  expect(alice.program.last('done')).toMatchObject({ id: '4', text: "you don't block bob" });
});
