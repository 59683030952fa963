/**
 * The load generator: a program of its own that is many people at once, so that no work of theirs counts as the server's.
 * It is told what to do by messages (`Order`), one after the other, and answers each (`Report`).
 *
 * Everybody in the room gets the same bytes. So they are looked at once, by whoever gets furthest, and of all others only
 * how many came: which messages a receiver has follows from that, and a delivery costs it hardly more than the read.
 */
import { connect, type Socket } from 'node:net';

export type Method = 'guest' | 'host';

export type Order =
  /** So many log in, `atOnce` at a time. */
  | {
      readonly kind: 'log-in';
      readonly port: number;
      readonly count: number;
      readonly atOnce: number;
      readonly method: Method;
    }
  /** The last who came says so many messages, as fast as the slowest of the others takes them (0), or at a rate a second. */
  | { readonly kind: 'say'; readonly messages: number; readonly bytes: number; readonly rate: number }
  /** Everybody hangs up. */
  | { readonly kind: 'leave' };

export type Report =
  | { readonly kind: 'in'; readonly seconds: number }
  /** Latencies in milliseconds, from the write to the read. */
  | { readonly kind: 'said'; readonly seconds: number; readonly deliveries: number; readonly latencies: Latencies }
  | { readonly kind: 'left' };

export interface Latencies {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly most: number;
}

/** Messages that were said and that the slowest hasn't got yet. */
const WINDOW = 512;
/** Bytes that are read at a time; one buffer serves all, since each is done with before the next is read. */
const READ_BYTES = 256 * 1024;
/** Milliseconds between two looks at the clock. */
const TICK_MS = 1;
const NEWLINE = 0x0a;
const MESSAGE = Buffer.from('{"type":"message"');

interface Member {
  readonly socket: Socket;
  /** Bytes since the talk began. */
  bytes: number;
  /** Messages among them. */
  seen: number;
}

/** What the room says: where each message ends in its bytes. */
class Talk {
  readonly ends: number[] = [];
  readonly saidAt: number[] = [];
  readonly latencies: Float64Array;
  deliveries = 0;
  #known = 0;

  constructor(deliveries: number) {
    this.latencies = new Float64Array(deliveries);
  }

  /** A member's next bytes. */
  take(member: Member, bytes: Uint8Array): void {
    const from = member.bytes;
    member.bytes += bytes.length;
    if (member.bytes > this.#known)
      this.#learn(Buffer.from(bytes.buffer, bytes.byteOffset + (this.#known - from), member.bytes - this.#known));
    const now = performance.now();
    for (let end = this.ends[member.seen]; end !== undefined && end <= member.bytes; end = this.ends[member.seen]) {
      this.latencies[this.deliveries] = now - (this.saidAt[member.seen] ?? now);
      this.deliveries += 1;
      member.seen += 1;
    }
  }

  #learn(bytes: Buffer): void {
    for (let start = 0, end = bytes.indexOf(NEWLINE); end >= 0; start = end + 1, end = bytes.indexOf(NEWLINE, start)) {
      const begins = this.#known + start === (this.ends.at(-1) ?? 0);
      if (
        begins &&
        end - start > MESSAGE.length &&
        bytes.compare(MESSAGE, 0, MESSAGE.length, start, start + MESSAGE.length) !== 0
      )
        throw new Error(`this is no message: ${bytes.toString('utf8', start, end)}`);
      this.ends.push(this.#known + end + 1);
    }
    this.#known += bytes.length;
  }
}

const shared = Buffer.allocUnsafe(READ_BYTES);
const members: Member[] = [];
let talk: Talk | undefined;

const hello = (method: Method, number: number): string =>
  `${JSON.stringify({ type: 'hello', version: 1, ...(method === 'guest' ? { name: `b${number}` } : {}), auth: { method } })}\n`;

/** @returns when they are in. */
function logIn(port: number, method: Method, number: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let greeting = '';
  let isIn = false;
  const socket = connect({
    host: '127.0.0.1',
    port,
    noDelay: true,
    onread: {
      buffer: shared,
      callback: (length, bytes) => {
        if (isIn) {
          talk?.take(member, bytes.subarray(0, length));
          return true;
        }
        greeting += Buffer.from(bytes.buffer, bytes.byteOffset, length).toString();
        if (!greeting.includes('\n')) return true;
        isIn = true;
        if (greeting.startsWith('{"type":"welcome"')) resolve();
        else reject(new Error(greeting));
        greeting = '';
        return true;
      },
    },
  });
  const member: Member = { socket, bytes: 0, seen: 0 };
  members.push(member);
  socket.on('error', reject);
  socket.on('connect', () => void socket.write(hello(method, number)));
  return promise;
}

let names = 0;

async function logInAll({ port, count, atOnce, method }: Extract<Order, { kind: 'log-in' }>): Promise<Report> {
  const start = performance.now();
  let left = count;
  const one = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      names += 1;
      await logIn(port, method, names);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return { kind: 'in', seconds: (performance.now() - start) / 1000 };
}

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
const tick = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, TICK_MS);
  });

async function say({ messages, bytes, rate }: Extract<Order, { kind: 'say' }>): Promise<Report> {
  const speaker = members.at(-1);
  const receivers = members.slice(0, -1);
  if (speaker === undefined || receivers.length === 0) throw new Error('nobody is in');
  for (const member of members) Object.assign(member, { bytes: 0, seen: 0 });
  const total = messages * receivers.length;
  const now = new Talk(total);
  talk = now;
  // Without an `id` the speaker gets nothing back, and must not wait for it.
  const line = `${JSON.stringify({ type: 'say', to: '#lobby', text: 'x'.repeat(bytes) })}\n`;
  const start = performance.now();
  let said = 0;
  while (now.deliveries < total) {
    const slowest = rate > 0 ? 0 : receivers.reduce((least, { seen }) => Math.min(least, seen), messages);
    const due = rate > 0 ? Math.floor(((performance.now() - start) / 1000) * rate) + 1 : slowest + WINDOW;
    let lines = '';
    for (const until = Math.min(due, messages); said < until; said += 1) {
      now.saidAt.push(performance.now());
      lines += line;
    }
    if (lines !== '') speaker.socket.write(lines);
    await (rate > 0 ? tick() : turn());
  }
  const seconds = (performance.now() - start) / 1000;
  talk = undefined;
  const ends = new Set(receivers.map((member) => member.bytes));
  if (ends.size !== 1) throw new Error('not everybody was sent the same');
  const sorted = now.latencies.sort();
  const at = (share: number): number => sorted[Math.min(total - 1, Math.floor(total * share))] ?? Number.NaN;
  return {
    kind: 'said',
    seconds,
    deliveries: now.deliveries,
    latencies: { p50: at(0.5), p99: at(0.99), p999: at(0.999), most: at(1) },
  };
}

function leave(): Report {
  for (const { socket } of members.splice(0)) {
    socket.removeAllListeners('error').on('error', () => undefined);
    socket.resetAndDestroy();
  }
  return { kind: 'left' };
}

async function obey(order: Order): Promise<Report> {
  switch (order.kind) {
    case 'log-in':
      return await logInAll(order);
    case 'say':
      return await say(order);
    case 'leave':
      return leave();
  }
}

process.on('message', (order: Order) => {
  obey(order).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      process.stderr.write(`the load generator: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
