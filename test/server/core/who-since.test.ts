import { expect, test } from 'vitest';
import { MAX_LIST_PAGE } from '../../../src/protocol/limits.ts';
import { MAX_RECENT, READS, RECENT_MS } from '../../../src/server/core/limits.ts';
import type { Session } from '../../../src/server/core/session.ts';
import { World } from './world.ts';

const DAY = 24 * 3_600_000;

function since(w: World, session: Session, ms: number): string[] {
  w.tell(session, { type: 'who', id: 's', since: ms });
  return w.take(session).flatMap((frame) => (frame.type === 'users' ? frame.users.map(({ name }) => name) : []));
}

test('everybody who was here in that time, the last to go first, and who is here before them', () => {
  const w = new World();
  const asker = w.login('asker', 1, { visible: false });
  const carol = w.guest('carol');
  for (const [name, uid] of [
    ['bob', 2],
    ['dave', 3],
  ] as const) {
    w.close(w.login(name, uid));
    w.advance(1000);
  }
  w.close(w.guest('gil'));
  expect(since(w, asker, 10_000)).toEqual(['~carol', '~gil', 'dave', 'bob']);
  expect(since(w, asker, 1000)).toEqual(['~carol', '~gil', 'dave']);
  expect(since(w, asker, 999)).toEqual(['~carol', '~gil']);
  w.close(carol);
  w.advance(1);
  expect(since(w, asker, 0)).toEqual([]);
});

test('accounts are known for longer than the list keeps them, also over a restart', () => {
  const accounts = Array.from({ length: MAX_RECENT + 100 }, (_, i) => ({ name: `u${i}`, uid: 100 + i, lastSeen: 1 }));
  const w = new World({}, { accounts: accounts as never });
  const asker = w.login('asker', 1, { visible: false });
  expect(since(w, asker, 30 * DAY)).toHaveLength(MAX_RECENT + 100);
  w.advance(RECENT_MS + 5000);
  w.tell(asker, { type: 'who' });
  expect(w.expect(asker, 'users').users).toEqual([]);
  expect(since(w, asker, 30 * DAY)).toHaveLength(MAX_RECENT + 100);
});

test('what a person’s scripts do says nothing of the person', () => {
  const w = new World();
  const asker = w.login('asker', 1, { visible: false });
  w.close(w.login('cron', 2, { visible: false }));
  expect(since(w, asker, DAY)).toEqual([]);
  w.close(w.login('bob', 3));
  w.advance(5000);
  w.close(w.login('bob', 3, { visible: false }));
  expect(since(w, asker, 4999)).toEqual([]);
});

test('who blocks the asker was not here', () => {
  const w = new World();
  const [asker, alice] = [w.login('asker', 1), w.login('alice', 2)];
  w.tell(alice, { type: 'block', user: 'asker' });
  w.take(asker);
  expect(since(w, asker, DAY)).toEqual(['asker']);
  w.close(alice);
  expect(since(w, asker, DAY)).toEqual(['asker']);
});

test('a long list comes in several frames, and is counted by its length', () => {
  const accounts = Array.from({ length: 2500 }, (_, i) => ({ name: `u${i}`, uid: 100 + i, lastSeen: 3_600_000 }));
  const w = new World({ rateLimit: true }, { accounts: accounts as never });
  const asker = w.login('asker', 1, { visible: false });
  w.tell(asker, { type: 'who', id: 's', since: DAY });
  const frames = w.take(asker);
  expect(frames).toHaveLength(2500 / MAX_LIST_PAGE);
  expect(frames.map((frame) => frame.type === 'users' && frame.more)).toEqual([...Array(24).fill(true), false]);
  for (let i = 1; i < READS.burst / 25; i++) expect(since(w, asker, DAY)).toHaveLength(2500);
  w.tell(asker, { type: 'who', id: 's', since: DAY });
  expect(w.take(asker)).toMatchObject([{ type: 'error', code: 'rate_limited', id: 's' }]);
});
