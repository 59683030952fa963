/** The door on hosts of their own: real interfaces, real silence. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { needHosts } from '../namespaces.ts';
import { Hosts } from './hosts.ts';
import type { Order, Report } from './namespaces-client.ts';

const PROGRAM = fileURLToPath(new URL('namespaces-client.ts', import.meta.url));
/** Milliseconds: TCP asks again after one second. */
const TRY_MS = 1500;
/** Milliseconds for programs to start, on a machine that is busy. */
const DEADLINE = 8000;

const programs: ChildProcess[] = [];
afterEach(() => {
  for (const program of programs.splice(0)) program.kill('SIGKILL');
});

class Client {
  readonly reports: Report[] = [];
  readonly #process: ChildProcess;

  constructor(hosts: Hosts, host: 'alice' | 'bob') {
    this.#process = hosts.spawn(host, [process.execPath, PROGRAM, String(TRY_MS)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    programs.push(this.#process);
    if (this.#process.stdout === null) throw new Error('it is a pipe');
    createInterface({ input: this.#process.stdout }).on('line', (line) =>
      this.reports.push(JSON.parse(line) as Report),
    );
  }

  order(order: Order): void {
    this.#process.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  all<K extends Report['kind']>(kind: K): readonly Extract<Report, { kind: K }>[] {
    return this.reports.filter((report): report is Extract<Report, { kind: K }> => report.kind === kind);
  }

  async next<K extends Report['kind']>(kind: K, count = 1): Promise<Extract<Report, { kind: K }>> {
    await vi.waitUntil(() => this.all(kind).length >= count, { timeout: DEADLINE, interval: 10 });
    const found = this.all(kind)[count - 1];
    if (found === undefined) throw new Error('it has come');
    return found;
  }

  get lines(): readonly string[] {
    return this.all('frame').map(({ line }) => line);
  }
}

describe.runIf(needHosts())('hosts', () => {
  let hosts: Hosts;
  beforeAll(async () => {
    hosts = await Hosts.start();
  });
  afterAll(() => hosts.close());
  afterEach(async () => {
    await hosts.route(true);
    for (const guest of ['alice', 'bob'] as const) await hosts.plug(guest);
  });

  /** Both have made and told their offers. */
  async function offered() {
    const [alice, bob] = [new Client(hosts, 'alice'), new Client(hosts, 'bob')];
    const [hers, his] = await Promise.all([alice.next('offer'), bob.next('offer')]);
    const start = () => {
      alice.order({ kind: 'connect', offer: his.offer });
      bob.order({ kind: 'connect', offer: hers.offer });
    };
    return { alice, bob, hers: hers.offer, his: his.offer, start };
  }

  async function linked() {
    const both = await offered();
    both.start();
    await Promise.all([both.alice.next('link', 2), both.bob.next('link', 2)]);
    return both;
  }

  test('that reach each other are joined, both ways, by the addresses that they have', async () => {
    const { alice, bob, hers } = await linked();
    expect(hers.addresses.map(({ host }) => host)).toEqual(['127.0.0.1', '::1', hosts.address('alice')]);
    expect(alice.all('link').map(({ remote }) => remote.replace('::ffff:', ''))).toEqual(
      Array(2).fill(hosts.address('bob')),
    );
    alice.order({ kind: 'say', line: 'from alice' });
    bob.order({ kind: 'say', line: 'from bob' });
    await Promise.all([alice.next('frame'), bob.next('frame')]);
    expect([alice.lines, bob.lines]).toEqual([['from bob'], ['from alice']]);
  });

  test('that do not reach each other are not, and leave no port open', async () => {
    await hosts.route(false);
    const { alice, bob, his, start } = await offered();
    start();
    const [address] = his.addresses.slice(-1);
    if (address === undefined) throw new Error('an address');
    // Silence, which is not a refusal.
    alice.order({ kind: 'probe', address });
    expect((await alice.next('probed')).code).toBe('timeout');
    await vi.waitUntil(
      async () => {
        bob.order({ kind: 'probe', address });
        return (await bob.next('probed', bob.all('probed').length + 1)).code === 'ECONNREFUSED';
      },
      { timeout: DEADLINE, interval: 50 },
    );
    await hosts.route(true);
    alice.order({ kind: 'probe', address });
    expect((await alice.next('probed', 2)).code).toBe('ECONNREFUSED');
    expect([alice.all('link'), bob.all('link')]).toEqual([[], []]);
  });

  test.each(['route', 'cable'] as const)('of which one stops answering: the %s is cut', async (what) => {
    const { alice, bob } = await linked();
    const cut = () => (what === 'route' ? hosts.route(false) : hosts.unplug('bob'));
    const mend = () => (what === 'route' ? hosts.route(true) : hosts.plug('bob'));
    await cut();
    alice.order({ kind: 'say', line: 'into the silence' });
    alice.order({ kind: 'probe', address: { host: hosts.address('bob'), port: 1 } });
    expect((await alice.next('probed')).code).toBe('timeout');
    expect([bob.lines, alice.all('closed')]).toEqual([[], []]);
    // Short enough for TCP: nothing is lost.
    await mend();
    await bob.next('frame');
    expect(bob.lines).toEqual(['into the silence']);

    // For good: whoever gives the link up is rid of it, and waits for nobody.
    await cut();
    alice.order({ kind: 'say', line: 'too late' });
    alice.order({ kind: 'destroy' });
    expect((await alice.next('closed', 2)).after).toBeLessThan(1000);
    expect([bob.lines.length, bob.all('closed')]).toEqual([1, []]);
  });
});
