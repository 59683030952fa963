import { describe, expect, test, vi } from 'vitest';
import { unixMs } from '../../../src/base/ids.ts';
import { fingerprintOf, newIdentity } from '../../../src/crypto/identity.ts';
import { localName } from '../../../src/lan/hub/names.ts';
import { MAX_HEARD } from '../../../src/lan/limits.ts';
import { memoryStore } from '../../../src/lan/store/memory.ts';
import { type Person, pass, settle, World } from './world.ts';

const groups = (person: Pick<Person, 'device'>): string[] => fingerprintOf(person.device).split(' ');
const endOf = (person: Person): string => groups(person)[0] ?? '';

describe('a name', () => {
  const { device } = newIdentity();
  const [first, second] = fingerprintOf(device).split(' ');

  test('is their own where nobody has it', () => {
    expect(localName(device, 'bob', () => false)).toBe('bob');
  });

  test('has as much of the fingerprint behind it as it takes', () => {
    const taken = new Set(['bob']);
    expect(localName(device, 'bob', (name) => taken.has(name))).toBe(`bob-${first}`);
    taken.add(`bob-${first}`);
    expect(localName(device, 'bob', (name) => taken.has(name))).toBe(`bob-${first}${second}`);
  });

  test('is never longer than a name may be', () => {
    const long = 'b'.repeat(32);
    expect(localName(device, long, (name) => name === long)).toBe(`${'b'.repeat(27)}-${first}`);
  });

  test('is found though somebody has invented keys for all of them', () => {
    expect(localName(device, 'bob', (name) => name !== 'bob-3')).toBe('bob-3');
  });
});

describe('whom one knows', () => {
  test('keeps their name for good, and the next of that name has a key behind it', async () => {
    const world = new World();
    const alice = await world.comes('alice');
    const bob = await world.comes('bob');
    await pass(4000);
    const other = await world.comes('bob');
    await pass(4000);
    expect(alice.nameOf(bob)).toBe('bob');
    expect(alice.nameOf(other)).toBe(`bob-${endOf(other)}`);
    expect(alice.program.of('done').map(({ text }) => text)).toEqual([
      `another bob is here: bob-${endOf(other)} has another key than the bob whom you know`,
    ]);
    // They came at the same time to each other: each is the other to the other.
    expect(bob.nameOf(other)).toBe(`bob-${endOf(other)}`);
    expect(bob.program.last('done').text).toBe(
      `another bob is here: bob-${endOf(other)} has your name, and another key than you`,
    );
  });

  test('has the same name after a restart, whoever comes first then', async () => {
    const world = new World();
    const alice = await world.comes('alice');
    const bob = await world.comes('bob');
    await pass(4000);
    const other = await world.comes('bob');
    await pass(4000);
    await Promise.all([alice, bob, other].map((person) => person.leaves()));
    await alice.start();
    await other.start();
    await pass(4000);
    await bob.start();
    await pass(4000);
    expect(alice.nameOf(bob)).toBe('bob');
    expect(alice.nameOf(other)).toBe(`bob-${endOf(other)}`);
  });

  test('is told apart in any case of letters, and where a name is read for another', async () => {
    const world = new World();
    const alice = await world.comes('alice');
    await world.comes('bob');
    await pass(4000);
    const other = await world.comes('B0b');
    await pass(4000);
    expect(alice.nameOf(other)).toBe(`B0b-${endOf(other)}`);
    expect(alice.program.last('done').text).toContain('than the bob whom you know');
  });

  test('keeps it when they call themselves something else, and that is told once', async () => {
    const world = new World();
    const alice = await world.comes('alice');
    const bob = await world.comes('bob');
    await pass(4000);
    await bob.leaves();
    alice.program.forget();
    for (const name of ['robert', 'rob']) {
      await world.comes(name, bob);
      await pass(4000);
      await world.people.at(-1)?.leaves();
    }
    const users = alice.program.of('presence').map(({ user }) => user);
    expect(new Set(users.filter((user) => user !== 'alice'))).toEqual(new Set(['bob']));
    expect(alice.program.of('done').map(({ text }) => text)).toEqual([
      'bob calls themself robert now, and stays bob to you',
    ]);
  });

  test('leaves us our name to others, and gives us another where they had it first', async () => {
    const world = new World();
    const store = memoryStore();
    store.putMet({
      device: newIdentity().device,
      user: 'alice' as never,
      name: 'alice',
      first: unixMs(1),
      last: unixMs(1),
      dealt: false,
    });
    const alice = await world.comes('alice', { store });
    expect(alice.program.last('welcome').user).toBe(`alice-${endOf(alice)}`);
    const bob = await world.comes('bob');
    await pass(4000);
    expect(bob.nameOf(alice)).toBe('alice');
  });

  test('is forgotten, of those who were only heard, when there are too many: whoever was unheard for longest', async () => {
    const world = new World();
    const alice = await world.comes('alice');
    const bob = await world.comes('bob');
    await pass(4000);
    alice.program.forget();
    // Invented keys, as many as may be new at once and then a second.
    for (let i = 0; i < MAX_HEARD + 600; i++) {
      alice.discovery?.heard(
        {
          device: newIdentity().device,
          name: `n${i}`,
          being: 'here',
          pin: `SHA256:${'A'.repeat(43)}`,
          port: 4000,
          addresses: [],
          time: unixMs(Date.now()),
          nonce: i.toString(16).padStart(16, '0'),
        },
        '10.0.0.9',
      );
      if (i % 5 === 0) await pass(1000);
    }
    alice.program.say({ type: 'who', id: 'w-1' });
    await settle();
    const listed = alice.program.of('users').flatMap(({ users }) => users);
    expect(listed.length).toBeLessThanOrEqual(MAX_HEARD + 2);
    expect(listed.find(({ device }) => device === bob.device)).toMatchObject({ name: 'bob', state: 'away' });
    expect(alice.store.met().map(({ user }) => user)).toEqual(['bob']);
  }, 60_000);
});

