/** A client's core under test: its clock, its chance and its ids are the test's, and what it wants outside is noted. */
import type { ClientId, RoomName, Seq, UnixMs, UserName } from '../../../src/base/ids.ts';
import type { Effect, Env, Event } from '../../../src/client/core/event.ts';
import type { Login } from '../../../src/client/core/inner.ts';
import { personTabOf, tabName, tabOf } from '../../../src/client/core/lookup.ts';
import type { LogEntry } from '../../../src/client/core/message-log.ts';
import type { PersonTab, RoomTab, State, Tab } from '../../../src/client/core/state.ts';
import { createState, update } from '../../../src/client/core/update.ts';
import type { ClientMessage, ClientMessages, ClientMessageType } from '../../../src/protocol/client-messages.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/limits.ts';
import type { RoomInfo, ServerMessage, ServerMessages } from '../../../src/protocol/server-messages.ts';

export const room = (name: string): RoomName => name as RoomName;
export const user = (name: string): UserName => name as UserName;
export const seq = (n: number): Seq => n as Seq;
export const at = (ms: number): UnixMs => ms as UnixMs;
export const clientId = (id: string): ClientId => id as ClientId;
export const info = (name: string, last = 0, topic = ''): RoomInfo => ({ name: room(name), topic, last: seq(last) });

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

  constructor(options: { login?: Login; columns?: number; rows?: number } = {}) {
    this.state = createState({
      address: 'box:2428',
      size: { columns: options.columns ?? 80, rows: options.rows ?? 24 },
      login: options.login ?? { method: 'host' },
    });
  }

  get env(): Env {
    return {
      now: at(START + this.mono),
      mono: this.mono,
      random: () => this.chance,
      newId: () => clientId(`id-${++this.#ids}`),
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

  /** Types a line and presses Enter; the reports of activity are left out. */
  enter(text: string): ClientMessage[] {
    return [...this.type(text), ...this.key('enter')].filter(({ type }) => type !== 'activity');
  }

  /** Lets time pass, without a tick. */
  pass(ms: number): void {
    this.mono += ms;
  }

  tick(): readonly Effect[] {
    return this.event({ type: 'tick' });
  }

  /** Starts, and is let in. */
  login(rooms: readonly RoomInfo[] = [info('#lobby')], name = 'alice'): ClientMessage[] {
    if (this.state.connection.kind !== 'connecting' || this.effects.length === 0) this.event({ type: 'start' });
    this.event({ type: 'linkUp' });
    return this.welcome(rooms, name);
  }

  welcome(rooms: readonly RoomInfo[] = [info('#lobby')], name = 'alice', operator = false): ClientMessage[] {
    return this.get({
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

  /** A private message to us; 0 is the place of one that is not kept. */
  mail(n: number, body: string, from = 'bob', more: Partial<ServerMessages['mail']> = {}): ClientMessage[] {
    return this.get({
      type: 'mail',
      n: seq(n),
      kind: 'text',
      from: user(from),
      to: this.state.self?.name ?? user('alice'),
      body,
      time: at(START + this.mono),
      ...more,
    });
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
    const tab: Tab = name.startsWith('#') ? this.tab(name) : this.person(name);
    return tab.log.entries;
  }
}

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
