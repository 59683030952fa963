/** One stream both ways, without keys and without a network. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ClientId, GroupId, UnixMs } from '../../src/base/ids.ts';
import { plainCipher, type StreamFrame } from '../../src/peer/chat-cipher.ts';
import { ACK_AFTER_MS, Conversation, RESEND_AFTER_MS, RESEND_AT_MOST_MS } from '../../src/peer/conversation.ts';
import type { Item } from '../../src/peer/item.ts';
import { WINDOW } from '../../src/peer/stream.ts';
import { Timers } from '../../src/peer/tasks.ts';
import { turn } from './relay.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const CHAT = 'A'.repeat(22) as GroupId;

class End {
  readonly items: Item[] = [];
  readonly delivered: string[] = [];
  readonly sent: StreamFrame[] = [];
  readonly talk: Conversation;
  /** Where frames go; nowhere at first. */
  to: End | undefined;

  constructor() {
    const fault = (error: unknown): never => {
      throw error;
    };
    this.talk = new Conversation(plainCipher(CHAT), {
      timers: new Timers(fault),
      fault,
      monotonic: () => performance.now(),
      transmit: (frames) => {
        this.sent.push(...frames);
        for (const frame of frames) this.to?.talk.receive(frame);
      },
      item: (item) => this.items.push(item),
      refused: (text) => fault(new Error(text)),
      names: { inward: (item) => item, outward: (item) => item },
    });
  }

  say(text: string): boolean {
    return this.talk.say({ kind: 'text', id: text as ClientId, time: 0 as UnixMs, text }, () =>
      this.delivered.push(text),
    );
  }

  get said(): string[] {
    return this.items.flatMap((item) => (item.kind === 'text' ? [item.text] : []));
  }
}

function pair(): [End, End] {
  const [one, other] = [new End(), new End()];
  one.to = other;
  other.to = one;
  return [one, other];
}

/** All that can be done without time going by. */
async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await turn();
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i}`);

test('an acknowledgement comes a moment later, or with an answer', async () => {
  const [one, other] = pair();
  one.say('a');
  await settle();
  expect([other.said, one.delivered]).toEqual([['a'], []]);
  await vi.advanceTimersByTimeAsync(ACK_AFTER_MS);
  await settle();
  expect(one.delivered).toEqual(['a']);
  expect(one.talk.settled).toBe(true);
  one.say('b');
  await settle();
  other.say('c');
  await settle();
  expect(one.delivered).toEqual(['a', 'b']);
  // a, ack, b, c: nothing was sent that only acknowledges, but once.
  expect([one.sent.length, other.sent.length]).toEqual([2, 2]);
});

test('acknowledgements are not acknowledged at once, nor for ever by turns', async () => {
  const [one, other] = pair();
  one.say('a');
  await settle();
  for (let i = 0; i < 100; i++) {
    await vi.advanceTimersByTimeAsync(1000);
    await settle();
  }
  expect([one.sent.length, other.sent.length]).toEqual([1, 1]);
});

test('more is not on its way at once than the window holds', async () => {
  const [one, other] = pair();
  one.to = undefined;
  for (const text of numbers(100)) one.say(text);
  await settle();
  expect(one.sent).toHaveLength(WINDOW);
  one.to = other;
  one.talk.again();
  await settle();
  expect(other.said).toEqual(numbers(100));
});

test('both may have filled their windows while they were cut off, and still hear of each other', async () => {
  const [one, other] = pair();
  one.to = undefined;
  other.to = undefined;
  for (const text of numbers(100)) {
    one.say(text);
    other.say(text);
  }
  await settle();
  expect([one.sent.length, other.sent.length]).toEqual([WINDOW, WINDOW]);
  one.to = other;
  other.to = one;
  one.talk.again();
  other.talk.again();
  await settle();
  expect([one.said, other.said]).toEqual([numbers(100), numbers(100)]);
});

test('without an acknowledgement it is sent again, less and less often', async () => {
  const [one] = pair();
  one.to = undefined;
  one.say('a');
  await settle();
  const after = async (ms: number): Promise<number> => {
    const before = one.sent.length;
    await vi.advanceTimersByTimeAsync(ms);
    return one.sent.length - before;
  };
  expect(await after(RESEND_AFTER_MS - 1)).toBe(0);
  expect(await after(1)).toBe(1);
  expect(await after(2 * RESEND_AFTER_MS)).toBe(1);
  expect(await after(600_000)).toBeLessThanOrEqual(600_000 / RESEND_AT_MOST_MS + 2);
  expect(new Set(one.sent).size).toBe(1);
});

test('what waits is bounded, and that is said', async () => {
  const [one] = pair();
  one.to = undefined;
  const taken = numbers(2000).filter((text) => one.say(text)).length;
  expect(taken).toBeLessThan(700);
  expect(one.say('one more')).toBe(false);
});

test('the last item goes after all others, and then nothing more is said or heard', async () => {
  const [one, other] = pair();
  for (const text of numbers(10)) one.say(text);
  let finished = false;
  one.talk.finish({ kind: 'end' }, () => {
    finished = true;
  });
  expect(one.say('late')).toBe(false);
  await settle();
  expect(finished).toBe(true);
  expect(other.said).toEqual(numbers(10));
  expect(other.items.at(-1)).toMatchObject({ kind: 'end' });
  other.say('anybody?');
  await settle();
  expect(one.said).toEqual([]);
});
