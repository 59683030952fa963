import { afterEach, expect, test, vi } from 'vitest';
import { beforeEnd, part } from '../../../src/client/shell/parting.ts';

const listeners = () => process.listenerCount('SIGTERM');

afterEach(async () => {
  vi.useRealTimers();
  await part();
});

test('what is to be done before the end is done once, all of it, whatever one of it throws', async () => {
  const done: string[] = [];
  beforeEnd(async () => {
    done.push('a');
  });
  beforeEnd(() => Promise.reject(new Error('b')));
  beforeEnd(async () => {
    await Promise.resolve();
    done.push('c');
  });
  await part();
  await part();
  expect(done).toEqual(['a', 'c']);
});

test('nobody waits longer than a second for it', async () => {
  vi.useFakeTimers();
  beforeEnd(() => Promise.withResolvers<void>().promise);
  let isOver = false;
  const parting = part().then(() => {
    isOver = true;
  });
  await vi.advanceTimersByTimeAsync(999);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await parting;
  expect(isOver).toBe(true);
});

test('signals are listened to only while there is something to do', async () => {
  const before = listeners();
  const first = beforeEnd(() => Promise.resolve());
  const second = beforeEnd(() => Promise.resolve());
  expect(listeners()).toBe(before + 1);
  first();
  expect(listeners()).toBe(before + 1);
  second();
  expect(listeners()).toBe(before);
  beforeEnd(() => Promise.resolve());
  await part();
  expect(listeners()).toBe(before);
});

test('a signal that a front has for itself is the front’s first, and then ends the program as by that signal', async () => {
  const kill = vi.spyOn(process, 'kill').mockImplementation(() => true);
  const done: string[] = [];
  beforeEnd(async () => {
    done.push('parted');
  });
  const front = (): void => void done.push('front');
  process.on('SIGTERM', front);
  process.emit('SIGTERM', 'SIGTERM');
  expect([done, kill.mock.calls]).toEqual([['front'], []]);
  process.off('SIGTERM', front);
  // The front sends it once more.
  process.emit('SIGTERM', 'SIGTERM');
  await vi.waitFor(() => expect(kill.mock.calls).toEqual([[process.pid, 'SIGTERM']]));
  expect(done).toEqual(['front', 'parted']);
});
