/** The hub's state and its parts, which know each other only through this. */
import type { Clock } from '../../base/clock.ts';
import type { ClientId, DeviceId, UnixMs, UserName } from '../../base/ids.ts';
import { TokenBucket } from '../../base/token-bucket.ts';
import type { Timers } from '../../peer/tasks.ts';
import { LOBBY } from '../../protocol/names.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import type { Lobby, LobbyPorts } from '../lobby/lobby.ts';
import type { LanStore } from '../store/store.ts';
import { Ignored } from './ignored.ts';
import { NAME_LINES } from './limits.ts';
import { framesOf, LobbyRoom } from './lobby-room.ts';
import { LobbySync } from './lobby-sync.ts';
import { MailOut } from './mail-out.ts';
import { Mailbox } from './mailbox.ts';
import { Net } from './net.ts';
import { OwnPresence } from './own-presence.ts';
import { Packages } from './packages.ts';
import { People } from './people.ts';
import { infoOf, type Person } from './person.ts';
import { Privates } from './privates.ts';
import type { Problems } from './problems.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

export interface CoreParts {
  readonly device: DeviceId;
  /** What we call ourselves. */
  readonly name: string;
  /** UDP port of announcements. */
  readonly port: number;
  readonly clock: Clock;
  readonly newId: () => ClientId;
  readonly store: LanStore;
  readonly problems: Problems;
  readonly timers: Timers;
  readonly signing: Pick<LobbyPorts, 'sign' | 'verify' | 'hash'>;
  readonly createLobby: (ports: LobbyPorts) => Lobby;
  readonly sessions: Sessions;
}

export interface Core extends Omit<CoreParts, 'signing' | 'createLobby'> {
  /** As our own programs know us. */
  readonly self: UserName;
  /** When it began to listen. */
  readonly since: UnixMs;
  readonly net: Net;
  readonly people: People;
  readonly own: OwnPresence;
  readonly ignored: Ignored;
  readonly room: LobbyRoom;
  readonly sync: LobbySync;
  readonly mailOut: MailOut;
  readonly mailbox: Mailbox;
  readonly packages: Packages;
  readonly privates: Privates;
}

const follows = ({ follows: yes }: Session): boolean => yes;

export function createCore(parts: CoreParts): Core {
  const { device, name, clock, timers, store, sessions, problems } = parts;
  const net = new Net();
  const lines = new TokenBucket(NAME_LINES, clock.monotonic());
  const say = (text: string): void => {
    if (lines.take(clock.monotonic())) sessions.tell({ type: 'done', text });
  };
  const isWanted = (one: DeviceId): boolean => ignored.blocks(one) || ignored.mutes(one) || mailbox.has(one);
  const people: People = new People({
    device,
    name,
    clock,
    timers,
    store,
    isLinked: (one) => net.isLinked(one),
    isWanted,
    changed(person, before) {
      sessions.tell(presenceOf(person), { only: follows });
      if (before === 'offline') tellNamesake(people, person, say);
    },
    renamed: (person) => say(`${person.user} calls themself ${person.name} now, and stays ${person.user} to you`),
    fault: (error) => problems.put('people', `people can't be written down: ${String(error)}`),
  });
  const own: OwnPresence = new OwnPresence({
    clock,
    timers,
    changed() {
      sessions.tell(ownPresence(people.self, device, own), { only: follows });
      net.discovery?.announce();
    },
  });
  const ignored: Ignored = new Ignored({
    clock,
    timers,
    store,
    userOf: (one) => people.byDevice(one)?.user,
    changed: () => sessions.tell(ignored.message()),
  });
  const lobby = lobbyOf(parts, people);
  const room = new LobbyRoom({
    lobby,
    store,
    timers,
    problems,
    tell: (message, except) => sessions.tell(message, { except }),
    sendAll(entries) {
      for (const frame of framesOf(entries)) net.sendAll({ type: 'lobby', entries: frame });
    },
  });
  room.load();
  const send = net.send.bind(net);
  const sync = new LobbySync({ device, clock, timers, lobby, send });
  const mailbox: Mailbox = new Mailbox({
    device,
    self: people.self,
    clock,
    store,
    problems,
    userOf: (one) => people.byDevice(one)?.user,
    send: (session, message) => sessions.send(session, message),
    devices: () => sessions.online.filter(({ isDevice }) => isDevice),
  });
  return {
    ...parts,
    self: people.self,
    since: clock.now(),
    net,
    people,
    own,
    ignored,
    room,
    sync,
    mailbox,
    ...onTheirWay(parts, net, people),
  };
}

/** What is asked of others, and waits for their answer. */
function onTheirWay(
  { device, clock, timers, store, newId, sessions }: CoreParts,
  net: Net,
  people: People,
): Pick<Core, 'mailOut' | 'packages' | 'privates'> {
  const send = net.send.bind(net);
  const isComing = (person: Person): boolean => people.isHeard(person);
  return {
    mailOut: new MailOut({
      clock,
      timers,
      isComing,
      send,
      mailed: (session, message) => sessions.send(session, message),
      refuse: (session, code, text, id) => sessions.refuse(session, code, text, id),
    }),
    packages: new Packages({
      clock,
      timers,
      store,
      newId,
      isLinked: (one) => net.isLinked(one),
      isComing(one) {
        const person = people.byDevice(one);
        return person !== undefined && isComing(person);
      },
      send,
      low(left) {
        sessions.tell({ type: 'device', device, packages: left }, { only: ({ isDevice }) => isDevice });
      },
    }),
    privates: new Privates({
      newId,
      send,
      refuse: (session, code, text, id) => sessions.refuse(session, code, text, id),
    }),
  };
}

function lobbyOf({ device, name, clock, signing, createLobby }: CoreParts, people: People): Lobby {
  return createLobby({
    device,
    name: () => name,
    now: () => clock.now(),
    ...signing,
    userOf: (one, called) => people.userOf(one, called),
    room: LOBBY,
  });
}

export const presenceOf = (person: Person): ServerMessage => {
  const { name: user, ...info } = infoOf(person);
  return { type: 'presence', user, ...info };
};

const ownPresence = (user: UserName, device: DeviceId, own: OwnPresence): ServerMessage => {
  const { state, since } = own;
  return { type: 'presence', user, state, since, device };
};

/** Who has the name of somebody else is told apart by their key, and the screen says so. */
function tellNamesake(people: People, person: Person, say: (text: string) => void): void {
  const { user, name } = person;
  const known = people.namesakeOf(person);
  if (known === people.self) say(`another ${name} is here: ${user} has your name, and another key than you`);
  else if (known !== undefined) say(`another ${name} is here: ${user} has another key than the ${known} whom you know`);
}
