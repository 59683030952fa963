/**
 * Makes screenshots/*.png: a server, and people in real terminals, are told what to do, and their screens are drawn.
 * As root they are users of this host, as in real life; else they are guests.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_PORT } from '../../src/protocol/limits.ts';
import type { Server } from '../e2e/harness/server.ts';
import { type ClientOptions, ONLINE, Stage } from '../e2e/harness/stage.ts';
import type { Typist } from '../e2e/harness/typist.ts';
import { pngOf } from '../screen/picture.ts';
import { drawDashboard } from './dashboard.ts';
import { drawLan } from './lan.ts';
import { drawPanes } from './panes.ts';
import { drawPrivate } from './private.ts';
import { drawReading } from './reading.ts';
import { drawThemes } from './themes.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'screenshots');
const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'] as const;
type Name = (typeof PEOPLE)[number];

const isRoot = process.getuid?.() === 0;
const stage = isRoot ? new Stage(...PEOPLE) : new Stage();
const as = (name: Name): ClientOptions => (isRoot ? { login: name } : { as: name });

/** As the server calls them. */
const called = (name: Name): string => (isRoot ? name : `~${name}`);

/** The size of a terminal as it opens, and of one that has the screen for itself. */
const USUAL = { columns: 80, rows: 24 };
const WIDE = { columns: 160, rows: 48 };

function draw(name: string, { emulator }: Typist): void {
  writeFileSync(join(FOLDER, `${name}.png`), pngOf(emulator.terminal));
  console.log(`${name}.png`);
}

async function openServer(): Promise<Server> {
  // Longer than a client waits from one sign of life to the next.
  const options = ['--guests', '--away-after', '7s'];
  try {
    return await stage.serverOn(DEFAULT_PORT, ...options);
  } catch {
    // Somebody's own is running here.
    return await stage.serverOn(0, ...options);
  }
}

async function enter(server: Server, name: Name): Promise<Typist> {
  const client = stage.client(server.port === DEFAULT_PORT ? undefined : server, as(name));
  await client.waitFor(ONLINE);
  return client;
}

/** A line said in the room on the screen, and seen there. */
async function says(client: Typist, text: string): Promise<void> {
  client.say(text);
  await client.waitFor((lines) => lines.some((line) => line.includes(text.slice(0, 16)) && !line.startsWith('>')));
}

async function rooms(alice: Typist, bob: Typist, frank: Typist): Promise<void> {
  for (const client of [alice, bob, frank]) {
    client.say('/join #dev');
    await client.waitFor('2:#dev');
    client.say('/join #ops');
    await client.waitFor('3:#ops');
  }
  frank.press('alt-2');
  frank.say('/topic releases on Thursday, hotfixes any time');
  await frank.waitFor('hotfixes');
  for (const client of [alice, bob, frank]) client.press('alt-1');
}

/** What was said before anybody came in here; nobody is shown as present for it. */
const EARLIER: readonly (readonly [Name, string])[] = [
  ['erin', 'the printer on the second floor is out of paper again'],
  ['carol', 'there is a box of it under my desk, take what you need'],
  ['frank', 'maintenance tonight from 22:00: the box restarts once, five minutes at the most'],
  ['frank', 'save your work before that'],
  ['bob', 'thanks for the warning. Does the build queue survive it?'],
  ['frank', 'it does, jobs go on where they were'],
  ['dave', 'can somebody review my branch? It is the change to the importer, about 200 lines, most of them tests'],
  ['carol', 'I will, after lunch'],
  ['erin', 'lunch is at half past twelve today, by the way, the kitchen said so'],
  ['carol', 'even better'],
  ['bob', 'the nightly run has found something:\n  importer: 3 of 4120 failed\n  all three are about time zones'],
  ['dave', 'those are mine, the fix is in that branch'],
  ['carol', 'then I had better read it before lunch'],
  ['frank', 'who has the key of the server room?'],
  ['erin', 'it hangs where it always hangs'],
  ['frank', 'it does not'],
  ['erin', 'then bob has it'],
  ['bob', 'bob has it. On my way'],
];

async function talkEarlier(server: Server): Promise<void> {
  for (const [name, text] of EARLIER) {
    const { status, stderr } = await stage.run(server, ['send', 'lobby', text], as(name));
    if (status !== 0) throw new Error(stderr);
  }
}

