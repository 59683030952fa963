import { describe, expect, test } from 'vitest';
import { memoryStore } from '../../../src/lan/store/memory.ts';
import { brokenStore } from './broken-store.ts';
import { type Person, pass, settle, World } from './world.ts';

const two = async () => {
  const world = new World();
  const alice = await world.comes('alice');
  const bob = await world.comes('bob');
  return { world, alice, bob };
};

const packages = (from: number, count: number): string[] => Array.from({ length: count }, (_, i) => `p${from + i}`);

/** Asks for a package of somebody's. */
async function claim(person: Person, of: Person, wait = 10): Promise<string | undefined> {
  person.program.forget();
  person.program.say({ type: 'devices', id: 'd', user: of.name, claim: [of.device] });
  await pass(wait);
  const { devices } = person.program.last('devices');
  expect(devices).toMatchObject([{ device: of.device }]);
  return devices[0]?.package;
}

describe('key packages of ours', () => {
  test('are kept, counted, and each given away once, the oldest first', async () => {
    const { alice, bob } = await two();
    bob.program.say({ type: 'device', id: 'd-1', device: bob.device, packages: packages(0, 3) });
    bob.program.say({ type: 'device', id: 'd-2', device: bob.device, packages: packages(2, 2) });
    await settle();
    expect(bob.program.of('device').map(({ id, packages: count }) => [id, count])).toEqual([
      ['d-1', 3],
      ['d-2', 4],
    ]);
    await pass(5000);
    // One is a spare of Alice's by now.
    expect(bob.store.packages()).toEqual(['p1', 'p2', 'p3']);
    expect(alice.store.spare(bob.device)).toBe('p0');
    expect(await claim(alice, bob)).toBe('p0');
    await pass(1000);
    expect(await claim(alice, bob)).toBe('p1');
    await pass(1000);
    expect(bob.store.packages()).toEqual(['p3']);
  });

  test('are said to be few when they are', async () => {
    const { bob, alice } = await two();
    bob.program.say({ type: 'device', device: bob.device, packages: packages(0, 25) });
    bob.program.forget();
    await pass(5000);
    expect(alice.store.spare(bob.device)).toBe('p0');
    expect(bob.program.of('device')).toContainEqual({ type: 'device', device: bob.device, packages: 24 });
  });

  test('are not used up by one alone', async () => {
    const { alice, bob } = await two();
    bob.program.say({ type: 'device', device: bob.device, packages: packages(0, 50) });
    await pass(5000);
    for (let i = 0; i < 40; i++) alice.sends(bob, { type: 'claim', id: `c-${i}` as never });
    await settle();
    expect(bob.store.packages()).toHaveLength(30);
    expect(alice.frames.map(({ frame }) => frame)).toContainEqual({
      type: 'refused',
      id: 'c-39',
      code: 'too_many_claims',
    });
  });

  test('are brought by visible programs of this very device alone', async () => {
    const { alice, bob } = await two();
    const script = await bob.opens({ visible: false });
    script.say({ type: 'device', id: 'd-1', device: bob.device, packages: packages(0, 3) });
    bob.program.say({ type: 'device', id: 'd-2', device: alice.device, packages: packages(0, 3) });
    await settle();
    expect(script.errors).toEqual(['bad_message']);
    expect(bob.program.errors).toEqual(['bad_message']);
    expect(bob.store.packages()).toEqual([]);
  });
});

test('a package that cannot be written is refused under the id of what was asked, for another time', async () => {
  const alice = await new World().comes('alice', { store: brokenStore(memoryStore(), 'putPackages') });
  alice.program.say({ type: 'device', id: 'd', device: alice.device, packages: ['p0'] });
  await settle();
  expect(alice.program.last('error')).toMatchObject({ code: 'internal', id: 'd', closes: false });
  alice.program.say({ type: 'lan' });
  await settle();
  expect(alice.program.last('lan').problems.join()).toContain('no room left');
});

