import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../src/client/commands/index.ts';
import { NEEDS_SERVER } from '../../../src/lan/hub/handlers/needs-server.ts';
import { CLIENT_MESSAGES } from '../../../src/protocol/client-messages.ts';
import { settle, World } from './world.ts';

/** A message of each kind that only a server can answer. */
const EXAMPLES: { readonly [T in keyof typeof NEEDS_SERVER]: Readonly<Record<string, unknown>> } = {
  topic: { room: '#lobby', text: 'news' },
  password: { password: 'correct horse battery' },
  key_add: { key: 'A'.repeat(43), label: 'laptop' },
  key_remove: { fingerprint: `SHA256:${'A'.repeat(43)}` },
  keys: {},
  invite: {},
  announce: { text: 'hear' },
  op: { user: 'bob' },
  deop: { user: 'bob' },
  kick: { user: 'bob' },
  ban: { target: 'bob' },
  unban: { target: 'bob' },
  bans: {},
  slow: { room: '#lobby', every: 1000 },
  close: { room: '#lobby' },
};

describe('what only a server can do', () => {
  test('is refused in one line that says what, and the session goes on', async () => {
    const alice = await new World().comes('alice');
    for (const [type, more] of Object.entries(EXAMPLES)) alice.program.say({ type, id: type, ...more });
    alice.program.say({ type: 'join', id: 'join', room: '#dev' });
    alice.program.say({ type: 'leave', id: 'leave', room: '#dev' });
    alice.program.say({ type: 'keep', id: 'keep', room: '#lobby', default: true });
    await settle();
    const errors = alice.program.of('error');
    expect(errors.map(({ id }) => id)).toEqual([...Object.keys(EXAMPLES), 'join', 'leave', 'keep']);
    for (const { code, text, closes } of errors) {
      expect([code, closes]).toEqual(['needs_server', false]);
      expect(text).toMatch(/^\/[a-z]+ needs a server: [^\n]{10,120}$/);
    }
  });

  test('names commands that there are', () => {
    const names = new Set(COMMANDS.map(({ name }) => name));
    const named = Object.values(NEEDS_SERVER).map((text) => /^\/([a-z]+)/.exec(text)?.[1] ?? text);
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  });
});

test('every kind of message has an answer, or none on purpose', async () => {
  const world = new World();
  const alice = await world.comes('alice');
  const silent = ['hello', 'typing', 'received', 'activity', 'bye'];
  for (const type of Object.keys(CLIENT_MESSAGES)) {
    if (silent.includes(type)) continue;
    alice.program.forget();
    const id = type;
    const room = type === 'close' ? '#dev' : '#lobby';
    // Whatever its kind wants of these.
    alice.program.say({
      ...(EXAMPLES as Readonly<Record<string, object>>)[type],
      type,
      id,
      room,
      to: type === 'say' ? '#lobby' : 'bob',
      text: 'hi',
      seq: 1,
      emoji: '👍',
      on: true,
      words: 'hi',
      user: 'bob',
      device: alice.device,
      packages: [],
      sealed: { from: alice.device, group: 'AAAAAAAAAAAAAAAAAAAAAA', seq: 1, message: 'AA' },
      frame: { kind: 'gone', chat: 'AAAAAAAAAAAAAAAAAAAAAA' },
    });
    await settle();
    expect(alice.program.got, type).not.toEqual([]);
    expect(
      alice.program.errors.filter((code) => code === 'unknown_type' || code === 'internal'),
      type,
    ).toEqual([]);
  }
});

test('how the network is can be asked', async () => {
  const world = new World();
  const alice = await world.comes('alice');
  alice.program.say({ type: 'lan', id: 'l' });
  await settle();
  expect(alice.program.last('lan')).toEqual({
    type: 'lan',
    id: 'l',
    device: alice.device,
    port: 2428,
    interfaces: ['eth0 10.0.0.7/24'],
    peers: [],
    people: 0,
    links: 0,
    heard: 3,
    dropped: [],
    problems: [],
  });
});
