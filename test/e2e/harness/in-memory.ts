/**
 * A server and its people without processes, sockets, disk or waiting: the whole core of the server, and for each person
 * the decoder of their keys, the core and the view. There is one clock, and it moves when somebody waits to see
 * something. Private chats are not there: their cryptography takes real time.
 */
import type { ClientId, GroupId } from '../../../src/base/ids.ts';
import { LETTERS_AFTER_MS } from '../../../src/client/core/chats.ts';
import { keepDrafts } from '../../../src/client/core/drafts.ts';
import type { Effect, Env, Event } from '../../../src/client/core/event.ts';
import type { Memory } from '../../../src/client/core/memory.ts';
import { noteSeen } from '../../../src/client/core/seen.ts';
import type { Size, State } from '../../../src/client/core/state.ts';
import { createState, update } from '../../../src/client/core/update.ts';
import { nextWake } from '../../../src/client/core/wake.ts';
import { readEmoji } from '../../../src/client/shell/emoji-table.ts';
import { ScreenThemes } from '../../../src/client/shell/screen-themes.ts';
import { type Input, KeyDecoder } from '../../../src/client/terminal/decode.ts';
import { view } from '../../../src/client/view/view.ts';
import type { ClientMessage } from '../../../src/protocol/client-messages.ts';
import { decodeServerMessage, encode } from '../../../src/protocol/codec.ts';
import type { Session } from '../../../src/server/core/session.ts';
import { renderFrame } from '../../screen/frame.ts';
import { World } from '../../server/core/world.ts';
import { bytesOf } from './keys.ts';
import { Hands, type Person } from './person.ts';
import { isSeen, type Sight } from './sight.ts';

/** Milliseconds of that clock that anything may take: longer than a server that is silent is believed in. */
const WITHIN_MS = 60_000;
/** Milliseconds that it moves at most in one go: ages and count-downs on the screen move on, too. */
const STEP_MS = 1000;
/** Turns after which what goes to and fro goes to and fro for ever. */
const MOST_TURNS = 1000;
/** Milliseconds: as long as a test. */
const AWAY_AFTER_MS = 3_600_000;
/** Friday 20 November 2026, 08:00 UTC on that clock; the server's wall clock is an hour ahead. */
const BEGINS_AT = Date.UTC(2026, 10, 20, 8);

const utf8 = new TextEncoder();

export type ServerIs = 'up' | 'gone' | 'frozen';

export class InMemory {
  readonly #server = new World({ awayAfter: AWAY_AFTER_MS, logOffAfter: 2 * AWAY_AFTER_MS, rateLimit: true });
  readonly #people: MemoryPerson[] = [];
  #serverIs: ServerIs = 'up';
  #ids = 0;

  constructor() {
    this.#server.mono = BEGINS_AT;
  }

  person(name: string, size: Size): Person {
    const person = new MemoryPerson(this, name, size);
    this.#people.push(person);
    return person;
  }

  get env(): Env {
    const { wall, mono } = this.#server.now();
    const id = (): string => `id-${String(++this.#ids).padStart(13, '0')}`;
    return { now: wall, mono, random: () => 0.5, newId: () => id() as ClientId, newGroup: () => id() as GroupId };
  }

  get serverIs(): ServerIs {
    return this.#serverIs;
  }

