import { expect, onTestFinished, test, vi } from 'vitest';
import { LobbyRoom } from '../../../src/lan/hub/lobby-room.ts';
import { Problems } from '../../../src/lan/hub/problems.ts';
import { MAX_LOBBY_ENTRIES } from '../../../src/lan/limits.ts';
import type { SignedEntry } from '../../../src/lan/mesh/frames.ts';
import { memoryStore } from '../../../src/lan/store/memory.ts';
import { Timers } from '../../../src/peer/tasks.ts';
import { entryOf, person, START } from '../lobby/world.ts';
import { brokenStore } from './broken-store.ts';

const entry = (n: number): SignedEntry =>
  entryOf(`eve-${n % 50}`, { v: 1, id: `m-${n}`, name: 'eve', stamp: START - 3_600_000 + n, kind: 'say', text: 'hi' });

test('while the disk is full no more waits for it than a lobby holds, however much others say', () => {
  vi.useFakeTimers();
  const timers = new Timers(() => undefined);
  onTestFinished(() => {
    timers.close();
    vi.useRealTimers();
  });
  let isFull = true;
  const store = memoryStore();
  const told = new Set<string>();
  const room = new LobbyRoom({
    lobby: person('alice').lobby,
    store: brokenStore(store, 'putEntries', () => isFull),
    timers,
    problems: new Problems(),
    tell: (message) => void (message.type === 'message' && told.add(message.id ?? '')),
    sendAll: () => undefined,
  });
  let taken = 0;
  for (let n = 0; n < 4 * MAX_LOBBY_ENTRIES; n += 50)
    taken += room.take(Array.from({ length: 50 }, (_, i) => entry(n + i)));
  expect(taken).toBe(MAX_LOBBY_ENTRIES);
  expect(told.size).toBe(0);
  isFull = false;
  vi.advanceTimersByTime(60_000);
  expect(told.size).toBe(MAX_LOBBY_ENTRIES);
  expect(store.entries()).toHaveLength(MAX_LOBBY_ENTRIES);
  // What was not taken comes again when lobbies are compared.
  expect(room.take([entry(4 * MAX_LOBBY_ENTRIES - 1)])).toBe(1);
  expect(told.size).toBe(MAX_LOBBY_ENTRIES + 1);
});
