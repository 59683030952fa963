/**
 * Chat without a server, on a network of 3, 30 and 300 people: `node test/bench/lan.ts`. Two hosts, which are network
 * namespaces with a cable and a switch between them. On one there is a hub as it is; on the other a crowd, whose
 * announcements, links and lobby are real, and which is the network to that hub. Bytes are the kernel's count of what crosses
 * the cable, IP headers and all: what is broadcast or multicast are announcements, what is not are links. `--size SECONDS` of
 * counting.
 */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ClientId } from '../../src/base/ids.ts';
import { AWAY_AFTER_MS, LAN_PORT } from '../../src/lan/limits.ts';
import { LOBBY } from '../../src/protocol/names.ts';
import type { CrowdOrder, CrowdReport } from '../lan/crowd-program.ts';
import { type HubOrder, type HubReport, machineTime } from '../lan/hub-program.ts';
import { Network } from '../lan/networks.ts';
import { alone, type Benchmark, type How, median } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';
import { cpuOf } from './harness/processes.ts';

/** People on the network, the one who is measured among them. */
const SIZES = [3, 30, 300] as const;
const QUICK = [3] as const;
/** Seconds in which bytes are counted. */
const SECONDS = 30;
const QUICK_SECONDS = 4;
/** Messages to all, each way. */
const MESSAGES = 10;
const QUICK_MESSAGES = 2;
/** Milliseconds in which everybody has been found, or nobody will be. */
const FOUND_WITHIN = 60_000;

/** Bytes of a frame's header, which interfaces count and IP does not. */
const ETHERNET_HEADER = 14;

type Host = 'one' | 'crowd';

const program = (name: string): string => fileURLToPath(new URL(`../lan/${name}.ts`, import.meta.url));

/** A program on a host, and what it has told. */
class Told<Report, Order> {
  readonly reports: Report[] = [];
  readonly #child: ChildProcess;

