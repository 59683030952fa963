/** Without a server, on hosts of their own: who is there, what is said, and what becomes of it when a cable is pulled out. */
import { describe, expect, test } from 'vitest';
import { needHosts } from '../namespaces.ts';
import { needRoot } from './harness/host.ts';
import { Lan } from './harness/lan.ts';
import type { Program } from './harness/program.ts';
import type { Typist } from './harness/typist.ts';

/** Milliseconds in which hosts find each other: what was asked for. */
const FOUND_WITHIN = 5000;
/** Milliseconds until somebody who is not heard is away, and a look at it later. */
const AWAY_WITHIN = 16_000;

/** What the status bar says when all is well. */
const ONLINE = /^ lan\b/m;

const here = (name: string): RegExp => new RegExp(`● ${name}\\b`);
const away = (name: string): RegExp => new RegExp(`◐ ${name}\\b`);

/** What was said in the lobby, as it stands on a screen: one word a message. */
const wordsOn = (screen: Typist): string[] => screen.screen().flatMap((line) => line.match(/\bw-[a-z]+-\d\b/g) ?? []);

const connected = async (one: Program): Promise<unknown> =>
  await one.waitFor('the network', () => one.stdout.includes('connected to') || undefined);
const sees = async (one: Program, what: RegExp, within?: number): Promise<unknown> =>
  await one.waitFor(String(what), () => what.test(one.stdout) || undefined, within);

describe.runIf(needHosts())('on a local network', () => {
  test('three hosts find each other; one that is cut off is away, and has all that waited when it is back', async () => {
    const lan = await Lan.start({ hosts: { alice: 1, bob: 1, carol: 1 } });
    const [alice, bob] = [lan.screen('alice'), lan.screen('bob')];
    for (const one of [alice, bob]) await one.waitFor(ONLINE);
    const carol = lan.screen('carol');
    await carol.waitFor(ONLINE);
    const began = performance.now();
    const left = (): number => FOUND_WITHIN - (performance.now() - began);
    for (const one of [alice, bob]) await one.waitFor(here('carol'), left());
    for (const name of ['alice', 'bob']) await carol.waitFor(here(name), left());
    await alice.waitFor(here('bob'), left());

    alice.say('w-one-1');
    for (const one of [bob, carol]) await one.waitFor(/alice +w-one-1/);
    carol.say('w-two-2');
    for (const one of [alice, bob]) await one.waitFor(/carol +w-two-2/);

    await lan.network.unplug('carol');
    // All three are at their keyboards.
    const keys = setInterval(() => {
      for (const one of [alice, bob, carol]) one.press('right');
    }, 1000);
    for (const one of [alice, bob]) await one.waitFor(away('carol'), AWAY_WITHIN);
    for (const name of ['alice', 'bob']) await carol.waitFor(away(name), AWAY_WITHIN);
    for (const one of [alice, bob]) expect(one.screen().join('\n')).not.toMatch(/◐ (alice|bob)/);
    clearInterval(keys);
    alice.say('w-three-3').say('/msg carol this waited for you');
    await bob.waitFor('w-three-3');
    carol.say('w-four-4');
    await carol.waitFor('w-four-4');
    bob.say('w-five-5');
    await bob.waitFor('w-five-5');
    alice.press('alt-1');
    await alice.waitFor('w-five-5');

    await lan.network.plug('carol');
    await carol.waitFor('w-five-5');
    for (const one of [alice, bob]) await one.waitFor('w-four-4');
    // Nothing twice, and the same order for all three.
    const words = ['w-one-1', 'w-two-2', 'w-three-3', 'w-four-4', 'w-five-5'];
    for (const one of [alice, bob, carol])
      await one.waitFor(() => JSON.stringify(wordsOn(one)) === JSON.stringify(words));
    await carol.waitFor(/\d:alice/);
    carol.press('alt-2');
    await carol.waitFor('this waited for you');
    expect(carol.screen().filter((line) => line.includes('this waited for you'))).toHaveLength(1);
  });

  test('two networks don’t see each other, until somebody names an address of the other', async () => {
    const hosts = { alice: 1, bob: 1, carol: 2, dave: 2 } as const;
    const lan = await Lan.start({ hosts });
    const apart = (['alice', 'bob', 'carol'] as const).map((name) => lan.lines(name));
    await Promise.all(apart.map(connected));
    const names = async (name: string): Promise<string[]> =>
      (await lan.people(name)).map((one) => one.name).filter((one) => one !== name);
    // A script that listens long enough to hear all who are there.
    expect(await names('dave')).toEqual(['carol']);
    expect(await names('alice')).toEqual(['bob']);

    const dave = lan.lines('dave', { args: ['--lan-peer', lan.network.address('alice')] });
    await connected(dave);
    // Bob is heard by way of alice, at his next announcement. Nobody who presses no key is told of, so the list is asked.
    const WITHIN = { timeout: 20_000, interval: 200 };
    await expect.poll(async () => (await names('dave')).toSorted(), WITHIN).toEqual(['alice', 'bob', 'carol']);
  });

  test.runIf(needRoot())('users of one host share its port, and are there for each other and for others', async () => {
    const lan = await Lan.start({ hosts: { alice: 1, box: 1 } }, 'frank', 'erin');
    const frank = lan.lines('frank', { host: 'box', login: 'frank' });
    const erin = lan.lines('erin', { host: 'box', login: 'erin' });
    const alice = lan.lines('alice');
    await Promise.all([frank, erin, alice].map(connected));
    frank.write('hello from frank\n');
    for (const one of [erin, alice]) await sees(one, / frank: hello from frank\n/);
    erin.write('hello from erin\n');
    for (const one of [frank, alice]) await sees(one, / erin: hello from erin\n/);
    expect((await lan.people('alice')).map(({ name }) => name).toSorted()).toEqual(['alice', 'erin', 'frank']);
  });

  test('two hosts without IPv4 find each other, and talk in private', async () => {
    const lan = await Lan.start({ hosts: { alice: 1, bob: 1 }, speaks: 'IPv6' });
    const [alice, bob] = [lan.lines('alice'), lan.lines('bob')];
    await Promise.all([alice, bob].map(connected));
    alice.write('over IPv6\n');
    await sees(bob, / alice: over IPv6\n/);
    alice.write('/private bob\n');
    await sees(bob, /\/accept alice or \/reject alice/);
    bob.write('/accept alice\n');
    await sees(alice, /bob: end-to-end encrypted/);
    alice.write('psst\n');
    await sees(bob, /alice: psst\n/);
  });
});
