/** One of somebody's own programs, at a hub: says what a test wants, and keeps what it was told. */
import type { DeviceId, GroupId } from '../../../src/base/ids.ts';
import type { Hub } from '../../../src/lan/hub/hub.ts';
import type { CloseReason, Link } from '../../../src/link/link.ts';
import { memoryLinks } from '../../../src/link/memory.ts';
import { decodeServerMessage } from '../../../src/protocol/codec.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/limits.ts';
import type { ServerMessage, ServerMessages, ServerMessageType } from '../../../src/protocol/server-messages.ts';
import { member } from './broken-store.ts';

/** As it is written in a test: ids and names are plain strings. */
type Wish = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A sealed message, as far as anybody looks into it. */
export const sealedBy = (from: DeviceId, seq = 1) => ({
  from,
  group: 'AAAAAAAAAAAAAAAAAAAAAA' as GroupId,
  seq,
  message: 'AAEAAhABAg',
});

export class Program {
  readonly link: Link;
  /** All that it was told, in order. */
  readonly got: ServerMessage[] = [];
  ended: CloseReason | undefined;

  /** @param host where it seems to be: `memory` is the hub's own program, anything else another. */
  constructor(hub: Hub, host = 'memory') {
    const [ours, theirs] = memoryLinks();
    this.link = ours;
    hub.accept(host === 'memory' ? theirs : elsewhere(theirs, host));
    ours.listen({
      frame: (line) => {
        const message = decodeServerMessage(line);
        if (!message.ok) throw new Error(`the hub has said ${line}: ${message.error.text}`);
        this.got.push(message.value);
      },
      fault: (fault) => {
        throw new Error(fault);
      },
      drained: () => undefined,
      closed: (reason) => {
        this.ended = reason;
      },
    });
  }

  write(line: string): void {
    this.link.write(`${line}\n`);
  }

  say(message: Wish): void {
    this.write(JSON.stringify(message));
  }

  logIn(more: Readonly<Record<string, unknown>> = {}): this {
    this.say({ type: 'hello', version: PROTOCOL_VERSION, auth: { method: 'host' }, ...more });
    return this;
  }

  of<T extends ServerMessageType>(type: T): ServerMessages[T][] {
    return this.got.filter((message): message is ServerMessages[T] & ServerMessage => message.type === type);
  }

  last<T extends ServerMessageType>(type: T): ServerMessages[T] {
    const last = this.of(type).at(-1);
    if (last === undefined) throw new Error(`no ${type} among ${JSON.stringify(this.got)}`);
    return last;
  }

  /** The ids of mail, in the order in which it came. */
  get mailIds(): string[] {
    return this.of('mail').flatMap((mail) => (mail.kind === 'sealed' ? [mail.id] : []));
  }

  /** The texts of the lobby, in the order of their places. */
  get texts(): string[] {
    return this.of('message')
      .toSorted((a, b) => a.seq - b.seq)
      .map(({ text }) => text);
  }

  /** Codes of errors. */
  get errors(): string[] {
    return this.of('error').map(({ code }) => code);
  }

  forget(): void {
    this.got.length = 0;
  }
}

/** The same link, from somewhere else. */
const elsewhere = (link: Link, host: string): Link =>
  new Proxy(link, {
    get(target, name) {
      if (name === 'remote') return { host, port: 0 };
      return member(target, name);
    },
  });