  constructor(network: Network<Host>, host: Host, name: string, ...args: readonly unknown[]) {
    this.#child = network.spawn(host, [process.execPath, program(name), ...args.map(String)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (this.#child.stdout === null) throw new Error('it is a pipe');
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.reports.push(JSON.parse(line) as Report));
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('it runs');
    return this.#child.pid;
  }

  order(order: Order): void {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  async until<T>(probe: (reports: readonly Report[]) => T | undefined, what: string): Promise<T> {
    for (const end = machineTime() + FOUND_WITHIN; machineTime() < end; await sleep(20)) {
      const found = probe(this.reports);
      if (found !== undefined) return found;
    }
    throw new Error(`${what}: not within ${FOUND_WITHIN} ms`);
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}

/** Bytes that have crossed a host's cable, as the kernel counts them. */
interface Octets {
  readonly announcementsOut: number;
  readonly announcementsIn: number;
  readonly linksOut: number;
  readonly linksIn: number;
}

interface Traffic {
  readonly bytes: number;
  readonly packets: number;
}

async function octets(network: Network<Host>): Promise<Octets> {
  const text = await network.run('one', [
    'sh',
    '-c',
    'cat /proc/net/netstat /proc/net/snmp6; ip -json -s link show lo',
  ]);
  const [names = '', values = ''] = text.split('\n').filter((line) => line.startsWith('IpExt:'));
  const ipExt = new Map(names.split(' ').map((name, i) => [name, Number(values.split(' ')[i])] as const));
  const ip6 = new Map([...text.matchAll(/^(Ip6\w+)\s+(\d+)$/gm)].map(([, name = '', value]) => [name, Number(value)]));
  const of = (name: string): number => ipExt.get(`${name}Octets`) ?? 0;
  const of6 = (name: string): number => ip6.get(`Ip6${name}Octets`) ?? 0;
  const toMany = (way: 'In' | 'Out'): number => of(`${way}Bcast`) + of(`${way}Mcast`) + of6(`${way}Mcast`);
  const links = (way: 'In' | 'Out'): number => of(way) + of6(way) - toMany(way);
  // For programs of the same host it is announced there, too: all that goes that way.
  const [lo] = JSON.parse(text.slice(text.indexOf('[{'))) as [{ stats64: Record<'rx' | 'tx', Traffic> }];
  const inside = ({ bytes, packets }: Traffic): number => bytes - packets * ETHERNET_HEADER;
  return {
    announcementsOut: toMany('Out') - inside(lo.stats64.tx),
    announcementsIn: toMany('In') - inside(lo.stats64.rx),
    linksOut: links('Out'),
    linksIn: links('In'),
  };
}

type Hub = Told<HubReport, HubOrder>;
type Crowd = Told<CrowdReport, CrowdOrder>;

/** Milliseconds from a start until `count` others were heard, and until links to all of them stand. */
async function discover(hub: Hub, count: number): Promise<readonly [number, number]> {
  const welcomed = await hub.until((all) => all.find(({ message }) => message.type === 'welcome')?.at, 'the hub');
  hub.order({ type: 'who', follow: true });
  const people = new Set<string>();
  let looked = 0;
  const heard = await hub.until((all) => {
    for (; looked < all.length; looked++) {
      const { message, at } = all[looked] ?? { at: 0 };
      if (message?.type === 'presence' && message.state !== 'offline') people.add(message.user);
      if (message?.type === 'users')
        for (const { name, state } of message.users) if (state !== 'offline') people.add(name);
      if (people.size >= count) return at;
    }
    return undefined;
  }, `${count} are heard`);
  const linked = await hub.until((all) => {
    hub.order({ type: 'lan', id: 'links' as ClientId });
    return all.find(({ message }) => message.type === 'lan' && message.links >= count)?.at;
  }, `${count} links`);
  return [heard - welcomed, linked - welcomed];
}

/** Milliseconds from a word of the hub's until the last of the crowd has it, and from one of the crowd's to the hub. */
async function tellAll(hub: Hub, crowd: Crowd, count: number, n: number): Promise<readonly [number, number]> {
  const text = `to all ${n}`;
  const at = machineTime();
  hub.order({ type: 'say', id: `h-${n}` as ClientId, to: LOBBY, text });
  const last = await crowd.until((all) => {
    const told = all.flatMap((one) => (one.type === 'heard' && one.text === text ? [one.at] : []));
    return told.length >= count ? Math.max(...told) : undefined;
  }, `${count} have heard it`);
  const back = `back ${n}`;
  crowd.order({ type: 'say', text: back });
  const heard = await hub.until(
    (all) => all.find(({ message }) => message.type === 'message' && message.text === back)?.at,
    'it has come back',
  );
  const said = crowd.reports.findLast(({ type }) => type === 'said');
  return [last - at, heard - (said?.type === 'said' ? said.at : Number.NaN)];
}

async function* measured(network: Network<Host>, size: number, how: How): AsyncGenerator<Figure> {
  const others = size - 1;
  const crowd: Crowd = new Told(network, 'crowd', 'crowd-program', others, LAN_PORT);
  let hub: Hub | undefined;
  try {
    await crowd.until((all) => all.find(({ type }) => type === 'ready'), 'the crowd');
    crowd.order({ type: 'come' });
    // They have all been there for a while.
    await sleep(how.quick ? 0 : AWAY_AFTER_MS);
    hub = new Told<HubReport, HubOrder>(network, 'one', 'hub-program', 'one', LAN_PORT);
    const [heard, linked] = await discover(hub, others);
    yield { name: `${size} people: all are heard, from the start`, value: heard, unit: 'ms' };
    yield { name: `${size} people: links to all stand`, value: linked, unit: 'ms' };
    const rounds: (readonly [number, number])[] = [];
    for (let n = 0; n < (how.quick ? QUICK_MESSAGES : MESSAGES); n++) rounds.push(await tellAll(hub, crowd, others, n));
    yield { name: `${size} people: a message is with all others`, value: median(rounds.map(([to]) => to)), unit: 'ms' };
    yield { name: `${size} people: one of theirs is here`, value: median(rounds.map(([, back]) => back)), unit: 'ms' };
    yield* idle(network, size, hub.pid, how.size(SECONDS, QUICK_SECONDS));
  } finally {
    hub?.end();
    crowd.end();
  }
}

/** What it costs when nobody says anything. */
async function* idle(network: Network<Host>, size: number, pid: number, seconds: number): AsyncGenerator<Figure> {
  const before = await octets(network);
  const cpu = cpuOf(pid);
  const start = machineTime();
  await sleep(seconds * 1000);
  const after = await octets(network);
  const used = cpuOf(pid) - cpu;
  const minutes = (machineTime() - start) / 60_000;
  const figures = {
    'announcements out': after.announcementsOut - before.announcementsOut,
    'announcements in': after.announcementsIn - before.announcementsIn,
    'links out': after.linksOut - before.linksOut,
    'links in': after.linksIn - before.linksIn,
  };
  for (const [what, bytes] of Object.entries(figures))
    yield { name: `${size} people, nobody talks: ${what}`, value: bytes / minutes / 1000, unit: 'kB a minute' };
  yield { name: `${size} people, nobody talks: processor`, value: used / minutes / 600, unit: '% of a core' };
}

async function* run(how: How): AsyncGenerator<Figure> {
  for (const size of how.quick ? QUICK : SIZES) {
    // Anew for each: nobody of before is remembered.
    const network = await Network.start<Host>({ hosts: { one: 1, crowd: 1 } });
    try {
      yield* measured(network, size, how);
    } finally {
      network.close();
    }
  }
}

export const benchmark: Benchmark = {
  name: 'lan',
  measures: 'chat without a server: time until all are found, and what it costs on the wire, for 3, 30 and 300 people',
  run,
};

if (import.meta.main) await alone(benchmark);
