import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unixMs } from '../../../src/base/ids.ts';
import { newIdentity } from '../../../src/crypto/identity.ts';
import { MAX_MESH_PROBLEMS } from '../../../src/lan/limits.ts';
import { openMesh } from '../../../src/lan/mesh/open-mesh.ts';
import { newMutualKey } from '../../../src/link/mutual-tls.ts';
import { until } from '../../peer/relay.ts';
import {
  announcementBytes,
  bothLinked,
  DIGEST,
  HOST,
  helloWith,
  holdTime,
  Person,
  pass,
  Stranger,
  sendHome,
  strangersPort,
  twoIdentities,
} from './people.ts';

beforeEach(holdTime);
afterEach(sendHome);

async function pair(): Promise<[Person, Person]> {
  const [low, high] = twoIdentities();
  return [await Person.open(low, 'low'), await Person.open(high, 'high')];
}

describe('two people', () => {
  test('have one link when the lower one hears the higher one', async () => {
    const [low, high] = await pair();
    low.hears(high);
    await bothLinked(low, high);
    expect([low.mesh.links, high.mesh.links]).toEqual([1, 1]);
    expect([low.events(high), high.events(low)]).toEqual([['linked'], ['linked']]);
    // What the other's hello says is as good as having heard it.
    expect(high.heardOf.map(([{ name, port }, host]) => [name, port, host])).toEqual([
      ['low', low.mesh.port, '127.0.0.1'],
    ]);
    expect(low.heardOf).toHaveLength(1);
    expect(low.alive).toBeGreaterThan(0);
  });

  test('say frames to each other, in order, from the first moment on', async () => {
    const [low, high] = await pair();
    low.hears(high);
    await until(() => high.mesh.isLinked(low.device));
    for (let i = 0; i < 50; i++) high.mesh.send(low.device, { type: 'claim', id: `c${i}` as never });
    await bothLinked(low, high);
    for (let i = 0; i < 50; i++) low.mesh.send(high.device, { type: 'claim', id: `d${i}` as never });
    await until(() => low.typed('claim').length === 50 && high.typed('claim').length === 50);
    expect(low.typed('claim').map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, i) => `c${i}`));
    expect(high.typed('claim').map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, i) => `d${i}`));
  });

  test('know what the other holds of the lobby as soon as they are linked', async () => {
    const [low, high] = await pair();
    low.hears(high);
    await until(() => low.typed('ping').length === 1 && high.typed('pong').length === 1);
    expect([low.typed('ping')[0]?.lobby, high.typed('pong')[0]?.lobby]).toEqual([DIGEST, DIGEST]);
  });

  test('have one link when both dial at once, though the higher one waits for the lower one to do so', async () => {
    const [low, high] = await pair();
    high.hears(low);
    await pass(1000);
    expect([low.mesh.links, high.mesh.links]).toEqual([0, 0]);
    await pass(500);
    low.hears(high);
    await pass(500);
    await bothLinked(low, high);
    await pass(2000);
    expect([low.mesh.links, high.mesh.links, low.mesh.greetings, high.mesh.greetings]).toEqual([1, 1, 0, 0]);
    expect([low.events(high), high.events(low)]).toEqual([['linked'], ['linked']]);
  });

  test('are linked by the higher one where nobody can reach it', async () => {
    const [low, high] = await pair();
    // A firewall before the higher one: nothing listens where it says.
    low.hears(high, { port: 1025 });
    high.hears(low);
    await until(() => low.mesh.problems.length === 1);
    expect(low.mesh.problems).toEqual(["high (127.0.0.1:1025) is heard and can't be reached"]);
    await pass(2000);
    await bothLinked(low, high);
    expect(low.mesh.problems).toEqual([]);
  });

  test('are tried where the datagram came from, and then at what was announced', async () => {
    const [low, high] = await pair();
    low.hears(high, { addresses: ['127.0.0.1'], pin: high.mesh.pin }, '0.0.0.1');
    await bothLinked(low, high);
  });

  test('say good-bye, and are not dialled for what is still on its way', async () => {
    const [low, high] = await pair();
    low.hears(high);
    await bothLinked(low, high);
    await high.mesh.leave();
    await until(() => !low.mesh.isLinked(high.device));
    expect(low.events(high)).toEqual(['linked', 'bye']);
    low.hears(high);
    await pass(1000);
    expect([low.mesh.links, low.mesh.problems]).toEqual([0, []]);
    expect(high.events(low)).toEqual(['linked']);
    expect(high.mesh.send(low.device, { type: 'typing' })).toBe(false);
    high.mesh.close();
    high.mesh.close();
  });

  test('who vanish are told of', async () => {
    const [low, high] = await pair();
    low.hears(high);
    await bothLinked(low, high);
    high.mesh.close();
    await until(() => !low.mesh.isLinked(high.device));
    expect(low.events(high)).toEqual(['linked', 'unlinked']);
  });
});

test('three people have a link each with each, and what one says to all is with all', async () => {
  const people = [await Person.open(), await Person.open(), await Person.open()];
  for (const one of people) for (const other of people) one.hears(other);
  await until(() => people.every(({ mesh }) => mesh.links === 2), 'all links');
  await pass(3000);
  expect(people.map(({ mesh }) => [mesh.links, mesh.greetings])).toEqual([
    [2, 0],
    [2, 0],
    [2, 0],
  ]);
  expect(people[0]?.mesh.sendAll({ type: 'typing' })).toBe(2);
  await until(() => people.slice(1).every((person) => person.typed('typing').length === 1));
  expect(people.flatMap(({ told }) => told.map(([what]) => what))).toEqual(Array.from({ length: 6 }, () => 'linked'));
});

