import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { unixMs } from '../../../../src/base/ids.ts';
import { err, ok } from '../../../../src/base/result.ts';
import { HubLink } from '../../../../src/client/shell/both/hub-link.ts';
import type { Link } from '../../../../src/link/link.ts';
import { memoryLinks } from '../../../../src/link/memory.ts';
import { DEAD_AFTER_MS, PING_EVERY_MS } from '../../../../src/protocol/limits.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pass = async (ms: number): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));

const WELCOME = {
  type: 'welcome',
  version: 1,
  server: 'local network',
  user: 'ali',
  time: 1,
  awayAfter: 1,
  logOffAfter: 0,
  rooms: [],
};

/** Our program there, as a test plays it. */
function scene() {
  const told: string[] = [];
  const heard: string[] = [];
  const theirs: Link[] = [];
  const plan = { refuses: false, greets: true };
  const link = new HubLink({
    dial: async () => {
      if (plan.refuses) return err({ text: 'busy' });
      const [ours, other] = memoryLinks();
      theirs.push(other);
      other.listen({
        frame: (line) => {
          heard.push(/"type":"(\w+)"/.exec(line)?.[1] ?? '');
          if (plan.greets && line.includes('"hello"')) other.write(`${JSON.stringify(WELCOME)}\n`);
        },
        fault: () => undefined,
        drained: () => undefined,
        closed: () => undefined,
      });
      return ok({ link: ours });
    },
    clock: { now: () => unixMs(Date.now()), monotonic: () => performance.now() },
    random: () => 1,
    up: ({ user }) => told.push(`up ${user}`),
    heard: ({ type }) => told.push(type),
    down: (text) => told.push(text),
  });
  return { link, told, heard, theirs, plan };
}

test('it greets, is let in, and goes on pinging for itself', async () => {
  const { link, told, heard, theirs } = scene();
  link.start();
  await pass(10);
  expect(told).toEqual(['up ali']);
  theirs[0]?.write('{"type":"pong"}\n{"type":"done","text":"well"}\n{"type":"of a later program"}\n');
  await pass(PING_EVERY_MS);
  expect(told).toEqual(['up ali', 'done']);
  expect(heard).toEqual(['hello', 'ping']);
  expect(link.send({ type: 'activity' })).toBe(true);
  link.end();
  await pass(10);
  expect(heard.slice(-2)).toEqual(['activity', 'bye']);
  expect(link.send({ type: 'activity' })).toBe(false);
  await pass(60_000);
  expect(theirs).toHaveLength(1);
});

test('one that has stopped is given up, and another is looked for every few seconds', async () => {
  const { link, told, plan, theirs } = scene();
  link.start();
  await pass(10);
  plan.refuses = true;
  await pass(DEAD_AFTER_MS + PING_EVERY_MS);
  expect(told.slice(0, 3)).toEqual(['up ali', 'your own program there does not answer', 'busy']);
  const tries = told.length;
  await pass(40_000);
  // Four seconds apart at the most.
  expect(told.length - tries).toBeGreaterThanOrEqual(10);
  expect(told.length - tries).toBeLessThan(14);
  plan.refuses = false;
  await pass(5000);
  expect(told.at(-1)).toBe('up ali');
  theirs.at(-1)?.destroy();
  await pass(1);
  expect(told.at(-1)).toBe('your own program there has ended');
  link.close();
});

test('one that does not greet, or says nonsense, is none', async () => {
  const { link, told, plan, theirs } = scene();
  plan.greets = false;
  link.start();
  await pass(10_001);
  expect(told).toEqual(['no answer from your own program there']);
  plan.greets = true;
  await pass(1000);
  expect(told.at(-1)).toBe('up ali');
  theirs.at(-1)?.write('{"type":"ack"}\n');
  await pass(1);
  expect(told).toHaveLength(3);
  expect(link.isUp).toBe(false);
  link.close();
});
