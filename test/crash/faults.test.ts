/** What goes wrong around a real server, each with people who talk meanwhile: nothing is lost, and it is said in one clear line. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { until } from '../e2e/harness/wait.ts';
import { type Mounted, mayMount, mountMemory } from '../server/store/mounted.ts';
import { check } from './checker.ts';
import { CorePerson } from './core-person.ts';
import type { Participant, Traced } from './participant.ts';
import { ServerProcess } from './server-process.ts';
import { readStored } from './stored.ts';
import type { Observation } from './trace.ts';
import { WirePerson } from './wire-person.ts';

const LOBBY = '#lobby';
const OPTIONS = ['--guests', '--rate-limit', 'off'];

let folder: string;
let trace: Observation[];
let people: Participant[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uchat-fault-'));
  trace = [];
  people = [];
});
afterEach(() => {
  for (const each of people) each.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
});

const traced: Traced = {
  note: (what, by) => void trace.push({ ...what, ...by }),
  saying: () => undefined,
  acked: () => undefined,
  online: () => undefined,
};

function server(data: string, more: Partial<ConstructorParameters<typeof ServerProcess>[0]> = {}): ServerProcess {
  const process = new ServerProcess({ data, options: OPTIONS, ...more });
  onTestFinished(async () => void (await process.kill()));
  return process;
}

function wire(name: string, { port }: ServerProcess): WirePerson {
  const person = new WirePerson({ name, rooms: [LOBBY] }, port, traced);
  people.push(person);
  return person;
}

async function person(name: string, { port }: ServerProcess): Promise<CorePerson> {
  const one = await CorePerson.start(name, [LOBBY], port, join(folder, name), traced);
  people.push(one);
  return one;
}

const see = (what: string, holds: () => boolean): Promise<true> =>
  until(
    () => holds() || undefined,
    () => `not so: ${what}`,
  );
const allIn = (...all: readonly Participant[]) => see('all are in', () => all.every(({ isIn }) => isIn));
const allSettled = () =>
  see('all have all', () => {
    for (const each of people) each.comeBack();
    return people.every(({ isSettled }) => isSettled);
  });
const failures = (process: ServerProcess) => process.log().filter(({ event }) => event === 'store-failed');

/** Everybody has all, the server dies, and what is stored is what was promised. */
async function judge(process: ServerProcess, data: string): Promise<void> {
  await allSettled();
  const screens = people.flatMap((each) => each.screens());
  for (const each of people) each.close();
  await process.kill();
  // What was refused for now may come after what was written later.
  expect(check(trace, readStored(data), screens, { writersOrder: false })).toEqual([]);
}

describe.runIf(mayMount())('a disk', () => {
  let disk: Mounted;
  beforeEach(() => {
    disk = mountMemory('4m');
  });
  afterEach(() => disk.unmount());
  /** Again, where some room was found meanwhile. */
  const fill = (left: number, name = 'ballast'): void => {
    const ballast = join(disk.path, name);
    try {
      writeFileSync(ballast, Buffer.alloc(8 * 1024 * 1024));
    } catch {
      // So it is full.
    }
    truncateSync(ballast, statSync(ballast).size - left);
  };

  test('that is full, with the log of the server on it: nothing is shown as sent, one line says so, and it goes on by itself when there is room', async () => {
    const data = join(disk.path, 'data');
    const process = server(data, { output: join(disk.path, 'log') });
    await process.start();
    const [alice, bob] = [wire('alice', process), await person('bob', process)];
    await allIn(alice, bob);
    fill(64 * 1024);
    for (let i = 0; i < 30; i += 1) alice.say(LOBBY, `${i} ${'x'.repeat(6000)}`);
    await see('it is full', () => alice.refusals.has('not_stored'));
    // Not a page is left for him.
    fill(0, 'more ballast');
    // What the log has of it already takes some.
    for (let i = 0; i < 20; i += 1) bob.say(LOBBY, `is anybody there? ${'x'.repeat(6000)}`);
    await see('bob is told', () => [...bob.told].some((line) => line.startsWith('the server can store nothing')));
    expect([...bob.told]).toContain(
      'the server can store nothing at this moment: it is sent again by itself, nothing is lost',
    );
    expect(bob.unanswered).toBeGreaterThan(0);
    for (const ballast of ['ballast', 'more ballast']) rmSync(join(disk.path, ballast));
    await judge(process, data);
    const told = failures(process);
    expect(told).toMatchObject([{ level: 'error', code: 'disk_full' }]);
    expect(told[0]?.text).toContain(`there is no room left on the disk that holds ${data}`);
    expect(process.log().filter(({ code }) => code === 'stored_again')).toHaveLength(1);
  });

  test('that is full or read-only at the start: one line, status 1, nothing half made', async () => {
    fill(8 * 1024);
    const full = server(join(disk.path, 'data'));
    expect(await full.start()).toMatchObject({ kind: 'ended', status: 1 });
    await full.ended();
    expect(full.stderr).toMatch(/^uchat: there is no room left on the disk that holds .*\(store_disk_full\)\n$/);
    rmSync(join(disk.path, 'ballast'));
    // What the failed start has left is no obstacle.
    expect(await full.start()).toMatchObject({ kind: 'listens' });
    await full.kill();
    disk.remount('ro');
    const before = readdirSync(join(disk.path, 'data'));
    expect(await full.start()).toMatchObject({ kind: 'ended', status: 1 });
    await full.ended();
    expect(full.stderr).toMatch(/^uchat: no permission to write to .*\(store_read_only\)\n$/);
    disk.remount('rw');
    expect(readdirSync(join(disk.path, 'data'))).toEqual(before);
  });
});

