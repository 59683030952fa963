import type { NewMessage, Placed } from '../store.ts';
import { StoreError } from '../store.ts';
import { toError } from './errors.ts';
import type { Answer, AppendRun, Refusal, Step } from './wire.ts';

/** UTF-16 units of text in one transaction: a bound on how long the worker is deaf to the next. */
export const MAX_BATCH_CHARS = 4 * 1024 * 1024;
/** Calls that wait. The server stops reading from its clients long before; this stops a fault from eating the memory. */
export const MAX_WAITING_CALLS = 262_144;
/** UTF-16 units of text that wait, for the same reason. */
export const MAX_WAITING_CHARS = 64 * 1024 * 1024;

type Reject = (error: StoreError) => void;

/** Who waits for one step: an append run is many calls. */
type Waiting =
  | {
      readonly kind: 'appends';
      readonly run: AppendRun;
      readonly resolves: ((p: Placed) => void)[];
      readonly rejects: Reject[];
    }
  | { readonly kind: 'call'; readonly take: (answer: Answer) => void; readonly reject: Reject };

/** A transaction to be: what the worker gets, and who waits for it. */
export class Batch {
  readonly steps: Step[] = [];
  calls = 0;
  chars = 0;
  readonly #waiting: Waiting[] = [];

  append(message: NewMessage, resolve: (placed: Placed) => void, reject: Reject): void {
    let last = this.#waiting.at(-1);
    if (last?.kind !== 'appends') {
      const run: AppendRun = {
        kind: 'appends',
        rooms: [],
        authors: [],
        texts: [],
        times: [],
        ids: [],
        answers: [],
      };
      last = { kind: 'appends', run, resolves: [], rejects: [] };
      this.#waiting.push(last);
      this.steps.push(run);
    }
    const { run, resolves, rejects } = last;
    if (message.re !== undefined) run.answers.push({ at: run.rooms.length, re: message.re });
    run.rooms.push(message.room);
    run.authors.push(message.from);
    run.texts.push(message.text);
    run.times.push(message.time);
    run.ids.push(message.id ?? null);
    resolves.push(resolve);
    rejects.push(reject);
    this.calls += 1;
    this.chars += message.text.length;
  }

  call(step: Step, take: (answer: Answer) => void, reject: Reject, chars = 0): void {
    this.steps.push(step);
    this.#waiting.push({ kind: 'call', take, reject });
    this.calls += 1;
    this.chars += chars;
  }

  isFull(maxCalls: number): boolean {
    return this.calls >= maxCalls || this.chars >= MAX_BATCH_CHARS;
  }

  /** Settles every call, in the order they were made. */
  settle(answers: readonly Answer[]): void {
    for (const [i, waiting] of this.#waiting.entries()) {
      const answer = answers[i] ?? NO_ANSWER;
      if (waiting.kind === 'call') waiting.take(answer);
      else settleRun(waiting.run, answer, waiting.resolves, waiting.rejects);
    }
  }

  fail(error: StoreError): void {
    for (const waiting of this.#waiting) {
      if (waiting.kind === 'call') waiting.reject(error);
      else for (const reject of waiting.rejects) reject(error);
    }
  }
}

const NO_ANSWER: Refusal = {
  kind: 'refused',
  code: 'failed',
  text: "the store's worker left a call without an answer",
};

function settleRun(
  run: AppendRun,
  answer: Answer,
  resolves: readonly ((p: Placed) => void)[],
  rejects: readonly Reject[],
): void {
  if (answer.kind !== 'appends') {
    const error = toError(answer.kind === 'refused' ? answer : NO_ANSWER);
    for (const reject of rejects) reject(error);
    return;
  }
  let nextOther = 0;
  for (const [at, resolve] of resolves.entries()) {
    const [room, time, seq] = [run.rooms[at], run.times[at], answer.seqs[at]];
    if (seq && room !== undefined && time !== undefined) {
      resolve({ room, seq, time, fresh: true });
      continue;
    }
    const came = answer.others[nextOther++]?.came ?? NO_ANSWER;
    if ('fresh' in came) resolve(came);
    else rejects[at]?.(toError(came));
  }
}
