import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { SqliteStore } from '../../src/server/store/sqlite/sqlite-store.ts';
import type { StoreError } from '../../src/server/store/store.ts';
import { startTestServer } from './running.ts';

/** A store whose thread answers like one that is empty, until it is told to die. */
const THREAD = `
  const { parentPort } = require('node:worker_threads');
  const EMPTY = { rooms: [{ name: '#lobby', topic: '', last: 0, rev: 0, slow: 0, closed: false }] };
  const LISTS = {
    memberships: 'memberships', accounts: 'accounts', operators: 'names', bans: 'bans', ignores: 'ignores',
    lockouts: 'rows', invites: 'invites',
  };
  parentPort.on('message', ({ kind, steps }) => {
    if (kind === 'close') return parentPort.close();
    if (steps.some((step) => step.kind === 'appends')) throw new Error('out of luck');
    const answers = steps.map(({ kind }) =>
      kind === 'rooms' ? { kind, ...EMPTY } : kind in LISTS ? { kind, [LISTS[kind]]: [] } : { kind: 'done' });
    parentPort.postMessage({ kind: 'batch', answers });
  });`;

test('where the thread of the store dies, nothing is shown as said, it is told once, and people still see each other', async () => {
  const broken: StoreError[] = [];
  const store = new SqliteStore(new Worker(THREAD, { eval: true }), (error) => void broken.push(error));
  const server = await startTestServer({}, { store });
  const [alice, bob] = [await server.guest('alice'), await server.guest('bob')];
  for (let i = 0; i < 20; i++) {
    alice.send({ type: 'say', to: '#lobby', text: `${i}`, id: `m-${i}` });
    expect(await alice.until('error')).toMatchObject({ code: 'not_stored', id: `m-${i}`, closes: false });
  }
  bob.send({ type: 'who', id: 'w' });
  expect((await bob.until('users')).users.map(({ name }) => name)).toEqual(expect.arrayContaining(['~alice', '~bob']));
  expect(bob.inbox.filter(({ type }) => type === 'message')).toEqual([]);
  expect(broken).toMatchObject([{ code: 'failed', message: 'the store has broken down: out of luck' }]);
  const told = server.notices.filter(({ kind }) => kind === 'store-failed');
  expect(told).toMatchObject([{ code: 'failed', text: 'the store has broken down: out of luck' }]);
});
