import { describe, expect, test, vi } from 'vitest';
import type { GroupId, UnixMs } from '../../src/base/ids.ts';
import { SETTLE_MS } from '../../src/peer/chat.ts';
import { AWAY_MS } from '../../src/peer/chat-path.ts';
import { ACK_AFTER_MS } from '../../src/peer/conversation.ts';
import { ASK_WITHIN_MS } from '../../src/protocol/limits.ts';
import type { PrivateFrame } from '../../src/protocol/private-frames.ts';
import type { ServerMessage, ServerMessages } from '../../src/protocol/server-messages.ts';
import { type Connection, newChat, newId, Person, Relay, talk, until } from './relay.ts';
import { meanwhile, pass } from './time.ts';
import { inTown, type Town } from './town.ts';

const town = inTown({ stocked: true });

const person: Town['person'] = (...of) => town.person(...of);

test('one asks, the other accepts, they talk, and one ends it for both', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  const chat = alice.ask(bob);
  await until(() => bob.status(chat) === 'asked');
  expect(alice.chat(chat)).toMatchObject({ person: 'bob', plain: false, trust: 'first', status: { ours: true } });
  expect(bob.chat(chat)).toMatchObject({ person: 'alice', plain: false, trust: 'first', status: { ours: false } });
  bob.do({ do: 'accept', chat, hideAddress: false });
  await until(() => alice.status(chat) === 'open' && bob.status(chat) === 'open');
  expect(alice.chat(chat)?.status).toEqual({
    kind: 'open',
    path: 'relayed',
    log: false,
    theirLog: false,
    hidden: true,
  });
  const id = alice.say(chat, 'lunch?');
  bob.say(chat, 'at half past\ntwelve');
  await until(() => bob.said(chat).length === 1 && alice.said(chat).length === 1);
  expect([bob.said(chat), alice.said(chat)]).toEqual([['lunch?'], ['at half past\ntwelve']]);
  await vi.advanceTimersByTimeAsync(200);
  await until(() => alice.all('delivered').some((event) => event.id === id));
  alice.do({ do: 'end', chat });
  await until(() => bob.status(chat) === 'ended');
  expect(alice.chat(chat)?.status).toEqual({ kind: 'ended', text: 'you ended the chat' });
  expect(bob.chat(chat)?.status).toEqual({ kind: 'ended', text: 'alice ended the chat' });
  await until(() => [alice, bob].every((one) => one.notes(chat).includes('the keys of this chat are destroyed')));
  expect(town.relay.wire.join('')).not.toContain('lunch');
});

const ended = (one: Person, chat: GroupId): string | undefined => {
  const status = one.chat(chat)?.status;
  return status?.kind === 'ended' ? status.text : undefined;
};
const isEnded = (one: Person, chat: GroupId): Promise<void> => until(() => ended(one, chat) !== undefined, 'the end');

/** Frames of private chats on their way to somebody. */
const frameTo = (to: string, kind: PrivateFrame['kind']) => (connection: Connection, message: ServerMessage) =>
  connection.user === to && message.type === 'private' && message.frame.kind === kind;