test('nobody has a link with themself', async () => {
  const bob = await Person.open();
  bob.hears(bob);
  const twin = await Person.open(bob.identity);
  twin.hears(bob);
  const stranger = await Stranger.at(bob);
  const key = newMutualKey();
  const mirror = await Stranger.at(bob, key);
  mirror.link.write(helloWith(announcementBytes(bob.identity, key.pin, 2428)));
  await mirror.told.untilClosed();
  await pass(3000);
  expect([bob.mesh.links, twin.mesh.links, bob.mesh.refused]).toEqual([0, 0, 1]);
  expect(stranger.told.lines).toHaveLength(1);
});

test('who is heard and cannot be reached is told of until they are heard no more', async () => {
  const [low, high] = await pair();
  low.hears(high, { port: 1025 });
  await until(() => low.mesh.problems.length === 1);
  await pass(10_000);
  expect(low.mesh.problems).toEqual(["high (127.0.0.1:1025) is heard and can't be reached"]);
  await pass(1000);
  expect(low.mesh.problems).toEqual([]);
});

describe('somebody who starts anew', () => {
  /** A run of theirs that has gone without a word, and isn't known to be dead yet. */
  async function gone(): Promise<[Person, Person]> {
    const [low, high] = twoIdentities();
    const bob = await Person.open(low, 'bob');
    await Stranger.linkedTo(bob, high);
    await pass(5000);
    expect(bob.events(high)).toEqual(['linked']);
    return [bob, await Person.open(high, 'high')];
  }

  test('has the new link, and then loses the old one', async () => {
    const [bob, again] = await gone();
    bob.hears(again);
    await bothLinked(bob, again);
    await until(() => again.mesh.links === 1);
    expect(bob.events(again)).toEqual(['linked', 'unlinked', 'linked']);
    expect(bob.mesh.links).toBe(1);
    await pass(1000);
    expect(bob.mesh.send(again.device, { type: 'typing' })).toBe(true);
    await until(() => again.typed('typing').length === 1);
  });

  test('has it, too, by coming', async () => {
    const [bob, again] = await gone();
    again.hears(bob);
    await pass(2000);
    await until(() => bob.events(again).length === 3);
    expect(again.mesh.links).toBe(1);
    expect(bob.events(again)).toEqual(['linked', 'unlinked', 'linked']);
  });

  test('is not dialled for word of the old run that took its time', async () => {
    const [bob, again] = await gone();
    bob.hears(again);
    await until(() => again.mesh.links === 1);
    const key = newMutualKey();
    let came = 0;
    const port = await strangersPort(key, () => void came++);
    await pass(11_000);
    bob.hears(again, { pin: key.pin, port, time: unixMs(Date.now() - 20_000) });
    await pass(1000);
    expect([came, bob.events(again)]).toEqual([0, ['linked', 'unlinked', 'linked']]);
  });

  test('loses the link to no connection of an earlier run', async () => {
    const bob = await Person.open();
    const identity = newIdentity();
    await Stranger.linkedTo(bob, identity);
    await pass(5000);
    const key = newMutualKey();
    const old = await Stranger.at(bob, key);
    old.link.write(helloWith(announcementBytes(identity, key.pin, 2428, { time: Date.now() - 20_000 })));
    await old.told.untilClosed();
    expect(old.told.lines).toHaveLength(1);
    expect(bob.events(identity)).toEqual(['linked']);
  });

  test('and runs twice at once, by a folder that was copied, has the first link for as long as it lives', async () => {
    const [low, high] = twoIdentities();
    const [bob, first] = [await Person.open(low), await Person.open(high)];
    bob.hears(first);
    await bothLinked(bob, first);
    const second = await Person.open(high);
    for (let i = 0; i < 5; i++) {
      for (const twin of [first, second]) {
        bob.hears(twin);
        twin.hears(bob);
      }
      await pass(3000);
    }
    expect([bob.events(first), first.mesh.links, second.mesh.links]).toEqual([['linked'], 1, 0]);
    first.mesh.close();
    await until(() => bob.mesh.links === 0);
    bob.hears(second);
    await bothLinked(bob, second);
  });
});

test('of many who cannot be reached some are named, and the others counted', async () => {
  const bob = await Person.open();
  const others = Array.from({ length: 20 }, () => newIdentity());
  for (const { device } of others) {
    const announcement = { device, name: 'x', being: 'here', pin: bob.mesh.pin, port: 1025, addresses: [] } as const;
    bob.mesh.heard({ ...announcement, time: unixMs(Date.now()), nonce: '0' }, HOST);
  }
  await pass(3000);
  await until(() => bob.mesh.problems.at(-1) === 'and 13 more');
  expect(bob.mesh.problems).toHaveLength(MAX_MESH_PROBLEMS);
});

test('a port that is taken is told as a line', async () => {
  const bob = await Person.open();
  const another = await openMesh({} as never, { port: bob.mesh.port });
  expect(another).toEqual({ ok: false, error: expect.stringMatching(/^another program listens on /) });
});
