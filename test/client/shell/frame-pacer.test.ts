import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FramePacer } from '../../../src/client/shell/frame-pacer.ts';

/** Milliseconds between two frames where nothing happens. */
const IDLE_MS = 5000;

let start = 0;
beforeEach(() => {
  vi.useFakeTimers();
  start = performance.now();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Paced {
  readonly pacer: FramePacer;
  /** When frames were drawn, in milliseconds from the start. */
  readonly drawn: number[];
}

/** A first frame has been drawn at 0. */
function paced(): Paced {
  const drawn: number[] = [];
  const pacer = new FramePacer(() => {
    drawn.push(performance.now() - start);
    return IDLE_MS;
  });
  pacer.now();
  return { pacer, drawn };
}

describe('a frame', () => {
  test('for what others do comes once in 16 ms, however much it is', () => {
    const { pacer, drawn } = paced();
    for (let i = 0; i < 100; i += 1) {
      pacer.soon();
      vi.advanceTimersByTime(1);
    }
    expect(drawn).toEqual([0, 16, 32, 48, 64, 80, 96]);
  });

  test('for a pressed key comes at once, also in the midst of that', () => {
    const { pacer, drawn } = paced();
    pacer.soon();
    vi.advanceTimersByTime(7);
    pacer.key();
    expect(drawn).toEqual([0, 7]);
    // What was to be drawn is on it.
    vi.advanceTimersByTime(100);
    expect(drawn).toEqual([0, 7]);
  });

  test('for keys that come all at once is one, a moment after the first', () => {
    const { pacer, drawn } = paced();
    vi.advanceTimersByTime(10);
    for (let i = 0; i < 50; i += 1) pacer.key();
    expect(drawn).toEqual([0, 10]);
    vi.advanceTimersByTime(100);
    expect(drawn).toEqual([0, 10, 14]);
    // And those of a key that is held down are no more than can be seen.
    for (let i = 0; i < 8; i += 1) {
      pacer.key();
      vi.advanceTimersByTime(1);
    }
    expect(drawn).toEqual([0, 10, 14, 110, 114, 118]);
  });

  test('where nothing happens comes when it is due, and not after the end', () => {
    const { pacer, drawn } = paced();
    vi.advanceTimersByTime(2 * IDLE_MS);
    expect(drawn).toEqual([0, IDLE_MS, 2 * IDLE_MS]);
    pacer.stop();
    pacer.soon();
    vi.advanceTimersByTime(2 * IDLE_MS);
    expect(drawn).toHaveLength(3);
  });
});
