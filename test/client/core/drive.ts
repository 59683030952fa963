/** A client's core under test: its clock, its chance and its ids are the test's, and what it wants outside is noted. */
import type { ClientId, DeviceId, GroupId, RoomName, Seq, UnixMs, UserName } from '../../../src/base/ids.ts';
import type { Effect, Env, Event } from '../../../src/client/core/event.ts';
import type { Login } from '../../../src/client/core/inner.ts';
import { chatTabOf, personTabOf, tabName, tabOf } from '../../../src/client/core/lookup.ts';
import type { Memory } from '../../../src/client/core/memory.ts';
import type { LogEntry } from '../../../src/client/core/message-log.ts';
import type { ChatTab, PersonTab, RoomTab, State, Tab } from '../../../src/client/core/state.ts';
import type { TellingOptions } from '../../../src/client/core/telling-options.ts';
import { createState, update } from '../../../src/client/core/update.ts';
import { fingerprintOf } from '../../../src/crypto/identity.ts';
import type { ChatStatus, PrivateCommand, PrivateEvent, Trust } from '../../../src/peer/private.ts';
import type { ClientMessage, ClientMessages, ClientMessageType } from '../../../src/protocol/client-messages.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/limits.ts';
import type { RoomInfo, ServerMessage, ServerMessages } from '../../../src/protocol/server-messages.ts';

export const room = (name: string): RoomName => name as RoomName;
export const user = (name: string): UserName => name as UserName;
export const seq = (n: number): Seq => n as Seq;
export const at = (ms: number): UnixMs => ms as UnixMs;
export const groupId = (id: string): GroupId => id as GroupId;
export const deviceId = (id: string): DeviceId => id as DeviceId;
export const clientId = (id: string): ClientId => id as ClientId;
export const info = (name: string, last = 0, topic = ''): RoomInfo => ({ name: room(name), topic, last: seq(last) });

/** Ours on the local network, and those of others there: 32 bytes each. */
export const OUR_KEY = 'lS9mEoRXLHM3xTkzuBfK6n0pzJ8FrmyXw0H8s3m1Q2Y';
export const KEYS = [
  '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  'PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw',
] as const;

/** Wall clock when a test starts. */
export const START = 1_800_000_000_000;

export class Drive {
  readonly state: State;
  mono = 50_000;
  /** What `env.random` gives. */
  chance = 0.5;
  /** Everything that was asked of the shell, oldest first. */
  readonly effects: Effect[] = [];
  #ids = 0;

  constructor(
    options: {
      login?: Login;
      columns?: number;
      rows?: number;
      memory?: Memory;
      telling?: TellingOptions;
      lines?: boolean;
      plainChat?: boolean;
    } = {},
  ) {
    this.state = createState({
      address: 'box:2428',
      size: { columns: options.columns ?? 80, rows: options.rows ?? 24 },
      login: options.login ?? { method: 'host' },
      fingerprintOf,
      // Somebody who has been here before.
      memory: options.memory ?? { version: 1, welcomed: true },
      ...(options.telling === undefined ? {} : { telling: options.telling }),
      ...(options.lines === undefined ? {} : { lines: options.lines }),
      ...(options.plainChat === undefined ? {} : { plainChat: options.plainChat }),
    });
  }

  get env(): Env {
    return {
      now: at(START + this.mono),
      mono: this.mono,
      random: () => this.chance,
      newId: () => clientId(`id-${++this.#ids}`),
      newGroup: () => groupId(`chat-${++this.#ids}`),
    };
  }

  /** @returns what this event led to. */
  event(event: Event): readonly Effect[] {
    const effects = update(this.state, event, this.env);
    this.effects.push(...effects);
    return effects;
  }

  /** @returns what was sent because of it. */
  get(message: ServerMessage): ClientMessage[] {
    return sent(this.event({ type: 'message', message }));
  }

  key(...names: string[]): ClientMessage[] {
    return names.flatMap((name) => sent(this.event({ type: 'key', key: { kind: 'key', name } })));
  }

  type(text: string): ClientMessage[] {
    return sent(this.event({ type: 'key', key: { kind: 'text', text } }));
  }

  paste(text: string): ClientMessage[] {
    return sent(this.event({ type: 'key', key: { kind: 'paste', text } }));
  }

