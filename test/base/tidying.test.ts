import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Tidying } from '../../src/base/tidying.ts';

const collected = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  collected.mockClear();
  vi.stubGlobal('gc', collected);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The start is over, and has been tidied up after. */
function started(): Tidying {
  const tidying = new Tidying();
  tidying.busy();
  vi.runAllTimers();
  collected.mockClear();
  return tidying;
}

describe('memory is given back', () => {
  test('when the start is over', () => {
    const tidying = new Tidying();
    tidying.busy();
    expect(collected).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(collected).toHaveBeenCalledOnce();
  });

  test('after a burst, and not before it has ended and nobody types', () => {
    const tidying = started();
    for (let i = 0; i < 3000; i += 1) {
      tidying.more();
      if (i % 100 === 0) vi.advanceTimersByTime(100);
    }
    expect(collected).not.toHaveBeenCalled();
    for (let i = 0; i < 10; i += 1) {
      vi.advanceTimersByTime(1000);
      tidying.busy();
    }
    expect(collected).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(collected).toHaveBeenCalledOnce();
  });

  test('not for a few messages', () => {
    const tidying = started();
    for (let i = 0; i < 900; i += 1) tidying.more();
    tidying.busy();
    vi.runAllTimers();
    expect(collected).not.toHaveBeenCalled();
  });

  test('not any more once it is closed', () => {
    const tidying = new Tidying();
    tidying.busy();
    tidying.close();
    vi.runAllTimers();
    expect(collected).not.toHaveBeenCalled();
  });

  test('as far as can be where Node has not been told to', () => {
    vi.unstubAllGlobals();
    vi.stubGlobal('gc', undefined);
    const tidying = new Tidying();
    tidying.busy();
    expect(() => vi.runAllTimers()).not.toThrow();
  });
});
