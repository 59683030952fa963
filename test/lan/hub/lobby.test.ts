import { describe, expect, test } from 'vitest';
import { newIdentity } from '../../../src/crypto/identity.ts';
import { signingOf } from '../../../src/lan/hub/signing.ts';
import { memoryStore } from '../../../src/lan/store/memory.ts';
import { brokenStore } from './broken-store.ts';
import { type Person, pass, settle, World } from './world.ts';

const three = async () => {
  const world = new World();
  const people: Person[] = [];
  for (const name of ['alice', 'bob', 'carol']) people.push(await world.comes(name));
  await pass(4000);
  const [alice, bob, carol] = people;
  if (alice === undefined || bob === undefined || carol === undefined) throw new Error('nobody came');
  for (const { program } of people) program.forget();
  return { world, alice, bob, carol };
};

let count = 0;
const says = (person: Person, text: string, more: Readonly<Record<string, unknown>> = {}): void =>
  person.program.say({ type: 'say', id: `m-${++count}`, to: '#lobby', text, ...more });

/** What somebody's lobby holds, as a page shows it, without what only they count. */
async function lobbyOf(person: Person): Promise<unknown[]> {
  person.program.say({ type: 'history', id: 'h-all', room: '#lobby', limit: 200 });
  await settle();
  const page = person.program.last('history');
  return page.messages.map(({ seq, text, reactions, deleted, edited }) => ({
    seq,
    text,
    deleted,
    edited,
    reactions: reactions?.map(({ emoji, users }) => [emoji, users.length]),
  }));
}

