/** A client that speaks the wire and nothing else: lines of JSON over a real socket. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { ServerMessage, ServerMessages, ServerMessageType } from '../../src/protocol/server-messages.ts';

/** Milliseconds that a test waits for what must come. */
const DEADLINE = 5000;

type Match = ServerMessageType | ((frame: ServerMessage) => boolean);
type FrameOf<M> = M extends ServerMessageType ? ServerMessages[M] : ServerMessage;

const fits = (frame: ServerMessage, match: Match): boolean =>
  typeof match === 'string' ? frame.type === match : match(frame);

export class WireClient {
  readonly socket: Socket;
  /** Frames that came and nobody has asked for. */
  readonly inbox: ServerMessage[] = [];
  isClosed = false;
  #rest = '';
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      const lines = (this.#rest + chunk).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.inbox.push(JSON.parse(line) as ServerMessage);
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  static async connect(port: number, host = '127.0.0.1'): Promise<WireClient> {
    const socket = connect({ port, host, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new WireClient(socket);
  }

  /** Over TLS, whatever the server's key. */
  static async connectTls(port: number, host = '127.0.0.1'): Promise<{ client: WireClient; socket: TLSSocket }> {
    const socket = connectTls({ port, host, minVersion: 'TLSv1.3', rejectUnauthorized: false });
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
    });
    return { client: new WireClient(socket), socket };
  }

  /** A guest who is in. */
  static async guest(port: number, name: string, more: object = {}): Promise<WireClient> {
    const client = await WireClient.connect(port);
    client.send({ type: 'hello', version: 1, name, auth: { method: 'guest' }, ...more });
    await client.expect('welcome');
    return client;
  }

  /** An object as its JSON and a newline; a string or bytes as they are. */
  send(...frames: (object | string | Uint8Array)[]): void {
    for (const frame of frames)
      this.socket.write(
        typeof frame === 'string' || frame instanceof Uint8Array ? frame : `${JSON.stringify(frame)}\n`,
      );
  }

  /** The very next frame, which must match. */
  async expect<M extends Match>(match: M, deadline = DEADLINE): Promise<FrameOf<M>> {
    await this.#wait(() => this.inbox.length > 0, deadline, String(match));
    const next = this.inbox.shift();
    if (next === undefined || !fits(next, match))
      throw new Error(`expected ${String(match)}, got ${JSON.stringify(next)}`);
    return next as FrameOf<M>;
  }

  /** The next frame that matches; those before it are dropped. */
  async until<M extends Match>(match: M, deadline = DEADLINE): Promise<FrameOf<M>> {
    const end = performance.now() + deadline;
    for (;;) {
      await this.#wait(() => this.inbox.length > 0, end - performance.now(), String(match));
      const next = this.inbox.shift();
      if (next !== undefined && fits(next, match)) return next as FrameOf<M>;
    }
  }

  /** So many frames. */
  async take(count: number, deadline = DEADLINE): Promise<ServerMessage[]> {
    await this.#wait(() => this.inbox.length >= count, deadline, `${count} frames`);
    return this.inbox.splice(0, count);
  }

  async closed(deadline = DEADLINE): Promise<void> {
    if (!this.isClosed) await this.#wait(() => this.isClosed, deadline, 'the end');
  }

  /** Proves that nothing else is on its way: asks, and returns what came before the answer. */
  async drain(): Promise<ServerMessage[]> {
    const n = Math.floor(performance.now() * 1000);
    this.send({ type: 'ping', n });
    const before: ServerMessage[] = [];
    for (;;) {
      await this.#wait(() => this.inbox.length > 0, DEADLINE, 'pong');
      const next = this.inbox.shift();
      if (next === undefined || (next.type === 'pong' && next.n === n)) return before;
      before.push(next);
    }
  }

  close(): void {
    this.socket.destroy();
  }

  async #wait(done: () => boolean, deadline: number, what: string): Promise<void> {
    const end = performance.now() + deadline;
    while (!done()) {
      const left = end - performance.now();
      if (left <= 0 || this.isClosed)
        throw new Error(`${this.isClosed ? 'closed' : 'nothing came'} while waiting for ${what}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
