import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answer, ask, encrypted, goTo, haveKeys, openChat } from './harness/chat.ts';
import { openStage } from './harness/open-stage.ts';
import type { Server } from './harness/server.ts';
import { ONLINE, type Stage } from './harness/stage.ts';
import type { Typist } from './harness/typist.ts';

const SIZE = { columns: 110, rows: 24 };
const NAMES = { asker: '~alice', asked: '~bob' };

async function two(
  ...options: readonly string[]
): Promise<{ stage: Stage; server: Server; alice: Typist; bob: Typist }> {
  const stage = openStage();
  const server = await stage.server('--guests');
  const [alice, bob] = await stage.guests(server, ['alice', 'bob'], { size: SIZE, args: options });
  await haveKeys(alice, bob);
  return { stage, server, alice, bob };
}

const count = (client: Typist, text: string): number => client.screen().filter((line) => line.includes(text)).length;

describe('a private chat', () => {
  test('is asked for, accepted, direct on one host, said both ways, and ended for both', async () => {
    const { alice, bob } = await two();
    await ask(alice, bob, NAMES);
    await alice.waitFor('You have asked ~bob for a private chat, and wait for the answer.');
    // In the status bar, wherever one is.
    await bob.waitFor(/^ online .* ~alice asks for a private chat: Alt-2/m);
    bob.press('alt-2');
    await bob.waitFor('~alice asks for a private chat.');
    // What else it says depends on the networks of this machine.
    await bob.waitFor('It will be end-to-end encrypted');
    await bob.waitFor(/Ends by itself in 1:\d\d\./);
    await answer(bob, 'a');
    for (const one of [alice, bob]) await one.waitFor(/end-to-end encrypted · direct · not verified/);
    alice.say('lunch?');
    await bob.waitFor(/~alice +lunch\?/);
    bob.say('12:30');
    await alice.waitFor(/~bob +12:30/);
    bob.say('/end');
    await alice.waitFor(/ended[^]*~bob/);
    await bob.waitFor(/ended/);
    // What was said stays on the screen, until the tab is closed.
    expect(count(alice, 'lunch?')).toBe(1);
    alice.say('nobody hears this');
    await alice.waitFor(/ended/);
    expect(bob.screen().join('\n')).not.toContain('nobody hears this');
  });

  test('that is rejected is over, and says so', async () => {
    const { alice, bob } = await two();
    await ask(alice, bob, NAMES);
    await goTo(bob, '=~alice');
    await bob.waitFor('~alice asks for a private chat.');
    await answer(bob, 'r');
    await alice.waitFor('=~bob  ended: ~bob said no');
    await bob.waitUntilGone('asks for a private chat.');
  });

  test('that is taken back is no longer asked for', async () => {
    const { alice, bob } = await two();
    await ask(alice, bob, NAMES);
    alice.say('/end');
    await bob.waitUntilGone('=~alice?');
    await goTo(bob, '=~alice');
    await bob.waitFor(/=~alice {2}ended: ~alice/);
  });

  test('with the address hidden is relayed, and so it is with --relay-only', async () => {
    const { alice, bob } = await two();
    await ask(alice, bob, NAMES);
    await goTo(bob, '=~alice');
    await bob.waitFor('[a] accept');
    await answer(bob, 'o');
    for (const one of [alice, bob]) await one.waitFor(encrypted('relayed'));
    await bob.waitFor('your address is hidden');
    alice.say('over the server');
    await bob.waitFor(/~alice +over the server/);

    const only = await two('--relay-only');
    await openChat(only.alice, only.bob, NAMES, 'relayed');
    only.alice.say('over the server, too');
    await only.bob.waitFor(/~alice +over the server, too/);
  });

  test('with --plain says NOT ENCRYPTED from the request on, and needs words, not a key', async () => {
    const { alice, bob } = await two();
    await ask(alice, bob, NAMES, '--plain');
    await goTo(bob, '=~alice');
    await bob.waitFor('NOT ENCRYPTED');
    await answer(bob, 'a');
    await bob.waitFor('NOT ENCRYPTED: Enter agrees to it');
    await bob.waitFor('> /accept ~alice --plain');
    bob.press('enter');
    for (const one of [alice, bob]) {
      await one.waitFor(/^ =~(alice|bob) {2}NOT ENCRYPTED: anyone between you can read this · relayed/m);
    }
    alice.say('anybody may read this');
    await bob.waitFor(/~alice +anybody may read this/);
    await alice.waitFor('NOT ENCRYPTED');
  });

  test('ends when the other quits, and says that', async () => {
    const { alice, bob } = await two();
    await openChat(alice, bob, NAMES);
    bob.press('ctrl-c');
    await bob.waitFor('a private chat with ~alice ends');
    bob.press('ctrl-c');
    expect(await bob.ended()).toEqual({ status: 0, signal: undefined });
    await alice.waitFor(/ended[^]*~bob/);
  });

  test('ends when the other’s program is ended by a signal', async () => {
    const { alice, bob } = await two();
    await openChat(alice, bob, NAMES);
    bob.kill('SIGHUP');
    await bob.ended();
    await alice.waitFor(/ended[^]*~bob/);
  });

  test('goes on while the server is dead, and after it is back', async () => {
    const { server, alice, bob } = await two();
    await openChat(alice, bob, NAMES);
    await server.kill('SIGKILL');
    await alice.waitFor('offline');
    alice.say('is the server dead?');
    await bob.waitFor(/~alice +is the server dead\?/);
    bob.say('it is, and we are not');
    await alice.waitFor(/~bob +it is, and we are not/);
    await server.startAgain();
    for (const one of [alice, bob]) {
      one.press('alt-1');
      await one.waitFor(ONLINE, 40_000);
      one.press('alt-2');
      await one.waitFor(encrypted('direct'));
    }
    alice.say('back again');
    await bob.waitFor(/~alice +back again/);
    for (const text of ['is the server dead?', 'it is, and we are not', 'back again']) {
      for (const one of [alice, bob]) expect(count(one, text)).toBe(1);
    }
  });

  test('that is relayed waits while the server is dead, and loses and repeats nothing', async () => {
    const { server, alice, bob } = await two('--relay-only');
    await openChat(alice, bob, NAMES, 'relayed');
    alice.say('one');
    await bob.waitFor(/~alice +one/);
    await server.kill('SIGKILL');
    await alice.waitFor('offline');
    for (const text of ['two', 'three']) alice.say(text);
    await alice.waitFor('three');
    await server.startAgain();
    const lines = await bob.waitFor(/ one .*\n[^]* two .*\n.* three/, 40_000);
    for (const text of ['one', 'two', 'three']) expect(lines.filter((line) => line.includes(text))).toHaveLength(1);
  });

  test('is one of several, each with its own tab, and one can write to each from anywhere', async () => {
    const stage = openStage();
    const server = await stage.server('--guests');
    const [alice, bob, carol] = await stage.guests(server, ['alice', 'bob', 'carol'], { size: SIZE });
    await haveKeys(alice, bob, carol);
    await openChat(alice, bob, NAMES);
    await openChat(alice, carol, { asker: '~alice', asked: '~carol' });
    alice.press('alt-1');
    alice.say('/private ~bob only for bob');
    await bob.waitFor(/~alice +only for bob/);
    alice.press('alt-1');
    alice.say('/private ~carol only for carol');
    await carol.waitFor(/~alice +only for carol/);
    expect(carol.screen().join('\n')).not.toContain('only for bob');
    expect(bob.screen().join('\n')).not.toContain('only for carol');
  });

  test('begins with Alt-p on a name in the list', async () => {
    const { alice, bob } = await two();
    alice.press('alt-p');
    await alice.waitFor('Enter private');
    // Oneself is passed over.
    alice.press('enter');
    await alice.waitFor('You have asked ~bob for a private chat');
    await bob.waitFor('=~alice?');
  });

  test('is in the first of two terminals of one’s own; the second says so, and takes over', async () => {
    const { stage, server, alice, bob } = await two();
    const second = stage.client(server, { as: 'alice', size: SIZE });
    await second.waitFor(ONLINE);
    second.say('/private ~bob');
    // Where it was asked before that was known, the line is a longer one, and wrapped: `… are in` ends a row.
    await second.waitFor(/private chats are in\b/);
    await openChat(alice, bob, NAMES);
    bob.say('/end');
    await alice.waitFor(/ended/);
    // Mail waits there, and goes once, by whichever of the two.
    second.press('ctrl-u').say('/msg ~bob waits for its turn');
    await second.waitFor(/waits for its turn/);
    await second.waitFor('waiting');
    alice.kill('SIGKILL');
    await alice.ended();
    bob.press('alt-1');
    // It looks again every two seconds.
    await bob.waitFor('~alice+1*');
    await second.waitUntilGone('waiting');
    second.press('alt-1');
    await haveKeys(second);
    await ask(second, bob, NAMES);
    await goTo(bob, '~alice');
    await bob.waitFor('waits for its turn');
    expect(count(bob, 'waits for its turn')).toBe(1);
  });
});

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test('a live chat leaves no line on any disk, unless one says /log on, which the other is told', async () => {
  const { stage, alice, bob } = await two();
  await openChat(alice, bob, NAMES);
  alice.say('leaves-no-trace');
  await bob.waitFor(/~alice +leaves-no-trace/);
  const logs = (name: string): string[] =>
    files(stage.environment({ as: name }).HOME ?? '').filter((path) => path.endsWith('.log'));
  expect([...logs('alice'), ...logs('bob')]).toEqual([]);
  alice.say('/log on');
  await bob.waitFor('~alice keeps a log');
  await alice.waitFor('you keep a log');
  alice.say('is-kept');
  await bob.waitFor(/~alice +is-kept/);
  bob.say('/end');
  await alice.waitFor(/ended/);
  expect(logs('alice')).toHaveLength(1);
  expect(logs('bob')).toEqual([]);
  alice.say('/history ~bob');
  await alice.waitFor((lines) => lines.filter((line) => line.includes('is-kept')).length > 0);
  for (const client of [alice, bob]) {
    client.press('ctrl-c');
    await client.ended();
  }
  for (const path of files(stage.folder)) {
    const bytes = readFileSync(path);
    for (const text of ['leaves-no-trace', 'is-kept']) expect([path, bytes.includes(text)]).toEqual([path, false]);
  }
});
