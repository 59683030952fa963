/** Local networks on which somebody means ill. */
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LAN_PORT } from '../../src/lan/limits.ts';
import { ownMemory } from '../bench/harness/processes.ts';
import type { Sent } from '../lan/flood.ts';
import type { Overheard } from '../lan/middle.ts';
import type { Network } from '../lan/networks.ts';
import { needHosts } from '../namespaces.ts';
import { Lan } from './harness/lan.ts';
import type { Program } from './harness/program.ts';
import { pause, until } from './harness/wait.ts';

const program = (name: string): string => fileURLToPath(new URL(`../lan/${name}.ts`, import.meta.url));
const FLOOD = { perSecond: 10_000, seconds: 4 } as const;
/** Milliseconds between two messages. */
const TYPING_MS = 300;
/** Bytes by which a program may grow in a flood: what is garbage, and not yet collected. */
const MAY_GROW = 24_000_000;

const has = async (one: Program, what: RegExp, within?: number): Promise<unknown> =>
  await one.waitFor(String(what), () => what.test(one.stdout) || undefined, within);

function run<Host extends string>(network: Network<Host>, host: Host, name: string, ...args: readonly unknown[]) {
  const child = network.spawn(host, [process.execPath, program(name), ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  if (child.stdout === null) throw new Error('it is a pipe');
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return lines;
}

describe.runIf(needHosts())('on a local network', () => {
  test('whoever is in the middle is refused, and learns nothing; what was said goes out when they have gone', async () => {
    const lan = await Lan.start({ hosts: { alice: 1, bob: 1, mallory: 1, oscar: 1 }, speaks: 'IPv4' });
    const { network } = lan;
    await network.standIn('mallory', 'bob', 'alice');
    await network.standIn('oscar', 'alice', 'bob');
    const heard = (['mallory', 'oscar'] as const).map((host) => run(network, host, 'middle', LAN_PORT));
    const overheard = (): Overheard[] => heard.flat().map((line) => JSON.parse(line) as Overheard);
    const alice = lan.lines('alice');
    await has(alice, /connected to/);
    const bob = lan.lines('bob');
    await has(alice, /\+ bob came\n/);
    alice.write('a word for all\n');
    alice.write('/msg bob a word for bob\n');

    // It was dialled, and has dialled, in the name of either.
    const refused = (by: Overheard['by']) => () => {
      const closed = overheard().filter((one) => one.kind === 'closed' && one.by === by).length;
      return closed >= 2 || undefined;
    };
    await until(refused('dialled'), () => `nobody was refused: ${heard.flat().join('\n')}`);
    await until(refused('dialling'), () => `it was not refused: ${heard.flat().join('\n')}`);
    expect(bob.stdout).not.toContain('a word for');
    const read = overheard().flatMap((one) => (one.kind === 'line' ? [one.line] : []));
    for (const line of read) expect(JSON.parse(line)).toMatchObject({ type: 'hello' });

    await network.standAside('mallory', 'bob', 'alice');
    await network.standAside('oscar', 'alice', 'bob');
    await has(bob, / alice: a word for all\n/, 40_000);
    await has(bob, /alice: a word for bob\n/);
  });

  test('a flood of bad datagrams keeps nobody from talking, is counted, and takes no memory', async () => {
    const lan = await Lan.start({ hosts: { alice: 1, bob: 1, mallory: 1 }, speaks: 'IPv4' });
    const [alice, bob] = [lan.lines('alice'), lan.lines('bob')];
    for (const one of [alice, bob]) await has(one, /connected to/);
    alice.write('before\n');
    await has(bob, /alice: before\n/);
    const before = ownMemory(alice.pid);

    const sent = run(lan.network, 'mallory', 'flood', LAN_PORT, FLOOD.perSecond, FLOOD.seconds, '10.78.1.255');
    for (let i = 0; sent.length === 0 || i < 5; i += 1) {
      alice.write(`from alice ${i}\n`);
      await has(bob, new RegExp(`alice: from alice ${i}\\n`));
      bob.write(`from bob ${i}\n`);
      await has(alice, new RegExp(`bob: from bob ${i}\\n`));
      // People don't type faster, and nobody takes more.
      await pause(TYPING_MS);
    }
    const all = Object.values(JSON.parse(sent[0] ?? '') as Sent).reduce((sum, count) => sum + count, 0);
    expect(all).toBe(FLOOD.perSecond * FLOOD.seconds);
    expect(ownMemory(alice.pid) - before).toBeLessThan(MAY_GROW);

    alice.write('/lan status\n');
    for (const why of [
      'sent again',
      'cut off',
      'not of this chat',
      'a clock that is wrong',
      'too long',
      'nonsense',
      'a wrong signature',
    ])
      await has(alice, new RegExp(`[\\d,]+ (?!\\d).*${why}`));
    expect(alice.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});
