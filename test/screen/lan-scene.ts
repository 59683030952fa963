/** States of the chat without a server, made by hand. */
import type { ClientId, DeviceId, GroupId, Seq, UnixMs } from '../../src/base/ids.ts';
import type { Env } from '../../src/client/core/event.ts';
import { roomOf } from '../../src/client/core/lookup.ts';
import { placeSparse } from '../../src/client/core/sparse.ts';
import type { Person, State } from '../../src/client/core/state.ts';
import { update } from '../../src/client/core/update.ts';
import { addChat, addPerson, addTab, asked, at, emptyState, lobby, NOW, OPEN, pending, user } from './scene.ts';

const OURS = 'lS9mEoRXLHM3xTkzuBfK6n0pzJ8FrmyXw0H8s3m1Q2Y' as DeviceId;
/** Of those who are met: the fingerprints begin with `21fe` and `39f7`. */
const KEYS = [
  '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  'PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw',
  'vJyYLM8uxJaMwM1V8Sr0ZgPUAXw-hDiVqStwqnTRt-s',
] as readonly string[] as readonly DeviceId[];

const ENV: Env = {
  now: NOW,
  mono: 0,
  random: () => 0.5,
  newId: () => 'id' as ClientId,
  newGroup: () => 'chat' as GroupId,
};

function met(state: State, name: string, key: number, presence: Person['state'] = 'online', since: UnixMs = NOW): void {
  const device = KEYS[key];
  state.people.set(user(name), {
    name: user(name),
    state: presence,
    since,
    ...(device === undefined ? {} : { device }),
  });
}

/** On the network, with two who call themselves bob, and carol who is away. */
function near(columns = 80, rows = 24, plainChat = false): State {
  const state: State = { ...emptyState(columns, rows), address: 'lan', plainChat };
  state.lan = { device: OURS };
  state.memory = { version: 1, welcomed: true };
  state.serverName = 'lan';
  state.people.set(user('alice'), { name: user('alice'), state: 'online', since: NOW, device: OURS });
  met(state, 'bob', 0);
  met(state, 'bob-39f7', 1);
  met(state, 'carol', 2, 'away', at(9, 13));
  const tab = lobby(state);
  tab.sparse = true;
  tab.log.older = 'none';
  roomOf(state, tab.room).opened = true;
  return state;
}

const hear = (state: State, from: string, text: string, time: UnixMs): void => {
  placeSparse(state, ENV, lobby(state), { seq: (time * 1000) as Seq, from: user(from), text, time });
};

function firstStart(columns?: number, rows?: number): State {
  const state = near(columns, rows);
  state.welcoming = true;
  return state;
}

function late(columns?: number, rows?: number): State {
  const state = near(columns, rows);
  for (let minute = 0; minute < 12; minute += 1)
    hear(state, minute % 2 === 0 ? 'bob' : 'carol', `it is 9:${minute}`, at(9, minute));
  hear(state, 'bob-39f7', 'I was cut off here', at(9, 3, 20));
  hear(state, 'bob-39f7', 'and am back now', at(9, 4, 20));
  hear(state, 'carol', 'welcome back', at(9, 15));
  return state;
}

function waits(columns?: number, rows?: number): State {
  const state = near(columns, rows);
  const tab = addPerson(state, 'carol');
  tab.trust = 'first';
  tab.log.older = 'none';
  state.active = 1;
  pending(tab, 'are you there? the key is under the mat', 'waiting', at(9, 15));
  tab.pending = tab.pending.map((one) => ({ ...one, handed: true }));
  tab.inner.past = { kind: 'read' };
  const id = tab.pending[0]?.id ?? ('' as ClientId);
  update(
    state,
    { type: 'private', event: { type: 'notMailed', id, to: user('carol'), code: 'peer_away', text: '', wait: true } },
    ENV,
  );
  return state;
}

function status(columns?: number, rows?: number): State {
  const state = near(columns, rows);
  const id = 'lan-1' as ClientId;
  state.inner.requests.set(id, {
    purpose: { kind: 'lan', tab: lobby(state).room },
    message: { type: 'lan', id },
    retryAt: undefined,
    refusals: 0,
  });
  const message = {
    type: 'lan',
    id,
    device: OURS,
    port: 2428,
    interfaces: ['eth0 10.0.0.7/24', 'wlan0 192.168.1.7/24'],
    peers: ['10.1.0.9:2428'],
    people: 3,
    links: 2,
    heard: 4120,
    dropped: [
      { reason: 'forged', count: 3 },
      { reason: 'flood', count: 9000 },
    ],
    problems: ['wlan0 takes no broadcast: only those who are named as --lan-peer hear you there'],
  } as const;
  update(state, { type: 'message', message }, ENV);
  return state;
}

function plain(columns?: number, rows?: number): State {
  const state = near(columns, rows, true);
  addChat(state, 'bob', { plain: true, status: { ...OPEN, path: 'relayed' } });
  return state;
}

function encrypted(columns?: number, rows?: number): State {
  const state = near(columns, rows);
  addChat(state, 'bob-39f7', { status: { ...OPEN, path: 'relayed' } });
  return state;
}

function request(columns?: number, rows?: number): State {
  const state = near(columns, rows);
  addChat(state, 'bob', { status: asked(false, '10.0.0.7') });
  return state;
}

/** Logged in to a server, with the local network beside it: bob is met on both, dora on the network alone. */
function both(columns = 80, rows = 24): State {
  const state = emptyState(columns, rows);
  state.lanAlso = true;
  for (const name of ['alice', 'erin']) state.people.set(user(name), { name: user(name), state: 'online', since: NOW });
  met(state, 'bob', 0);
  met(state, 'carol', 1, 'away', at(9, 13));
  met(state, 'dora.lan', 2);
  const tab = lobby(state);
  tab.log.older = 'none';
  tab.log.append({ seq: 1 as Seq, from: user('bob'), text: 'morning', time: at(9, 12) });
  const lan = addTab(state, '#lan');
  lan.sparse = true;
  lan.unread = 2;
  return state;
}

export const nearScenes = { firstStart, late, waits, status, plain, encrypted, request, both } as const;
