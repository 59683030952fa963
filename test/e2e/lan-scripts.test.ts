/** `uchat --lan` in scripts: with a program of one's own on the network, and without. */
import { describe, expect, test } from 'vitest';
import { needHosts } from '../namespaces.ts';
import { Lan } from './harness/lan.ts';
import type { Program } from './harness/program.ts';

const has = async (one: Program, what: RegExp): Promise<unknown> =>
  await one.waitFor(String(what), () => what.test(one.stdout) || undefined);
const textsOf = (stdout: string): string[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { text: string }).text);

describe.runIf(needHosts())('scripts on a local network', () => {
  test('say who is there, send, follow, read and search, whether or not a program of ours runs', async () => {
    const lan = await Lan.start({ hosts: { alice: 1, bob: 1 } });
    const bob = lan.lines('bob');
    await has(bob, /connected to/);

    // Each of these is the only program of hers.
    expect(await lan.people('alice')).toEqual([
      expect.objectContaining({
        name: 'bob',
        state: expect.stringMatching(/^(online|away)$/),
        device: expect.stringMatching(/^[\w-]{43}$/),
        fingerprint: expect.stringMatching(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/),
      }),
    ]);
    expect(await lan.run('alice', ['send', 'lobby', 'the build is green'])).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
    await has(bob, / alice: the build is green\n/);
    expect(await lan.run('alice', ['send', 'bob', 'for you alone'])).toEqual({ status: 0, stdout: '', stderr: '' });
    await has(bob, /alice: for you alone\n/);

    // And now there is one already.
    const tail = lan.script('alice', ['tail', '--json', '--limit', '1']);
    await has(tail, /the build is green/);
    bob.write('well done\n');
    await has(tail, /well done/);
    expect(await lan.run('alice', ['send', 'bob', 'again'])).toMatchObject({ status: 0 });
    await has(bob, /alice: again\n/);
    expect(await lan.run('alice', ['send', 'nobody', 'hello?'])).toMatchObject({ status: 1 });
    const { stdout } = await lan.run('alice', ['history', 'lobby', '--json']);
    expect(textsOf(stdout)).toEqual(['the build is green', 'well done']);
    expect(textsOf((await lan.run('alice', ['search', 'green', '--json'])).stdout)).toEqual(['the build is green']);
    expect(textsOf(tail.stdout)).toEqual(['the build is green', 'well done']);
    expect(await lan.run('alice', ['announce', 'the disk is full'])).toMatchObject({ status: 2, stdout: '' });
  });

  test('say so when nobody takes what they send, which goes out later', async () => {
    const lan = await Lan.start({ hosts: { alice: 1, bob: 1 } });
    const bob = lan.lines('bob');
    await has(bob, /connected to/);
    expect((await lan.people('alice')).map(({ name }) => name)).toEqual(['bob']);
    bob.write('/quit\n');
    await bob.finished();

    const lobby = await lan.run('alice', ['send', 'lobby', 'is anybody there?']);
    expect(lobby).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/^uchat: nobody else is .* kept here.*\n$/),
    });

    const mail = await lan.run('alice', ['send', 'bob', 'and are you?']);
    expect(mail).toMatchObject({ status: 3, stderr: expect.stringMatching(/^uchat: bob is away: it waits here.*\n$/) });

    const back = lan.lines('bob');
    const alice = lan.lines('alice');
    await has(back, / alice: is anybody there\?\n/);
    await has(back, /alice: and are you\?\n/);
    alice.write('/quit\n');
    await alice.finished();
  });
});
