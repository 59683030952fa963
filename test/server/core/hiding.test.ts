import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ServerMessage } from '../../../src/protocol/server-messages.ts';
import type { Session } from '../../../src/server/core/session.ts';
import { deviceOf, groupOf, mailTo, sayDevice } from '../sealed.ts';
import { World } from './world.ts';

const ACCOUNTS = ['alice', 'bob', 'carol'];
const NAMES = [...ACCOUNTS, '~gil', '~hal'];
const ROOMS = ['#dev', '#ops'];
/** Milliseconds that the rooms' and people's lists go back: all of the test. */
const EVER = 1_000_000_000;

/** One connection, and what its client would show. */
interface Client {
  readonly user: string;
  readonly session: Session;
  readonly follows: boolean;
  /** Who is online or away, by what the session was told. */
  readonly present: Map<string, string>;
  /** The members of rooms that it has asked for, by what it was told. */
  readonly members: Map<string, Set<string>>;
}

/** Whom a frame speaks of, where that is what blocks are about. */
function mentions(frame: ServerMessage): readonly string[] {
  if (frame.type === 'presence' || frame.type === 'joined' || frame.type === 'left') return [frame.user];
  if (frame.type === 'users') return frame.users.map(({ name }) => name);
  if (frame.type === 'members') return frame.members;
  if (frame.type === 'private' || frame.type === 'typing') return [frame.from];
  if (frame.type === 'devices') return [frame.user];
  return frame.type === 'mail' && frame.kind === 'sealed' ? [frame.from, frame.to] : [];
}

const firstDevice = (user: string): string => `${user.replace('~', '')}1`;

type Step =
  | { readonly do: 'connect'; readonly user: string; readonly visible: boolean; readonly follow: boolean }
  | { readonly do: 'close' | 'activity' | 'who' | 'since' | 'rooms'; readonly client: number }
  | { readonly do: 'join' | 'leave' | 'members' | 'typing'; readonly client: number; readonly room: string }
  | { readonly do: 'block' | 'unblock' | 'mail'; readonly client: number; readonly user: string }
  | { readonly do: 'announce'; readonly client: number }
  | { readonly do: 'wait'; readonly ms: number };

/** A world with people in it, and the truth about who must not see whom. */
class Crowd {
  readonly world = new World({ operatorUid: 100, awayAfter: 1000, logOffAfter: 3000 });
  clients: Client[] = [];
  /** `a b`: a blocks b. Of a guest who has gone, until they come back: the lists still know when they went. */
  readonly blocks = new Set<string>();
  /** Mail that was sent while nobody blocked anybody: it comes, also when that has changed. */
  readonly #allowed = new Set<string>();
  #mails = 0;

  perform(step: Step): void {
    const { world } = this;
    const before = new Set(this.blocks);
    const client = 'client' in step ? this.clients[step.client % Math.max(1, this.clients.length)] : undefined;
    if (step.do === 'wait') world.advance(step.ms);
    else if (step.do === 'connect') this.#connect(step.user, step.visible, step.follow);
    else if (client !== undefined) this.#ask(client, step);
    this.#read(before);
  }

