/**
 * What private chats cost, in one process with real cryptography and no network: `node test/bench/messenger.ts`.
 * Both sides of everything are on this machine's one thread, so a real device does about half of it.
 */
import { Person, Relay, talk, turn } from '../peer/relay.ts';

const ROUNDS = 5;
const MESSAGES = 200;

async function settled(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

/** Milliseconds a time: the median of some rounds. */
async function measure(name: string, unit: string, round: () => Promise<number>): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) times.push(await round());
  const median = times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
  process.stdout.write(`${name.padEnd(58)} ${median.toFixed(2).padStart(8)} ms ${unit}\n`);
}

async function time(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

let names = 0;
async function pair(): Promise<[Person, Person, Relay]> {
  const relay = new Relay();
  const one = await new Person(relay, `a${names++}`).ready();
  const other = await new Person(relay, `b${names++}`).ready();
  return [one, other, relay];
}

await measure('50 key packages made and published', 'all', () =>
  time(async () => {
    const one = await new Person(new Relay(), `c${names++}`).ready();
    one.close();
  }),
);

await measure('first message to somebody offline: until the server has it', 'each', async () => {
  const [one, other] = await pair();
  other.offline();
  const took = await time(async () => {
    one.mail(other, 'hello there');
    await settled(() => one.all('mailed').length === 1);
  });
  for (const person of [one, other]) person.close();
  return took;
});

await measure('the same, opened when they come', 'each', async () => {
  const [one, other] = await pair();
  other.offline();
  one.mail(other, 'hello there');
  await settled(() => one.all('mailed').length === 1);
  const took = await time(async () => {
    other.online();
    await settled(() => other.all('mail').length === 1);
  });
  for (const person of [one, other]) person.close();
  return took;
});

await measure('mail in a session that stands, one after the other', 'each', async () => {
  const [one, other] = await pair();
  const took = await time(async () => {
    for (let i = 0; i < MESSAGES; i++) {
      one.mail(other, `message ${i}`);
      await settled(() => other.all('mail').length === i + 1);
    }
  });
  for (const person of [one, other]) person.close();
  return took / MESSAGES;
});

await measure('a chat: asked, accepted, open on both sides', 'each', async () => {
  const [one, other] = await pair();
  const took = await time(async () => {
    await talk(one, other);
  });
  for (const person of [one, other]) person.close();
  return took;
});

await measure('a message in a chat, one after the other', 'each', async () => {
  const [one, other] = await pair();
  const chat = await talk(one, other);
  const took = await time(async () => {
    for (let i = 0; i < MESSAGES; i++) {
      one.say(chat, `message ${i}`);
      await settled(() => other.said(chat).length === i + 1);
    }
  });
  for (const person of [one, other]) person.close();
  return took / MESSAGES;
});

await measure('a message in a chat, all at once', 'each', async () => {
  const [one, other] = await pair();
  const chat = await talk(one, other);
  const took = await time(async () => {
    for (let i = 0; i < MESSAGES; i++) one.say(chat, `message ${i}`);
    await settled(() => other.said(chat).length === MESSAGES);
  });
  for (const person of [one, other]) person.close();
  return took / MESSAGES;
});