  /** Types a line and presses Enter; the reports of activity are left out, and that something is being written. */
  enter(text: string): ClientMessage[] {
    const all = [...this.type(text), ...this.key('enter')];
    return all.filter(({ type }) => type !== 'activity' && type !== 'typing');
  }

  /** Lets time pass, without a tick. */
  pass(ms: number): void {
    this.mono += ms;
  }

  tick(): readonly Effect[] {
    return this.event({ type: 'tick' });
  }

  /** Starts, and is let in; private chats are there. */
  login(rooms: readonly RoomInfo[] = [info('#lobby')], name = 'alice'): ClientMessage[] {
    if (this.state.connection.kind !== 'connecting' || this.effects.length === 0) this.event({ type: 'start' });
    this.event({ type: 'linkUp' });
    const messages = this.welcome(rooms, name);
    this.tell({ type: 'available', available: true, text: '' });
    return messages;
  }

  /** The same where there is no server: on the local network. */
  lan(last = 0, name = 'alice', rev = 0): ClientMessage[] {
    if (this.state.connection.kind !== 'connecting' || this.effects.length === 0) this.event({ type: 'start' });
    this.event({ type: 'linkUp' });
    const messages = this.welcome([{ ...info('#lobby', last), rev }], name, false, {
      lan: { device: deviceId(OUR_KEY) },
      sparse: [room('#lobby')],
    });
    this.tell({ type: 'available', available: true, text: '' });
    return messages;
  }

  /** What the messenger tells. @returns what was sent because of it. */
  tell(event: PrivateEvent): ClientMessage[] {
    return sent(this.event({ type: 'private', event }));
  }

  /** What the messenger was told, of one kind, oldest first. */
  told<K extends PrivateCommand['do']>(what: K): Extract<PrivateCommand, { do: K }>[] {
    return this.effects.flatMap((effect) =>
      effect.do === 'private' && isCommand(effect.command, what) ? [effect.command] : [],
    );
  }

  /** The same, from now on. */
  forgetTold(): void {
    this.effects.length = 0;
  }

  welcome(
    rooms: readonly RoomInfo[] = [info('#lobby')],
    name = 'alice',
    operator = false,
    more: Partial<ServerMessages['welcome']> = {},
  ): ClientMessage[] {
    return this.get({
      ...more,
      ...(operator ? { operator } : {}),
      type: 'welcome',
      version: PROTOCOL_VERSION,
      server: 'box',
      user: user(name),
      time: at(START + this.mono),
      awayAfter: 10_000,
      logOffAfter: 900_000,
      rooms,
    });
  }

  /** A private message to us has come, and the messenger has opened it; 0 is the place of one that is not kept. */
  mail(n: number, text: string, from = 'bob', more: Partial<MailEvent> = {}): ClientMessage[] {
    const id = more.id ?? clientId(`${from}-${n > 0 ? n : ++this.#ids}`);
    const to = this.state.self?.name ?? user('alice');
    const event = { type: 'mail', n, id, from: user(from), to, text, time: at(START + this.mono), ...more } as const;
    return [...this.sealed(n, from), ...this.tell(event)];
  }

  /** As the server passes it on; what is in it, only the messenger knows. */
  sealed(n: number, from = 'bob'): ClientMessage[] {
    return this.get({
      type: 'mail',
      kind: 'sealed',
      n: seq(n),
      from: user(from),
      to: this.state.self?.name ?? user('alice'),
      device: deviceId('ours'),
      sealed: { from: deviceId('theirs'), group: groupId('group'), seq: 1, message: 'AAAA' },
      time: at(START + this.mono),
      id: clientId(`sealed-${n}`),
    });
  }

  announcement(n: number, body: string, from = 'root', time = at(START + this.mono)): ClientMessage[] {
    const to = this.state.self?.name ?? user('alice');
    return this.get({ type: 'mail', kind: 'announcement', n: seq(n), from: user(from), to, body, time });
  }

  /** Our mail has reached its mailbox. */
  mailed(id: string, kept = false, to = 'bob'): ClientMessage[] {
    return this.tell({ type: 'mailed', id: clientId(id), to: user(to), time: at(START + this.mono), kept });
  }

  /** A chat's status, as the messenger tells it. */
  chatIs(person: string, status: ChatStatus, more: { chat?: string; plain?: boolean; trust?: Trust } = {}) {
    const { chat = `chat of ${person}`, plain = false, trust = 'first' } = more;
    return this.tell({ type: 'chat', chat: groupId(chat), person: user(person), plain, status, trust });
  }

