/**
 * One script for every place where uchat runs:
 *
 *     script('a message is answered', async ({ people }) => {
 *       const [alice, bob] = await people('alice', 'bob');
 *       alice.say('lunch?');
 *       await bob.sees(/~alice +lunch\?/);
 *     });
 *
 * That is a test in memory, one in a terminal, one in tmux and one in GNU screen. Each has a server of its own.
 */
import { test } from 'vitest';
import type { Size } from '../../../src/client/core/state.ts';
import { need } from '../../need.ts';
import { AtTerminal } from './at-terminal.ts';
import { InMemory, type ServerIs } from './in-memory.ts';
import { openStage } from './open-stage.ts';
import type { Person } from './person.ts';
import { ONLINE } from './stage.ts';
import { DEFAULT_SIZE, type Typist } from './typist.ts';

const PLACES = ['memory', 'terminal', 'tmux', 'screen'] as const;
type Place = (typeof PLACES)[number];

type People<N extends readonly string[]> = { [K in keyof N]: Person };

interface Play {
  /** Guests of these names, who are in, each at 80x24. */
  readonly people: <const N extends readonly string[]>(...names: N) => Promise<People<N>>;
  /** The server dies, and with it all connections; whoever is here notices. */
  readonly serverGoes: () => Promise<void>;
  /** It keeps its connections, and says nothing any more. */
  readonly serverHangs: () => Promise<void>;
  /** After it had gone: it is there again, with what it had stored. */
  readonly serverIsBack: () => Promise<void>;
}

/** With programs, on a stage of its own that closes with the test. */
async function inReality(place: Exclude<Place, 'memory'>): Promise<Play> {
  const stage = openStage();
  const server = await stage.server('--guests');
  const person = (as: string): Person => {
    const start = (size: Size): Typist => stage.client(server, { as, size });
    if (place === 'terminal') return new AtTerminal(start(DEFAULT_SIZE), start);
    const session = stage.session(place, stage.uchat(server, { as }), { as });
    return new AtTerminal(session.client, (size) => session.attach(size));
  };
  return {
    people: async (...names) => {
      const all = names.map(person);
      await Promise.all(all.map(pastWelcome));
      return all as People<typeof names>;
    },
    serverGoes: async () => await server.kill('SIGKILL'),
    serverHangs: async () => server.program.kill('SIGSTOP'),
    serverIsBack: async () => await server.startAgain(),
  };
}

/** In, and past the words that everybody sees at their first start. */
async function pastWelcome(one: Person): Promise<void> {
  await one.sees(ONLINE);
  if (!one.screen().some((line) => line.includes('Welcome to '))) return;
  one.press('pageup');
  await one.seesNoMore('Welcome to ');
}

function inMemory(): Play {
  const world = new InMemory();
  const become = async (is: ServerIs): Promise<void> => {
    world.serverIs = is;
    await world.settle();
  };
  return {
    people: async (...names) => {
      const all = names.map((name) => world.person(name, DEFAULT_SIZE));
      for (const one of all) await pastWelcome(one);
      return all as People<typeof names>;
    },
    serverGoes: async () => await become('gone'),
    serverHangs: async () => await become('frozen'),
    serverIsBack: async () => await become('up'),
  };
}

const isThere = (place: Place): boolean => (place === 'tmux' || place === 'screen' ? need(place) : true);

/** A test in each of these places, named as the place is. */
export function script(title: string, run: (play: Play) => Promise<void>, places: readonly Place[] = PLACES): void {
  for (const place of places)
    test.runIf(isThere(place))(`${title} (${place})`, async () => {
      await run(place === 'memory' ? inMemory() : await inReality(place));
    });
}
