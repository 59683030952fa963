import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { inSlices } from '../../../src/client/shell/in-slices.ts';
import type { LinkEvents } from '../../../src/link/link.ts';

/** Milliseconds that the work on one line takes here. */
const EACH_MS = 0.5;

/** The loop: what is to be done in its next turns, and the time. */
let turns: (() => void)[] = [];
let now = 0;

beforeEach(() => {
  turns = [];
  vi.stubGlobal('setImmediate', (work: () => void) => turns.push(work));
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** One turn. @returns whether there was anything to do. */
function turn(): boolean {
  const work = turns.splice(0);
  for (const each of work) each();
  return work.length > 0;
}

function rest(): void {
  while (turn());
}

interface Watched {
  readonly events: LinkEvents;
  readonly told: string[];
  readonly pause: ReturnType<typeof vi.fn>;
  readonly resume: ReturnType<typeof vi.fn>;
}

function watched(): Watched {
  const told: string[] = [];
  const [pause, resume] = [vi.fn(), vi.fn()];
  const events = inSlices(
    { pause, resume },
    {
      frame: (line) => {
        told.push(line);
        now += EACH_MS;
      },
      fault: (fault) => told.push(`fault ${fault}`),
      drained: () => told.push('drained'),
      closed: ({ kind }) => told.push(kind),
    },
  );
  return { events, told, pause, resume };
}

describe('a burst of lines', () => {
  test('is taken a few milliseconds at a time, and others have their turn in between', () => {
    const { events, told } = watched();
    for (let i = 0; i < 20; i += 1) events.frame(`line ${i}`);
    expect(told).toEqual([]);
    for (let done = 2; done <= 20; done += 2) {
      turn();
      expect(told).toHaveLength(done);
    }
    expect(turn()).toBe(false);
    expect(told).toEqual(Array.from({ length: 20 }, (_, i) => `line ${i}`));
  });

  test('comes in order, and its end last', () => {
    const { events, told } = watched();
    events.frame('one');
    events.fault('bad_utf8');
    events.frame('two');
    events.closed({ kind: 'closed' });
    rest();
    expect(told).toEqual(['one', 'fault bad_utf8', 'two', 'closed']);
  });

  test('that is too long holds the sender back until half of it is done', () => {
    const { events, told, pause, resume } = watched();
    for (let i = 0; i < 2500; i += 1) events.frame(`line ${i}`);
    expect(pause).toHaveBeenCalledOnce();
    expect(resume).not.toHaveBeenCalled();
    while (resume.mock.calls.length === 0) turn();
    expect(told.length).toBeGreaterThanOrEqual(1500);
    expect(told.length).toBeLessThan(1600);
    rest();
    expect(told).toHaveLength(2500);
    expect(pause).toHaveBeenCalledOnce();
  });

  test('is told of what comes while it is worked on', () => {
    const { events, told } = watched();
    events.frame('one');
    rest();
    events.frame('two');
    rest();
    expect(told).toEqual(['one', 'two']);
  });
});