  /** They ask us, and wait for two minutes. */
  asks(person: string, more: { chat?: string; plain?: boolean; trust?: Trust } = {}): ClientMessage[] {
    const until = this.mono + 120_000;
    return this.chatIs(person, { kind: 'asked', ours: false, until, addresses: ['10.0.0.7'] }, more);
  }

  /** We ask, and they say yes. @returns the chat's id. */
  talk(person: string, plain = false): string {
    this.enter(`/private ${person}${plain ? ' --plain' : ''}`);
    const { chat } = this.chat(person);
    this.chatIs(person, OPEN, { chat, plain });
    return chat;
  }

  says(chat: string, text: string): ClientMessage[] {
    const id = clientId(`said-${++this.#ids}`);
    return this.tell({ type: 'said', chat: groupId(chat), id, text, time: at(START + this.mono) });
  }

  ignored(blocked: readonly string[], muted: ServerMessages['ignored']['muted'] = []): ClientMessage[] {
    return this.get({ type: 'ignored', blocked: blocked.map(user), muted });
  }

  /** Someone else's message. */
  hear(to: string, place: number, text: string, from = 'bob', id?: string): ClientMessage[] {
    return this.get({
      type: 'message',
      to: room(to),
      seq: seq(place),
      from: user(from),
      text,
      time: at(START + this.mono),
      ...(id === undefined ? {} : { id: clientId(id) }),
    });
  }

  tab(name = '#lobby'): RoomTab {
    const found = tabOf(this.state, room(name));
    if (found === undefined) throw new Error(`no tab ${name}`);
    return found;
  }

  person(name: string): PersonTab {
    const found = personTabOf(this.state, user(name));
    if (found === undefined) throw new Error(`no tab ${name}`);
    return found;
  }

  chat(name: string): ChatTab {
    const found = chatTabOf(this.state, user(name));
    if (found === undefined) throw new Error(`no tab =${name}`);
    return found;
  }

  /** The names of all tabs, in their order. */
  tabs(): string[] {
    return this.state.tabs.map(tabName);
  }

  active(): string {
    return this.tabs()[this.state.active] ?? '';
  }

  input(): string {
    return this.state.tabs[this.state.active]?.draft.text ?? '';
  }

  /** What the log of a tab says, without who and when. */
  texts(name = '#lobby'): string[] {
    return this.messages(name).map(({ text }) => text);
  }

  messages(name = '#lobby'): Extract<LogEntry, { kind: 'message' }>[] {
    return this.#entries(name).filter((entry) => entry.kind === 'message');
  }

  events(name = '#lobby'): string[] {
    return this.#entries(name)
      .filter((entry) => entry.kind === 'event')
      .map(({ sign, user: who, text }) => `${sign} ${who} ${text}`);
  }

  notices(name = '#lobby'): string[] {
    return this.#entries(name)
      .filter((entry) => entry.kind === 'notice')
      .map(({ text }) => text);
  }

  #entries(name: string): readonly LogEntry[] {
    const own = (): Tab => (name.startsWith('=') ? this.chat(name.slice(1)) : this.person(name));
    const tab = name.startsWith('#') ? this.tab(name) : own();
    return tab.log.entries;
  }
}

type MailEvent = Extract<PrivateEvent, { type: 'mail' }>;

/** A chat that is open, by way of the server. */
export const OPEN = { kind: 'open', path: 'relayed', log: false, theirLog: false, hidden: false } as const;

const isCommand = <K extends PrivateCommand['do']>(
  command: PrivateCommand,
  what: K,
): command is Extract<PrivateCommand, { do: K }> => command.do === what;

export const sent = (effects: readonly Effect[]): ClientMessage[] =>
  effects.flatMap((effect) => (effect.do === 'send' ? [effect.message] : []));

/** The only message of this type among those that were sent. */
export function only<K extends ClientMessageType>(messages: readonly ClientMessage[], type: K): ClientMessages[K] {
  const found = messages.filter((message): message is ClientMessages[K] => message.type === type);
  const [message] = found;
  if (message === undefined || found.length !== 1) throw new Error(`${found.length} messages of type ${type}`);
  return message;
}

export const types = (messages: readonly ClientMessage[]): string[] => messages.map(({ type }) => type);
