/** The other side is a program that doesn't keep to the rules. */
import { expect, test } from 'vitest';
import type { GroupId, UnixMs, UserName } from '../../src/base/ids.ts';
import { fromBase64url, toBase64url } from '../../src/crypto/base64url.ts';
import type { E2eeSession } from '../../src/crypto/e2ee-session.ts';
import { newIdentity } from '../../src/crypto/identity.ts';
import { createE2ee } from '../../src/crypto/mls.ts';
import { encodeItem, type Items } from '../../src/peer/item.ts';
import type { PrivateFrames } from '../../src/protocol/private-frames.ts';
import type { ServerMessage } from '../../src/protocol/server-messages.ts';
import { type Connection, Person, until } from './relay.ts';
import { meanwhile } from './time.ts';
import { inTown } from './town.ts';

const town = inTown({ stocked: true });
const MALLORY = 'mallory' as UserName;
const identity = newIdentity();

interface Stranger {
  readonly session: E2eeSession;
  readonly chat: GroupId;
  readonly alice: Person;
  readonly heard: ServerMessage[];
  hello: Items['hello'];
  readonly say: (bytes: Uint8Array) => Promise<void>;
}

/** Alice asks, and gets a proper answer; what comes after that is the test's. */
async function answered(): Promise<Stranger> {
  const alice = town.newcomer('alice');
  await alice.ready();
  const heard: ServerMessage[] = [];
  const connection: Connection = town.relay.connect(MALLORY, true, (message) => heard.push(message));
  connection.send({ type: 'device', device: identity.device, packages: [] });
  await until(() => town.relay.devices.has(MALLORY));
  const chat = alice.ask({ name: MALLORY } as Person);
  const find = (): PrivateFrames['ask'] | undefined =>
    heard.flatMap((message) => (message.type === 'private' && message.frame.kind === 'ask' ? [message.frame] : []))[0];
  await until(() => find() !== undefined);
  const e2ee = await createE2ee(identity, MALLORY, { now: () => Date.now() as UnixMs, monotonic: () => 0 });
  const made = await e2ee.create(
    chat,
    { user: alice.name, device: alice.device },
    fromBase64url(find()!.package ?? '')!,
  );
  if (!made.ok) throw new Error(made.error.text);
  const { session, welcome } = made.value;
  const to = { type: 'private', to: alice.name, device: alice.device } as const;
  connection.send({
    ...to,
    frame: { kind: 'accept', chat, from: identity.device, welcome: toBase64url(welcome) },
  });
  const say = async (bytes: Uint8Array): Promise<void> => {
    const { seq, message } = await session.seal(bytes);
    connection.send({ ...to, frame: { kind: 'sealed', chat, seq, message: toBase64url(message) } });
  };
  const hello: Items['hello'] = {
    kind: 'hello',
    chat,
    from: MALLORY,
    device: identity.device,
    to: alice.name,
    toDevice: alice.device,
    plain: false,
    hidden: true,
  };
  return { session, chat, alice, heard, hello, say };
}

const raw = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (said: string): Uint8Array =>
  encodeItem({ kind: 'text', id: 'x' as never, time: 1 as UnixMs, text: said });

test('who keeps to them is heard', async () => {
  const { alice, chat, hello, say } = await answered();
  await say(encodeItem(hello));
  await say(text('hi'));
  await until(() => alice.said(chat).length === 1);
  expect(alice.status(chat)).toBe('open');
});

test.each<[string, Partial<Items['hello']>]>([
  ['another chat', { chat: 'w'.repeat(22) as GroupId }],
  ['another name of theirs', { from: 'bob' as UserName }],
  ['another device of theirs', { device: newIdentity().device }],
  ['another name of ours', { to: 'bob' as UserName }],
  ['another device of ours', { toDevice: newIdentity().device }],
  ['plain text', { plain: true }],
])('a hello that says %s ends the chat', async (_, wrong) => {
  const { alice, chat, hello, say } = await answered();
  await say(encodeItem({ ...hello, ...wrong }));
  await say(text('believe me'));
  await until(() => alice.status(chat) === 'ended');
  expect(alice.said(chat)).toEqual([]);
  expect(alice.chat(chat)?.status).toMatchObject({ text: expect.stringContaining('not what you agreed on') as string });
});

test('nothing is taken before hello', async () => {
  const { alice, chat, hello, say } = await answered();
  await say(text('too early'));
  await say(encodeItem({ kind: 'log', on: true }));
  await say(encodeItem(hello));
  await say(text('in time'));
  await until(() => alice.said(chat).length === 1);
  expect(alice.said(chat)).toEqual(['in time']);
  expect(alice.chat(chat)?.status).toMatchObject({ theirLog: false });
});

test('items that are none are left out, once with a word, and the chat goes on', async () => {
  const { alice, chat, hello, say } = await answered();
  await say(encodeItem(hello));
  for (const wrong of [
    '',
    'no head',
    '{"kind":"text"}\nx',
    '{"kind":"address","pin":"x","addresses":[]}\n',
    '[]\n',
    '{}\n',
  ])
    await say(raw(wrong));
  await say(encodeItem(hello));
  await say(raw('{"kind":"from the future","upTo":1}\nwhatever'));
  await say(
    encodeItem({ kind: 'mail', id: 'm' as never, from: MALLORY, to: alice.name, time: 1 as UnixMs, text: 'x' }),
  );
  await say(text('still here'));
  await until(() => alice.said(chat).length === 1);
  expect(alice.notes(chat)).toEqual(['something came that does not belong here, and was left out']);
  expect(alice.all('mail')).toEqual([]);
});

test('acknowledgements of what was never said acknowledge nothing', async () => {
  const { alice, chat, hello, say } = await answered();
  await say(encodeItem({ ...hello, upTo: 1_000_000 }));
  await until(() => alice.status(chat) === 'open');
  alice.say(chat, 'hello?');
  await say(encodeItem({ kind: 'ack', upTo: 9_000_000_000 }));
  await say(text('done'));
  await until(() => alice.said(chat).length === 1);
  expect(alice.all('delivered')).toEqual([]);
});

test('who never acknowledges is sent the same again and again, and ever less often; and is not held against us', async () => {
  const { alice, chat, hello, say, heard } = await answered();
  await say(encodeItem(hello));
  await until(() => alice.status(chat) === 'open');
  for (let i = 0; i < 600; i++) alice.say(chat, `${i}`);
  await meanwhile(() => alice.notes(chat).some((note) => note.includes('too much waits')));
  const frames = heard.flatMap((message) =>
    message.type === 'private' && message.frame.kind === 'sealed' ? [message.frame] : [],
  );
  expect(Math.max(...frames.map(({ seq }) => seq))).toBeLessThanOrEqual(64);
  // The very same bytes each time: nothing is ever sealed anew.
  const bytes = new Map<number, Set<string>>();
  for (const { seq, message } of frames) bytes.set(seq, (bytes.get(seq) ?? new Set()).add(message));
  expect([...bytes.values()].every(({ size }) => size === 1)).toBe(true);
});

test('a frame that somebody has put in the place of the true one does not keep it out', async () => {
  const { alice, chat, hello, session, say } = await answered();
  await say(encodeItem(hello));
  await until(() => alice.status(chat) === 'open');
  alice.messenger.receive({
    type: 'private',
    from: MALLORY,
    device: identity.device,
    frame: { kind: 'sealed', chat, seq: session.nextOut, message: 'AAAA' },
    time: 1 as UnixMs,
  });
  await until(() => alice.notes(chat).length > 0);
  await say(text('the true one'));
  await until(() => alice.said(chat).length === 1);
});