async function run(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const form = stage.client('127.0.0.1', { args: ['--connect'], ...as('alice') });
  await form.waitFor('Connect to a server');
  draw('form', form);
  form.press('escape');
  await form.ended();

  const server = await openServer();
  const alice = await enter(server, 'alice');
  await alice.waitFor('here 1');
  draw('first-start', alice);

  await talkEarlier(server);
  const bob = await enter(server, 'bob');
  const carol = await enter(server, 'carol');
  const frank = await enter(server, 'frank');
  alice.say('/topic Welcome to the box. Be kind.');
  await bob.waitFor('Be kind.');
  await rooms(alice, bob, frank);
  await says(alice, 'morning all');
  await says(bob, 'the build is green again, and the log is here:');
  await says(bob, 'https://box/log/4012');
  const [dave, erin] = [await enter(server, 'dave'), await enter(server, 'erin')];
  await says(dave, 'Grüße aus Zürich, I am back');
  erin.say('/quit');
  await erin.ended();
  const mira = stage.client(server.port === DEFAULT_PORT ? undefined : server, { as: 'mira' });
  await mira.waitFor(ONLINE);
  await says(mira, 'hello, I am only visiting');

  // What alice has not seen: she is in another room.
  alice.press('alt-3');
  await alice.waitFor('#ops 3');
  frank.press('alt-2');
  await says(frank, 'tagging 2.3 now');
  await says(frank, 'changelog is up, please have a look before lunch');
  await says(frank, `@${called('alice')} yours is in as well`);
  await says(carol, `@${called('alice')} can you look at 4012?`);
  await says(bob, '4012: looks like the disk, /var is at 97 % and the nightly backup has not run since Tuesday');
  await alice.waitFor('2:#dev+3*');
  alice.press('alt-1');
  await alice.waitFor('nightly');
  await alice.waitFor(`◐ ${called('carol')}`);
  bob.press('alt-2');
  await says(bob, 'looks good to me');
  await says(frank, 'thanks');
  alice.type('the disk is full of co');
  await alice.waitFor('full of co');
  for (const name of ['alice', 'bob', 'frank'] as const) await alice.waitFor(`● ${called(name)}`);
  draw('room', alice);
  alice.resize(WIDE.columns, WIDE.rows);
  await alice.waitFor((lines) => lines.length === WIDE.rows && ONLINE.test(lines.at(-1) ?? ''));
  draw('wide', alice);
  alice.resize(40, 12);
  await alice.waitFor((lines) => ONLINE.test(lines.at(-1) ?? ''));
  draw('narrow', alice);
  alice.resize(USUAL.columns, USUAL.rows);
  await alice.waitFor((lines) => ONLINE.test(lines.at(-1) ?? ''));

  alice.press('f1');
  await alice.waitFor('Alt-1');
  draw('keys', alice);
  // Right after it, a key would count as pressed with Alt.
  alice.press('escape');
  await alice.waitFor('morning all');
  alice.press('ctrl-u');
  await drawReading({ alice, bob, carol, frank, draw });
  alice.say('/rooms');
  await alice.waitFor('3 rooms');
  draw('rooms', alice);

  await drawPrivate({
    alice,
    bob,
    carol,
    dave,
    names: { alice: called('alice'), bob: called('bob'), carol: called('carol'), dave: called('dave') },
    elsewhere: async () => {
      const data = stage.newFolder('bob-elsewhere', as('bob'));
      const client = stage.client(server.port === DEFAULT_PORT ? undefined : server, {
        ...as('bob'),
        env: { XDG_DATA_HOME: data },
      });
      await client.waitFor(ONLINE);
      return client;
    },
    draw,
  });
  alice.press('alt-1');
  await alice.waitFor('3 rooms');

  await server.kill('SIGKILL');
  await alice.waitFor(/offline/);
  alice.say('on it');
  await alice.waitFor(/on it .*waiting/);
  // Now and then it is trying, and then it says so; the picture is of the time between.
  await alice.waitFor(/offline.*again in/);
  draw('offline', alice);
}

await drawThemes((name, png) => {
  writeFileSync(join(FOLDER, `${name}.png`), png);
  console.log(`${name}.png`);
});
await drawPanes((name, png) => {
  writeFileSync(join(FOLDER, `${name}.png`), png);
  console.log(`${name}.png`);
});
await drawDashboard((name, png) => {
  writeFileSync(join(FOLDER, `${name}.png`), png);
  console.log(`${name}.png`);
});
try {
  await drawLan(stage, draw);
  await run();
} finally {
  await stage.close();
}
