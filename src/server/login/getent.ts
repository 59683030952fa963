import { execFile } from 'node:child_process';
import { parseEntry } from './passwd.ts';

/** `failed`: the directory didn't answer. Nothing can be said of the user. */
export type GetentAnswer =
  | { readonly kind: 'entry'; readonly name: string; readonly uid: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed' };

/** A user by name, or by user id in decimal. Never rejects. */
export type Getent = (key: string) => Promise<GetentAnswer>;

/** Runs `getent passwd KEY` and gives its exit status and output. */
export type RunGetent = (key: string) => Promise<{ readonly status: number; readonly output: string }>;

/** Programs at a time: the directory's server is somebody else's. */
export const MAX_AT_WORK = 2;
/** Look-ups that wait for a turn; more are answered `failed` at once. */
export const MAX_WAITING = 200;
/** Answers remembered. */
export const MAX_REMEMBERED = 2000;
/** Milliseconds an answer holds: a login that was taken away stays known no longer. */
export const REMEMBER_MS = 60_000;
/** Milliseconds a failure holds, so that a dead directory isn't asked by everyone in turn. */
export const REMEMBER_FAILURE_MS = 5000;
/** Milliseconds for one answer. A client waits for its log-in meanwhile. */
const TIMEOUT_MS = 3000;
/** Bytes of output; an entry is a line. */
const MAX_OUTPUT = 16_384;
/** getent(1): "One or more supplied key could not be found in the database." */
const NOT_FOUND = 2;

const runGetent: RunGetent = (key) =>
  new Promise((resolve) => {
    // No shell; `--`, so that no key is ever an option.
    const options = { timeout: TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT, encoding: 'utf8' } as const;
    execFile('getent', ['passwd', '--', key], options, (error, output) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ status, output });
    });
  });

function toAnswer(status: number, output: string): GetentAnswer {
  if (status === NOT_FOUND) return { kind: 'none' };
  const entry = status === 0 ? parseEntry(output.split('\n')[0] ?? '') : undefined;
  return entry === undefined ? { kind: 'failed' } : { kind: 'entry', ...entry };
}

interface Remembered {
  readonly answer: Promise<GetentAnswer>;
  /** Infinity while it is under way. */
  until: number;
}

/** Asks the host's directory, remembering what it said. `monotonic` gives milliseconds. */
export function askGetent(run: RunGetent = runGetent, monotonic: () => number = () => performance.now()): Getent {
  const remembered = new Map<string, Remembered>();
  const waiting: (() => void)[] = [];
  let atWork = 0;

  const turn = async (): Promise<void> => {
    if (atWork < MAX_AT_WORK) atWork += 1;
    // Whoever ends hands the turn on, so `atWork` stays.
    else
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
  };
  const ask = async (key: string): Promise<GetentAnswer> => {
    if (waiting.length >= MAX_WAITING) return { kind: 'failed' };
    await turn();
    try {
      const { status, output } = await run(key);
      return toAnswer(status, output);
    } catch {
      return { kind: 'failed' };
    } finally {
      const next = waiting.shift();
      if (next === undefined) atWork -= 1;
      else next();
    }
  };

  return async (key) => {
    const known = remembered.get(key);
    if (known !== undefined && known.until > monotonic()) return await known.answer;
    const entry: Remembered = { answer: ask(key), until: Number.POSITIVE_INFINITY };
    remembered.delete(key);
    remembered.set(key, entry);
    // The oldest goes: a map keeps the order in which keys came.
    for (const oldest of remembered.keys()) {
      if (remembered.size <= MAX_REMEMBERED) break;
      remembered.delete(oldest);
    }
    const answer = await entry.answer;
    entry.until = monotonic() + (answer.kind === 'failed' ? REMEMBER_FAILURE_MS : REMEMBER_MS);
    return answer;
  };
}
