import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import type { GroupId } from '../../src/base/ids.ts';
import { Street } from './doors.ts';
import { Person, Relay, talk, turn, until } from './relay.ts';
import { meanwhile, pass } from './time.ts';
import { inTown } from './town.ts';

const town = inTown({ stocked: true });
let street = new Street();

const person = (name: string): Promise<Person> => town.person(name, { direct: street.door() });

beforeEach(() => {
  street = new Street();
});

const pathOf = (one: Person, chat: GroupId): string | undefined => {
  const status = one.chat(chat)?.status;
  return status?.kind === 'open' ? status.path : undefined;
};

async function direct(ways = 1): Promise<{ alice: Person; bob: Person; chat: GroupId }> {
  street.ways = ways;
  const [alice, bob] = [await person('alice'), await person('bob')];
  const chat = await talk(alice, bob);
  await until(() => pathOf(alice, chat) === 'direct' && pathOf(bob, chat) === 'direct', 'the direct connection');
  return { alice, bob, chat };
}

const frames = (): number => town.relay.wire.filter((line) => line.includes('"kind":"sealed"')).length;

test.each([1, 4])(
  'a chat becomes direct, over one of %i ways, and the server sees nothing more of it',
  async (ways) => {
    const { alice, bob, chat } = await direct(ways);
    await vi.advanceTimersByTimeAsync(300);
    await until(() => alice.notes(chat).includes('the chat is direct now'));
    for (let i = 0; i < 100; i++) await turn();
    const before = frames();
    alice.say(chat, 'straight');
    bob.say(chat, 'ahead');
    await until(() => bob.said(chat).length === 1 && alice.said(chat).length === 1);
    await vi.advanceTimersByTimeAsync(300);
    await until(() => alice.all('delivered').length === 1);
    expect(frames()).toBe(before);
  },
);

test('machines that do not reach each other talk over the server, and say so', async () => {
  street.reachable = false;
  const [alice, bob] = [await person('alice'), await person('bob')];
  const chat = await talk(alice, bob);
  await vi.advanceTimersByTimeAsync(6000);
  await meanwhile(() => [alice, bob].every((one) => one.notes(chat).some((text) => text.includes("can't be reached"))));
  alice.say(chat, 'around');
  await until(() => bob.said(chat).length === 1);
  expect(pathOf(alice, chat)).toBe('relayed');
});

test('who hides the address tells none, and is told none', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  const chat = alice.ask(bob);
  await until(() => bob.status(chat) === 'asked');
  expect(bob.chat(chat)?.status).toMatchObject({ addresses: ['10.0.0.7'] });
  bob.do({ do: 'accept', chat, hideAddress: true });
  await until(() => alice.status(chat) === 'open' && bob.status(chat) === 'open');
  expect(bob.chat(chat)?.status).toMatchObject({ hidden: true });
  await until(() => alice.notes(chat).includes('relayed by the server: bob keeps the address hidden'));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(street.links).toEqual([]);
  expect(pathOf(alice, chat)).toBe('relayed');
});

test('the server may die, and the chat goes on', async () => {
  const { alice, bob, chat } = await direct();
  town.relay.restart();
  alice.messenger.offline();
  bob.messenger.offline();
  await pass(40_000);
  alice.say(chat, 'still there?');
  await until(() => bob.said(chat).length === 1);
  bob.say(chat, 'sure');
  await until(() => alice.said(chat).length === 1);
  expect([pathOf(alice, chat), pathOf(bob, chat)]).toEqual(['direct', 'direct']);
  bob.do({ do: 'end', chat });
  await meanwhile(() => alice.status(chat) === 'ended');
  expect(alice.chat(chat)?.status).toMatchObject({ text: 'bob ended the chat' });
});

test('after its end nothing is said of the path any more, though the connection goes', async () => {
  const { alice, bob, chat } = await direct();
  alice.do({ do: 'end', chat });
  await until(() => bob.status(chat) === 'ended');
  await meanwhile(() => [alice, bob].every((one) => one.notes(chat).includes('the keys of this chat are destroyed')));
  await pass(15_000);
  for (const one of [alice, bob]) expect(one.notes(chat).filter((text) => text.includes('relayed'))).toEqual([]);
});

test('what the server says of them counts for nothing while the connection stands', async () => {
  const { alice, bob, chat } = await direct();
  alice.messenger.receive({
    type: 'private',
    from: bob.name,
    device: bob.device,
    frame: { kind: 'gone', chat },
    time: 1 as never,
  });
  alice.messenger.receive({ type: 'presence', user: bob.name, state: 'offline', since: 1 as never });
  await pass(30_000);
  bob.say(chat, 'here I am');
  await meanwhile(() => alice.said(chat).length === 1);
  expect(alice.status(chat)).toBe('open');
});

