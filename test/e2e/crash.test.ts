import { expect, test } from 'vitest';
import { openStage } from './harness/open-stage.ts';
import type { Server } from './harness/server.ts';
import { ONLINE, type Stage } from './harness/stage.ts';
import type { Typist } from './harness/typist.ts';
import { pause } from './harness/wait.ts';

/** Times that the server dies, and milliseconds that it lives and is dead each time. */
const DEATHS = 4;
const LIVES_MS = 500;
const DEAD_MS = 300;
/** Milliseconds between two messages of each writer, and how many there are at most: more than the deaths take. */
const WRITE_EVERY_MS = 60;
const MOST = 105;
/** Rows that hold all that is said here, so that a screen can be compared with the history. */
const TALL = 460;

/** `s1-0042`: who wrote it, and its place among what they wrote. */
const WORD = /\b(?:s1|s2|t1|p1)-\d{4}\b/g;

const word = (writer: string, number: number): string => `${writer}-${String(number).padStart(4, '0')}`;
const wordsOn = (client: Typist): string[] => client.screen().flatMap((line) => line.match(WORD) ?? []);

interface Entry {
  readonly seq: number;
  readonly text: string;
}

async function history(stage: Stage, server: Server): Promise<Entry[]> {
  const { stdout, stderr, status } = await stage.run(server, ['history', 'lobby', '--limit', '10000', '--json'], {
    as: 'reader',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const entry: Entry = JSON.parse(line);
      return entry;
    });
}

test('through kill -9 under load, again and again: what was acknowledged is there once, in order, on both screens', async () => {
  const stage = openStage();
  const server = await stage.server('--guests', '--rate-limit', 'off');
  const [alice, bob] = await stage.guests(server, ['alice', 'bob']);
  const scripts = ['s1', 's2'].map((name) => ({
    name,
    program: stage.script(server, ['send', 'lobby'], { as: name }),
    given: 0,
  }));
  // Who hasn't been connected yet would be told that nobody is there.
  for (const script of scripts) {
    script.program.write(`${word(script.name, script.given)}\n`);
    await alice.waitFor(word(script.name, script.given));
    script.given += 1;
  }
  const typed = { t1: 0, p1: 0 };
  const isOver = { yes: false };
  /** Everybody writes on, whether the server lives or not. */
  const load = (async () => {
    while (!isOver.yes) {
      for (const script of scripts) {
        if (script.given >= MOST) continue;
        script.program.write(`${word(script.name, script.given)}\n`);
        script.given += 1;
      }
      if (typed.t1 < MOST) alice.say(word('t1', typed.t1++));
      if (typed.p1 < MOST && typed.t1 % 4 === 0) {
        // Three lines on the clipboard are one message of three lines.
        bob.paste([0, 1, 2].map((i) => word('p1', typed.p1 + i)).join('\n')).press('enter');
        typed.p1 += 3;
      }
      await pause(WRITE_EVERY_MS);
    }
  })();
  for (let death = 0; death < DEATHS; death += 1) {
    await pause(LIVES_MS);
    await server.kill('SIGKILL');
    if (death === 0) await alice.waitFor('waiting');
    else await pause(DEAD_MS);
    await server.startAgain();
    // Every other time it dies again before they have come back by themselves.
    if (death % 2 === 0) await Promise.all([alice, bob].map((client) => client.press('enter').waitFor(ONLINE)));
  }
  isOver.yes = true;
  await load;
  for (const { program } of scripts) {
    program.endInput();
    // Exit status 0: every line has been acknowledged.
    expect(await program.finished(30_000)).toMatchObject({ status: 0, stderr: '' });
  }
  await Promise.all([alice, bob].map((client) => client.press('enter').waitFor(ONLINE)));
  for (const client of [alice, bob]) await client.waitUntilGone(/waiting|sending/);

  const said = await history(stage, server);
  expect(said.map(({ seq }) => seq)).toEqual(said.map((_, index) => index + 1));
  const words = said.flatMap(({ text }) => text.match(WORD) ?? []);
  for (const [writer, count] of [
    ...scripts.map(({ name, given }) => [name, given] as const),
    ...Object.entries(typed),
  ]) {
    const own = words.filter((each) => each.startsWith(writer));
    // Each once, none lost, in the order in which they were written.
    expect(own).toEqual(Array.from({ length: count }, (_, number) => word(writer, number)));
  }
  for (const client of [alice, bob]) {
    client.resize(100, TALL);
    await client.waitFor(() => wordsOn(client).length >= words.length);
    expect(wordsOn(client)).toEqual(words);
  }
});

test('what is written while the server is gone is shown as waiting, and is sent once when it is back', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const [alice, bob] = await stage.guests(server, ['alice', 'bob']);
  alice.say('before');
  await bob.waitFor('before');
  await server.kill('SIGKILL');
  await alice.waitFor(/^ offline|^ connecting/m);
  alice.say('meanwhile, one').say('meanwhile, two');
  await alice.waitFor(/meanwhile, one .*waiting/);
  await alice.waitFor(/meanwhile, two .*waiting/);
  await alice.waitFor(/2 unsent/);
  await server.startAgain();
  await bob.waitFor(/meanwhile, one(.*\n)+.*meanwhile, two/);
  await alice.waitFor(ONLINE);
  await alice.waitUntilGone('waiting');
  for (const client of [alice, bob])
    expect(client.screen().filter((line) => line.includes('meanwhile'))).toHaveLength(2);
});

test('Enter tries to connect at once, and whoever comes back has missed nothing', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const [alice, carol] = await stage.guests(server, ['alice', 'carol']);
  alice.say('one');
  // What others see is stored; on one's own screen it stands before that.
  await carol.waitFor(/~alice +one/);
  carol.kill('SIGKILL');
  await server.kill('SIGKILL');
  await alice.waitFor(/^ offline/m);
  await server.startAgain();
  await stage.run(server, ['send', 'lobby', 'two'], { as: 'bob' });
  alice.press('enter');
  await alice.waitFor(/~alice +one(.*\n)+.*~bob +two/);
});
