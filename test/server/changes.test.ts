import { userInfo } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FoundEntry, HistoryEntry, ServerMessage } from '../../src/protocol/server-messages.ts';
import type { WireClient } from './client.ts';
import { startTestServer } from './running.ts';

const ROOM = '#lobby';
const say = (text: string, more: object = {}) => ({ type: 'say', to: ROOM, text, ...more });
const HOST = { type: 'hello', version: 1, auth: { method: 'host' } };

/** What a client makes of the stream: messages by their places, and how many changes it knows. */
class Mirror {
  readonly entries = new Map<number, HistoryEntry>();
  rev = 0;

  take(frame: ServerMessage): void {
    if (frame.type === 'message') {
      const { type: _type, to: _to, ...entry } = frame;
      expect(entry.seq).toBe(this.entries.size + 1);
      this.entries.set(entry.seq, entry);
    }
    if (frame.type !== 'changed') return;
    if (frame.rev <= this.rev) return;
    expect(frame.rev).toBe(this.rev + 1);
    this.rev = frame.rev;
    const { seq, rev, text, edited, deleted, reactions } = frame;
    const known = this.entries.get(seq);
    if (known === undefined) throw new Error(`${seq} has changed, and was never said`);
    let next: HistoryEntry = { ...known, rev };
    if (text !== undefined) next = { ...next, text };
    if (edited !== undefined) next = { ...next, edited };
    if (deleted !== undefined) {
      const { edited: _edited, reactions: _reactions, ...rest } = next;
      next = { ...rest, text: '', deleted };
    }
    if (reactions !== undefined) {
      const { reactions: _reactions, ...rest } = next;
      next = reactions.length === 0 ? rest : { ...rest, reactions };
    }
    this.entries.set(seq, next);
  }

  /** What a client does that was away: first the messages, then the changes of those that it had. */
  async catchUp(client: WireClient): Promise<void> {
    for (let more = true; more; ) {
      client.send({ type: 'history', room: ROOM, since: this.entries.size, limit: 3 });
      const page = await client.until('history');
      for (const entry of page.messages) this.entries.set(entry.seq, entry);
      more = page.more;
    }
    for (let more = true; more; ) {
      client.send({ type: 'history', room: ROOM, changes: this.rev, limit: 3 });
      const page = await client.until('history');
      for (const entry of page.messages) this.entries.set(entry.seq, entry);
      this.rev = page.messages.at(-1)?.rev ?? this.rev;
      more = page.more;
    }
  }
}

async function history(client: WireClient): Promise<readonly HistoryEntry[]> {
  client.send({ type: 'history', room: ROOM, since: 0 });
  return (await client.until('history')).messages;
}

test('what is said is answered, edited, reacted to and deleted, for everybody and for those who come later', async () => {
  const server = await startTestServer();
  const [alice, bob] = [await server.guest('alice'), await server.guest('bob')];
  alice.send(say('lunch?', { id: 'm1' }));
  const { seq } = await alice.expect('ack');
  alice.send(say('at nooon', { id: 'm2', re: seq }));
  await alice.expect('ack');
  await bob.take(2);
  alice.send({ type: 'edit', room: ROOM, seq: 2, text: 'at noon', id: 'e1' });
  expect(await alice.expect('changed')).toMatchObject({ id: 'e1', rev: 1, seq: 2, text: 'at noon' });
  expect(await bob.expect('changed')).toMatchObject({ rev: 1, seq: 2, text: 'at noon', by: '~alice' });
  bob.send({ type: 'react', room: ROOM, seq: 1, emoji: '🍕', on: true, id: 'e2' });
  expect(await alice.expect('changed')).toMatchObject({ rev: 2, reactions: [{ emoji: '🍕', users: ['~bob'] }] });
  expect(await bob.expect('changed')).toMatchObject({ id: 'e2' });
  bob.send({ type: 'delete', room: ROOM, seq: 1, id: 'e3' });
  expect(await bob.expect('error')).toMatchObject({ code: 'not_yours', id: 'e3', closes: false });
  alice.send({ type: 'delete', room: ROOM, seq: 1, id: 'e4' });
  expect(await bob.expect('changed')).toMatchObject({ rev: 3, seq: 1, deleted: true });
  const carol = await server.connect();
  carol.send({ type: 'hello', version: 1, name: 'carol', auth: { method: 'guest' } });
  expect((await carol.expect('welcome')).rooms).toMatchObject([{ name: ROOM, last: 2, rev: 3 }]);
  expect(await history(carol)).toMatchObject([
    { seq: 1, text: '', deleted: true, rev: 3 },
    { seq: 2, text: 'at noon', re: 1, rev: 1 },
  ]);
  carol.send({ type: 'search', words: 'lunch', id: 's' }, { type: 'search', words: 'noo', id: 't' });
  expect(await carol.expect('found')).toEqual({ type: 'found', id: 's', messages: [], more: false });
  expect((await carol.expect('found')).messages).toMatchObject([{ room: ROOM, seq: 2, text: 'at noon', re: 1 }]);
  expect(server.notices).toContainEqual({ kind: 'deleted', room: ROOM, seq: 1, by: '~alice', author: '~alice' });
});

