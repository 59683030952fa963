import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Person, pass, settle, World } from './world.ts';

/** How many people, and runs: each costs tens of milliseconds of signatures. */
const PEOPLE = 4;
const RUNS = 8;

const who = fc.nat(PEOPLE - 1);
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('say'), who, text: fc.string({ minLength: 1, maxLength: 40 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('react'), who, at: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete'), who, at: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('edit'), who, at: fc.nat(20), text: fc.constant('edited') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut'), who, other: who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('heal') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart'), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose'), who }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.integer({ min: 1, max: 9000 }) }) },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** What somebody's own programs are shown of the lobby, by what is the same for all: authors are keys. */
async function shownTo(person: Person): Promise<string> {
  person.program.forget();
  person.program.say({ type: 'who', id: 'w', since: 10 ** 9 });
  person.program.say({ type: 'history', id: 'h', room: '#lobby', limit: 200 });
  await settle();
  const devices = new Map(
    person.program.of('users').flatMap(({ users }) => users.map((one) => [one.name, one.device])),
  );
  return JSON.stringify(
    person.program.last('history').messages.map(({ from, reactions = [], ...message }) => ({
      ...message,
      rev: 0,
      from: devices.get(from) ?? from,
      reactions: reactions.map(({ emoji, users }) => [
        emoji,
        users.map((user) => devices.get(user) ?? user).toSorted(),
      ]),
    })),
  );
}

let ids = 0;
async function carryOut(world: World, people: readonly Person[], one: Action): Promise<void> {
  const person = 'who' in one ? people[one.who] : undefined;
  const say = (message: { type: string } & Readonly<Record<string, unknown>>): void => {
    if (person?.isUp === true) person.program.say({ id: `i-${++ids}`, ...message });
  };
  /** A message that they see, if there is any. */
  const seq = 'at' in one ? person?.program.of('message').concat(person.program.of('ack') as never)[one.at]?.seq : 0;
  switch (one.kind) {
    case 'say':
      return say({ type: 'say', to: '#lobby', text: 'text' in one ? one.text : '' });
    case 'react':
      return seq === undefined ? undefined : say({ type: 'react', room: '#lobby', seq, emoji: '👍', on: true });
    case 'delete':
      return seq === undefined ? undefined : say({ type: 'delete', room: '#lobby', seq });
    case 'edit':
      return seq === undefined ? undefined : say({ type: 'edit', room: '#lobby', seq, text: 'edited' });
    case 'cut': {
      const other = 'other' in one ? people[one.other] : undefined;
      if (person !== undefined && other !== undefined && person !== other) world.cut(person, other);
      return undefined;
    }
    case 'heal':
      return world.heal();
    case 'lose':
      // What is on its way to them for half a second is lost, and the link stands.
      if (person === undefined) return undefined;
      person.loses = ({ type }) => type === 'lobby';
      setTimeout(() => {
        person.loses = () => false;
      }, 500);
      return undefined;
    case 'restart':
      if (person === undefined) return undefined;
      await person.dies();
      return await person.start();
    case 'wait':
      return await pass('ms' in one ? one.ms : 0);
  }
}

test('whatever is said, cut off, lost and mended, all see the same in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 40 }), async (actions) => {
      const world = new World();
      const people: Person[] = [];
      for (let i = 0; i < PEOPLE; i++) people.push(await world.comes(`p${i}`));
      await pass(4000);
      for (const one of actions) {
        await carryOut(world, people, one);
        await pass(20);
      }
      world.heal();
      // The links stand with the next announcements, and then it takes ten seconds.
      await pass(4000 + 10_000);
      const shown: string[] = [];
      for (const person of people) shown.push(await shownTo(person));
      expect(shown).toEqual(shown.map(() => shown[0]));
      for (const { program } of people) {
        program.say({ type: 'lan' });
        await settle();
        expect(program.last('lan').problems).toEqual([]);
      }
      await Promise.all(people.map(async (person) => await person.dies()));
    }),
    { numRuns: RUNS },
  );
}, 60_000);
