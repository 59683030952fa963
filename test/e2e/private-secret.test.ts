import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Middle } from '../middle.ts';
import { answer, ask, goTo, haveKeys, openChat } from './harness/chat.ts';
import { openStage } from './harness/open-stage.ts';
import { ONLINE, type Stage } from './harness/stage.ts';
import type { Typist } from './harness/typist.ts';

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** A text as somebody might come across it: as it is, and in base64 wherever it begins. */
function formsOf(text: string): string[] {
  const shifted = [0, 1, 2].map((shift) => {
    const base64 = Buffer.from(' '.repeat(shift) + text).toString('base64');
    // The characters at the ends depend on what stands beside it.
    return base64.slice(shift === 0 ? 0 : 4, -4);
  });
  const url = shifted.map((base64) => base64.replaceAll('+', '-').replaceAll('/', '_'));
  return [text, ...shifted, ...url, Buffer.from(text).toString('hex'), Buffer.from(text, 'utf16le').toString('latin1')];
}

/** Which of the texts are in there, in any form. */
const found = (haystack: string, texts: readonly string[]): string[] =>
  texts.filter((text) => formsOf(text).some((form) => haystack.includes(form)));

async function account(stage: Stage, where: string, name: string): Promise<Typist> {
  const password = join(stage.folder, `password-${name}`);
  writeFileSync(password, `a long password of ${name}\n`, { mode: 0o600 });
  const args = ['--user', name, '--password-file', password];
  const made = await stage.run(undefined, ['register', where, ...args], { person: name });
  expect(made).toMatchObject({ status: 0 });
  const size = { columns: 110, rows: 24 };
  // By way of the server: what goes straight from one to the other isn't there to be found.
  return stage.client(where, { args: [...args, '--relay-only'], person: name, size });
}

test('nothing that is said in private is in the server’s database, its log, or on its wire', async () => {
  const stage = openStage();
  const server = await stage.server('--registration', 'open');
  // Reads all that goes over the connections of both, as the server does: TLS hides nothing from it.
  const middle = await Middle.before('127.0.0.1', server.port, 'reading');
  onTestFinished(() => middle.close());
  const [alice, bob] = [await account(stage, middle.address, 'alice'), await account(stage, middle.address, 'bob')];
  for (const one of [alice, bob]) await one.waitFor(ONLINE);
  await haveKeys(alice, bob);
  alice.say('open-to-the-whole-room');
  await bob.waitFor('open-to-the-whole-room');

  alice.say('/msg bob secret-mail-while-here');
  await bob.waitFor('alice+1*');
  // Live, by way of the server: nobody's address is told.
  await openChat(alice, bob, { asker: 'alice', asked: 'bob' }, 'relayed');
  alice.say('secret-live-from-alice');
  await bob.waitFor(/alice +secret-live-from-alice/);
  bob.say('secret-live-from-bob');
  await alice.waitFor(/bob +secret-live-from-bob/);
  bob.say('/end');
  await alice.waitFor('ended');
  // The same way, not encrypted: for comparison.
  await ask(alice, bob, { asker: 'alice', asked: 'bob' }, '--plain');
  await answer(bob, 'a');
  bob.press('enter');
  await alice.waitFor(/NOT ENCRYPTED.* relayed/);
  alice.say('open-by-agreement');
  await bob.waitFor(/alice +open-by-agreement/);
  bob.say('/end');
  await bob.waitFor(/NOT ENCRYPTED.*ended/);
  await alice.waitFor(/NOT ENCRYPTED.*ended/);
  bob.press('ctrl-c');
  await bob.ended();
  await goTo(alice, 'bob');
  alice.say('secret-mail-while-away');
  await alice.waitFor(/what you write is kept/);
  await alice.waitUntilGone('sending');

  const secrets = [
    'secret-mail-while-here',
    'secret-live-from-alice',
    'secret-live-from-bob',
    'secret-mail-while-away',
  ];
  const [room, plain] = ['open-to-the-whole-room', 'open-by-agreement'];
  const database = files(server.data)
    .map((path) => readFileSync(path, 'latin1'))
    .join('');
  const log = server.program.stdout + server.program.stderr;
  const all = [...secrets, room, plain];
  // What is looked for can be found: what is open to others is where it should be.
  expect(found(database, all)).toEqual([room]);
  expect(found(middle.heard, all)).toEqual([room, plain]);
  expect(found(middle.told, all)).toEqual([room, plain]);
  expect(log).toContain('started');
  expect(found(log, all)).toEqual([]);
  // It did go over that wire.
  for (const type of ['mail', 'private']) expect(middle.heard).toContain(`"type":"${type}"`);

  await server.kill('SIGKILL');
  const after = files(server.data)
    .map((path) => readFileSync(path, 'latin1'))
    .join('');
  expect(found(after, all)).toEqual([room]);
});
