import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answer, ask, encrypted, goTo, haveKeys, openChat } from './harness/chat.ts';
import { needRoot } from './harness/host.ts';
import { openStage } from './harness/open-stage.ts';
import { ONLINE, type Stage } from './harness/stage.ts';
import type { Typist } from './harness/typist.ts';
import { pause } from './harness/wait.ts';

const SIZE = { columns: 110, rows: 24 };
const NAMES = { asker: 'alice', asked: 'bob' };

const home = (stage: Stage, login: string): string => stage.environment({ login }).HOME ?? '';

async function leave(...clients: readonly Typist[]): Promise<void> {
  for (const client of clients) {
    const isTalking = client.screen().some((line) => line.includes('/end to leave'));
    client.press('ctrl-c');
    if (!isTalking) continue;
    await client.waitFor('once more');
    client.press('ctrl-c');
  }
  for (const client of clients) await client.ended();
}

/** Twelve groups of five digits. */
const digitsOn = (client: Typist): string =>
  client
    .screen()
    .flatMap((line) => /^ +((?:\d{5} +){3}\d{5})\b/.exec(line)?.[1] ?? [])
    .join('')
    .replaceAll(' ', '');

describe.runIf(needRoot())('users of this host', () => {
  test('compare the same digits on both screens; that they are equal makes them verified', async () => {
    const stage = openStage('alice', 'bob');
    const server = await stage.server();
    const [alice, bob] = await stage.logins(server, ['alice', 'bob'], { size: SIZE });
    await haveKeys(alice, bob);
    await openChat(alice, bob, NAMES);
    alice.say('/verify bob');
    bob.say('/verify alice');
    for (const [one, name] of [
      [alice, 'bob'],
      [bob, 'alice'],
    ] as const)
      await one.waitFor(`they are equal: mark ${name} as verified`);
    expect(digitsOn(alice)).toMatch(/^\d{60}$/);
    expect(digitsOn(bob)).toBe(digitsOn(alice));
    await answer(alice, 'v');
    await alice.waitFor(/end-to-end encrypted · direct · verified/);
    // That is alice's own affair: bob has not said so yet.
    bob.press('escape');
    await bob.waitFor(/direct · not verified/);
    bob.say('/verify alice');
    await bob.waitFor('they are equal');
    await answer(bob, 'v');
    await bob.waitFor(/direct · verified/);
    await leave(alice, bob);
    // And it lasts.
    const again = await stage.logins(server, ['alice', 'bob'], { size: SIZE });
    await haveKeys(...again);
    await openChat(...again, NAMES);
    for (const one of again) await one.waitFor(/direct · verified/);
  });

  test('notice when the other has another key: nothing is sent until it is accepted', async () => {
    const stage = openStage('alice', 'bob');
    const server = await stage.server();
    const [alice, bob] = await stage.logins(server, ['alice', 'bob'], { size: SIZE });
    await haveKeys(alice, bob);
    alice.say('/msg bob the first');
    await bob.waitFor('2:alice+1*');
    await leave(bob);
    rmSync(join(home(stage, 'bob'), 'data'), { recursive: true });
    const [other] = await stage.logins(server, ['bob'], { size: SIZE });
    other.say('/msg alice it is me, with another key');
    await alice.waitFor(/KEY CHANGED: nothing is sent until you \/accept-key bob/);
    alice.say('for the right bob');
    await alice.waitFor(/nothing is sent to bob, who has a key that was not there before/);
    const script = await stage.run(server, ['send', 'bob', 'from a script'], { login: 'alice' });
    expect(script.status).toBe(1);
    expect(script.stderr).toMatch(/^uchat: [^\n]*KEY CHANGED[^\n]*\/accept-key bob[^\n]*\n$/);
    // A live chat is stopped by it as well.
    alice.press('ctrl-u').say('/private bob');
    await alice.waitFor(/=bob .*ended/);
    await goTo(alice, 'bob');
    expect(other.screen().join('\n')).not.toMatch(/for the right bob|from a script/);
    // It is still in the line, to be sent or not.
    alice.press('ctrl-u').say('/accept-key bob');
    await alice.waitFor(/bob {2}end-to-end encrypted .* not verified/);
    alice.say('for the right bob');
    await other.waitFor(/alice +for the right bob/);
    expect(other.screen().join('\n')).not.toMatch(/from a script/);
  });

  test('remember what they wrote, in a log that one can read, write out and forget', async () => {
    const stage = openStage('alice', 'bob');
    const server = await stage.server();
    const [alice, bob] = await stage.logins(server, ['alice', 'bob'], { size: SIZE });
    await haveKeys(alice, bob);
    alice.say('/msg bob are you there?');
    await bob.waitFor('2:alice+1*');
    bob.press('alt-2');
    await bob.waitFor(/alice +are you there\?/);
    bob.say('I am');
    await alice.waitFor(/bob +I am/);
    await leave(alice, bob);

    const [again] = await stage.logins(server, ['alice'], { size: SIZE });
    again.say('/history bob');
    await again.waitFor(/alice +are you there\? .*\n.*bob +I am/);
    const history = await stage.run(server, ['history', '@bob', '--json'], { login: 'alice' });
    expect(history.stderr).toBe('');
    expect(
      history.stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { text: string }).text),
    ).toEqual(['are you there?', 'I am']);
    const file = join(home(stage, 'alice'), 'with bob.txt');
    again.say(`/export bob ${file}`);
    await again.waitFor(/with bob\.txt/);
    expect(readFileSync(file, 'utf8')).toMatch(/alice.*are you there\?\n.*bob.*I am\n/);

    const logs = (): string[] =>
      readdirSync(join(home(stage, 'alice'), 'data'), { recursive: true })
        .map(String)
        .filter((name) => name.endsWith('.log'));
    expect(logs()).toHaveLength(1);
    again.say('/forget bob');
    await again.waitFor('if you mean it, /forget bob yes');
    expect(logs()).toHaveLength(1);
    again.say(' yes');
    await again.waitFor('2 messages with bob are removed from this device');
    expect(logs()).toEqual([]);
    const gone = await stage.run(server, ['history', '@bob'], { login: 'alice' });
    expect(gone.stdout).toBe('');
    // What was written out is one's own business.
    expect(existsSync(file)).toBe(true);
  });

  test('send from a script, whether a client of theirs runs or not, and it stays private', async () => {
    const stage = openStage('alice', 'bob');
    const server = await stage.server();
    const send = (...words: readonly string[]) => stage.run(server, ['send', 'bob', ...words], { login: 'alice' });
    const early = await send('nobody could read this');
    expect(early.status).toBe(1);
    expect(early.stderr).toMatch(/^uchat: the server refused: nobody here is called bob;[^\n]*\n$/);
    const [bob] = await stage.logins(server, ['bob'], { size: SIZE });
    // Keys to encrypt for come with his first log-in, a moment after it.
    await bob.waitFor(ONLINE);
    while ((await send('one')).status !== 0) await pause(100);
    await bob.waitFor('alice+1*');
    await leave(bob);
    expect(await send('two')).toEqual({ status: 0, stdout: '', stderr: '' });
    const [alice] = await stage.logins(server, ['alice'], { size: SIZE });
    expect(await send('three')).toEqual({ status: 0, stdout: '', stderr: '' });
    const [back] = await stage.logins(server, ['bob'], { size: SIZE });
    await back.waitFor('alice+3*');
    await goTo(back, 'alice');
    await back.waitFor(/alice +one .*\n.* two .*\n.* three/);
    alice.say('/msg bob four');
    await back.waitFor(/ three .*\n.* four/);
  });

  test('talk in a live chat although mail waits unread, and the two never mix', async () => {
    const stage = openStage('alice', 'bob');
    const server = await stage.server();
    const [alice, bob] = await stage.logins(server, ['alice', 'bob'], { size: SIZE });
    await haveKeys(alice, bob);
    alice.say('/msg bob this is mail');
    await bob.waitFor('2:alice+1*');
    await ask(alice, bob, NAMES);
    await goTo(bob, '=alice');
    await answer(bob, 'a');
    await alice.waitFor(encrypted('direct'));
    alice.say('this is live');
    await bob.waitFor(/alice +this is live/);
    expect(bob.screen().join('\n')).not.toContain('this is mail');
    await goTo(bob, 'alice');
    await bob.waitFor(/alice +this is mail/);
    expect(bob.screen().join('\n')).not.toContain('this is live');
  });
});
