/** The hub with all its real parts: several people in this process, whose packets go through the host's own loopback. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { ClientId } from '../../../src/base/ids.ts';
import { type Identity, newIdentity } from '../../../src/crypto/identity.ts';
import { openDiscovery } from '../../../src/lan/discovery/open-discovery.ts';
import { createHub } from '../../../src/lan/hub/create-hub.ts';
import type { Hub, HubOptions } from '../../../src/lan/hub/hub.ts';
import { openHub } from '../../../src/lan/hub/open-hub.ts';
import { createLobby } from '../../../src/lan/lobby/create-lobby.ts';
import type { Mesh } from '../../../src/lan/mesh/mesh.ts';
import { openMesh } from '../../../src/lan/mesh/open-mesh.ts';
import { memoryStore } from '../../../src/lan/store/memory.ts';
import { openSqliteStore } from '../../../src/lan/store/sqlite.ts';
import type { LanStore } from '../../../src/lan/store/store.ts';
import { Program, sealedBy } from './program.ts';
import { clock } from './world.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

let ids = 0;
const newId = (): ClientId => `id-${process.pid}-${++ids}` as ClientId;

const optionsOf = (name: string, port: number, identity: Identity, store: LanStore): HubOptions => ({
  identity,
  name,
  port,
  peers: [],
  linkPort: 0,
  clock,
  newId,
  store,
});

/** Milliseconds: a host's network, on a busy machine. */
const WITHIN_MS = 20_000;

async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`${what} has not come`);
    await delay(10);
  }
}

interface Somebody {
  readonly name: string;
  readonly identity: Identity;
  hub: Hub;
  program: Program;
}

/** Their hub, and a screen of theirs that follows who is here. */
function seated(name: string, identity: Identity, hub: Hub): Somebody {
  cleanups.push(() => hub.close());
  const program = new Program(hub).logIn();
  program.say({ type: 'device', device: identity.device, packages: [] });
  program.say({ type: 'who', follow: true });
  return { name, identity, hub, program };
}

async function comes(name: string, port: number, identity: Identity, store: LanStore): Promise<Somebody> {
  const opened = await openHub(optionsOf(name, port, identity, store));
  if (!opened.ok) throw new Error(opened.error);
  return seated(name, identity, opened.value);
}

const isHere = (to: Somebody, other: Somebody): boolean =>
  to.program
    .of('presence')
    .filter(({ device }) => device === other.identity.device)
    .at(-1)?.state === 'online';

const linksOf = async ({ program }: Somebody): Promise<number> => {
  const count = program.of('lan').length;
  program.say({ type: 'lan' });
  await until(() => program.of('lan').length > count, 'an answer');
  return program.last('lan').links;
};

async function linked(people: readonly Somebody[]): Promise<void> {
  for (const one of people)
    for (const other of people)
      if (one !== other) await until(() => isHere(one, other), `${one.name} sees ${other.name}`);
  for (const one of people) while ((await linksOf(one)) < people.length - 1) await delay(10);
}

