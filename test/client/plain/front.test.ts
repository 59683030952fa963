import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import type { Memory } from '../../../src/client/core/memory.ts';
import { MAX_PENDING } from '../../../src/client/core/outbox.ts';
import { TELLING } from '../../../src/client/core/telling-options.ts';
import { Plain, type PlainEnd } from '../../../src/client/plain/front.ts';
import type { ClientSettings } from '../../../src/client/shell/client-settings.ts';
import { MemoryFile } from '../../../src/client/shell/memory-file.ts';
import type { LinkEvents } from '../../../src/link/link.ts';
import type { ClientMessage } from '../../../src/protocol/client-messages.ts';
import { decodeClientMessage, encode } from '../../../src/protocol/codec.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/limits.ts';
import type { ServerMessage } from '../../../src/protocol/server-messages.ts';
import { at, clientId, info, room, seq, user } from '../core/drive.ts';

const ADDRESS = { host: 'box', port: 2428 };

/** A server that answers each message when it may; what it says is heard a turn later. */
class Host {
  readonly remote = ADDRESS;
  readonly local = ADDRESS;
  readonly buffered = 0;
  /** What was said, in its order. */
  readonly said: string[] = [];
  readonly heard: ClientMessage['type'][] = [];
  /** Answers so many turns later. */
  lag = 1;
  refuses = (_text: string): boolean => false;
  #last = 0;
  #events: LinkEvents | undefined;

  listen(events: LinkEvents): void {
    this.#events = events;
  }

  write(bytes: Uint8Array | string): boolean {
    for (const line of String(bytes).trimEnd().split('\n')) {
      const message = decodeClientMessage(line);
      if (message.ok) this.#hear(message.value);
    }
    return true;
  }

  awaitDrained(): void {}
  pause(): void {}
  resume(): void {}
  end(): void {}
  destroy(): void {}
  reset(): void {}

  #tell(message: ServerMessage, lag = this.lag): void {
    if (lag === 0) this.#events?.frame(encode(message).trimEnd());
    else setImmediate(() => this.#tell(message, lag - 1));
  }

  #hear(message: ClientMessage): void {
    this.heard.push(message.type);
    const id = 'id' in message && message.id !== undefined ? { id: message.id } : {};
    if (message.type === 'say') {
      this.said.push(message.text);
      if (this.refuses(message.text)) {
        this.#tell({ type: 'error', ...id, code: 'not_a_member', text: 'not you', closes: false });
      } else
        this.#tell({
          type: 'ack',
          id: message.id ?? clientId('none'),
          to: room('#lobby'),
          seq: seq(++this.#last),
          time: at(0),
        });
      return;
    }
    if (message.type === 'hello') {
      this.#tell({
        type: 'welcome',
        version: PROTOCOL_VERSION,
        server: 'box',
        user: user('alice'),
        time: at(0),
        awayAfter: 10_000,
        logOffAfter: 900_000,
        rooms: [info('#lobby')],
      });
    } else if (message.type === 'who') {
      const users = [{ name: user('alice'), state: 'online', since: at(0) }] as const;
      this.#tell({ type: 'users', ...id, users, more: false } as never, 5);
    } else if (message.type === 'rooms') {
      const rooms = [{ name: room('#far'), topic: 'much later', members: 3, joined: false, time: at(0) }];
      this.#tell({ type: 'rooms', ...id, rooms, more: false } as never, 20);
    } else if (message.type === 'bye') this.#events?.closed({ kind: 'closed' });
  }
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const settingsOf = (folder: string): ClientSettings => ({
  address: ADDRESS,
  addressFrom: 'typed',
  user: undefined,
  guest: false,
  password: undefined,
  folder,
  relayOnly: true,
  directPort: undefined,
  lan: undefined,
  network: { port: 2428, peers: [] },
  plainChat: false,
  mouse: false,
  plain: true,
  emoji: true,
  typing: false,
  telling: TELLING,
  theme: undefined,
  keys: [],
  remembered: undefined,
  warnings: [],
});