describe('what is said in the lobby', () => {
  test('is acknowledged in its place to the session that said it, and comes to all others once', async () => {
    const { alice, bob, carol } = await three();
    const second = await alice.opens();
    second.forget();
    says(bob, 'first');
    await settle();
    says(alice, 'second');
    says(alice, 'third');
    await settle();
    expect(alice.program.got.map(({ type }) => type)).toEqual(['message', 'ack', 'ack']);
    expect(second.texts).toEqual(['first', 'second', 'third']);
    expect(bob.program.texts).toEqual(['second', 'third']);
    expect(carol.program.texts).toEqual(['first', 'second', 'third']);
    const places = second.of('message').map(({ seq }) => seq);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(alice.program.of('ack').map(({ seq }) => seq)).toEqual(places.slice(1));
  });

  test('without an id is not acknowledged', async () => {
    const { alice, bob } = await three();
    alice.program.say({ type: 'say', to: '#lobby', text: 'hi' });
    await settle();
    expect(alice.program.got).toEqual([]);
    expect(bob.program.texts).toEqual(['hi']);
  });

  test('and said again under its id is there once, with the same place', async () => {
    const { alice, bob } = await three();
    for (let i = 0; i < 2; i++) {
      alice.program.say({ type: 'say', id: 'again', to: '#lobby', text: 'hi' });
      await settle();
    }
    const [one, two] = alice.program.of('ack');
    expect(two).toEqual(one);
    expect(bob.program.texts).toEqual(['hi']);
  });

  test('is on the disk before it is acknowledged, and comes back after the power was off', async () => {
    const { alice, bob } = await three();
    says(alice, 'hi');
    await settle();
    expect(alice.program.of('ack')).toHaveLength(1);
    expect(alice.store.entries()).toHaveLength(1);
    await alice.dies();
    await bob.dies();
    await alice.start();
    expect(await lobbyOf(alice)).toMatchObject([{ text: 'hi' }]);
    alice.program.say({ type: 'history', id: 'h-1', room: '#lobby' });
    await settle();
    expect(alice.program.last('history').messages).toMatchObject([{ from: 'alice', text: 'hi' }]);
  });

  test('that the disk does not take is refused, kept back from all, and stored later', async () => {
    const world = new World();
    const disk = memoryStore();
    let isFull = false;
    const store = brokenStore(disk, 'putEntries', () => isFull);
    const alice = await world.comes('alice', { store });
    const bob = await world.comes('bob');
    const other = await alice.opens();
    await pass(4000);
    isFull = true;
    alice.program.say({ type: 'say', id: 'm', to: '#lobby', text: 'hi' });
    await settle();
    says(bob, 'and this');
    await settle();
    expect(alice.program.errors).toEqual(['not_stored']);
    expect(alice.program.of('ack')).toEqual([]);
    expect(other.texts).toEqual([]);
    alice.program.say({ type: 'lan' });
    await settle();
    expect(alice.program.last('lan').problems.join()).toContain('no room left');
    isFull = false;
    alice.program.say({ type: 'say', id: 'm', to: '#lobby', text: 'hi' });
    await settle();
    expect(alice.program.of('ack')).toHaveLength(1);
    expect(other.texts).toEqual(['hi', 'and this']);
    expect(bob.program.texts).toEqual(['hi']);
    alice.program.say({ type: 'lan' });
    await settle();
    expect(alice.program.last('lan').problems).toEqual([]);
  });

  test('too fast is refused, and the rest goes', async () => {
    const { alice, bob } = await three();
    for (let i = 0; i < 70; i++) says(alice, `${i}`);
    await settle();
    expect(alice.program.errors).toEqual(Array.from({ length: 10 }, () => 'rate_limited'));
    expect(bob.program.texts).toHaveLength(60);
  });

  test('elsewhere than in the lobby has no room', async () => {
    const { alice } = await three();
    alice.program.say({ type: 'say', id: 'm', to: '#dev', text: 'hi' });
    await settle();
    expect(alice.program.last('error')).toMatchObject({ code: 'no_such_room', id: 'm', closes: false });
  });

  test('as an answer to what is not there is refused', async () => {
    const { alice } = await three();
    says(alice, 'hm', { re: 17 });
    await settle();
    expect(alice.program.errors).toEqual(['no_such_message']);
  });

  test('forged, or by a key of its own, is not taken for anybody', async () => {
    const { alice, bob } = await three();
    const said = JSON.stringify({
      v: 1,
      name: 'alice',
      stamp: Date.now(),
      kind: 'say',
      id: 'x',
      text: 'send me money',
    });
    const signature = signingOf(newIdentity()).sign(said);
    bob.sends(alice, { type: 'lobby', entries: [{ device: alice.device, said, signature }] });
    await settle();
    expect(alice.program.got).toEqual([]);
    const mallory = newIdentity();
    bob.sends(alice, {
      type: 'lobby',
      entries: [{ device: mallory.device, said, signature: signingOf(mallory).sign(said) }],
    });
    await settle();
    expect(alice.program.of('message')).toMatchObject([
      { text: 'send me money', from: expect.stringMatching(/^alice-/) },
    ]);
  });
});

describe('a change', () => {
  test('is the answer to who asked, and told to all others', async () => {
    const { alice, bob } = await three();
    says(alice, 'helo');
    await settle();
    const { seq } = alice.program.last('ack');
    alice.program.say({ type: 'edit', id: 'e', room: '#lobby', seq, text: 'hello' });
    await settle();
    expect(alice.program.last('changed')).toMatchObject({ id: 'e', seq, by: 'alice', text: 'hello', rev: 1 });
    expect(bob.program.last('changed')).toMatchObject({ seq, by: 'alice', text: 'hello' });
    expect(bob.program.last('changed').id).toBeUndefined();
    bob.program.say({ type: 'react', id: 'r', room: '#lobby', seq, emoji: '👍', on: true });
    await settle();
    expect(alice.program.last('changed')).toMatchObject({ reactions: [{ emoji: '👍', users: ['bob'] }] });
    alice.program.say({ type: 'delete', id: 'd', room: '#lobby', seq });
    await settle();
    expect(bob.program.last('changed')).toMatchObject({ seq, deleted: true });
    const welcomed = await alice.opens();
    expect(welcomed.last('welcome').rooms[0]).toMatchObject({ last: seq, rev: 3 });
  });

  test('of what is so already is answered to who asked, and to nobody else', async () => {
    const { alice, bob } = await three();
    says(alice, 'hello');
    await settle();
    const { seq } = alice.program.last('ack');
    for (const id of ['r-1', 'r-2'])
      alice.program.say({ type: 'react', id, room: '#lobby', seq, emoji: '👍', on: true });
    await settle();
    expect(alice.program.of('changed')).toMatchObject([
      { id: 'r-1', rev: 1 },
      { id: 'r-2', rev: 1 },
    ]);
    expect(bob.program.of('changed')).toHaveLength(1);
  });

  test("of somebody else's message is refused", async () => {
    const { alice, bob } = await three();
    says(alice, 'hello');
    await settle();
    bob.program.say({ type: 'edit', id: 'e', room: '#lobby', seq: alice.program.last('ack').seq, text: 'bye' });
    await settle();
    expect(bob.program.last('error')).toMatchObject({ code: 'not_yours', id: 'e' });
  });
});