describe('a request', () => {
  test('may be refused', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = alice.ask(bob);
    await until(() => bob.status(chat) === 'asked');
    bob.do({ do: 'reject', chat });
    await isEnded(alice, chat);
    expect([ended(alice, chat), ended(bob, chat)]).toEqual(['bob said no', 'you said no']);
  });

  test('may be taken back', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = alice.ask(bob);
    await until(() => bob.status(chat) === 'asked');
    alice.do({ do: 'end', chat });
    await isEnded(bob, chat);
    expect([ended(alice, chat), ended(bob, chat)]).toEqual([
      'you took the request back',
      'alice took the request back',
    ]);
  });

  test('ends after two minutes', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = alice.ask(bob);
    await until(() => bob.status(chat) === 'asked');
    await vi.advanceTimersByTimeAsync(ASK_WITHIN_MS - 1000);
    expect([alice.status(chat), bob.status(chat)]).toEqual(['asked', 'asked']);
    await vi.advanceTimersByTimeAsync(1001);
    await isEnded(alice, chat);
    await isEnded(bob, chat);
    expect(ended(alice, chat)).toBe('bob has not answered');
    expect(ended(bob, chat)).toBe('nobody answered for 2 minutes: the request has ended by itself');
  });

  test.each(['alice', 'bob'])('ends when %s leaves', async (who) => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const [leaves, stays] = who === 'alice' ? [alice, bob] : [bob, alice];
    const chat = alice.ask(bob);
    await until(() => bob.status(chat) === 'asked');
    leaves.offline();
    await meanwhile(() => ended(stays, chat) !== undefined, 'the end');
    expect(ended(stays, chat)).toBe(`${who} has left`);
  });

  test.each(['alice', 'bob'])('stands when %s loses the connection for a moment, and can be accepted', async (who) => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const loses = who === 'alice' ? alice : bob;
    const chat = alice.ask(bob);
    await until(() => bob.status(chat) === 'asked');
    loses.offline();
    await pass(AWAY_MS - 2000);
    loses.online();
    await pass(AWAY_MS);
    expect([alice.status(chat), bob.status(chat)]).toEqual(['asked', 'asked']);
    bob.do({ do: 'accept', chat, hideAddress: false });
    await until(() => alice.status(chat) === 'open' && bob.status(chat) === 'open');
  });

  test('that has ended because the asker was gone for too long is there again with them', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = alice.ask(bob);
    await until(() => bob.status(chat) === 'asked');
    alice.offline();
    await meanwhile(() => ended(bob, chat) !== undefined);
    alice.online();
    await until(() => bob.status(chat) === 'asked');
    bob.do({ do: 'accept', chat, hideAddress: false });
    await until(() => alice.status(chat) === 'open');
  });

  test('finds also the next program of whoever was asked', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = alice.ask(bob);
    await until(() => bob.status(chat) === 'asked');
    bob.close();
    const next = await person('bob', { vault: bob.vault });
    await until(() => next.status(chat) === 'asked');
    next.do({ do: 'accept', chat, hideAddress: false });
    await until(() => alice.status(chat) === 'open');
  });

  test('may be accepted while the asker is gone for a moment', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = alice.ask(bob);
    await until(() => bob.status(chat) === 'asked');
    alice.offline();
    await pass(2000);
    bob.do({ do: 'accept', chat, hideAddress: false });
    await pass(2000);
    alice.online();
    await meanwhile(() => alice.status(chat) === 'open' && bob.status(chat) === 'open');
  });

  test('that was sent once more and refused as one too many stands, and is still there to be taken back', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = alice.ask(bob);
    await until(() => bob.status(chat) === 'asked');
    let refused = 0;
    town.relay.refuse = (_, message) =>
      message.type === 'private' && message.frame.kind === 'ask' && ++refused > 0 ? 'too_many_asks' : undefined;
    alice.messenger.offline();
    alice.messenger.online(alice.name, { visible: true });
    await meanwhile(() => refused >= 2);
    expect([alice.status(chat), bob.status(chat)]).toEqual(['asked', 'asked']);
    alice.do({ do: 'end', chat });
    await isEnded(bob, chat);
    expect(ended(bob, chat)).toBe('alice took the request back');
  });

  test.each(['reject', 'withdrawn'] as const)(
    'is over for both though the server took the %s only later',
    async (kind) => {
      const [alice, bob] = [await person('alice'), await person('bob')];
      const chat = alice.ask(bob);
      await until(() => bob.status(chat) === 'asked');
      let refused = 0;
      town.relay.refuse = (_, message) =>
        message.type === 'private' && message.frame.kind === kind && refused++ === 0 ? 'rate_limited' : undefined;
      if (kind === 'reject') bob.do({ do: 'reject', chat });
      else alice.do({ do: 'end', chat });
      await pass(5000);
      expect(refused).toBe(2);
      expect([ended(alice, chat), ended(bob, chat)]).toEqual(
        kind === 'reject'
          ? ['bob said no', 'you said no']
          : ['you took the request back', 'alice took the request back'],
      );
    },
  );

  test('reaches somebody who has only just come in, and whose program has not yet said which device it is', async () => {
    const alice = await person('alice');
    const chat = alice.ask({ name: 'bob' } as Person);
    await pass(1000);
    expect(alice.all('refused')).toEqual([]);
    const bob = await person('bob');
    await meanwhile(() => bob.status(chat) === 'asked');
  });

  test('to somebody who is not here, or has no such program, says so', async () => {
    const alice = await person('alice');
    const bob = await person('bob');
    bob.offline();
    const away = alice.ask(bob);
    await isEnded(alice, away);
    expect(ended(alice, away)).toBe('bob is not here');
    const nobody = alice.ask({ name: 'dave' } as Person);
    await meanwhile(() => alice.all('refused').length === 1);
    expect(alice.all('refused')[0]).toMatchObject({ chat: nobody, person: 'dave' });
    const self = alice.ask(alice);
    await until(() => alice.all('refused').length === 2);
    expect(alice.all('refused')[1]).toMatchObject({ chat: self, text: 'that is you: ask somebody else' });
  });

  test('that is made twice, because a connection was lost, is shown once', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = alice.ask(bob);
    await until(() => bob.status(chat) === 'asked');
    alice.messenger.offline();
    alice.messenger.online(alice.name, { visible: true });
    await until(() => town.relay.wire.filter((line) => line.includes('"kind":"ask"')).length === 4);
    expect(bob.all('chat')).toHaveLength(1);
    bob.do({ do: 'accept', chat, hideAddress: false });
    await until(() => alice.status(chat) === 'open');
  });

  test.each([false, true])('of both at once is a chat, whoever’s came first (plain: %s)', async (plain) => {
    for (const [first, second] of [
      ['A', 'B'],
      ['B', 'A'],
    ] as const) {
      const [alice, bob] = [await person(`alice${first}`), await person(`bob${first}`)];
      const ones = alice.ask(bob, { chat: newChat(first), plain });
      const others = bob.ask(alice, { chat: newChat(second), plain });
      const chat = first === 'A' ? ones : others;
      const not = first === 'A' ? others : ones;
      await until(() => alice.status(chat) === 'open' && bob.status(chat) === 'open', 'the chat');
      expect([alice.chat(chat)?.plain, bob.chat(chat)?.plain]).toEqual([plain, plain]);
      for (const one of [alice, bob]) expect(one.status(not)).not.toBe('open');
    }
  });

  test('for plain text that crosses one for encryption gives way, and nobody is taken to have agreed', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const secret = alice.ask(bob, { chat: newChat('B') });
    const plain = bob.ask(alice, { chat: newChat('A'), plain: true });
    await until(() => bob.status(secret) === 'asked' && bob.status(plain) === 'ended');
    expect(alice.status(secret)).toBe('asked');
    expect(alice.status(plain)).toBeUndefined();
    bob.do({ do: 'accept', chat: secret, hideAddress: false });
    await until(() => alice.status(secret) === 'open');
    expect(alice.chat(secret)?.plain).toBe(false);
  });

  test('to several devices is answered by one, and the others are told', async () => {
    const [alice, bob, bobs] = [await person('alice'), await person('bob'), await person('bob')];
    const chat = alice.ask(bob);
    await until(() => bob.status(chat) === 'asked' && bobs.status(chat) === 'asked');
    bobs.do({ do: 'accept', chat, hideAddress: false });
    await until(() => alice.status(chat) === 'open' && bobs.status(chat) === 'open');
    await isEnded(bob, chat);
    expect(ended(bob, chat)).toBe('answered by another of your devices');
  });

  test('that two devices answer at once is a chat with one of them', async () => {
    const [alice, bob, bobs] = [await person('alice'), await person('bob'), await person('bob')];
    const chat = alice.ask(bob);
    await until(() => bob.status(chat) === 'asked' && bobs.status(chat) === 'asked');
    for (const one of [bob, bobs]) one.do({ do: 'accept', chat, hideAddress: false });
    await until(() => alice.status(chat) === 'open');
    await until(() => [bob, bobs].filter((one) => one.status(chat) === 'ended').length === 1);
    await until(() => [bob, bobs].filter((one) => one.status(chat) === 'open').length === 1);
    alice.say(chat, 'one of you');
    await until(() => bob.said(chat).length + bobs.said(chat).length === 1);
  });

  test('waits for an answer only as often as one can look at', async () => {
    const bob = await person('bob');
    for (let i = 0; i < 22; i++) {
      const one = await person(`user${i}`);
      one.ask(bob);
    }
    await until(() => bob.all('chat').length >= 20);
    const last = await person('last');
    const chat = last.ask(bob);
    await until(() => last.status(chat) === 'asked');
    last.do({ do: 'end', chat });
    await until(() => town.relay.wire.some((line) => line.includes('withdrawn')));
    expect(bob.all('chat')).toHaveLength(20);
  });
});

