/** Peers who say too much, too little, or nothing that makes sense. */
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { newIdentity } from '../../../src/crypto/identity.ts';
import { LINK_FRAMES, MAX_BAD_LINES, MAX_GREETINGS, MAX_LINK_BACKLOG } from '../../../src/lan/limits.ts';
import { newMutualKey } from '../../../src/link/mutual-tls.ts';
import { MAX_FRAME_BYTES } from '../../../src/protocol/limits.ts';
import { turn, until } from '../../peer/relay.ts';
import {
  bothLinked,
  DIGEST,
  HOST,
  holdTime,
  later,
  lineOf,
  Person,
  pass,
  passUntil,
  Stranger,
  sendHome,
  settle,
  strangersPort,
  twoIdentities,
} from './people.ts';

beforeEach(holdTime);
afterEach(sendHome);

describe('a silent peer', () => {
  test('is asked after 4 s, and dead after 10', async () => {
    const bob = await Person.open();
    const identity = newIdentity();
    const stranger = await Stranger.linkedTo(bob, identity);
    const said = stranger.told.lines.length;
    await pass(3500);
    expect(stranger.told.lines.slice(said)).toEqual([]);
    await pass(500);
    await stranger.told.untilLines(said + 1);
    expect(stranger.told.lines.slice(said)).toEqual([JSON.stringify({ type: 'ping', lobby: DIGEST })]);
    await pass(5500);
    expect(bob.mesh.isLinked(identity.device)).toBe(true);
    await pass(500);
    expect(bob.events(identity)).toEqual(['linked', 'unlinked']);
    await stranger.told.untilClosed();
  });

  test('lives as long as it answers, which is all that two idle programs say', async () => {
    const [low, high] = twoIdentities();
    const [a, b] = [await Person.open(low), await Person.open(high)];
    a.hears(b);
    await bothLinked(a, b);
    await pass(30_000);
    expect([a.told.length, b.told.length]).toEqual([1, 1]);
    const said = a.frames.length + b.frames.length;
    // Once in 4 s one asks and the other answers; never both.
    expect(said).toBeGreaterThan(8);
    expect(said).toBeLessThan(40);
    expect([a, b].every(({ frames }) => frames.every(({ type }) => type === 'ping' || type === 'pong'))).toBe(true);
  });

  test('is not blamed for our own sleep', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date', 'performance'] });
    const [low, high] = twoIdentities();
    const [a, b] = [await Person.open(low), await Person.open(high)];
    a.hears(b);
    await bothLinked(a, b);
    // An hour on all clocks, in which nobody has looked.
    vi.setSystemTime(Date.now() + 3_600_000);
    await pass(1000);
    expect([a.events(b), b.events(a)]).toEqual([['linked'], ['linked']]);
  });

  test('that has dialled and does not say who it is is cut off after 3 s', async () => {
    const bob = await Person.open();
    const stranger = await Stranger.at(bob);
    await pass(3000);
    expect([stranger.isClosed, bob.mesh.greetings]).toEqual([false, 1]);
    await pass(500);
    await stranger.told.untilClosed();
    expect(bob.mesh.greetings).toBe(0);
  });

  test('that was dialled and does not say who it is cannot be reached', async () => {
    const [low, high] = twoIdentities();
    const [a, b] = [await Person.open(low), await Person.open(high, 'mute')];
    const key = newMutualKey();
    const met: Stranger[] = [];
    const port = await strangersPort(key, (stranger) => met.push(stranger));
    a.hears(b, { port, pin: key.pin });
    await until(() => a.mesh.greetings === 1);
    await pass(3500);
    expect(a.mesh.problems).toEqual([`mute (127.0.0.1:${port}) is heard and can't be reached`]);
    await met[0]?.told.untilClosed();
    expect(met[0]?.told.lines).toEqual([]);
  });
});

describe('a flood', () => {
  const typing = lineOf({ type: 'typing' });

  test('of one peer is read at a bounded speed, and nobody else waits for it', async () => {
    const [low, high] = twoIdentities();
    const bob = await Person.open(low);
    const carol = await Person.open(high);
    const loud = newIdentity();
    const stranger = await Stranger.linkedTo(bob, loud);
    let came = 0;
    bob.onFrame = (device) => {
      if (device === loud.device) came++;
    };
    const count = 50_000;
    stranger.link.write(typing.repeat(count));
    await until(() => came >= LINK_FRAMES.burst);
    for (let i = 0; i < 20; i++) await settle();
    // A chunk of what was read already may follow.
    const CHUNK = 65_536 / typing.length;
    expect(came).toBeLessThanOrEqual(LINK_FRAMES.burst + 2 * CHUNK);
    bob.hears(carol);
    await bothLinked(bob, carol);
    carol.mesh.send(bob.device, { type: 'claim', id: 'x' as never });
    await until(() => bob.typed('claim').length === 1);
    // It goes on when time does, and nothing is lost.
    await passUntil(() => came === count);
    expect(bob.events(loud)).toEqual(['linked']);
  });

  test('of long frames counts by their length', async () => {
    const bob = await Person.open();
    const loud = newIdentity();
    const stranger = await Stranger.linkedTo(bob, loud);
    let came = 0;
    bob.onFrame = () => void came++;
    const long = lineOf({ type: 'held', entries: 'x'.repeat(60_000) });
    for (let i = 0; i < 200; i++) stranger.link.write(long);
    await until(() => came > 30);
    for (let i = 0; i < 10; i++) await settle();
    expect(came).toBeLessThan(60);
    await passUntil(() => came === 200);
  });
});

