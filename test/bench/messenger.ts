/**
 * What private chats cost, in one process with real cryptography and no network: `node test/bench/messenger.ts`.
 * Both sides of everything are on this machine's one thread, so a real device does about half of it.
 */
import { Person, Relay, talk, turn } from '../peer/relay.ts';
import { alone, type Benchmark, type How, median, timedAsync } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';

const ROUNDS = 5;
const MESSAGES = 200;

async function settled(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

let names = 0;
async function pair(): Promise<[Person, Person, Relay]> {
  const relay = new Relay();
  const one = await new Person(relay, `a${names++}`).ready();
  const other = await new Person(relay, `b${names++}`).ready();
  return [one, other, relay];
}

/** What is measured: its unit, and a round of it, which gives milliseconds. */
const STEPS: Readonly<Record<string, readonly [unit: string, round: (messages: number) => Promise<number>]>> = {
  '50 key packages made and published': [
    'ms',
    () =>
      timedAsync(async () => {
        const one = await new Person(new Relay(), `c${names++}`).ready();
        one.close();
      }),
  ],
  'first message to somebody offline: until the server has it': [
    'ms each',
    async () => {
      const [one, other] = await pair();
      other.offline();
      const took = await timedAsync(async () => {
        one.mail(other, 'hello there');
        await settled(() => one.all('mailed').length === 1);
      });
      for (const person of [one, other]) person.close();
      return took;
    },
  ],
  'the same, opened when they come': [
    'ms each',
    async () => {
      const [one, other] = await pair();
      other.offline();
      one.mail(other, 'hello there');
      await settled(() => one.all('mailed').length === 1);
      const took = await timedAsync(async () => {
        other.online();
        await settled(() => other.all('mail').length === 1);
      });
      for (const person of [one, other]) person.close();
      return took;
    },
  ],
  'mail in a session that stands, one after the other': [
    'ms each',
    async (messages) => {
      const [one, other] = await pair();
      const took = await timedAsync(async () => {
        for (let i = 0; i < messages; i++) {
          one.mail(other, `message ${i}`);
          await settled(() => other.all('mail').length === i + 1);
        }
      });
      for (const person of [one, other]) person.close();
      return took / messages;
    },
  ],
  'a chat: asked, accepted, open on both sides': [
    'ms each',
    async () => {
      const [one, other] = await pair();
      const took = await timedAsync(async () => {
        await talk(one, other);
      });
      for (const person of [one, other]) person.close();
      return took;
    },
  ],
  'a message in a chat, one after the other': [
    'ms each',
    async (messages) => {
      const [one, other] = await pair();
      const chat = await talk(one, other);
      const took = await timedAsync(async () => {
        for (let i = 0; i < messages; i++) {
          one.say(chat, `message ${i}`);
          await settled(() => other.said(chat).length === i + 1);
        }
      });
      for (const person of [one, other]) person.close();
      return took / messages;
    },
  ],
  'a message in a chat, all at once': [
    'ms each',
    async (messages) => {
      const [one, other] = await pair();
      const chat = await talk(one, other);
      const took = await timedAsync(async () => {
        for (let i = 0; i < messages; i++) one.say(chat, `message ${i}`);
        await settled(() => other.said(chat).length === messages);
      });
      for (const person of [one, other]) person.close();
      return took / messages;
    },
  ],
};

async function* run(how: How): AsyncGenerator<Figure> {
  const messages = how.size(MESSAGES, 5);
  for (const [name, [unit, round]] of Object.entries(STEPS)) {
    const times: number[] = [];
    for (let i = 0; i < (how.quick ? 1 : ROUNDS); i++) times.push(await round(messages));
    yield { name, value: median(times), unit };
  }
}

export const benchmark: Benchmark = {
  name: 'messenger',
  measures: 'private chats with real cryptography and no network, both sides on one thread',
  run,
};

if (import.meta.main) await alone(benchmark);
