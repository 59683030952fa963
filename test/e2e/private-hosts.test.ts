import { describe, expect, onTestFinished, test } from 'vitest';
import { needHosts } from '../namespaces.ts';
import { Hosts } from '../peer/hosts.ts';
import { encrypted, haveKeys, openChat } from './harness/chat.ts';
import { openStage } from './harness/open-stage.ts';
import type { Server } from './harness/server.ts';
import { ONLINE } from './harness/stage.ts';
import type { Typist } from './harness/typist.ts';
import { pause } from './harness/wait.ts';

const NAMES = { asker: '~alice', asked: '~bob' };
/** Milliseconds from a cut until both have noticed it and go by way of the server. */
const MOVED_WITHIN = 40_000;
/** Milliseconds between two messages, and how many there are on each side: half of them before the cut. */
const WRITE_EVERY_MS = 100;
const EACH = 20;

async function twoHosts(): Promise<{ hosts: Hosts; server: Server; alice: Typist; bob: Typist }> {
  const stage = openStage();
  const hosts = await Hosts.start();
  onTestFinished(() => hosts.close());
  const server = await stage.serverElsewhere(
    (command) => hosts.command('server', command),
    '--host',
    '0.0.0.0',
    '--guests',
  );
  const client = (name: 'alice' | 'bob'): Typist =>
    stage.client(`${hosts.address('server', name)}:${server.port}`, {
      as: name,
      on: (command) => hosts.command(name, command),
      size: { columns: 110, rows: 60 },
    });
  const [alice, bob] = [client('alice'), client('bob')];
  for (const one of [alice, bob]) await one.waitFor(ONLINE);
  await haveKeys(alice, bob);
  return { hosts, server, alice, bob };
}

const word = (name: string, i: number): string => `${name}-${String(i).padStart(2, '0')}`;
/** What this one has said, as it stands on a screen. */
const wordsOn = (client: Typist, name: string): string[] =>
  client.screen().flatMap((line) => line.match(new RegExp(`\\b${name}-\\d\\d\\b`, 'g')) ?? []);
const all = (name: string): string[] => Array.from({ length: EACH }, (_, i) => word(name, i));

describe.runIf(needHosts())('two clients on two hosts', () => {
  test('that reach each other talk directly, and go on when the server is dead', async () => {
    const { server, alice, bob } = await twoHosts();
    await openChat(alice, bob, NAMES, 'direct');
    await server.kill('SIGKILL');
    alice.say('from host to host');
    await bob.waitFor(/~alice +from host to host/);
    bob.say('and back');
    await alice.waitFor(/~bob +and back/);
  });

  test('that don’t reach each other talk by way of the server', async () => {
    const { hosts, alice, bob } = await twoHosts();
    await hosts.route(false);
    await openChat(alice, bob, NAMES, 'relayed');
    alice.say('over the server');
    await bob.waitFor(/~alice +over the server/);
    bob.say('and back');
    await alice.waitFor(/~bob +and back/);
    // It was tried, and given up.
    await pause(3500);
    expect(alice.screen().join('\n')).toMatch(encrypted('relayed'));
  });

  test('of which one stops answering in the middle lose nothing, and get nothing twice or out of order', async () => {
    const { hosts, alice, bob } = await twoHosts();
    await openChat(alice, bob, NAMES, 'direct');
    for (let i = 0; i < EACH; i += 1) {
      if (i === EACH / 2) await hosts.route(false);
      alice.say(word('a', i));
      bob.say(word('b', i));
      await pause(WRITE_EVERY_MS);
    }
    for (const one of [alice, bob]) await one.waitFor(encrypted('relayed'), MOVED_WITHIN);
    await bob.waitFor(word('a', EACH - 1), MOVED_WITHIN);
    await alice.waitFor(word('b', EACH - 1), MOVED_WITHIN);
    for (const one of [alice, bob]) {
      expect(wordsOn(one, 'a')).toEqual(all('a'));
      expect(wordsOn(one, 'b')).toEqual(all('b'));
    }
  });
});
