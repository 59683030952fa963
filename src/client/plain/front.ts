/**
 * The client as lines, for screen readers, terminals without a full screen, and pipes. What is typed is edited by the
 * terminal itself, line by line; what is told is written once and never changed. No control character is ever written.
 */

import { err } from '../../base/result.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import type { Event } from '../core/event.ts';
import { nothingOlder } from '../core/gone.ts';
import type { Login } from '../core/inner.ts';
import { activeTab, tabName } from '../core/lookup.ts';
import { countUnsent, MAX_PENDING } from '../core/outbox.ts';
import type { State, Tab } from '../core/state.ts';
import type { Reached } from '../shell/ask-server.ts';
import { Client, type End, type Front } from '../shell/client.ts';
import { clock } from '../shell/clock.ts';
import type { DeviceKey } from '../shell/device-key.ts';
import { askPassword } from '../shell/read-password.ts';
import { ascii } from './ascii.ts';
import { LineReader, MAX_LINE } from './line-reader.ts';
import { countRefused, countWaiting, isKnown, isQuit, olderAsked } from './questions.ts';
import { Teller } from './teller.ts';

/** Milliseconds in which the next message must arrive, or the last answer come, at the end of a pipe. */
const SEND_WITHIN_MS = 10_000;
/** Milliseconds that lines wait for the rooms and the people at the start. */
const KNOWN_WITHIN_MS = 3000;
/** Messages under way from which on no line is read, and to which they must have come down again: a long line is many. */
const HOLD = { from: MAX_PENDING / 2, to: MAX_PENDING / 4 } as const;
/** Milliseconds after which one looks again at what is on its way. */
const LOOK_EVERY_MS = 1000;
const SIGNALS = ['SIGTERM', 'SIGHUP'] as const;

export interface PlainStreams {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: { write(text: string): unknown };
  /** Only ASCII: the locale isn't UTF-8. */
  readonly ascii: boolean;
}

/** Of a pipe: what didn't arrive in time, and the lines with which something was wrong. */
export type PlainEnd =
  | End
  | { readonly kind: 'unsent'; readonly count: number }
  | { readonly kind: 'faulty'; readonly count: number };

/** It was told, and counts as new no longer. */
const isNews = ({ unread, unreadFrom, inner }: Tab): boolean =>
  unread > 0 || unreadFrom !== undefined || inner.unseenAfter !== undefined;

export class Plain implements Front {
  readonly size = { columns: 100, rows: 50 };
  readonly lines = true;
  readonly #streams: PlainStreams;
  readonly #reached: Reached;
  readonly #client: Client;
  readonly #teller = new Teller();
  readonly #reader: LineReader;
  #isDue = false;
  #isAsking = false;
  /** Lines may be heard. */
  #isStarted = false;
  #isFull = false;
  #isLeaving = false;
  /** Lines with which something was wrong. */
  #faults = 0;
  /** What was least on its way since the input has ended. */
  #least = Number.POSITIVE_INFINITY;
  /** A page of older messages that is on its way. */
  #older: { readonly tab: Tab; readonly count: number } | undefined;
  readonly #known = Promise.withResolvers<void>();
  /** The input has ended: when what is unsent is given up, monotonic ms. */
  #endsAt: number | undefined;
  #look: NodeJS.Timeout | undefined;
  #unsent: (end: PlainEnd) => void = () => undefined;