test('three people, two of one name, meet and talk; mail waits for one who is away, whose names and lobby come back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'uchat-hub-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const [one, two, three] = [newIdentity(), newIdentity(), newIdentity()];
  const disk = (name: string): LanStore => {
    const store = openSqliteStore(join(folder, `${name}.sqlite`));
    if (!store.ok) throw new Error(store.error);
    return store.value;
  };
  const alice = await comes('alice', port, one, disk('alice'));
  const bob = await comes('bob', port, two, disk('bob'));
  await linked([alice, bob]);
  const other = await comes('bob', port, three, disk('other'));
  await linked([alice, bob, other]);
  const names = new Map(alice.program.of('presence').map(({ user, device }) => [device, user]));
  expect(names.get(two.device)).toBe('bob');
  expect(names.get(three.device)).toMatch(/^bob-[0-9a-f]{4}$/);

  alice.program.say({ type: 'say', id: 'm-1', to: '#lobby', text: 'hi both' });
  await until(() => bob.program.texts.length + other.program.texts.length === 2, 'what was said');
  other.program.say({ type: 'typing', to: '#lobby' });
  await until(() => alice.program.of('typing').length === 1, 'who writes');
  expect(alice.program.last('typing').from).toBe(names.get(three.device));

  await bob.hub.close();
  await until(() => !isHere(alice, bob), 'the good-bye');
  const mail = { type: 'mail', id: 'p-1', to: 'bob', device: two.device, sealed: sealedBy(one.device) };
  alice.program.say(mail);
  await until(() => alice.program.errors.length > 0, 'that they are away');
  expect(alice.program.errors).toEqual(['peer_away']);
  alice.program.say({ type: 'say', id: 'm-2', to: '#lobby', text: 'where is bob?' });
  await until(() => alice.program.of('ack').length === 2, 'the acknowledgement');

  const back = await comes('bob', port, two, disk('bob'));
  await linked([alice, back, other]);
  expect(new Map(alice.program.of('presence').map(({ user, device }) => [device, user])).get(two.device)).toBe('bob');
  alice.program.say(mail);
  await until(() => alice.program.of('mailed').length === 1, 'that it is there');
  await until(() => back.program.of('mail').length === 1, 'the mail');
  await until(() => back.program.texts.includes('where is bob?'), 'what was missed');
  back.program.say({ type: 'history', id: 'h', room: '#lobby' });
  await until(() => back.program.of('history').length === 1, 'the page');
  expect(back.program.last('history').messages.map(({ from, text }) => [from, text])).toEqual([
    ['alice', 'hi both'],
    ['alice', 'where is bob?'],
  ]);
  expect(back.program.last('lan').problems).toEqual([]);
}, 60_000);

test('what links lose is fetched over them later, over real ones', async () => {
  const port = await freePort();
  let isLossy = true;
  const people: Somebody[] = [];
  for (const name of ['alice', 'bob', 'carol']) {
    const identity = newIdentity();
    const options = optionsOf(name, port, identity, memoryStore());
    const opened = await createHub(options, {
      openMesh: async (ports) =>
        await openMesh(
          // Of what was said; the rest of the link works.
          {
            ...ports,
            frame: (device, frame) => (isLossy && frame.type === 'lobby' ? undefined : ports.frame(device, frame)),
          },
          { port: 0, clock },
        ),
      openDiscovery: (ports, ownPort) => openDiscovery(ports, { port, peers: [], ownPort, clock }),
      createLobby,
    });
    if (!opened.ok) throw new Error(opened.error);
    people.push(seated(name, identity, opened.value));
  }
  await linked(people);
  for (const { program, name } of people)
    program.say({ type: 'say', id: `m-${name}`, to: '#lobby', text: `by ${name}` });
  await until(() => people.every(({ program }) => program.of('ack').length === 1), 'the acknowledgements');
  isLossy = false;
  await until(() => people.every(({ program }) => program.texts.length === 2), 'what was lost');
}, 60_000);

test('what cannot be opened is one line, and leaves nothing behind', async () => {
  const taken = createServer().listen(0, '::');
  await once(taken, 'listening');
  cleanups.push(() => void taken.close());
  const { port } = taken.address() as { port: number };
  const options = optionsOf('alice', await freePort(), newIdentity(), memoryStore());
  const failed = await openHub({ ...options, linkPort: port });
  expect(failed).toMatchObject({ ok: false, error: expect.stringMatching(/^[^\n]+$/) });
  let mesh: Mesh | undefined;
  const second = await createHub(options, {
    openMesh: async (ports) => {
      const opened = await openMesh(ports, { port: 0 });
      if (opened.ok) mesh = opened.value;
      return opened;
    },
    openDiscovery: () => Promise.resolve({ ok: false, error: 'no network' }),
    createLobby,
  });
  expect(second).toEqual({ ok: false, error: 'no network' });
  const again = createServer().listen(mesh?.port, '::');
  await once(again, 'listening');
  again.close();
});

test('a hub that can hear nobody says so from the start', async () => {
  const taker = createSocket({ type: 'udp4', reuseAddr: false });
  cleanups.push(() => void taker.close());
  taker.bind(0);
  await once(taker, 'listening');
  const { port } = taker.address();
  const opened = await openHub(optionsOf('alice', port, newIdentity(), memoryStore()));
  if (!opened.ok) throw new Error(opened.error);
  cleanups.push(async () => await opened.value.close());
  expect(opened.value.problems.join('\n')).toContain(`UDP port ${port}`);
});