describe('in plain text', () => {
  test('two talk who have both agreed to it', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = await talk(alice, bob, { plain: true });
    alice.say(chat, 'for all to read');
    await until(() => bob.said(chat).length === 1);
    expect([alice.chat(chat)?.plain, bob.chat(chat)?.plain]).toEqual([true, true]);
    expect(town.relay.wire.join('')).toContain('for all to read');
  });

  test('nobody answers what was asked with encryption', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    town.relay.tamper = (to, message) => {
      if (!frameTo('alice', 'accept')(to, message)) return [message];
      const { frame } = message as ServerMessages['private'];
      return [
        {
          ...(message as ServerMessages['private']),
          frame: { kind: 'accept', chat: frame.chat, from: bob.device, plain: true },
        },
      ];
    };
    const chat = alice.ask(bob);
    await until(() => bob.status(chat) === 'asked');
    bob.do({ do: 'accept', chat, hideAddress: false });
    await isEnded(alice, chat);
    expect(ended(alice, chat)).toBe('bob answered in plain text, which you did not ask for: nothing is sent');
    await isEnded(bob, chat);
  });

  test('nobody talks who was only told that the other wants it', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    town.relay.tamper = (to, message) => {
      if (!frameTo('bob', 'ask')(to, message)) return [message];
      const { frame } = message as ServerMessages['private'];
      return [
        {
          ...(message as ServerMessages['private']),
          frame: { kind: 'ask', chat: frame.chat, from: alice.device, plain: true },
        },
      ];
    };
    const chat = alice.ask(bob);
    await until(() => bob.status(chat) === 'asked');
    expect(bob.chat(chat)?.plain).toBe(true);
    bob.do({ do: 'accept', chat, hideAddress: false });
    bob.say(chat, 'is anybody there?');
    await isEnded(alice, chat);
    await isEnded(bob, chat);
    expect(alice.said(chat)).toEqual([]);
  });

  test('no frame gets into a chat that is encrypted', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = await talk(alice, bob);
    bob.connection.give({
      type: 'private',
      from: alice.name,
      device: alice.device,
      time: 1 as UnixMs,
      frame: { kind: 'plain', chat, seq: 2, item: '{"kind":"text","id":"x","time":1}\nI am alice' },
    });
    await until(() => bob.notes(chat).length > 0);
    alice.say(chat, 'the true one');
    await vi.advanceTimersByTimeAsync(6000);
    await until(() => bob.said(chat).length === 1);
    expect(bob.said(chat)).toEqual(['the true one']);
    expect(bob.notes(chat)).toContain('something came that does not belong here, and was left out');
  });
});

