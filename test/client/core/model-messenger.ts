/** The messenger as its contract says it is, without cryptography: what the core may rely on, and no more. */
import { type ClientId, NO_SEQ, type UserName } from '../../../src/base/ids.ts';
import type { PrivateCommand, PrivateEvent } from '../../../src/peer/private.ts';
import type { LogRecord } from '../../../src/peer/vault.ts';
import type { ClientMessage } from '../../../src/protocol/client-messages.ts';
import type { ServerMessage, ServerMessages } from '../../../src/protocol/server-messages.ts';
import { at, clientId, deviceId, groupId, user } from './drive.ts';

type Sealed = Extract<ServerMessages['mail'], { kind: 'sealed' }>;
type Mail = Extract<PrivateCommand, { do: 'mail' }>;

export class ModelMessenger {
  /** What it has told and the core has not heard, oldest first. */
  readonly tells: PrivateEvent[] = [];
  /** Mail that has come and waits to be opened. */
  opening: Sealed[] = [];
  /** Mail of ours that the server hasn't acknowledged. */
  readonly unsent = new Map<ClientId, Mail>();
  readonly #log = new Map<UserName, LogRecord[]>();
  readonly #known = new Set<ClientId>();
  readonly #name: UserName;
  readonly #page: number;
  readonly #send: (message: ClientMessage) => void;
  #online = false;

  constructor(name: string, page: number, send: (message: ClientMessage) => void) {
    this.#name = user(name);
    this.#page = page;
    this.#send = send;
    this.tells.push({ type: 'available', available: true, text: '' });
  }

  command(command: PrivateCommand): void {
    switch (command.do) {
      case 'mail':
        if (this.#known.has(command.id)) throw new Error('a message was given to the messenger twice');
        this.#known.add(command.id);
        this.unsent.set(command.id, command);
        this.#keep(command.to, { id: command.id, from: this.#name, text: command.text, time: at(1) });
        this.#mail(command);
        return;
      case 'history': {
        const all = this.#log.get(command.user) ?? [];
        const end = command.before ?? all.length;
        const first = Math.max(0, end - Math.min(command.limit, this.#page));
        const records = all.slice(first, end).map((record, i) => ({ ...record, at: first + i }));
        this.tells.push({ type: 'history', person: command.user, records, more: first > 0 });
        return;
      }
      case 'trust':
        this.tells.push({ type: 'trust', person: command.user, trust: 'first' });
        return;
      case 'unmail':
      case 'ask':
      case 'accept':
      case 'reject':
      case 'end':
      case 'say':
      case 'change':
      case 'typing':
      case 'changeMail':
      case 'log':
      case 'verify':
      case 'compared':
      case 'acceptKey':
      case 'fingerprints':
      case 'forget':
      case 'export':
      case 'unlock':
      case 'passphrase':
        throw new Error(`nobody asked for ${command.do}`);
    }
  }

  #mail({ id, to, text }: Mail): void {
    const sealed = { from: deviceId('ours'), group: groupId('group'), seq: 1, message: text };
    if (this.#online) this.#send({ type: 'mail', id, to, device: deviceId('theirs'), sealed });
  }

  /** @returns whether it wasn't there. */
  #keep(person: UserName, record: LogRecord): boolean {
    const log = this.#log.get(person) ?? [];
    this.#log.set(person, log);
    if (log.some(({ id, from }) => id === record.id && from === record.from)) return false;
    log.push(record);
    return true;
  }

  online(): void {
    this.#online = true;
    this.#send({ type: 'device', device: deviceId('ours'), packages: [] });
    this.again();
  }

  offline(): void {
    this.#online = false;
    this.opening = [];
  }

  /** What isn't acknowledged is sent once more, in order. */
  again(): void {
    for (const mail of this.unsent.values()) this.#mail(mail);
  }

  /** @returns whether it was for nobody else. */
  receive(message: ServerMessage): boolean {
    if (message.type === 'mail' && message.kind === 'sealed') {
      this.opening.push(message);
      return true;
    }
    if (message.type === 'mailed') {
      const { id, to, time, kept } = message;
      if (this.unsent.delete(id)) this.tells.push({ type: 'mailed', id, to, time, kept });
      return true;
    }
    if (message.type === 'error' && message.id !== undefined && this.unsent.has(message.id)) {
      const { id, code, text } = message;
      this.tells.push({ type: 'notMailed', id, to: user('bob'), code, text, wait: true });
      return true;
    }
    return message.type === 'device';
  }

  /** Opens the first that waits. What comes again is found in the log. */
  open(): void {
    const mail = this.opening.shift();
    if (mail === undefined) return;
    const { n, from, to, time, sealed } = mail;
    const id = clientId(sealed.group);
    const text = sealed.message;
    this.#keep(from, { id, from, text, time });
    this.tells.push({ type: 'mail', n: n === NO_SEQ ? 0 : n, id, from, to, text, time });
  }
}
