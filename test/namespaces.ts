/**
 * Hosts on one machine, as network namespaces: real interfaces, real silence. For root, and for whoever may make user
 * namespaces. When this process ends, however it does, so do they: nothing of them is written anywhere.
 */
import { type ChildProcess, execFile, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { need } from './need.ts';

export type Command = readonly [file: string, ...args: string[]];

/** A host's end of its cable, as it sees it. */
export const CABLE = 'eth0';

/** Milliseconds. */
const CARRIER_WITHIN = 5000;

const isRoot = (): boolean => process.getuid?.() === 0;
const enterUser = isRoot() ? [] : ['--user', '--preserve-credentials'];
const newUser = isRoot() ? [] : ['--user', '--map-root-user'];

const run = promisify(execFile);

/** Whether such hosts can be had here. Where not, that is said, and with CI=true it is a failure. */
export function needHosts(): boolean {
  if (!need(['ip', 'unshare', 'nsenter'])) return false;
  // A cable, and the switch that it is plugged into.
  const script =
    'ip link add name v0 type veth peer name v1 && ip link add name s0 type bridge && ip link set dev v0 master s0';
  const [file, ...args]: Command = ['unshare', ...newUser, '--net', 'sh', '-c', script];
  const tried = spawnSync(file, args);
  if (tried.status === 0) return true;
  const why = `needs root, or user namespaces, veth and bridges, to be several hosts: ${tried.stderr.toString().trim()}`;
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

export type Holders<Name extends string> = ReadonlyMap<Name, ChildProcess>;

/** Hosts of these names, with no cable. */
export async function holdAll<Name extends string>(first: Name, others: readonly Name[]): Promise<Holders<Name>> {
  const one = await hold(['unshare', ...newUser, '--net']);
  // They belong to the same user namespace, so that a cable may join them.
  const beside: Command = ['nsenter', `--target=${one.pid}`, ...enterUser, 'unshare', '--net'];
  const rest = await Promise.all(others.map(async (name) => [name, await hold(beside)] as const));
  return new Map([[first, one], ...rest]);
}

export class Namespaces<Name extends string> {
  readonly #holders: Holders<Name>;

  protected constructor(holders: Holders<Name>) {
    this.#holders = holders;
  }

  protected pid(host: Name): number {
    const pid = this.#holders.get(host)?.pid;
    if (pid === undefined) throw new Error(`there is no host ${host}`);
    return pid;
  }

  /** What runs `command` on that host; as root in there, where one isn't root outside. */
  command(host: Name, command: Command): Command {
    return ['nsenter', `--target=${this.pid(host)}`, '--net', ...enterUser, '--', ...command];
  }

  spawn(host: Name, command: Command, options: SpawnOptions = {}): ChildProcess {
    const [file, ...args] = this.command(host, command);
    return spawn(file, args, options);
  }

  /** Rejects where it fails. @returns what it has printed. */
  async run(host: Name, command: Command): Promise<string> {
    const [file, ...args] = this.command(host, command);
    return (await run(file, args)).stdout;
  }

  /** The same by a shell: several commands at once. */
  protected async sh(host: Name, ...commands: readonly string[]): Promise<string> {
    return await this.run(host, ['sh', '-ec', commands.join('\n')]);
  }

  /** The kernel takes up to a second to believe in a new cable, and drops until then what is sent. */
  protected async carries(host: Name, device: string): Promise<void> {
    const deadline = Date.now() + CARRIER_WITHIN;
    while (!(await this.run(host, ['ip', '-oneline', 'link', 'show', device])).includes('state UP')) {
      if (Date.now() > deadline) throw new Error(`${device} of ${host} is not up after ${CARRIER_WITHIN} ms`);
      await sleep(10);
    }
  }

  /** Ends the hosts; programs that still run there have no network any more but their own. */
  close(): void {
    for (const holder of this.#holders.values()) holder.stdin?.end();
  }
}
