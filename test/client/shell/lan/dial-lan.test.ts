import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lans } from '../../../../src/client/shell/lan/dial-lan.ts';
import { lanFiles } from '../../../../src/client/shell/lan/place.ts';
import { answerOf, type FakeHubs, fakeHubs } from './fake-hub.ts';

const PROGRAM = fileURLToPath(new URL('./program.ts', import.meta.url));

let home = '';
let folder = '';
let lans: Lans[] = [];
let children: ChildProcess[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'uchat-lan-'));
  folder = join(home, 'data');
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(lans.map((lan) => lan.leave(folder)));
  children = [];
  lans = [];
  rmSync(home, { recursive: true });
});

/** As a program of its own: SQLite keeps its locks apart by connection. */
function program(hubs: FakeHubs, joinWithin = 5000): Lans {
  const made = new Lans(async () => hubs.open, joinWithin);
  lans.push(made);
  return made;
}
const settings = (more: object = {}) => ({
  folder,
  user: 'alice',
  directPort: undefined,
  network: { port: 2429, peers: [{ host: '10.0.0.7', port: 1 }] },
  ...more,
});
async function dial(lan: Lans, more: object = {}) {
  const dialled = await lan.dial(settings(more));
  if (!dialled.ok) throw new Error(dialled.error.text);
  return dialled.value;
}
async function faultOf(lan: Lans, more: object = {}): Promise<string> {
  const dialled = await lan.dial(settings(more));
  if (dialled.ok) dialled.value.link.destroy();
  return dialled.ok ? 'no fault' : dialled.error.text;
}

test('the first program is on the network, with its name, port and peers; the second joins it', async () => {
  const [first, second] = [fakeHubs('first'), fakeHubs('second')];
  const own = await dial(program(first), { directPort: 40_000 });
  const joined = await dial(program(second));
  expect(await answerOf(own.link)).toBe('first1: hello');
  expect(await answerOf(joined.link)).toBe('first1: hello');
  expect(first.opened).toMatchObject([
    { name: 'alice', port: 2429, peers: [{ host: '10.0.0.7', port: 1 }], linkPort: 40_000 },
  ]);
  expect(second.opened).toEqual([]);
});

test('what doesn’t work on the network is told at the start, by the program that is on it', async () => {
  const deaf = fakeHubs('first', { problems: ['nobody is heard on UDP port 2428'] });
  const first = program(deaf);
  expect((await dial(first)).warnings).toEqual(['the local network: nobody is heard on UDP port 2428']);
  // Once, however often it dials; and those who join have nothing to do with it.
  expect((await dial(first)).warnings).toEqual([]);
  expect((await dial(program(deaf))).warnings).toEqual([]);
});

test('a program has one hub, however often and at once it dials', async () => {
  const hubs = fakeHubs('own');
  const lan = program(hubs);
  const [a, b] = await Promise.all([dial(lan), dial(lan)]);
  a.link.destroy();
  const c = await dial(lan);
  expect([await answerOf(b.link), await answerOf(c.link)]).toEqual(['own1: hello', 'own1: hello']);
  expect(hubs.opened).toHaveLength(1);
});

test('one that leaves says good-bye, and the other takes over as soon as it dials', async () => {
  const [first, second] = [fakeHubs('first'), fakeHubs('second')];
  const one = program(first);
  const other = program(second);
  await dial(one);
  const joined = await dial(other);
  const over = Promise.withResolvers<void>();
  joined.link.listen({
    frame: () => undefined,
    fault: () => undefined,
    drained: () => undefined,
    closed: () => over.resolve(),
  });
  const left = one.leave(folder);
  await over.promise;
  // While the first one still says good-bye.
  const again = await dial(other);
  await left;
  expect(first.closed).toEqual(['first1']);
  expect(await answerOf(again.link)).toBe('second1: hello');
  // And the other way round, in the same programs.
  expect(await answerOf((await dial(one)).link)).toBe('second1: hello');
});

test('one that is still starting is waited for', async () => {
  const ready = Promise.withResolvers<void>();
  const first = fakeHubs('first', { ready: ready.promise });
  const starting = dial(program(first));
  await expect.poll(() => first.opened.length).toBe(1);
  const joining = dial(program(fakeHubs('second')));
  ready.resolve();
  expect(await answerOf((await joining).link)).toBe('first1: hello');
  (await starting).link.destroy();
});

test('one that has the lock and never answers is told as such, in one line', async () => {
  const ready = Promise.withResolvers<void>();
  const first = fakeHubs('first', { ready: ready.promise });
  const starting = dial(program(first));
  await expect.poll(() => first.opened.length).toBe(1);
  expect(await faultOf(program(fakeHubs('second'), 100))).toMatch(
    /^another uchat of yours has the local network and does not answer \(ENOENT\): [^\n]*--data$/,
  );
  ready.resolve();
  (await starting).link.destroy();
});

