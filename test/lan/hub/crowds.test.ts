/** Somebody invents people by the thousand. */
import { expect, test } from 'vitest';
import type { Announcement } from '../../../src/lan/announcement.ts';
import { MAX_KEPT, NEWCOMERS } from '../../../src/lan/hub/limits.ts';
import { sealedBy } from './program.ts';
import { clock, invented, type Person, pass, settle, World } from './world.ts';

/** They come as fast as people may, say who they are over a link, and are heard often enough that none is gone. */
async function crowd(person: Person, people: number): Promise<void> {
  const all: Announcement[] = [];
  while (all.length < people) {
    for (let i = 0; i < NEWCOMERS.burst; i++) {
      const one = invented(`eve-${all.length}`);
      all.push(one);
      person.mesh?.heard(one, '10.0.0.9');
      person.mesh?.linked(one.device, { host: '10.0.0.9', port: 40_001 });
      person.mesh?.unlinked(one.device, false);
    }
    await pass((NEWCOMERS.burst / NEWCOMERS.perSecond) * 1000);
    if (all.length < people / 2) continue;
    for (const one of all) person.discovery?.heard({ ...one, time: clock.now() }, '10.0.0.9');
  }
}

test('people by the thousand, all here, are not all written down, and take nobody a name that we have written to', async () => {
  const world = new World();
  const [alice, bob, carol] = [await world.comes('alice'), await world.comes('bob'), await world.comes('carol')];
  const dave = await world.comes('dave');
  await pass(4000);
  for (const [id, to] of [
    ['m-1', bob],
    ['m-2', carol],
  ] as const)
    alice.program.say({ type: 'mail', id, to: to.name, device: to.device, sealed: sealedBy(alice.device) });
  await settle();
  // Nobody has received it: it waits at hers.
  dave.program.say({ type: 'mail', id: 'm-3', to: 'alice', device: alice.device, sealed: sealedBy(dave.device) });
  await settle();
  await bob.leaves();
  await dave.leaves();
  await crowd(alice, MAX_KEPT + 500);
  const met = alice.store.met();
  expect(met.length).toBeLessThanOrEqual(MAX_KEPT);
  expect(met.find(({ device }) => device === bob.device)?.user).toBe('bob');
  expect(met.find(({ device }) => device === dave.device)?.user).toBe('dave');
  expect(alice.nameOf(carol)).toBe('carol');
  expect(alice.hub.sessions).toBe(1);
}, 30_000);

test('somebody who came in a flood of strangers brings what they had, as soon as they are heard', async () => {
  const world = new World();
  const bob = await world.comes('bob');
  bob.program.say({ type: 'say', id: 's-1', to: '#lobby', text: 'nobody here?' });
  await pass(1000);
  const alice = await world.comes('alice');
  for (let i = 0; i < NEWCOMERS.burst; i++) alice.discovery?.heard(invented(`eve-${i}`), '10.0.0.9');
  await pass(30_000);
  expect(alice.nameOf(bob)).toBe('bob');
  expect(alice.program.texts).toEqual(['nobody here?']);
  expect(alice.store.met().map(({ user }) => user)).toEqual(['bob']);
});