describe('presence', () => {
  const states = (person: Person, of: Person) =>
    person.program
      .of('presence')
      .filter(({ device }) => device === of.device)
      .map(({ state }) => state);

  test('is in the list with the key, and every change is told to who follows', async () => {
    const world = new World();
    const alice = await world.comes('alice');
    const bob = await world.comes('bob');
    await pass(4000);
    const quiet = await alice.opens();
    alice.program.say({ type: 'who', id: 'w-1' });
    await settle();
    expect(alice.program.last('users')).toEqual({
      type: 'users',
      id: 'w-1',
      users: [
        { name: 'alice', state: 'online', since: expect.any(Number), device: alice.device },
        { name: 'bob', state: 'online', since: expect.any(Number), device: bob.device },
      ],
      more: false,
    });
    expect(quiet.of('presence')).toEqual([]);
  });

  test('is away after 10 s without a key, here and there, and announced as idle', async () => {
    const world = new World();
    const alice = await world.comes('alice');
    const bob = await world.comes('bob');
    await pass(4000);
    alice.program.forget();
    bob.program.forget();
    await pass(4000);
    bob.program.say({ type: 'activity' });
    await pass(9900);
    expect(states(alice, bob)).toEqual([]);
    await pass(200);
    expect(states(bob, bob)).toEqual(['away']);
    expect(states(alice, bob)).toEqual(['away']);
    bob.program.say({ type: 'activity' });
    await settle();
    expect(states(bob, bob)).toEqual(['away', 'online']);
    expect(states(alice, bob)).toEqual(['away', 'online']);
    // Alice has never pressed a key since.
    expect(states(bob, alice)).toEqual(['away']);
  });

  test('of scripts alone is not here', async () => {
    const world = new World();
    const alice = await world.comes('alice');
    const script = await alice.opens({ visible: false });
    script.say({ type: 'who', follow: true });
    alice.program.say({ type: 'bye' });
    await settle();
    expect(script.last('presence')).toMatchObject({ user: 'alice', state: 'offline' });
    script.say({ type: 'activity' });
    script.say({ type: 'say', to: '#lobby', text: 'from a script' });
    script.say({ type: 'who', id: 'w-1' });
    await settle();
    expect(script.last('users').users).toEqual([]);
  });

  test('is away after 10 s without a word, and gone after 15 minutes; from when on is said', async () => {
    const world = new World();
    const alice = await world.comes('alice');
    const bob = await world.comes('bob');
    await pass(4000);
    alice.program.forget();
    const since = Date.now();
    await bob.dies();
    await pass(5000);
    expect(states(alice, bob)).toEqual([]);
    await pass(6000);
    expect(states(alice, bob)).toEqual(['away']);
    expect(alice.program.last('presence').since).toBeGreaterThan(since + 5000);
    await pass(888_000);
    expect(states(alice, bob)).toEqual(['away']);
    await pass(4000);
    expect(states(alice, bob)).toEqual(['away', 'offline']);
    alice.program.say({ type: 'who', id: 'w-1', since: 60_000 });
    alice.program.say({ type: 'who', id: 'w-2', since: 1000 });
    await pass(50);
    expect(alice.program.of('users').map(({ users }) => users.map(({ name }) => name))).toEqual([
      ['alice', 'bob'],
      ['alice'],
    ]);
  });

  test('comes back with the first word', async () => {
    const world = new World();
    const alice = await world.comes('alice');
    const bob = await world.comes('bob');
    await pass(4000);
    world.cut(alice, bob);
    await pass(950_000);
    expect(states(alice, bob).at(-1)).toBe('offline');
    world.heal();
    bob.program.say({ type: 'activity' });
    await pass(3100);
    expect(states(alice, bob).at(-1)).toBe('online');
  });

  test('is not changed by a link that is lost, nor by announcements that are lost while one stands', async () => {
    const world = new World();
    const alice = await world.comes('alice');
    const bob = await world.comes('bob');
    await pass(4000);
    const busy = setInterval(() => bob.program.say({ type: 'activity' }), 2000);
    alice.program.forget();
    alice.unlink(bob, false);
    bob.unlink(alice, false);
    await pass(2000);
    expect(alice.program.of('presence').filter(({ state }) => state !== 'online')).toEqual([]);
    await pass(5000);
    bob.isSilent = true;
    await pass(60_000);
    clearInterval(busy);
    expect(alice.program.of('presence').filter(({ user, state }) => user === 'bob' && state !== 'online')).toEqual([]);
  });

  test('ends with a good-bye, and what was on its way before that does not bring them back', async () => {
    const world = new World();
    const alice = await world.comes('alice');
    const bob = await world.comes('bob');
    await pass(4000);
    const late = bob.discovery?.announcement() ?? new Uint8Array();
    alice.program.forget();
    await pass(5);
    await bob.leaves();
    expect(states(alice, bob)).toEqual(['offline']);
    alice.hears(late, bob);
    await settle();
    expect(states(alice, bob)).toEqual(['offline']);
    await bob.start();
    await pass(4000);
    expect(states(alice, bob).at(-1)).toBe('online');
  });

  test('is told again when the link stands, so that what waited goes', async () => {
    const world = new World();
    const alice = await world.comes('alice');
    const bob = await world.comes('bob');
    const told = (): number => alice.program.of('presence').filter(({ user }) => user === 'bob').length;
    const whenHeard = told();
    expect(alice.links.has(bob.device)).toBe(false);
    while (!alice.links.has(bob.device)) await pass(5);
    await settle();
    expect(told()).toBeGreaterThan(whenHeard);
    expect(alice.program.last('presence')).toMatchObject({ user: 'bob', state: 'online' });
  });

  test('takes one timer, however many are here', async () => {
    const world = new World();
    const alice = await world.comes('alice');
    const before = vi.getTimerCount();
    for (let i = 0; i < 300; i++)
      alice.discovery?.heard(
        {
          device: newIdentity().device,
          name: `n${i}`,
          being: 'here',
          pin: `SHA256:${'A'.repeat(43)}`,
          port: 4000,
          addresses: [],
          time: unixMs(Date.now()),
          nonce: i.toString(16).padStart(16, '0'),
        },
        '10.0.0.9',
      );
    expect(vi.getTimerCount() - before).toBe(1);
    await pass(11_000);
    expect(alice.program.of('presence').filter(({ state }) => state === 'away')).toHaveLength(301);
  });
});