test('an attempt that is given up ends', async () => {
  const ready = Promise.withResolvers<void>();
  const first = fakeHubs('first', { ready: ready.promise });
  const starting = dial(program(first));
  await expect.poll(() => first.opened.length).toBe(1);
  const attempt = new AbortController();
  const joining = program(fakeHubs('second')).dial(settings(), attempt.signal);
  attempt.abort();
  expect(await joining).toMatchObject({ ok: false, error: { kind: 'aborted' } });
  ready.resolve();
  (await starting).link.destroy();
});

test('a hub that does not come about is told, and leaves no lock behind', async () => {
  const fault = 'UDP port 2429 is taken by another program';
  expect(await faultOf(program(fakeHubs('first', { fault })))).toBe(fault);
  expect(await answerOf((await dial(program(fakeHubs('second')))).link)).toBe('second1: hello');
});

test('what keeps it from being opened is one line: the store, the key, the name', async () => {
  const { store, folder: own } = lanFiles(folder);
  mkdirSync(own, { recursive: true });
  writeFileSync(store, 'nothing that anybody could read as a database');
  expect(await faultOf(program(fakeHubs('a')))).toMatch(/^the file is damaged: move away [^\n]*lan\.db[^\n]*$/);
  rmSync(store);
  expect(await faultOf(program(fakeHubs('a')), { user: 'bob smith' })).toMatch(/^[^\n]*--user NAME$/);
  writeFileSync(join(folder, 'identity-key.pem'), 'no key');
  expect(await faultOf(program(fakeHubs('a')))).toMatch(/^[^\n]*is not an identity key[^\n]*$/);
  rmSync(join(folder, 'identity-key.pem'));
  (await dial(program(fakeHubs('a')))).link.destroy();
});

test('all is for its owner only', async () => {
  mkdirSync(lanFiles(folder).folder, { recursive: true, mode: 0o755 });
  await dial(program(fakeHubs('a')));
  const own = lanFiles(folder).folder;
  expect(statSync(own).mode & 0o777).toBe(0o700);
  const names = readdirSync(own);
  expect(names).toEqual(expect.arrayContaining(['lan.db', 'lock', 'socket']));
  expect(names.filter((name) => (statSync(join(own, name)).mode & 0o777) !== 0o600)).toEqual([]);
});

test('a folder may lie deeper than a socket can tell', async () => {
  folder = join(home, 'a'.repeat(100), 'b'.repeat(100));
  const first = program(fakeHubs('first'));
  const own = await dial(first);
  expect(own.warnings).toEqual([]);
  expect(await answerOf((await dial(program(fakeHubs('second')))).link)).toBe('first1: hello');
  expect(existsSync(lanFiles(folder).socket)).toBe(true);
  await first.leave(folder);
  expect(existsSync(lanFiles(folder).socket)).toBe(false);
  expect(await answerOf((await dial(program(fakeHubs('third')))).link)).toBe('third1: hello');
});

test('where nobody can join, the program itself is on the network all the same, and says so', async () => {
  const { socket } = lanFiles(folder);
  mkdirSync(join(socket, 'in-the-way'), { recursive: true });
  const { link, warnings } = await dial(program(fakeHubs('first')));
  expect(warnings).toEqual([expect.stringMatching(/^your other programs can't join this one [^\n]*$/)]);
  expect(await answerOf(link)).toBe('first1: hello');
});

/** A real program, and the lines that it says. */
function start(): { readonly child: ChildProcess; readonly said: string[] } {
  const child = spawn(process.execPath, [PROGRAM, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const said: string[] = [];
  child.stdout?.setEncoding('utf8');
  child.stdout?.on('data', (chunk: string) => said.push(...chunk.split('\n').filter((line) => line !== '')));
  return { child, said };
}

test('when the program that is on the network is killed, the next is at once', async () => {
  const one = start();
  await expect.poll(() => one.said, { timeout: 8000 }).toEqual([`hub1: ${one.child.pid} as the hub`]);
  const two = start();
  await expect.poll(() => two.said, { timeout: 8000 }).toEqual([`hub1: ${two.child.pid} as another`]);
  one.child.kill('SIGKILL');
  await once(one.child, 'close');
  const { pid } = two.child;
  const until = [`hub1: ${pid} as another`, 'lost', `hub1: ${pid} as the hub`];
  await expect.poll(() => two.said, { timeout: 8000 }).toEqual(until);

  // A signal is heard: it says good-bye first, and then ends as by that signal.
  two.child.kill('SIGTERM');
  expect((await once(two.child, 'close'))[1]).toBe('SIGTERM');
  // It hears nothing of the end over its own connection.
  expect(two.said).toEqual([...until, 'closed']);
  expect(existsSync(lanFiles(folder).socket)).toBe(false);
});