describe('a claim', () => {
  test('of who is away is answered by the spare, once', async () => {
    const { alice, bob } = await two();
    bob.program.say({ type: 'device', device: bob.device, packages: packages(0, 5) });
    await pass(5000);
    await bob.leaves();
    expect(await claim(alice, bob)).toBe('p0');
    expect(await claim(alice, bob)).toBeUndefined();
  });

  test('is asked of them where there is no spare yet, and answered without one after a while', async () => {
    const { alice, bob } = await two();
    await pass(5000);
    expect(await claim(alice, bob)).toBeUndefined();
    bob.program.say({ type: 'device', device: bob.device, packages: packages(0, 5) });
    await settle();
    expect(await claim(alice, bob)).toBe('p0');
    bob.loses = ({ type }) => type === 'claim';
    alice.program.forget();
    alice.program.say({ type: 'devices', id: 'd', user: 'bob', claim: [bob.device] });
    await pass(3900);
    expect(alice.program.of('devices')).toEqual([]);
    await pass(200);
    expect(alice.program.last('devices').devices).toEqual([{ device: bob.device }]);
    alice.program.forget();
    alice.program.say({ type: 'devices', id: 'd', user: 'bob', claim: [bob.device] });
    await settle();
    alice.unlink(bob, false);
    await settle();
    expect(alice.program.last('devices').devices).toEqual([{ device: bob.device }]);
  });

  test('of who is heard waits for the link that is being made', async () => {
    const { world, alice, bob } = await two();
    bob.program.say({ type: 'device', device: bob.device, packages: packages(0, 5) });
    await pass(5000);
    await alice.leaves();
    alice.store.takeSpare(bob.device);
    await alice.start();
    bob.announce();
    await pass(3);
    world.heal();
    expect(alice.links.size).toBe(0);
    alice.program.say({ type: 'devices', id: 'd', user: 'bob', claim: [bob.device] });
    await pass(3000);
    expect(alice.program.last('devices').devices[0]?.package).toBe('p1');
  });

  test('of oneself, or of devices that are not theirs, gives none', async () => {
    const { alice, bob } = await two();
    await pass(5000);
    alice.program.say({ type: 'devices', id: 'd-1', user: 'alice', claim: [alice.device] });
    alice.program.say({ type: 'devices', id: 'd-2', user: 'bob', claim: [alice.device] });
    alice.program.say({ type: 'devices', id: 'd-3', user: 'zoe' });
    await settle();
    expect(alice.program.of('devices').map(({ devices }) => devices)).toEqual([
      [{ device: alice.device }],
      [{ device: bob.device }],
    ]);
    expect(alice.program.last('error')).toMatchObject({ id: 'd-3', code: 'no_such_user' });
  });

  test('is answered by nobody else', async () => {
    const { world, alice, bob } = await two();
    const mallory = await world.comes('mallory');
    await pass(5000);
    bob.loses = ({ type }) => type === 'claim';
    alice.program.say({ type: 'devices', id: 'd', user: 'bob', claim: [bob.device] });
    await settle();
    for (let i = 0; i < 100; i++) mallory.sends(alice, { type: 'package', id: `id-${i}` as never, package: 'evil' });
    await pass(5000);
    expect(alice.program.last('devices').devices).toEqual([{ device: bob.device }]);
    expect(alice.store.spare(bob.device)).toBeUndefined();
  });
});

test('spares are claimed of everybody, one after the other, and again of who had none', async () => {
  const world = new World();
  const people: Person[] = [];
  for (let i = 0; i < 4; i++) people.push(await world.comes(`p${i}`));
  const [alice, ...others] = people;
  await pass(5000);
  for (const { program, device } of others)
    program.say({ type: 'device', device, packages: [`of-${device}`, 'x', 'y', 'z'] });
  await pass(70_000);
  expect(others.map(({ device }) => alice?.store.spare(device) !== undefined)).toEqual([true, true, true]);
});