interface Played {
  readonly end: PlainEnd;
  readonly out: string;
  readonly host: Host;
  readonly folder: string;
}

/** What comes of a pipe with this text. */
async function pipe(text: string, prepare: (host: Host, folder: string) => void = () => undefined): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), 'uchat-plain-'));
  folders.push(folder);
  const host = new Host();
  prepare(host, folder);
  let out = '';
  const input = new PassThrough();
  input.end(text);
  const output = { write: (piece: string) => (out += piece) };
  const reached = { link: host, settings: settingsOf(folder), notices: [] };
  const end = await new Plain({ input, output, ascii: false }, reached, { method: 'host' }).run();
  return { end, out, host, folder };
}

describe('a pipe', () => {
  test('says all its lines in their order, however many they are', async () => {
    const lines = Array.from({ length: 4 * MAX_PENDING }, (_, i) => `line ${i + 1}`);
    const { end, host } = await pipe(lines.join('\n'), (one) => {
      one.lag = 3;
    });
    expect(host.said).toEqual(lines);
    expect(end).toEqual({ kind: 'left' });
  });

  test('of which the server refuses a line says which and why, and does not end well', async () => {
    const { end, host, out } = await pipe('one\ntwo\nthree\n', (one) => {
      one.refuses = (text) => text === 'two';
    });
    expect(host.said).toEqual(['one', 'two', 'three']);
    expect(out).toContain('! not sent: two: not you');
    expect(end).toEqual({ kind: 'faulty', count: 1 });
  });

  test('says nothing of what follows on a question for a password', async () => {
    const { end, host, out } = await pipe('before\n/passphrase\ncorrect horse battery\nmore\n');
    expect(host.said).toEqual(['before']);
    expect(out).toContain('a password is only asked for at a terminal');
    expect(end).toEqual({ kind: 'faulty', count: 1 });
  });

  test('says a line that is too long for a message as several', async () => {
    const words = Array.from({ length: 4000 }, (_, i) => `word${i}`).join(' ');
    const { end, host } = await pipe(`${words}\nnext\n`);
    expect(host.said.length).toBeGreaterThan(3);
    expect(host.said.slice(0, -1).join(' ')).toBe(words);
    expect(host.said.at(-1)).toBe('next');
    expect(end).toEqual({ kind: 'left' });
  });

  test('with a line that is longer than any says so', async () => {
    const { end, host, out } = await pipe(`${'x'.repeat(70_000)}\nnext\n`);
    expect(host.said).toEqual(['next']);
    expect(out).toContain('! a line of more than 65536 characters was not sent');
    expect(end).toEqual({ kind: 'faulty', count: 1 });
  });

  test('leaves once, when what it has asked was answered', async () => {
    const { end, host, out } = await pipe('/rooms\n');
    expect(out).toContain('much later');
    expect(host.heard.filter((type) => type === 'bye')).toHaveLength(1);
    expect(end).toEqual({ kind: 'left' });
  });

  test('is read when it is known who is here', async () => {
    const { out } = await pipe('/who\n');
    expect(out).toMatch(/1 online/);
  });

  test('ends with /quit, but not before all was said', async () => {
    const { end, host } = await pipe('one\n/quit\ntwo\n');
    expect(host.said).toEqual(['one']);
    expect(end).toEqual({ kind: 'left' });
  });

  test('neither says nor forgets what was begun on the full screen', async () => {
    const memory: Memory = { version: 1, drafts: [{ tab: '#lobby', text: 'half a thought' }] };
    const { host, out, folder } = await pipe('one\n', (_host, there) => {
      const file = new MemoryFile(there, ADDRESS, () => undefined);
      file.read();
      file.keep(memory);
      file.flush();
    });
    expect(host.said).toEqual(['one']);
    expect(out).not.toContain('half a thought');
    const { memory: after } = new MemoryFile(folder, ADDRESS, () => undefined).read();
    expect(after.drafts).toEqual(memory.drafts);
  });
});