describe('questions about the lobby', () => {
  test('are answered by pages, by a search, and by what there is', async () => {
    const { alice } = await three();
    for (const text of ['one fish', 'two fish', 'red']) says(alice, text);
    await settle();
    const ask = async (message: Readonly<Record<string, unknown>> & { type: string }) => {
      alice.program.say({ id: 'q', ...message });
      await settle();
      return alice.program.got.at(-1);
    };
    const [first, second] = alice.program.of('ack').map(({ seq }) => seq);
    expect(await ask({ type: 'history', room: '#lobby', limit: 2 })).toMatchObject({
      type: 'history',
      id: 'q',
      messages: [{ text: 'two fish' }, { text: 'red' }],
      more: true,
    });
    expect(await ask({ type: 'history', room: '#lobby', since: second })).toMatchObject({
      messages: [{ text: 'red' }],
    });
    expect(await ask({ type: 'history', room: '#lobby', since: 1, before: 2 })).toMatchObject({ code: 'bad_message' });
    expect(await ask({ type: 'history', room: '#dev' })).toMatchObject({ code: 'no_such_room' });
    expect(await ask({ type: 'search', words: 'fish' })).toMatchObject({
      type: 'found',
      messages: [{ text: 'two fish' }, { text: 'one fish' }],
    });
    expect(await ask({ type: 'search', words: '"' })).toMatchObject({ code: 'no_words' });
    expect(await ask({ type: 'rooms' })).toMatchObject({ rooms: [{ name: '#lobby', members: 3, joined: true }] });
    expect(await ask({ type: 'members', room: '#lobby' })).toMatchObject({ members: ['alice', 'bob', 'carol'] });
    expect(await ask({ type: 'join', room: '#lobby' })).toMatchObject({ type: 'room', room: { sparse: true } });
    expect(await ask({ type: 'leave', room: '#lobby' })).toMatchObject({ code: 'lobby_is_for_all' });
    expect(await ask({ type: 'keep', room: '#lobby' })).toMatchObject({
      type: 'kept',
      keep: { age: 604_800_000 },
      own: false,
      first,
    });
  });
});

describe('who writes', () => {
  test('is told to the others, to none of their own programs, and to none whom they block', async () => {
    const { alice, bob, carol } = await three();
    const second = await alice.opens();
    second.forget();
    alice.program.say({ type: 'block', user: 'carol' });
    alice.program.say({ type: 'typing', to: '#lobby' });
    alice.program.say({ type: 'typing', to: 'bob' });
    carol.program.say({ type: 'typing', to: '#lobby' });
    await settle();
    expect(bob.program.of('typing')).toEqual([
      { type: 'typing', to: '#lobby', from: 'alice' },
      { type: 'typing', to: '#lobby', from: 'carol' },
    ]);
    expect(carol.program.of('typing')).toEqual([]);
    expect(second.of('typing')).toEqual([]);
  });

  test('cannot be told without end', async () => {
    const { alice, bob, carol } = await three();
    for (let i = 0; i < 50; i++) alice.program.say({ type: 'typing', to: '#lobby' });
    for (let i = 0; i < 50; i++) carol.sends(bob, { type: 'typing' });
    await settle();
    expect(bob.program.of('typing').filter(({ from }) => from === 'alice')).toHaveLength(10);
    expect(bob.program.of('typing').filter(({ from }) => from === 'carol')).toHaveLength(10);
  });
});