describe('a server in the middle', () => {
  test('goes unnoticed at first contact, but the safety numbers differ', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    // What the server makes alice believe to be bob, and the other way round.
    const between = new Relay({ stocked: true });
    const [falseBob, falseAlice] = [town.newcomer('bob', {}, between), town.newcomer('alice')];
    const victim = town.newcomer('alice', { vault: alice.vault }, between);
    for (const one of [falseBob, falseAlice, victim]) await one.ready();
    const chat = await talk(victim, falseBob);
    const other = await talk(falseAlice, bob);
    expect([victim.chat(chat)?.trust, bob.chat(other)?.trust]).toEqual(['first', 'first']);
    victim.do({ do: 'verify', user: bob.name });
    bob.do({ do: 'verify', user: alice.name });
    const [ones, others] = [victim.all('safetyNumber')[0]!, bob.all('safetyNumber')[0]!];
    expect(ones.digits).toMatch(/^\d{60}$/);
    expect(ones.digits).not.toBe(others.digits);
    victim.do({ do: 'compared', user: bob.name, device: ones.device, equal: false });
    await isEnded(victim, chat);
    expect(victim.chat(chat)?.trust).toBe('changed');
    expect(ended(victim, chat)).toContain('differ');
  });

  test('without one the numbers are equal, and comparing them makes it verified', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = await talk(alice, bob);
    alice.do({ do: 'verify', user: bob.name });
    bob.do({ do: 'verify', user: alice.name });
    const [ones, others] = [alice.all('safetyNumber')[0]!, bob.all('safetyNumber')[0]!];
    expect(ones.digits).toBe(others.digits);
    alice.do({ do: 'compared', user: bob.name, device: ones.device, equal: true });
    expect(alice.chat(chat)).toMatchObject({ trust: 'verified', status: { kind: 'open' } });
  });

  test('is noticed by whoever knows the other: nothing is asked or accepted before the key is', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const first = await talk(alice, bob);
    alice.do({ do: 'end', chat: first });
    await isEnded(bob, first);
    bob.close();
    town.relay.devices.delete(bob.name);
    const falseBob = await person('bob');
    await vi.advanceTimersByTimeAsync(61_000);
    const chat = alice.ask(falseBob);
    await until(() => alice.all('refused').length > 0);
    expect(alice.all('refused')[0]).toMatchObject({ chat, text: expect.stringContaining('/accept-key bob') as never });
    expect(alice.all('trust').at(-1)).toEqual({ type: 'trust', person: 'bob', trust: 'changed' });
    const theirs = falseBob.ask(alice);
    await until(() => alice.status(theirs) === 'asked');
    expect(alice.chat(theirs)?.trust).toBe('changed');
    alice.do({ do: 'accept', chat: theirs, hideAddress: false });
    expect(alice.all('refused').at(-1)).toMatchObject({ chat: theirs, person: 'bob' });
    expect(alice.status(theirs)).toBe('asked');
    alice.do({ do: 'acceptKey', user: bob.name });
    expect(alice.chat(theirs)?.trust).toBe('first');
    alice.do({ do: 'accept', chat: theirs, hideAddress: false });
    await until(() => alice.status(theirs) === 'open' && falseBob.status(theirs) === 'open');
  });

  test('can not have another device answer than one that is known', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    alice.do({ do: 'end', chat: await talk(alice, bob) });
    const asks: PrivateFrame[] = [];
    town.relay.tamper = (to, message) => {
      if (frameTo('bob', 'ask')(to, message)) asks.push((message as ServerMessages['private']).frame);
      return [message];
    };
    const chat = alice.ask(bob);
    await until(() => bob.status(chat) === 'asked');
    const falseBob = await person('bob');
    falseBob.messenger.receive({
      type: 'private',
      from: alice.name,
      device: alice.device,
      time: 1 as UnixMs,
      frame: asks.at(-1)!,
    });
    await until(() => falseBob.status(chat) === 'asked');
    falseBob.do({ do: 'accept', chat, hideAddress: false });
    await isEnded(alice, chat);
    expect(ended(alice, chat)).toContain('/accept-key bob');
    expect(alice.chat(chat)?.trust).toBe('changed');
  });

  test('can not pass off a key package as that of somebody else', async () => {
    const [alice, bob, mallory] = [await person('alice'), await person('bob'), await person('mallory')];
    const stolen = mallory.vault.identity.device;
    town.relay.tamper = (to, message) =>
      frameTo('bob', 'ask')(to, message)
        ? [
            {
              ...(message as ServerMessages['private']),
              from: alice.name,
              device: stolen,
              frame: { ...(message as ServerMessages['private']).frame, from: stolen } as never,
            },
          ]
        : [message];
    mallory.ask(bob);
    alice.ask(bob);
    await until(
      () => town.relay.wire.filter((line) => line.includes(stolen) && line.includes('"kind":"ask"')).length >= 3,
    );
    town.relay.tamper = (_, message) => [message];
    const carol = await person('carol');
    const chat = carol.ask(bob);
    await until(() => bob.status(chat) === 'asked');
    expect(bob.all('chat').map(({ person: who }) => who)).toEqual(['carol']);
  });
});

