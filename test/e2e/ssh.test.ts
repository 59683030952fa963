/**
 * People who come over SSH, by OpenSSH on both ends, to a host that has the single executable as /usr/local/bin/uchat and
 * a server that one of its users runs.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { BUILD_WITHIN, built } from '../build/built.ts';
import { need } from '../need.ts';
import { goTo, haveKeys, openChat } from './harness/chat.ts';
import { AT_FIRST } from './harness/emulator.ts';
import { Server } from './harness/server.ts';
import { needSsh, SshHost, type SshOptions } from './harness/ssh-host.ts';
import { freePort, ONLINE, Stage } from './harness/stage.ts';
import type { Typist } from './harness/typist.ts';

const PEOPLE = ['annika', 'bertil', 'cecilia'] as const;
/** Runs the server, and is in the chat only in so far. */
const KEEPER = 'keeper';
/** By sshd's ForceCommand. */
const ONLY_CHAT = 'dorotea';
/** Milliseconds, after which nobody is still shown who has gone. */
const GONE_WITHIN = 30_000;
/** Of the shell on the host. */
const PROMPT = /\$ ?$/m;

/** A prompt at home, from which one logs in; the line discipline before and after. */
const AT_HOME = `
echo 'what was here before'
stty -g >"$HOME/before"
"$@"
echo "left with $?"
stty -g >"$HOME/after"
read -r line
echo "at home again: $line"
`;

const here = (name: string): RegExp => new RegExp(`[●◐] ${name}\\b`);