describe('a lobby that differs', () => {
  test('is made whole within ten seconds after the link is there again', async () => {
    const { world, alice, bob, carol } = await three();
    world.cut(alice, bob);
    world.cut(alice, carol);
    says(alice, 'alone');
    says(bob, 'together');
    await pass(2000);
    expect(carol.program.texts).toEqual(['together']);
    world.heal();
    await pass(3100);
    expect(alice.links.size).toBe(2);
    await pass(10_000);
    expect(bob.program.texts).toEqual(['alone']);
    expect(carol.program.texts.toSorted()).toEqual(['alone', 'together']);
    expect(await lobbyOf(alice)).toEqual(await lobbyOf(bob));
    expect(await lobbyOf(alice)).toEqual(await lobbyOf(carol));
  });

  test('because one message was lost on a link is made whole within ten seconds', async () => {
    const { alice, bob, carol } = await three();
    bob.loses = ({ type }) => type === 'lobby';
    says(alice, 'lost');
    await settle();
    bob.loses = () => false;
    expect(carol.program.texts).toEqual(['lost']);
    await pass(10_000);
    expect(bob.program.texts).toEqual(['lost']);
  });

  test('of two who have no link to each other is made whole by who has one to both', async () => {
    const world = new World();
    const alice = await world.comes('alice');
    const bob = await world.comes('bob');
    const carol = await world.comes('carol');
    world.cut(alice, carol);
    await pass(4000);
    says(alice, 'to carol');
    await pass(10_000);
    expect(carol.program.texts).toEqual(['to carol']);
    expect(bob.program.texts).toEqual(['to carol']);
  });

  test('sends a newcomer everything once, and not once by each', async () => {
    const world = new World();
    const people: Person[] = [];
    for (let i = 0; i < 5; i++) people.push(await world.comes(`p${i}`));
    await pass(4000);
    const [first] = people;
    if (first === undefined) throw new Error('nobody came');
    for (let i = 0; i < 60; i++) says(first, `message ${i}`);
    await settle();
    // The highest key: all others dial it at once.
    let identity = newIdentity();
    while (people.some(({ device }) => device > identity.device)) identity = newIdentity();
    const late = await world.comes('late', { identity });
    await pass(12_000);
    expect(await lobbyOf(late)).toHaveLength(60);
    const entries = late.frames.flatMap(({ frame }) => (frame.type === 'lobby' ? frame.entries : []));
    expect(entries.length).toBe(60);
    // And nobody had anything to ask of them.
    expect(late.frames.filter(({ frame }) => frame.type === 'held')).toHaveLength(0);
  });

  test('by what nobody takes is compared ever more rarely', async () => {
    const { alice, bob } = await three();
    // Bob says that he holds something else, and never has it.
    const nothing = 'A'.repeat(43);
    const asked = (): number =>
      bob.frames.filter(({ from, frame }) => from === alice.device && frame.type === 'held').length;
    bob.loses = ({ type }) => type === 'ping' || type === 'pong';
    for (let i = 0; i < 100; i++) {
      bob.sends(alice, { type: 'pong', lobby: nothing });
      await pass(2000);
    }
    expect(asked()).toBeGreaterThan(3);
    expect(asked()).toBeLessThan(12);
  });

  test('does not make us answer without end', async () => {
    const { alice, bob } = await three();
    for (let i = 0; i < 20; i++) says(alice, `${i}`);
    await pass(10_000);
    bob.frames.length = 0;
    for (let i = 0; i < 500; i++) bob.sends(alice, { type: 'held', entries: '' });
    await settle();
    expect(bob.frames.filter(({ frame }) => frame.type === 'lobby').length).toBeLessThanOrEqual(40);
    for (let i = 0; i < 100; i++) bob.sends(alice, { type: 'held', entries: 'x'.repeat(60_000), more: true });
    await settle();
  });
});