describe('in a chat', () => {
  test('what is lost, repeated and reordered on the way comes once and in order', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = await talk(alice, bob);
    let count = 0;
    let kept: ServerMessage | undefined;
    town.relay.tamper = (to, message) => {
      if (!frameTo('bob', 'sealed')(to, message)) return [message];
      count += 1;
      if (count % 5 === 1) return [];
      if (count % 5 === 2) return [message, message];
      if (count % 5 === 3) {
        kept = message;
        return [];
      }
      const before = kept === undefined ? [] : [kept];
      kept = undefined;
      return [message, ...before];
    };
    const texts = Array.from({ length: 40 }, (_, i) => `line ${i}`);
    for (const text of texts) alice.say(chat, text);
    await meanwhile(() => bob.said(chat).length === 40 && alice.all('delivered').length === 40);
    expect(bob.said(chat)).toEqual(texts);
    expect(bob.notes(chat)).toEqual([]);
  });

  test('many messages both ways at once, more than any window, all arrive', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = await talk(alice, bob);
    const texts = Array.from({ length: 250 }, (_, i) => `${i}`);
    for (const text of texts) {
      alice.say(chat, text);
      bob.say(chat, text);
    }
    await until(() => alice.said(chat).length === 250 && bob.said(chat).length === 250);
    expect([alice.said(chat), bob.said(chat)]).toEqual([texts, texts]);
    await vi.advanceTimersByTimeAsync(10_000);
    await until(() => alice.all('delivered').length === 250 && bob.all('delivered').length === 250);
    // The keys were renewed on the way, by each side: another epoch (RFC 9420, 6.3) behind the group's id.
    const epochs = [...town.relay.wire.join('').matchAll(/"kind":"sealed"[^}]*"message":"([\w-]+)"/g)].map(
      ([, message]) => Buffer.from(message!, 'base64url').readBigUInt64BE(2 + 2 + 1 + 16),
    );
    expect(new Set(epochs).size).toBeGreaterThanOrEqual(3);
  });

  test('what is sent back to its author, or again, changes nothing', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = await talk(alice, bob);
    town.relay.tamper = (to, message) => {
      if (frameTo('bob', 'sealed')(to, message)) {
        const { frame } = message as ServerMessages['private'];
        alice.messenger.receive({
          ...(message as ServerMessages['private']),
          from: bob.name,
          device: bob.device,
          frame,
        });
        return [message, message];
      }
      return [message];
    };
    alice.say(chat, 'one');
    alice.say(chat, 'two');
    await until(() => bob.said(chat).length === 2);
    bob.say(chat, 'three');
    await vi.advanceTimersByTimeAsync(11_000);
    await until(() => alice.said(chat).length === 1);
    expect([alice.said(chat), bob.said(chat)]).toEqual([['three'], ['one', 'two']]);
  });

  test('nobody else can end it, nor say anything in it', async () => {
    const [alice, bob, carol] = [await person('alice'), await person('bob'), await person('carol')];
    const chat = await talk(alice, bob);
    const frames: PrivateFrame[] = [
      { kind: 'gone', chat },
      { kind: 'withdrawn', chat },
      { kind: 'reject', chat },
      { kind: 'sealed', chat, seq: 3, message: 'AAAA' },
      { kind: 'plain', chat, seq: 3, item: '{"kind":"end"}\n' },
    ];
    for (const frame of frames) carol.connection.send({ type: 'private', to: alice.name, device: alice.device, frame });
    const other = carol.ask(alice);
    await until(() => alice.status(other) === 'asked');
    expect(alice.status(chat)).toBe('open');
    bob.say(chat, 'still here');
    await until(() => alice.said(chat).length === 1);
    // From the right person, but of another device, or only while there is no chat yet.
    for (const frame of frames.slice(1, 3))
      alice.messenger.receive({ type: 'private', from: bob.name, device: bob.device, frame, time: 1 as UnixMs });
    alice.messenger.receive({
      type: 'private',
      from: bob.name,
      device: carol.device,
      frame: frames[0]!,
      time: 1 as UnixMs,
    });
    expect(alice.status(chat)).toBe('open');
  });

  test('three at once do not mix', async () => {
    const alice = await person('alice');
    const others = [await person('bob'), await person('carol'), await person('dave')];
    const chats: GroupId[] = [];
    for (const other of others) chats.push(await talk(alice, other));
    for (const [i, other] of others.entries()) {
      alice.say(chats[i]!, `to ${other.name}`);
      other.say(chats[i]!, `from ${other.name}`);
    }
    await until(() => chats.every((chat, i) => alice.said(chat).length === 1 && others[i]!.said(chat).length === 1));
    for (const [i, other] of others.entries()) {
      expect(alice.said(chats[i]!)).toEqual([`from ${other.name}`]);
      expect(other.said(chats[i]!)).toEqual([`to ${other.name}`]);
    }
  });

  test('a server that is restarted in the middle of a burst loses and repeats nothing', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = await talk(alice, bob);
    const texts = Array.from({ length: 30 }, (_, i) => `line ${i}`);
    for (const text of texts.slice(0, 15)) alice.say(chat, text);
    await until(() => bob.said(chat).length > 3);
    town.relay.restart();
    alice.messenger.offline();
    bob.messenger.offline();
    for (const text of texts.slice(15)) alice.say(chat, text);
    await until(
      () => alice.chat(chat)?.status.kind === 'open' && alice.notes(chat).some((text) => text.includes('waits')),
    );
    expect(alice.chat(chat)?.status).toMatchObject({ path: 'none' });
    alice.online();
    bob.online();
    await until(() => bob.said(chat).length === 30);
    expect(bob.said(chat)).toEqual(texts);
    expect(alice.chat(chat)?.status).toMatchObject({ path: 'relayed' });
  });

  test('whose other side has vanished ends after a while', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = await talk(alice, bob);
    bob.offline();
    await until(() => alice.notes(chat).some((text) => text.includes("can't be reached")));
    await vi.advanceTimersByTimeAsync(19_000);
    expect(alice.status(chat)).toBe('open');
    await vi.advanceTimersByTimeAsync(2000);
    await isEnded(alice, chat);
    expect(ended(alice, chat)).toBe('bob has left');
  });

  test('whose other side has begun anew is over, and can be asked for again', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = await talk(alice, bob);
    bob.close();
    const again = town.newcomer('bob', { vault: bob.vault });
    await again.ready();
    alice.say(chat, 'are you there?');
    await isEnded(alice, chat);
    expect(ended(alice, chat)).toContain("bob's program");
    expect(again.said(chat)).toEqual([]);
    const next = await talk(again, alice);
    again.close();
    const third = town.newcomer('bob', { vault: bob.vault });
    await third.ready();
    // Whoever asks first finds out.
    const asked = third.ask(alice);
    await until(() => alice.status(next) === 'ended' && alice.status(asked) === 'asked');
  });

  test('what is said just before the end is known to have arrived', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = await talk(alice, bob);
    const ids = Array.from({ length: 30 }, (_, i) => alice.say(chat, `message ${i}`));
    alice.do({ do: 'end', chat });
    alice.say(chat, 'too late');
    await until(() => bob.said(chat).length === ids.length);
    // No more than the acknowledgement wants: while it is on its way, the clock of the end stands still.
    await vi.advanceTimersByTimeAsync(ACK_AFTER_MS);
    await until(() => alice.all('delivered').length === ids.length);
    await meanwhile(() => ended(alice, chat) !== undefined && ended(bob, chat) !== undefined);
    expect(bob.said(chat)).toHaveLength(ids.length);
    const told = alice.events.filter((event) => event.type === 'delivered' || event.type === 'chat');
    expect(told.slice(-ids.length - 1)).toMatchObject([...ids.map((id) => ({ id })), { status: { kind: 'ended' } }]);
    expect(alice.notes(chat)).toContain('not sent: the chat is over');
  });

  test('the end does not wait for long for somebody who does not answer, and not at all if it is said twice', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    for (const times of [1, 2]) {
      const chat = await talk(alice, bob);
      town.relay.tamper = (to, message) => (frameTo('alice', 'sealed')(to, message) ? [] : [message]);
      alice.say(chat, 'hello?');
      for (let i = 0; i < times; i++) alice.do({ do: 'end', chat });
      expect(alice.status(chat)).toBe(times === 1 ? 'open' : 'ended');
      await pass(SETTLE_MS);
      expect(alice.status(chat)).toBe('ended');
      town.relay.tamper = (_, message) => [message];
      await meanwhile(() => bob.status(chat) === 'ended');
    }
  });

  test('another request of theirs waits for the end, unless it is taken back', async () => {
    const [alice, bob, other] = [await person('alice'), await person('bob'), await person('bob')];
    alice.do({ do: 'acceptKey', user: bob.name });
    const first = await talk(alice, bob);
    const [taken, second] = [other.ask(alice), newChat()];
    await until(() => other.status(taken) === 'asked');
    await pass(500);
    other.do({ do: 'end', chat: taken });
    alice.do({ do: 'end', chat: first });
    await meanwhile(() => bob.status(first) === 'ended');
    await pass(500);
    expect(alice.chat(taken)).toBeUndefined();
    const third = await talk(alice, bob);
    other.ask(alice, { chat: second });
    await pass(500);
    alice.do({ do: 'end', chat: third });
    await meanwhile(() => alice.status(second) === 'asked');
  });

  test('another request of theirs that waited for the end for too long is not shown any more', async () => {
    const [alice, bob, other] = [await person('alice'), await person('bob'), await person('bob')];
    const first = await talk(alice, bob);
    const second = other.ask(alice);
    await until(() => other.status(second) === 'asked');
    town.relay.tamper = (to, message) => (frameTo('alice', 'withdrawn')(to, message) ? [] : [message]);
    await pass(ASK_WITHIN_MS + 1000);
    alice.do({ do: 'end', chat: first });
    await meanwhile(() => bob.status(first) === 'ended');
    await pass(500);
    expect(alice.chat(second)).toBeUndefined();
  });

  test('that nobody knows is said to be gone only so often, whoever asks, and not in the place of what is known', async () => {
    const [alice, bob, mallory] = [await person('alice'), await person('bob'), await person('mallory')];
    const past = await talk(alice, bob);
    alice.do({ do: 'end', chat: past });
    await isEnded(bob, past);
    await pass(500);
    const gone: string[] = [];
    let asked = 0;
    town.relay.refuse = (from, message) => {
      if (from.user === 'mallory') asked += 1;
      const isGone = from.user === 'bob' && message.type === 'private' && message.frame.kind === 'gone';
      if (isGone) gone.push(message.to);
      return undefined;
    };
    const frame = (chat: GroupId) => ({ kind: 'sealed', chat, seq: 1, message: 'AAAA' }) as const;
    for (let i = 0; i < 600; i++)
      mallory.connection.send({ type: 'private', id: newId(), to: bob.name, frame: frame(newChat()) });
    await until(() => asked === 600 && gone.length === 5);
    await pass(500);
    expect(gone).toHaveLength(5);
    alice.connection.send({ type: 'private', id: newId(), to: bob.name, frame: frame(past) });
    await until(() => gone.length === 6);
    expect(gone[5]).toBe('alice');
    await pass(1000);
    mallory.connection.send({ type: 'private', id: newId(), to: bob.name, frame: frame(newChat()) });
    await until(() => gone.length === 7);
  });

  test('what the server finds too much is sent a little later', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = await talk(alice, bob);
    let allowed = 5;
    town.relay.refuse = (from, message) =>
      from.user === 'alice' && message.type === 'private' && (allowed -= 1) < 0 ? 'rate_limited' : undefined;
    const texts = Array.from({ length: 30 }, (_, i) => `line ${i}`);
    for (const text of texts) alice.say(chat, text);
    await until(() => town.relay.wire.some((line) => line.includes('rate_limited')));
    await meanwhile(() => {
      allowed = Math.min(20, Math.max(allowed, 0) + 1);
      return bob.said(chat).length === 30;
    });
    expect(bob.said(chat)).toEqual(texts);
  });

  test('a log is kept from when somebody wants it, and the other is told', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = await talk(alice, bob);
    alice.say(chat, 'before');
    await until(() => bob.said(chat).length === 1);
    bob.do({ do: 'log', chat, on: true });
    await until(() => alice.notes(chat).includes('bob keeps a log of this chat'));
    expect(alice.chat(chat)?.status).toMatchObject({ log: false, theirLog: true });
    alice.say(chat, 'after');
    await until(() => bob.said(chat).length === 2);
    bob.say(chat, 'answer');
    await until(() => alice.said(chat).length === 1);
    bob.do({ do: 'log', chat, on: false });
    await until(() => alice.notes(chat).length >= 2);
    bob.say(chat, 'forgotten');
    await until(() => alice.said(chat).length === 2);
    expect(bob.vault.log.page(alice.name, undefined, 10).records.map(({ text }) => text)).toEqual(['after', 'answer']);
    expect(alice.vault.log.page(bob.name, undefined, 10).records).toEqual([]);
  });

  test('who logs off ends it for both', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const chat = await talk(alice, bob);
    await alice.messenger.leave();
    expect(ended(alice, chat)).toBe('you have left');
    await isEnded(bob, chat);
    expect(ended(bob, chat)).toBe('alice ended the chat');
  });
});
