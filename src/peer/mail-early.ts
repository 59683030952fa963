/** Mail that waits for what its author has written before it. */
import type { GroupId } from '../base/ids.ts';
import type { Incoming } from './incoming.ts';
import { Alarm, type Timers } from './tasks.ts';

/** Messages that wait: a full mailbox, of which nobody has more than a part. */
const MAX_EARLY = 500;
export const MAX_EARLY_OF_ONE = 100;
/** Milliseconds that a missing message is waited for: what was refused for a while is sent again within that. */
export const GAP_MS = 30_000;

interface Waiting {
  readonly messages: Map<number, Incoming>;
  readonly alarm: Alarm;
}

/** `known`: what is missing before it is not waited for. */
type Again = (message: Incoming, gap: 'known' | undefined) => void;

export class EarlyMail {
  readonly #timers: Timers;
  readonly #again: Again;
  readonly #groups = new Map<GroupId, Waiting>();

  constructor(timers: Timers, again: Again) {
    this.#timers = timers;
    this.#again = again;
  }

  hold(message: Incoming): void {
    const { group, seq } = message.sealed;
    let waiting = this.#groups.get(group);
    if (waiting === undefined)
      this.#groups.set(group, (waiting = { messages: new Map<number, Incoming>(), alarm: new Alarm(this.#timers) }));
    waiting.messages.set(seq, message);
    const all = [...this.#groups.values()].flatMap(({ messages }) => [...messages.values()]);
    const ofOne = all.filter(({ from }) => from === message.from);
    // Who sends so much out of order has to do without the order.
    if (all.length > MAX_EARLY || ofOne.length > MAX_EARLY_OF_ONE) this.release(group);
    else if (!waiting.alarm.isSet) this.#wait(group, waiting);
  }

  #wait(group: GroupId, { alarm }: Waiting): void {
    alarm.set(GAP_MS, () => this.release(group));
  }

  /** All before `seq` are opened: it may be its turn. */
  next(group: GroupId, seq: number): void {
    const waiting = this.#groups.get(group);
    const message = waiting?.messages.get(seq);
    if (waiting === undefined || message === undefined) return;
    waiting.messages.delete(seq);
    if (waiting.messages.size > 0) this.#wait(group, waiting);
    else this.#forget(group);
    this.#again(message, undefined);
  }

  /** What is missing doesn't come: all that is there, in its order. */
  release(group: GroupId): void {
    const messages = [...(this.#groups.get(group)?.messages ?? [])].toSorted(([a], [b]) => a - b);
    this.#forget(group);
    for (const [, message] of messages) this.#again(message, 'known');
  }

  #forget(group: GroupId): void {
    this.#groups.get(group)?.alarm.stop();
    this.#groups.delete(group);
  }

  clear(): void {
    for (const group of this.#groups.keys()) this.#forget(group);
  }
}
