import { beforeEach, expect, test, vi } from 'vitest';
import { unixMs } from '../../src/base/ids.ts';
import { openLines } from '../../src/server/console/lines.ts';
import { Drain, inTime, notClosed, notStored } from '../../src/server/drain.ts';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

test('what is waited for ends the wait in the turn in which it comes true', async () => {
  const drain = new Drain();
  let left = 2;
  const done = drain.until(() => left === 0);
  left -= 1;
  drain.progress();
  left -= 1;
  drain.progress();
  expect(await done).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('what never comes is given up after 5 s, and nothing of it is left', async () => {
  const drain = new Drain();
  const done = drain.until(() => false);
  await vi.advanceTimersByTimeAsync(4999);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await done).toBe(false);
  drain.progress();
  expect(vi.getTimerCount()).toBe(0);
});

test('a store that never closes is left, one that fails to close counts as closed', async () => {
  const never = inTime(Promise.withResolvers<void>().promise);
  await vi.advanceTimersByTimeAsync(5000);
  expect(await never).toBe(false);
  expect(await inTime(Promise.reject(new Error('disk')))).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('the operator hears in lines what there is to do, and what was given up', () => {
  let shown = '';
  const lines = openLines((text) => {
    shown += text.slice('09:14:02 '.length);
  });
  const time = unixMs(0);
  lines.show({ kind: 'draining', messages: 12, connections: 40 }, time);
  lines.show({ kind: 'draining', messages: 1, connections: 1 }, time);
  lines.show(notStored(3), time);
  lines.show(notClosed(2), time);
  expect(shown.split('\n')).toEqual([
    '12 messages to store, 40 connections to close',
    '1 message to store, 1 connection to close',
    "! not stored within 5 s: 3; they were not acknowledged, so their authors' programs send them again (drain_timeout)",
    '! cut off, because their last words were not read within 5 s: 2; nothing of theirs is lost (drain_timeout)',
    '',
  ]);
});