test('the frames of one chunk are handled in their order, changes among them', async () => {
  const server = await startTestServer();
  const [alice, bob] = [await server.guest('alice'), await server.guest('bob')];
  alice.send(
    [
      say('one', { id: 'a' }),
      say('two', { id: 'b' }),
      { type: 'edit', room: ROOM, seq: 1, text: 'uno', id: 'c' },
      { type: 'react', room: ROOM, seq: 2, emoji: '👍', on: true, id: 'd' },
      { type: 'typing', to: ROOM },
      { type: 'delete', room: ROOM, seq: 2, id: 'e' },
      say('three', { id: 'f' }),
      { type: 'search', words: 'three', id: 'g' },
    ]
      .map((frame) => `${JSON.stringify(frame)}\n`)
      .join(''),
  );
  const own = await alice.take(7);
  expect(own.map((frame) => ('id' in frame ? frame.id : frame.type))).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  expect(own.at(-1)).toMatchObject({ type: 'found', messages: [{ seq: 3 }] });
  expect((await bob.take(7)).map(({ type }) => type)).toEqual([
    'message',
    'message',
    'changed',
    'changed',
    'typing',
    'changed',
    'message',
  ]);
});

test('whatever is changed while one is away or here, one knows the same as the server in the end', async () => {
  const server = await startTestServer();
  const alice = await server.guest('alice');
  const bob = await server.guest('bob');
  const watcher = await server.guest('watcher');
  const mirror = new Mirror();
  const away = new Mirror();
  const what = fc.constantFrom('say', 'say', 'edit', 'delete', 'react', 'unreact', 'look');
  let ids = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(what, fc.nat({ max: 30 }), fc.constantFrom('👍', '🍕', '🔥'), fc.boolean()), { maxLength: 30 }),
      async (steps) => {
        for (const [kind, at, emoji, first] of steps) {
          const client = first ? alice : bob;
          const seq = 1 + (at % Math.max(1, mirror.entries.size));
          if (kind === 'say') {
            ids += 1;
            const re = at % 2 === 0 && mirror.entries.size > 0 ? { re: seq } : {};
            client.send(say(`${at}`, { id: `${ids}`, ...re }));
            await client.until('ack');
          }
          if (kind === 'edit') client.send({ type: 'edit', room: ROOM, seq, text: `${emoji}${at}` });
          if (kind === 'delete' && at % 3 === 0) client.send({ type: 'delete', room: ROOM, seq });
          if (kind === 'react') client.send({ type: 'react', room: ROOM, seq, emoji, on: true });
          if (kind === 'unreact') client.send({ type: 'react', room: ROOM, seq, emoji, on: false });
          if (kind === 'look') {
            const back = await server.guest(`w${Math.random().toString(36).slice(2, 10)}`);
            await away.catchUp(back);
            back.close();
          }
          await client.drain();
        }
        for (const frame of await watcher.drain()) mirror.take(frame);
        const truth = await history(watcher);
        expect([...mirror.entries.values()]).toEqual(truth);
        const back = await server.guest('back');
        await away.catchUp(back);
        back.close();
        expect([...away.entries.values()]).toEqual(truth);
        expect(away.rev).toBe(mirror.rev);
      },
    ),
    { numRuns: 5 },
  );
}, 60_000);

test('an operator deletes what a guest has said, which is in the audit log', async () => {
  const server = await startTestServer();
  const bob = await server.guest('bob');
  bob.send(say('buy my pills'));
  await bob.drain();
  const root = await server.connect();
  root.send(HOST);
  expect(await root.expect('welcome')).toMatchObject({ operator: true });
  root.send({ type: 'delete', room: ROOM, seq: 1, id: 'd' });
  expect(await root.until('changed')).toMatchObject({ id: 'd', by: userInfo().username, deleted: true });
  expect(await bob.until('changed')).toMatchObject({ seq: 1, by: userInfo().username, deleted: true });
  expect(server.notices).toContainEqual({
    kind: 'audit',
    by: userInfo().username,
    action: 'delete',
    target: `${ROOM} 1`,
    detail: '~bob',
  });
});

test('a search of much is answered page by page, each in a frame, and others talk meanwhile', async () => {
  const server = await startTestServer();
  const [alice, bob] = [await server.guest('alice'), await server.guest('bob')];
  const long = 'x'.repeat(3000);
  for (let i = 0; i < 60; i++) alice.send(say(`green ${i} ${long}`, { id: `a${i}` }));
  await bob.take(60);
  const found: FoundEntry[] = [];
  let before: string | undefined;
  do {
    bob.send({ type: 'search', words: 'green', ...(before === undefined ? {} : { before }) });
    alice.send(say('red'));
    const page = await bob.until('found');
    expect(page.messages.length).toBeLessThan(25);
    found.push(...page.messages);
    before = page.before;
    expect(page.more).toBe(before !== undefined);
  } while (before !== undefined);
  expect(found.map(({ seq }) => seq)).toEqual(Array.from({ length: 60 }, (_, i) => 60 - i));
});
