/** Readers that stop reading, over real sockets: what they get, what the others notice, and how they come back. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { ServerMessage } from '../../src/protocol/server-messages.ts';
import { LOOK_EVERY_MS, MAX_BUFFERED_BYTES, MAX_STANDSTILL_MS } from '../../src/server/outbox/limits.ts';
import { WireClient } from './client.ts';
import { startTestServer, type TestServer } from './running.ts';

const TEXT = 'x'.repeat(8000);
const LOOKS = MAX_STANDSTILL_MS / LOOK_EVERY_MS;
const say = (text: string, id: string) => ({ type: 'say', to: '#lobby', text, id });

/** Looks at the slow ones when the test says so. */
function looking() {
  const looks: (() => void)[] = [];
  return {
    later: (look: () => void) => void looks.push(look),
    /** @returns whether somebody is behind after it. */
    look: async (): Promise<boolean> => {
      for (let i = 0; i < 10; i++) await turn();
      for (const look of looks.splice(0)) look();
      return looks.length > 0;
    },
  };
}

const isCut = (server: TestServer): boolean =>
  server.notices.some((event) => event.kind === 'refused' && event.code === 'too_slow');

const seqs = (frames: readonly ServerMessage[]): number[] =>
  frames.flatMap((frame) => {
    if (frame.type === 'message' || frame.type === 'ack') return [frame.seq];
    return frame.type === 'history' ? frame.messages.map(({ seq }) => seq) : [];
  });

async function guestOver(kind: 'TCP' | 'TLS', server: TestServer, name: string): Promise<WireClient> {
  if (kind === 'TCP') return server.guest(name);
  const { client } = await WireClient.connectTls(server.port);
  onTestFinished(() => client.close());
  client.send({ type: 'hello', version: 1, name, auth: { method: 'guest' } });
  await client.expect('welcome');
  return client;
}

/** Writes until somebody is behind at three looks in a row: no look finds one so that is only being written to. */
async function writeUntilBehind(writer: WireClient, look: () => Promise<boolean>): Promise<number> {
  let sent = 0;
  for (;;) {
    for (let i = 0; i < 50; i++) writer.send(say(TEXT, `w${sent++}`));
    await writer.take(50);
    expect(sent).toBeLessThan(3000);
    if (!((await look()) && (await look()) && (await look()))) continue;
    // What comes now is in the outbox.
    for (let i = 0; i < 20; i++) writer.send(say(TEXT, `w${sent++}`));
    await writer.take(20);
    return sent;
  }
}

/** Everything from `since` on, by pages. */
async function fetched(client: WireClient, since: number): Promise<number[]> {
  const all: number[] = [];
  for (let last = since; ; last = all.at(-1) ?? last) {
    client.send({ type: 'history', room: '#lobby', since: last, id: 'h' });
    const page = await client.expect('history');
    all.push(...seqs([page]));
    if (!page.more) return all;
  }
}

test.each(['TCP', 'TLS'] as const)(
  'over %s: who reads nothing for a minute is cut off though little waits, is told, comes back and has all, once',
  async (kind) => {
    const { later, look } = looking();
    const server = await startTestServer({}, { later });
    const [writer, other] = [await server.guest('writer'), await server.guest('other')];
    const reader = await guestOver(kind, server, 'reader');
    reader.socket.pause();
    const sent = await writeUntilBehind(writer, look);
    // Its own words are stored, and it doesn't hear of it.
    reader.send(say('am I heard?', 'mine'));
    await other.take(sent + 1);
    let looks = 3;
    for (; !isCut(server); looks += 1) {
      expect(looks).toBeLessThanOrEqual(LOOKS + 1);
      await look();
    }
    const [notice] = server.notices.filter((event) => event.kind === 'refused');
    expect(notice).toMatchObject({
      who: '~reader',
      text: expect.stringMatching(/^The client has read nothing for 1 min/),
    });

    reader.socket.resume();
    await reader.closed();
    const last = reader.inbox.at(-1);
    expect(last).toMatchObject({ type: 'error', code: 'too_slow', closes: true });
    const before = seqs(reader.inbox);
    expect(before).toEqual(before.map((_, i) => i + 1));
    expect(before.length).toBeLessThan(sent);
    expect(reader.inbox).toHaveLength(before.length + 1);

    const again = await guestOver(kind, server, 'reader');
    again.send(say('am I heard?', 'mine'));
    const ack = await again.expect('ack');
    expect(ack).toMatchObject({ id: 'mine', seq: sent + 1 });
    const rest = await fetched(again, before.length);
    expect([...before, ...rest]).toEqual(Array.from({ length: sent + 1 }, (_, i) => i + 1));
  },
);

test('who asks for history over and over and reads none of it is cut off, and others are answered meanwhile', async () => {
  const server = await startTestServer();
  const [writer, greedy] = [await server.guest('writer'), await server.guest('greedy')];
  for (let i = 0; i < 10; i++) writer.send(say(TEXT, `w${i}`));
  await writer.take(10);
  greedy.socket.pause();
  for (let i = 0; i < 1000; i++) greedy.send({ type: 'history', room: '#lobby', id: `h${i}` });
  let answers = 0;
  while (!isCut(server)) {
    writer.send({ type: 'ping', n: answers });
    await writer.until('pong');
    answers += 1;
  }
  expect(answers).toBeGreaterThan(0);
  const [notice] = server.notices.filter((event) => event.kind === 'refused');
  expect(notice).toMatchObject({
    who: '~greedy',
    text: expect.stringContaining(`over ${MAX_BUFFERED_BYTES >> 20} MiB`),
  });
  greedy.socket.resume();
  await greedy.closed();
  const last = greedy.inbox.pop();
  expect(last).toMatchObject({ type: 'error', code: 'too_slow' });
  const asked = greedy.inbox.flatMap((frame) => (frame.type === 'history' ? [frame.id] : []));
  expect(asked).toEqual(asked.map((_, i) => `h${i}`));
});

test('who is only slow is not cut off, however long it takes, and gets everything', async () => {
  const { later, look } = looking();
  const server = await startTestServer({}, { later });
  const [writer, reader] = [await server.guest('writer'), await server.guest('reader')];
  reader.socket.pause();
  const sent = await writeUntilBehind(writer, look);
  // As long as it reads something between two looks.
  while (reader.inbox.length < sent) {
    for (let i = 0; i < LOOKS - 3; i++) await look();
    const before = reader.inbox.length;
    reader.socket.resume();
    await expect.poll(() => reader.inbox.length).toBeGreaterThan(before);
    reader.socket.pause();
  }
  expect(isCut(server)).toBe(false);
  expect(seqs(reader.inbox)).toEqual(Array.from({ length: sent }, (_, i) => i + 1));
});
