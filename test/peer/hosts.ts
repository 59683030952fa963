/**
 * Three hosts on one machine, as network namespaces: alice and bob each have a cable to the server, and reach each other
 * through it when it routes. For root, and for whoever may make user namespaces. When this process ends, however it does,
 * so do they: nothing of them is written anywhere.
 */
import { type ChildProcess, execFile, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { need } from '../need.ts';

export type HostName = 'alice' | 'bob' | 'server';
type Guest = Exclude<HostName, 'server'>;

export type Command = readonly [file: string, ...args: string[]];

/** Each guest's network, and the server's address in it. */
const NETWORK = { alice: '10.77.1', bob: '10.77.2' } as const;
const guestAddress = (guest: Guest): string => `${NETWORK[guest]}.2`;
const gateway = (guest: Guest): string => `${NETWORK[guest]}.1`;
/** A guest's end of its cable, as it sees it. */
const CABLE = 'eth0';

/** Milliseconds. */
const CARRIER_WITHIN = 5000;

const isRoot = (): boolean => process.getuid?.() === 0;
const enterUser = isRoot() ? [] : ['--user', '--preserve-credentials'];
const newUser = isRoot() ? [] : ['--user', '--map-root-user'];

const run = promisify(execFile);

/** Whether such hosts can be had here. Where not, that is said, and with CI=true it is a failure. */
export function needHosts(): boolean {
  if (!need(['ip', 'unshare', 'nsenter'])) return false;
  const cable = ['link', 'add', 'name', 'a', 'type', 'veth', 'peer', 'name', 'b'];
  const [file, ...args]: Command = ['unshare', ...newUser, '--net', 'ip', ...cable];
  const tried = spawnSync(file, args);
  if (tried.status === 0) return true;
  const why = `needs root, or user namespaces and veth, to be several hosts: ${tried.stderr.toString().trim()}`;
  if (!['', '0', 'false'].includes(process.env.CI ?? '')) throw new Error(`${why}: with CI=true that is a failure`);
  console.warn(`skipped: ${why}`);
  return false;
}

/** A process that holds a namespace for as long as its standard input is open. */
async function hold(command: Command): Promise<ChildProcess> {
  const [file, ...args] = [...command, 'sh', '-c', 'ip link set lo up && echo ready && exec cat >/dev/null'] as const;
  const holder = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [first] = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')]);
  if (String(first).trim() !== 'ready') throw new Error(`no namespace by ${command.join(' ')}: ${String(first)}`);
  return holder;
}

export class Hosts {
  readonly #holders: Readonly<Record<HostName, ChildProcess>>;

  private constructor(holders: Readonly<Record<HostName, ChildProcess>>) {
    this.#holders = holders;
  }

  /** All cables are plugged in, and alice and bob reach each other. */
  static async start(): Promise<Hosts> {
    const server = await hold(['unshare', ...newUser, '--net']);
    // They belong to the same user namespace, so that a cable may join them.
    const beside: Command = ['nsenter', `--target=${server.pid}`, ...enterUser, 'unshare', '--net'];
    const [alice, bob] = await Promise.all([hold(beside), hold(beside)]);
    const hosts = new Hosts({ server, alice, bob });
    try {
      for (const guest of ['alice', 'bob'] as const) await hosts.#lay(guest);
      await hosts.route(true);
    } catch (error) {
      hosts.close();
      throw error;
    }
    return hosts;
  }

  async #lay(guest: Guest): Promise<void> {
    const { pid } = this.#holders[guest];
    const cable = ['link', 'add', 'name', guest, 'type', 'veth', 'peer', 'name', CABLE, 'netns', String(pid)];
    await this.run('server', ['ip', ...cable]);
    await this.run('server', ['ip', 'addr', 'add', `${gateway(guest)}/24`, 'dev', guest]);
    await this.run('server', ['ip', 'link', 'set', guest, 'up']);
    await this.run(guest, ['ip', 'addr', 'add', `${guestAddress(guest)}/24`, 'dev', CABLE]);
    await this.plug(guest);
  }

  /** IPv4. @param of the server: as seen by this guest. */
  address(host: Guest): string;
  address(host: 'server', of: Guest): string;
  address(host: HostName, of: Guest = 'alice'): string {
    return host === 'server' ? gateway(of) : guestAddress(host);
  }

  /** What runs `command` on that host; as root in there, where one isn't root outside. */
  command(host: HostName, command: Command): Command {
    return ['nsenter', `--target=${this.#holders[host].pid}`, '--net', ...enterUser, '--', ...command];
  }

  spawn(host: HostName, command: Command, options: SpawnOptions = {}): ChildProcess {
    const [file, ...args] = this.command(host, command);
    return spawn(file, args, options);
  }

  /** Rejects where it fails. @returns what it has printed. */
  async run(host: HostName, command: Command): Promise<string> {
    const [file, ...args] = this.command(host, command);
    return (await run(file, args)).stdout;
  }

  /**
   * Whether alice and bob reach each other. Where not, what they send each other is lost without a word, also of
   * connections that stand; both still reach the server.
   */
  async route(isOn: boolean): Promise<void> {
    await this.run('server', ['sh', '-c', `echo ${isOn ? 1 : 0} >/proc/sys/net/ipv4/ip_forward`]);
  }

  /** That guest reaches nobody, and nobody it. Its connections aren't told. */
  async unplug(guest: Guest): Promise<void> {
    await this.run(guest, ['ip', 'link', 'set', CABLE, 'down']);
  }

  async plug(guest: Guest): Promise<void> {
    await this.run(guest, ['ip', 'link', 'set', CABLE, 'up']);
    await Promise.all([this.#carries(guest, CABLE), this.#carries('server', guest)]);
    await this.run(guest, ['ip', 'route', 'replace', 'default', 'via', gateway(guest)]);
  }

  /** The kernel takes up to a second to believe in a new cable, and drops until then what is sent. */
  async #carries(host: HostName, device: string): Promise<void> {
    const deadline = Date.now() + CARRIER_WITHIN;
    while (!(await this.run(host, ['ip', '-oneline', 'link', 'show', device])).includes('state UP')) {
      if (Date.now() > deadline) throw new Error(`${device} of ${host} is not up after ${CARRIER_WITHIN} ms`);
      await sleep(10);
    }
  }

  /** Ends the hosts; programs that still run there have no network any more but their own. */
  close(): void {
    for (const holder of Object.values(this.#holders)) holder.stdin?.end();
  }
}