  constructor(streams: PlainStreams, reached: Reached, login: Login, key?: DeviceKey) {
    this.#streams = streams;
    this.#reached = reached;
    this.#client = new Client(this, reached, login, key);
    this.#reader = new LineReader(streams.input, {
      line: (text) => this.#line(text),
      tooLong: () => this.#fault(`a line of more than ${MAX_LINE} characters was not sent`),
      ended: () => this.#ended(),
    });
  }

  async run(): Promise<PlainEnd> {
    const client = this.#client;
    const unsent = Promise.withResolvers<PlainEnd>();
    this.#unsent = unsent.resolve;
    const onInterrupt = (): void => client.happens({ type: 'interrupt' });
    const onSignal = (signal: NodeJS.Signals): void => {
      process.off('SIGINT', onInterrupt);
      for (const one of SIGNALS) process.off(one, onSignal);
      const end = (): void => void process.kill(process.pid, signal);
      client.leavePrivates().then(end, end);
    };
    process.on('SIGINT', onInterrupt);
    for (const signal of SIGNALS) process.on(signal, onSignal);
    try {
      client.happens({ type: 'start' });
      await Promise.race([client.settled, client.ended]);
      if (!client.isRefused) {
        for (const warning of [...this.#reached.settings.warnings, ...client.warnings]) this.#say(`! ${warning}`);
        const late = setTimeout(this.#known.resolve, KNOWN_WITHIN_MS);
        await Promise.race([this.#known.promise, client.ended]);
        clearTimeout(late);
        this.#tell();
        this.#isStarted = true;
        this.#steer();
      }
      const end = await Promise.race([client.ended, unsent.promise]);
      const faults = this.#faults + countRefused(client.state);
      return end.kind === 'left' && faults > 0 && !this.#isTerminal ? { kind: 'faulty', count: faults } : end;
    } finally {
      process.off('SIGINT', onInterrupt);
      for (const signal of SIGNALS) process.off(signal, onSignal);
      clearTimeout(this.#look);
      this.#isStarted = false;
      this.#reader.drop();
      client.close();
      this.#tell();
    }
  }

  changed(state: State, _event: Event): void {
    if (isKnown(state)) this.#known.resolve();
    this.#steer();
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#tell();
      this.#follow();
    });
  }

  perform(effect: Parameters<Front['perform']>[0]): void {
    switch (effect.do) {
      // There is nothing to redraw or to point at, and whoever reads along hears every line.
      case 'redraw':
      case 'mouse':
      case 'notify':
      case 'bell':
      case 'suspend':
        break;
      case 'themes':
        this.#say('there are no colours here');
        break;
      case 'copy':
        this.#say('nothing is copied here: the line is above');
        break;
      case 'editor':
        queueMicrotask(() => {
          const result = err('there is no editor here: write the line');
          this.#client.happens({ type: 'edited', tab: effect.tab, result });
        });
        break;
    }
  }

  get #isTerminal(): boolean {
    return this.#streams.input.isTTY === true;
  }

  /** Whether the next line may be heard: at once, before there is one more. */
  #steer(): void {
    const { state } = this.#client;
    const busy = this.#isTerminal ? countWaiting(state) : countUnsent(state);
    this.#isFull = busy >= (this.#isFull ? HOLD.to + 1 : HOLD.from);
    const isAsked = state.prompt !== undefined || this.#isAsking;
    if (isAsked && this.#isTerminal) this.#reader.leave();
    // Nobody can tell what follows from an answer.
    else if (isAsked) this.#reader.drop();
    else if (this.#isFull || isAsked || !this.#isStarted || this.#endsAt !== undefined) this.#reader.hold();
    else this.#reader.open();
  }

  #line(text: string): void {
    // What was said before has to arrive first.
    if (!this.#isTerminal && isQuit(text)) return this.#endInput();
    const asked = olderAsked(text);
    if (asked === undefined) this.#enter(text);
    else if (asked.kind === 'wrong') this.#fault(asked.text);
    else this.#askOlder(text, asked.name, asked.count);
    // Before the next one: an answer to this one must not be lost in the answer to that.
    this.#tell();
  }

  #enter(text: string): void {
    this.#teller.lineCame();
    this.#client.happens({ type: 'line', text });
    if (this.#client.state.hint?.bad === true) this.#faults++;
  }

  #fault(text: string): void {
    this.#faults++;
    this.#say(`! ${text}`);
  }

  /** What is held and wasn't told comes at once; else it is asked for, and told when it has come. */
  #askOlder(text: string, name: string, count: number): void {
    const { state } = this.#client;
    const here = activeTab(state);
    const held = name === '' ? this.#teller.older(state, here, count) : [];
    if (held.length > 0) return this.#sayOlder(here, held);
    // How many a room's page has is the server's to say.
    this.#enter(here.kind === 'room' && name === '' ? '/history' : text);
    if (state.hint !== undefined) return;
    const tab = activeTab(state);
    // Of what nobody has heard yet, the newest come first.
    if (this.#teller.knows(tab)) this.#older = { tab, count };
    else this.#teller.expect(tab, count);
  }

  #sayOlder(tab: Tab, lines: readonly string[]): void {
    this.#say(`older messages of ${tabName(tab)}:`, ...lines, 'that was older');
  }

  #tellOlder(): void {
    const { state } = this.#client;
    if (this.#older === undefined) return;
    const { tab, count } = this.#older;
    if (tab.log.older === 'loading') return;
    this.#older = undefined;
    const lines = this.#teller.older(state, tab, count);
    if (lines.length > 0) this.#sayOlder(tab, lines);
    else if (state.hint === undefined) this.#say(`${nothingOlder(tab)} in ${tabName(tab)}`);
  }

  #endInput(): void {
    this.#reader.drop();
    this.#ended();
  }

  #ended(): void {
    this.#endsAt = clock.monotonic() + SEND_WITHIN_MS;
    this.#follow();
  }

  #tell(): void {
    const lines = this.#teller.take(this.#client.state, clock.now());
    if (lines.length > 0) this.#say(...lines);
    this.#tellOlder();
  }

  #say(...lines: string[]): void {
    const text = lines.map((line) => sanitizeLine(line).replace(/[^\P{Cc}]/gu, ' ')).join('\n');
    this.#streams.output.write(`${this.#streams.ascii ? ascii(text) : text}\n`);
  }

  /** What follows from the state, once it was told. */
  #follow(): void {
    const { state } = this.#client;
    this.#client.startPrivates();
    if (state.tabs.some(isNews)) {
      this.#client.happens({ type: 'told' });
    }
    if (state.prompt !== undefined && !this.#isAsking && state.inner.secret?.step !== 'opening')
      this.#ask(state.prompt.text);
    this.#steer();
    clearTimeout(this.#look);
    const unsent = countUnsent(state);
    if (unsent > 0) this.#look = setTimeout(() => this.changed(state, { type: 'tick' }), LOOK_EVERY_MS);
    if (this.#endsAt !== undefined && !this.#isAsking && !this.#isLeaving) this.#leave(unsent, this.#endsAt);
  }

  /** There is no more input: what is on its way arrives first, and so do answers. */
  #leave(unsent: number, endsAt: number): void {
    const { state } = this.#client;
    const now = clock.monotonic();
    const open = unsent + state.inner.requests.size + (this.#older === undefined ? 0 : 1);
    if (open < this.#least) {
      this.#least = open;
      this.#endsAt = now + SEND_WITHIN_MS;
    }
    const isLate = now >= endsAt;
    if (unsent === 0 && state.self !== undefined && (open === 0 || isLate)) {
      this.#isLeaving = true;
      // The numbers that nobody compares come first.
      if (state.overlay?.kind === 'verify') this.#client.happens({ type: 'interrupt' });
      this.#client.happens({ type: 'interrupt' });
    } else if (isLate) this.#unsent({ kind: 'unsent', count: unsent });
    else this.#look = setTimeout(() => this.#follow(), LOOK_EVERY_MS);
  }

  /** A password is read without being shown, and only from a terminal. */
  #ask(question: string): void {
    if (!this.#isTerminal) {
      this.#isAsking = true;
      this.#fault('a password is only asked for at a terminal: no line after this one is read');
      this.#client.happens({ type: 'secret' });
      this.#isAsking = false;
      this.#endInput();
      return;
    }
    this.#isAsking = true;
    this.#steer();
    const asked = askPassword(`${sanitizeLine(question)}: `, process.stdin, this.#streams.output);
    asked.then(
      (answer) => {
        this.#isAsking = false;
        if (answer.kind === 'failed') this.#say(`! ${answer.text}`);
        const text = answer.kind === 'password' ? answer.password.reveal() : undefined;
        this.#client.happens({ type: 'secret', ...(text === undefined ? {} : { text }) });
      },
      (error: unknown) => {
        throw error;
      },
    );
  }
}