/** Whether a file can be mounted as a disk; not everywhere where memory can. */
function mayLoop(): boolean {
  return existsSync('/dev/loop-control') && existsSync('/sys/fs/ext4') && mayMount();
}

test.runIf(mayLoop())(
  'a file system that turns read-only under the server: nothing more is stored, and what was is there',
  async () => {
    const run = (program: string, ...args: string[]): string =>
      execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' });
    const [image, mount] = [join(folder, 'image'), join(folder, 'disk')];
    writeFileSync(image, '');
    truncateSync(image, 24 * 1024 * 1024);
    mkdirSync(mount);
    run('mkfs.ext4', '-q', image);
    run('mount', '-o', 'loop,errors=remount-ro', image, mount);
    const data = join(mount, 'data');
    const process = server(data);
    try {
      await process.start();
      const alice = wire('alice', process);
      await allIn(alice);
      alice.say(LOBBY, 'before');
      await allSettled();
      const device = run('findmnt', '-n', '-o', 'SOURCE', mount).trim().replace('/dev/', '');
      writeFileSync(`/sys/fs/ext4/${device}/trigger_fs_error`, 'a disk has failed');
      for (let i = 0; i < 5; i += 1) alice.say(LOBBY, `after ${i}`);
      await see('it is refused', () => alice.refusals.has('not_stored'));
      expect(failures(process)).toMatchObject([{ code: 'disk_failed', text: expect.stringContaining(data) }]);
      const screens = alice.screens();
      alice.close();
      await process.kill();
      // Read-only as it is: a copy can be read.
      for (const name of ['uchat.db', 'uchat.db-wal'])
        writeFileSync(join(folder, name), readFileSync(join(data, name)));
      expect(check(trace, readStored(folder), screens)).toEqual([]);
    } finally {
      await process.kill();
      run('umount', '-l', mount);
    }
  },
);

test('a database that is removed under the server: nothing more is acknowledged, one line says so, and nothing of it is lost', async () => {
  const data = join(folder, 'data');
  const process = server(data);
  await process.start();
  const alice = wire('alice', process);
  await allIn(alice);
  alice.say(LOBBY, 'before');
  await allSettled();
  rmSync(join(data, 'uchat.db'));
  for (let i = 0; i < 20; i += 1) alice.say(LOBBY, `after ${i}`);
  await see('it is refused', () => alice.refusals.has('not_stored'));
  await see('it is told', () => failures(process).length > 0);
  expect(failures(process)).toMatchObject([
    { code: 'moved', text: expect.stringContaining('was removed or replaced') },
  ]);
  expect(trace.filter(({ kind }) => kind === 'acked')).toHaveLength(1);
  // The next start doesn't throw away what is in the log alone.
  await process.kill();
  expect(await process.start()).toMatchObject({ kind: 'ended', status: 1 });
  await process.ended();
  expect(process.stderr).toMatch(/^uchat: .*uchat\.db is missing, and its log .*\(store_damaged\)\n$/);
});

test('few open files: as many come in as fit, who is there is not disturbed, and others when there is room again', async () => {
  const data = join(folder, 'data');
  const process = server(data, { runner: ['prlimit', '--nofile=96:96'] });
  await process.start();
  expect(process.log()).toContainEqual(expect.objectContaining({ code: 'few_files', level: 'warn' }));
  const first = Array.from({ length: 12 }, (_, i) => wire(`first${i}`, process));
  await allIn(...first);
  const crowd = Array.from({ length: 60 }, (_, i) => wire(`crowd${i}`, process));
  await see('somebody is told', () => crowd.some(({ refusals }) => refusals.has('server_full')));
  for (const each of first) each.say(LOBBY, `still here, ${each.name}`);
  await see('they talk on', () => first.every((each) => each.isSettled && each.count(LOBBY) === 12));
  for (const each of crowd) each.close();
  people = people.filter((each) => !crowd.some((one) => one === each));
  const late = wire('late', process);
  await allIn(late);
  await judge(process, data);
});