describe.runIf(needSsh())('over SSH', () => {
  const opened = new AsyncDisposableStack();
  let stage: Stage;
  let host: SshHost;
  let server: Server;

  beforeAll(async () => {
    const uchat = built();
    stage = new Stage();
    opened.defer(() => stage.close());
    const port = await freePort();
    const env = { UCHAT_SERVER: `127.0.0.1:${port}` };
    const logins = [...PEOPLE, ONLY_CHAT, KEEPER];
    host = await SshHost.open(stage, { logins, onlyChat: [ONLY_CHAT], uchat, env });
    opened.defer(() => host.close());
    server = await Server.start({
      command: host.ssh(KEEPER, 'uchat', '--away-after', '1h'),
      env: stage.environment(),
      cwd: '/',
      data: join(host.home(KEEPER), 'data'),
      port,
    });
    opened.defer(() => server.dispose());
  }, BUILD_WITHIN);

  afterAll(() => opened.disposeAsync());

  /** At the prompt of the host, however they came there. */
  async function atPrompt(name: string, options?: SshOptions, around?: readonly string[]): Promise<Typist> {
    const shell = host.comeIn(name, options, around);
    onTestFinished(async () => {
      await shell.dispose();
      // What their uchat writes as it ends, the next one reads.
      await host.isLeftBy(name);
    });
    await shell.waitFor(PROMPT);
    return shell;
  }

  /** In the chat, and past the words that everybody sees at their first start. */
  async function inChat(name: string, options?: SshOptions): Promise<Typist> {
    const one = await atPrompt(name, options);
    one.say('uchat');
    await one.waitFor(ONLINE);
    if (one.screen().some((line) => line.includes('Welcome to '))) one.press('pageup');
    await one.waitUntilGone('Welcome to ');
    await one.waitFor(new RegExp(`${name} +you`));
    return one;
  }

  async function allIn(): Promise<Typist[]> {
    const all = await Promise.all(PEOPLE.map((name) => inChat(name)));
    for (const one of all) for (const name of PEOPLE) await one.waitFor(here(name));
    return all;
  }

  test('three users are known by their names, see each other, and talk in the room and in private', async () => {
    const [annika, bertil, cecilia] = await allIn();
    if (annika === undefined || bertil === undefined || cecilia === undefined) throw new Error('three were asked for');
    annika.say('who has lunch with me?');
    for (const one of [bertil, cecilia]) await one.waitFor(/annika +who has lunch with me\?/);
    cecilia.say('I do');
    for (const one of [annika, bertil]) await one.waitFor(/cecilia +I do/);

    await haveKeys(annika, bertil);
    await openChat(annika, bertil, { asker: 'annika', asked: 'bertil' });
    bertil.say('she always does');
    await annika.waitFor(/bertil +she always does/);
    annika.say('she pays');
    await bertil.waitFor(/annika +she pays/);
    // What she would have seen by now if she saw it.
    await goTo(annika, '#lobby');
    annika.say('at noon then');
    await cecilia.waitFor(/annika +at noon then/);
    expect(cecilia.raw).not.toMatch(/always does|she pays/);
    expect(cecilia.screen()[0]).not.toMatch(/annika|bertil/);
  });

  test.for([
    ['the client is killed', 'bertil', 'SIGKILL'],
    ['the network is dead', 'cecilia', 'SIGSTOP'],
  ] as const)('a connection drops as %s: who had it is gone, and nothing of it is left', async ([, who, signal]) => {
    const [annika, dropped] = await Promise.all([inChat('annika'), inChat(who)]);
    await annika.waitFor(here(who));
    await haveKeys(dropped);
    dropped.type('half a sentence');
    await dropped.waitFor('> half a sentence');
    dropped.kill(signal);
    await annika.waitUntilGone(here(who), GONE_WITHIN);
    await host.isLeftBy(who);

    const again = await inChat(who);
    await annika.waitFor(here(who));
    await again.waitFor('> half a sentence');
    again.press('ctrl-u');
    // Nobody else has the keys.
    await haveKeys(again);
    expect(again.raw).not.toContain('in your other uchat');
    again.say('/msg annika here I am');
    await annika.waitFor(new RegExp(`:${who}\\+\\d`));
    await goTo(annika, who);
    await annika.waitFor(new RegExp(`${who} +here I am`));
    // Mail that somebody has looked at just before a connection drops comes again; and tabs would be there the next time.
    for (const one of [annika, again]) {
      one.say('/leave').say('/quit');
      await one.waitFor(PROMPT);
    }
  });

  test.for(['/quit', 'the death of the server, and Ctrl-C'] as const)(
    '%s gives the terminal at home back as it was',
    async (way) => {
      const at = await atPrompt('cecilia', {}, ['sh', '-c', AT_HOME, 'sh']);
      at.say('uchat');
      await at.waitFor(ONLINE);
      expect(at.modes.screen).toBe('alternate');
      if (way === '/quit') at.say('/quit');
      else {
        for (const { pid, words } of host.processes(KEEPER))
          if (words.includes('--serve')) process.kill(pid, 'SIGKILL');
        await server.program.finished();
        onTestFinished(() => server.startAgain());
        await at.waitUntilGone(ONLINE);
        at.press('ctrl-c');
      }
      await at.waitFor((lines) => lines[0] === 'what was here before');
      await at.waitFor(PROMPT);
      expect(at.modes).toEqual(AT_FIRST);
      at.say('exit');
      await at.waitFor('left with 0');
      at.say('and well');
      await at.waitFor('at home again: and well');
      const [before, after] = ['before', 'after'].map((file) =>
        readFileSync(join(stage.environment({ person: 'cecilia' }).HOME ?? '', file), 'utf8'),
      );
      expect(after).toBe(before);
      await host.isLeftBy('cecilia');
    },
  );

  test('a user who gets the chat and no shell is in with ssh alone, and out with /quit', async () => {
    const one = host.comeIn(ONLY_CHAT);
    onTestFinished(() => one.dispose());
    await one.waitFor(ONLINE);
    await one.waitFor(new RegExp(`${ONLY_CHAT} +you`));
    one.say('/quit');
    expect(await one.ended()).toEqual({ status: 0, signal: undefined });
    expect(one.modes).toEqual(AT_FIRST);
  });

  test('with LANG=C, and on a terminal that the host has never heard of: all in ASCII', async () => {
    const one = await inChat('annika', { term: 'never-heard-of', env: { LC_ALL: 'C', LANG: 'C' } });
    one.say('plain words');
    await one.waitFor(/^ .*plain words/m);
    await one.waitUntilGone('sending');
    one.say('/quit');
    await one.waitFor(PROMPT);
    expect(one.raw).not.toMatch(/[^\0-\x7f]/);
    expect(one.modes).toEqual(AT_FIRST);
  });

  test.runIf(need('tmux'))('what runs in tmux on the host stays when the connection drops', async () => {
    const [annika, bertil] = await Promise.all([atPrompt('annika'), inChat('bertil')]);
    annika.say('tmux -S ~/socket new uchat');
    await annika.waitFor(ONLINE);
    await bertil.waitFor(here('annika'));
    annika.type('half a sentence');
    await annika.waitFor('> half a sentence');
    annika.kill('SIGKILL');
    await annika.ended();
    bertil.say('are you there?');
    await bertil.waitFor(/^ .*are you there\?/m);

    const again = await atPrompt('annika');
    again.say('tmux -S ~/socket attach');
    await again.waitFor(/^ .*are you there\?/m);
    await again.waitFor('> half a sentence');
    again.press('enter');
    await bertil.waitFor(/annika +half a sentence/);
    again.say('/quit');
    await again.waitFor('[exited]');
    await bertil.waitUntilGone(here('annika'));
  });
});