describe('lines that are no frames', () => {
  test.each([
    ['no JSON', 'hello there\n'],
    ['a frame that is wrong', '{"type":"lobby","entries":"all"}\n'],
    ['no object', '[1,2]\n'],
    ['another hello', lineOf({ type: 'hello', version: 1, announcement: 'AAAA' })],
    ['no UTF-8', Buffer.of(0x22, 0xff, 0xfe, 0x22, 0x0a)],
  ])('such as %s are counted, and after a few the link ends', async (_, line) => {
    const bob = await Person.open();
    const identity = newIdentity();
    const stranger = await Stranger.linkedTo(bob, identity);
    for (let i = 1; i < MAX_BAD_LINES; i++) stranger.link.write(line);
    stranger.link.write(lineOf({ type: 'typing' }));
    await until(() => bob.typed('typing').length === 1);
    expect(bob.mesh.badLines).toBe(MAX_BAD_LINES - 1);
    expect(bob.mesh.isLinked(identity.device)).toBe(true);
    stranger.link.write(line);
    await stranger.told.untilClosed();
    expect(bob.events(identity)).toEqual(['linked', 'unlinked']);
  });

  test('of a kind that a newer program may know are passed over', async () => {
    const bob = await Person.open();
    const identity = newIdentity();
    const stranger = await Stranger.linkedTo(bob, identity);
    stranger.link.write('{"type":"hologram","of":"a cat"}\n'.repeat(100));
    stranger.link.write(lineOf({ type: 'typing' }));
    await until(() => bob.typed('typing').length === 1);
    expect([bob.mesh.badLines, bob.mesh.isLinked(identity.device)]).toEqual([0, true]);
    expect(bob.frames.map(({ type }) => type)).not.toContain('hologram');
  });

  test('longer than a line may be end the link at once', async () => {
    const bob = await Person.open();
    const identity = newIdentity();
    const stranger = await Stranger.linkedTo(bob, identity);
    stranger.link.write('x'.repeat(MAX_FRAME_BYTES + 1));
    await stranger.told.untilClosed();
    expect([bob.events(identity), bob.mesh.badLines]).toEqual([['linked', 'unlinked'], 1]);
  });

  test('end a connection at once whose owner has not said who it is', async () => {
    const bob = await Person.open();
    for (const line of ['hello\n', lineOf({ type: 'typing' }), '{"type":"hologram"}\n']) {
      const stranger = await Stranger.at(bob);
      stranger.link.write(line);
      await stranger.told.untilClosed();
      expect(stranger.told.lines).toHaveLength(1);
    }
    expect([bob.mesh.links, bob.mesh.greetings, bob.frames]).toEqual([0, 0, []]);
  });

  test('are not sent: a frame that would be too long is not', async () => {
    const bob = await Person.open();
    const identity = newIdentity();
    await Stranger.linkedTo(bob, identity);
    const frame = { type: 'held', entries: 'x'.repeat(MAX_FRAME_BYTES) } as const;
    expect([bob.mesh.send(identity.device, frame), bob.mesh.sendAll(frame)]).toEqual([false, 0]);
  });
});

test('a peer that does not read loses its link before more waits for it than may', async () => {
  const [low, high] = twoIdentities();
  const bob = await Person.open(low);
  const carol = await Person.open(high);
  bob.hears(carol);
  await bothLinked(bob, carol);
  const deaf = newIdentity();
  const stranger = await Stranger.linkedTo(bob, deaf);
  stranger.link.pause();
  const entries = 'x'.repeat(32_000);
  let sent = 0;
  while (bob.mesh.send(deaf.device, { type: 'held', entries })) {
    sent += entries.length;
    if (sent > 4 * MAX_LINK_BACKLOG) throw new Error('there is no end to it');
    if (sent % 1_024_000 === 0) await turn();
  }
  await until(() => !bob.mesh.isLinked(deaf.device));
  expect(bob.events(deaf)).toEqual(['linked', 'unlinked']);
  expect(sent).toBeGreaterThanOrEqual(MAX_LINK_BACKLOG);
  expect(bob.mesh.isLinked(carol.device)).toBe(true);
  expect(bob.mesh.sendAll({ type: 'typing' })).toBe(1);
});

describe('a hundred strangers', () => {
  test('who say nothing keep nobody out', async () => {
    const [low, high] = twoIdentities();
    const bob = await Person.open(high);
    const sockets = Array.from({ length: 100 }, () => connect({ host: HOST, port: bob.mesh.port }));
    for (const socket of sockets) {
      socket.on('error', () => undefined);
      later(() => socket.destroy());
    }
    await until(() => sockets.every(({ connecting }) => !connecting));
    const carol = await Person.open(low);
    carol.hears(bob);
    await bothLinked(carol, bob);
  });

  test('who prove a key and do not say who they are keep nobody out, and are few at once', async () => {
    const [low, high] = twoIdentities();
    const bob = await Person.open(high);
    const key = newMutualKey();
    const strangers: Stranger[] = [];
    for (let i = 0; i < 100; i++) strangers.push(await Stranger.at(bob, key));
    expect(bob.mesh.greetings).toBe(MAX_GREETINGS);
    await until(() => strangers.filter(({ isClosed }) => isClosed).length === 100 - MAX_GREETINGS);
    const carol = await Person.open(low);
    carol.hears(bob);
    await bothLinked(carol, bob);
    expect(bob.mesh.greetings).toBeLessThanOrEqual(MAX_GREETINGS);
  });
});