test('a connection that breaks is replaced by the server at once, and tried again later', async () => {
  const { alice, bob, chat } = await direct();
  for (let i = 0; i < 20; i++) alice.say(chat, `${i}`);
  await until(() => bob.said(chat).length > 2);
  street.cut();
  await until(() => pathOf(alice, chat) === 'relayed' && pathOf(bob, chat) === 'relayed');
  await until(() => bob.said(chat).length === 20);
  expect(bob.said(chat)).toEqual(Array.from({ length: 20 }, (_, i) => `${i}`));
  await meanwhile(() => pathOf(alice, chat) === 'direct' && pathOf(bob, chat) === 'direct');
});

test('a machine that stops answering in the middle is noticed, and what was on the way goes by the server', async () => {
  const { alice, bob, chat } = await direct();
  street.dead = true;
  alice.say(chat, 'into the void');
  await meanwhile(() => pathOf(alice, chat) === 'relayed');
  await meanwhile(() => bob.said(chat).length === 1);
  await meanwhile(() => pathOf(bob, chat) === 'relayed');
  expect(bob.said(chat)).toEqual(['into the void']);
});

test('a machine that stops answering is noticed even if nobody says anything', async () => {
  const { alice, bob, chat } = await direct();
  street.dead = true;
  await meanwhile(() => pathOf(alice, chat) === 'relayed' && pathOf(bob, chat) === 'relayed');
});

test('with neither path what is said waits, and after two minutes the chat is over', async () => {
  const { alice, bob, chat } = await direct();
  town.relay.restart();
  alice.messenger.offline();
  bob.messenger.offline();
  street.reachable = false;
  street.cut();
  await until(() => pathOf(alice, chat) === 'none' && pathOf(bob, chat) === 'none');
  alice.say(chat, 'later');
  await vi.advanceTimersByTimeAsync(100_000);
  expect(alice.status(chat)).toBe('open');
  alice.online();
  bob.online();
  await until(() => bob.said(chat).length === 1);
  town.relay.restart();
  alice.messenger.offline();
  bob.messenger.offline();
  await vi.advanceTimersByTimeAsync(121_000);
  await until(() => alice.status(chat) === 'ended' && bob.status(chat) === 'ended');
});

/** What happens to the paths while both talk. */
const trouble = fc.constantFrom('cut', 'dead', 'server', 'lose', 'repeat', 'swap', 'time', 'turns');

test('whatever the paths do in the middle of a burst: nothing is lost, repeated or reordered', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(trouble, { minLength: 3, maxLength: 12 }), async (troubles) => {
      town.relay = new Relay({ stocked: true });
      street = new Street();
      const { alice, bob, chat } = await direct(2);
      const said: string[] = [];
      for (const [i, what] of troubles.entries()) {
        for (let j = 0; j < 5; j++) {
          alice.say(chat, `${i}.${j}`);
          bob.say(chat, `${i}.${j}`);
          said.push(`${i}.${j}`);
        }
        for (let j = 0; j < (i * 7) % 13; j++) await turn();
        await happen(what, alice, bob);
      }
      street.dead = false;
      town.relay.tamper = (_, message) => [message];
      await meanwhile(() => alice.said(chat).length >= said.length && bob.said(chat).length >= said.length);
      expect(alice.said(chat)).toEqual(said);
      expect(bob.said(chat)).toEqual(said);
      await meanwhile(
        () => alice.all('delivered').length === said.length && bob.all('delivered').length === said.length,
      );
      for (const one of [alice, bob]) {
        const ids = one.all('delivered').map(({ id }) => id);
        expect(ids).toEqual(ids.toSorted());
      }
      for (const one of [alice, bob]) one.close();
    }),
    { numRuns: 6 },
  );
});

async function happen(what: string, alice: Person, bob: Person): Promise<void> {
  switch (what) {
    case 'cut':
      return street.cut();
    case 'dead':
      street.dead = !street.dead;
      return;
    case 'server':
      town.relay.restart();
      alice.messenger.offline();
      bob.messenger.offline();
      await vi.advanceTimersByTimeAsync(3000);
      alice.online();
      bob.online();
      return;
    case 'lose':
      town.relay.tamper = (_, message) => (message.type === 'private' && Math.random() < 0.5 ? [] : [message]);
      return;
    case 'repeat':
      town.relay.tamper = (_, message) => [message, ...(message.type === 'private' ? [message] : [])];
      return;
    case 'swap': {
      const held: never[] = [];
      town.relay.tamper = (_, message) => {
        held.push(message as never);
        return held.length >= 3 ? held.splice(0).reverse() : [];
      };
      return;
    }
    case 'time':
      await pass(12_000);
      return;
    default:
      for (let i = 0; i < 30; i++) await turn();
  }
}