  #connect(user: string, visible: boolean, follow: boolean): void {
    const { world } = this;
    const isGuest = user.startsWith('~');
    if (isGuest && !world.core.users.has(user as never))
      for (const block of this.blocks) if (block.startsWith(`${user} `)) this.blocks.delete(block);
    const session = isGuest
      ? world.guest(user.slice(1), '127.0.0.1', { visible })
      : world.login(user, 100 + ACCOUNTS.indexOf(user), { visible });
    const client: Client = { user, session, follows: follow, present: new Map(), members: new Map() };
    this.clients.push(client);
    if (visible) world.tell(session, sayDevice(firstDevice(user), ['package']));
    if (follow) world.tell(session, { type: 'who', follow: true });
  }

  #ask(client: Client, step: Exclude<Step, { do: 'connect' | 'wait' }>): void {
    const { world } = this;
    const { session, user } = client;
    switch (step.do) {
      case 'close':
        this.clients = this.clients.filter((other) => other !== client);
        return world.close(session);
      case 'activity':
      case 'who':
      case 'rooms':
        return world.tell(session, { type: step.do });
      case 'since':
        return world.tell(session, { type: 'who', id: 's', since: EVER });
      case 'join':
      case 'leave':
      case 'members':
        return world.tell(session, { type: step.do, room: step.room });
      case 'typing':
        // To everybody by name, too.
        for (const to of [step.room, '#lobby', ...NAMES]) world.tell(session, { type: 'typing', to });
        return;
      case 'announce':
        return world.tell(session, { type: 'announce', text: 'hear' });
      case 'mail': {
        const id = `m${this.#mails++}`;
        if (!this.blocks.has(`${user} ${step.user}`) && !this.blocks.has(`${step.user} ${user}`)) this.#allowed.add(id);
        world.tell(session, mailTo(step.user, firstDevice(step.user), id));
        world.tell(session, { type: 'devices', user: step.user, claim: [deviceOf(firstDevice(step.user))] });
        const frame = { kind: 'ask', chat: groupOf('chat'), from: deviceOf(firstDevice(user)) };
        return world.tell(session, { type: 'private', to: step.user, frame });
      }
      case 'block':
      case 'unblock': {
        world.tell(session, { type: step.do, user: step.user });
        const isDone = world.frames.get(session.id)?.some(({ type }) => type === 'done');
        if (isDone !== true) return;
        if (step.do === 'block') this.blocks.add(`${user} ${step.user}`);
        else this.blocks.delete(`${user} ${step.user}`);
      }
    }
  }

  /** @param before who blocked whom before this step: a block that is new, or just over, may be seen to begin or end. */
  #read(before: ReadonlySet<string>): void {
    for (const client of this.clients) {
      for (const frame of this.world.take(client.session)) {
        if (frame.type === 'mail' && frame.kind === 'sealed' && this.#allowed.has(frame.id)) continue;
        // Those whom one blocks oneself don't say that they are writing either.
        if (frame.type === 'typing' && before.has(`${client.user} ${frame.from}`))
          throw new Error(`${client.user} blocks ${frame.from} and got ${JSON.stringify(frame)}`);
        for (const name of mentions(frame)) {
          const block = `${name} ${client.user}`;
          if (!this.blocks.has(block)) continue;
          const isGoodbye = frame.type === 'left' || (frame.type === 'presence' && frame.state === 'offline');
          if (before.has(block) || !isGoodbye)
            throw new Error(`${client.user} is blocked by ${name} and got ${JSON.stringify(frame)}`);
        }
        note(client, frame);
      }
    }
    // Sessions that the server has ended get nothing more.
    this.clients = this.clients.filter(({ session }) => !this.world.ended.has(session.id));
  }

  /** What a session was told, piece by piece, is what it is told when it asks. */
  compare(): void {
    for (const client of this.clients) {
      const told = { present: new Map(client.present), members: new Map(client.members) };
      client.present.clear();
      this.perform({ do: 'who', client: this.clients.indexOf(client) });
      if (client.follows) expect(Object.fromEntries(client.present)).toEqual(Object.fromEntries(told.present));
      for (const room of ROOMS) {
        const known = told.members.get(room);
        const isIn = this.world.core.rooms.get(room as never)?.members.has(client.user as never) === true;
        if (known === undefined || !isIn) continue;
        const was = [...known].sort();
        this.perform({ do: 'members', client: this.clients.indexOf(client), room });
        expect([...(client.members.get(room) ?? [])].sort()).toEqual(was);
        this.world.tell(client.session, { type: 'rooms' });
        const counted = this.world.expect(client.session, 'rooms').rooms.find(({ name }) => name === room)?.members;
        expect(counted).toBe(was.length);
      }
    }
  }
}

/** Takes a frame as a client does. */
function note({ present, members }: Client, frame: ServerMessage): void {
  if (frame.type === 'users') {
    for (const { name, state } of frame.users) if (state !== 'offline') present.set(name, state);
  } else if (frame.type === 'presence') {
    if (frame.state === 'offline') present.delete(frame.user);
    else present.set(frame.user, frame.state);
  } else if (frame.type === 'members') members.set(frame.room, new Set(frame.members));
  else if (frame.type === 'joined') members.get(frame.room)?.add(frame.user);
  else if (frame.type === 'left') members.get(frame.room)?.delete(frame.user);
  // Whoever comes in asks anew.
  else if (frame.type === 'room') members.delete(frame.room.name);
}

const client = fc.nat(9);
const user = fc.constantFrom(...NAMES);
const room = fc.constantFrom(...ROOMS);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('connect' as const), user, visible: fc.boolean(), follow: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('close' as const), client }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('activity' as const, 'who' as const, 'since' as const, 'rooms' as const),
      client,
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constantFrom('join' as const, 'leave' as const, 'members' as const, 'typing' as const),
      client,
      room,
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constantFrom('block' as const, 'unblock' as const, 'mail' as const, 'block' as const),
      client,
      user,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('announce' as const), client }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(100, 1000, 3000) }) },
);

test('whatever happens, nobody is told of those who block them, and what they are told fits together', () => {
  const everybody: Step[] = NAMES.map((name) => ({ do: 'connect', user: name, visible: true, follow: true }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
      const crowd = new Crowd();
      for (const one of [...everybody, ...steps]) crowd.perform(one);
      crowd.compare();
    }),
    { numRuns: 200 },
  );
});