  /** Gone: as after kill -9, to come back with all that it had stored. Frozen: it has the connections, and says nothing. */
  set serverIs(is: ServerIs) {
    this.#serverIs = is;
    if (is === 'gone') for (const person of this.#people) person.cutOff('the server closed the connection');
  }

  connect(): Session | undefined {
    return this.#serverIs === 'up' ? this.#server.connect() : undefined;
  }

  disconnect(session: Session): void {
    this.#server.close(session);
  }

  /** Tells the server. @returns what it says to this session, as it comes over the wire; undefined: that it is over. */
  exchange(session: Session, messages: readonly ClientMessage[]): readonly string[] {
    for (const message of messages) this.#server.tell(session, message);
    return this.#server.take(session).map((message) => encode(message).trimEnd());
  }

  isOver(session: Session): boolean {
    return this.#server.ended.has(session.id);
  }

  /** Until nothing is under way any more, neither on the wire nor on the disk. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      let isQuiet = true;
      for (const person of this.#people) if (await person.exchange()) isQuiet = false;
      if (isQuiet) return;
    }
    throw new Error('it does not come to rest');
  }

  /** Time passes for everybody, with timers that are as punctual as they ask. */
  async pass(ms: number): Promise<void> {
    const end = this.#server.mono + ms;
    while (this.#server.mono < end) {
      const wakes = this.#people.map(({ wake }) => wake);
      const next = Math.max(this.#server.mono, Math.min(end, this.#server.mono + STEP_MS, ...wakes));
      // At its very time, and not again and again.
      this.#server.advance(Math.max(1, next - this.#server.mono));
      for (const person of this.#people) person.tick();
      await this.settle();
    }
  }

  /** @returns whether it holds, now or within a minute. */
  async within(holds: () => boolean): Promise<boolean> {
    await this.settle();
    for (let passed = 0; !holds(); passed += STEP_MS) {
      if (passed >= WITHIN_MS) return false;
      await this.pass(STEP_MS);
    }
    return true;
  }
}

class MemoryPerson extends Hands implements Person {
  readonly #world: InMemory;
  readonly #name: string;
  #state: State;
  #decoder = new KeyDecoder();
  #themes = new ScreenThemes(undefined, undefined, undefined, {});
  #session: Session | undefined;
  #wantsLink = false;
  #out: ClientMessage[] = [];
  /** What the shell was asked for, and answers later. */
  #asked: Promise<Event>[] = [];
  #isHere = true;
  bells = 0;

  constructor(world: InMemory, name: string, size: Size) {
    super();
    this.#world = world;
    this.#name = name;
    this.#state = this.#start(size);
  }

  #start(size: Size, memory?: Memory): State {
    const login = { method: 'guest', name: this.#name } as const;
    this.#state = createState({ address: 'memory:2428', size, login, ...(memory === undefined ? {} : { memory }) });
    this.#decoder = new KeyDecoder();
    this.#themes = new ScreenThemes(undefined, memory?.theme, undefined, {});
    this.#asked = [this.#themes.start()];
    this.#happens({ type: 'start' });
    return this.#state;
  }

  type(text: string): this {
    for (const input of this.#decoder.feed(utf8.encode(text))) this.#input(input);
    if (this.#decoder.waiting === 'escape') for (const input of this.#decoder.timeout()) this.#input(input);
    return this;
  }

  press(...keys: readonly string[]): this {
    for (const key of keys) this.type(bytesOf(key, true));
    return this;
  }

  paste(text: string): this {
    return this.type(`\x1b[200~${text.replaceAll('\n', '\r')}\x1b[201~`);
  }

  resize(columns: number, rows: number): this {
    return this.#happens({ type: 'resize', columns, rows });
  }

  async answer(letter: string): Promise<void> {
    await this.#world.pass(LETTERS_AFTER_MS);
    this.press(letter);
  }

  async sees(sight: Sight): Promise<readonly string[]> {
    if (await this.#world.within(() => isSeen(this.screen(), sight))) return this.screen();
    throw new Error(`${this.#name} does not see ${String(sight)}\n${this.screen().join('\n')}`);
  }

  async seesNoMore(sight: Sight): Promise<void> {
    if (await this.#world.within(() => !isSeen(this.screen(), sight))) return;
    throw new Error(`${this.#name} still sees ${String(sight)}\n${this.screen().join('\n')}`);
  }

  screen(): readonly string[] {
    return renderFrame(view(this.#state, this.#world.env)).split('\n');
  }

  async comesBack(size: Size = this.#state.size): Promise<void> {
    keepDrafts(this.#state);
    noteSeen(this.#state);
    this.#disconnect();
    this.#start(size, this.#state.memory);
    await this.#world.settle();
  }

  async leaves(): Promise<void> {
    this.say('/quit');
    if (!(await this.#world.within(() => !this.#isHere))) throw new Error(`${this.#name} can't leave`);
  }

  get wake(): number {
    return this.#isHere ? (nextWake(this.#state) ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  }

  tick(): void {
    if (this.wake <= this.#world.env.mono) this.#happens({ type: 'tick' });
  }

  /** The link broke. */
  cutOff(text: string): void {
    if (this.#session === undefined) return;
    this.#disconnect();
    this.#happens({ type: 'linkDown', text });
  }

  /** What has to go goes, and what has come is heard. @returns whether there was anything. */
  async exchange(): Promise<boolean> {
    const answers = await Promise.all(this.#asked.splice(0));
    for (const event of answers) this.#happens(event);
    if (this.#wantsLink) return this.#connect();
    const session = this.#session;
    if (session === undefined || this.#world.serverIs === 'frozen') return answers.length > 0;
    const said = this.#out.splice(0);
    const lines = this.#world.exchange(session, said);
    for (const line of lines) {
      const message = decodeServerMessage(line);
      if (!message.ok) throw new Error(`not a message of the protocol: ${message.error.text} in ${line}`);
      if (this.#session === session) this.#happens({ type: 'message', message: message.value });
    }
    const isOver = this.#session === session && this.#world.isOver(session);
    if (isOver) this.cutOff('the server closed the connection');
    return isOver || answers.length + said.length + lines.length > 0;
  }

  #connect(): true {
    this.#wantsLink = false;
    this.#session = this.#world.connect();
    this.#happens(
      this.#session === undefined ? { type: 'linkDown', text: 'nothing listens there' } : { type: 'linkUp' },
    );
    return true;
  }

  #disconnect(): void {
    this.#wantsLink = false;
    this.#out = [];
    const session = this.#session;
    this.#session = undefined;
    if (session !== undefined) this.#world.disconnect(session);
  }

  #input(input: Input): void {
    switch (input.kind) {
      case 'focus':
        this.#happens({ type: 'focus', on: input.on });
        break;
      case 'text':
      case 'paste':
      case 'key':
        this.#happens({ type: 'key', key: input });
        break;
      case 'click':
      case 'drag':
      case 'release':
      case 'wheel':
        throw new Error('nobody has a mouse here');
    }
  }

  #happens(event: Event): this {
    if (this.#isHere) for (const effect of update(this.#state, event, this.#world.env)) this.#perform(effect);
    return this;
  }

  #perform(effect: Effect): void {
    switch (effect.do) {
      case 'send':
        this.#out.push(effect.message);
        break;
      case 'connect':
        this.#disconnect();
        this.#wantsLink = true;
        break;
      case 'disconnect':
        this.#disconnect();
        break;
      case 'quit':
        this.#isHere = false;
        this.#disconnect();
        break;
      case 'bell':
        this.bells += 1;
        break;
      case 'loadEmoji':
        this.#asked.push(readEmoji().then((table) => ({ type: 'emoji', table })));
        break;
      case 'themes':
        this.#asked.push(this.#themes.answer(effect.ask));
        break;
      case 'private':
      case 'mouse':
      case 'redraw':
      case 'copy':
      case 'notify':
        break;
      case 'lan':
      case 'openKey':
      case 'enrolled':
      case 'unenrolled':
      case 'suspend':
      case 'editor':
        throw new Error(`not in memory: ${effect.do}`);
    }
  }
}
