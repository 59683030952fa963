/**
 * Runs the core: events in, effects out, and one timer. Everything but the terminal: what is drawn, or printed, is the
 * front's.
 */

import { hostname } from 'node:os';
import { ok } from '../../base/result.ts';
import { fingerprintOf } from '../../crypto/identity.ts';
import { addressText } from '../../link/address.ts';
import type { CloseReason, Link, LinkEvents } from '../../link/link.ts';
import type { PrivateCommand } from '../../peer/private.ts';
import type { ClientMessage } from '../../protocol/client-messages.ts';
import { decodeServerMessage, encode } from '../../protocol/codec.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import { keepDrafts } from '../core/drafts.ts';
import type { Effect, Env, Event } from '../core/event.ts';
import type { Login } from '../core/inner.ts';
import { noteSeen } from '../core/seen.ts';
import type { Size, State } from '../core/state.ts';
import { createState, update } from '../core/update.ts';
import { nextWake } from '../core/wake.ts';
import type { Reached } from './ask-server.ts';
import { besidePorts } from './both/beside-ports.ts';
import { BesideServer } from './both/beside-server.ts';
import { chosenKeys } from './chosen-keys.ts';
import { clock } from './clock.ts';
import { proofOf, type Refused } from './credentials.ts';
import type { DeviceKey } from './device-key.ts';
import { dialServer } from './dialing.ts';
import type { Dialled } from './dialled.ts';
import { readEmoji } from './emoji-table.ts';
import { setEnrolled } from './enrolled.ts';
import { systemWords } from './files.ts';
import { inSlices } from './in-slices.ts';
import { MemoryFile } from './memory-file.ts';
import { newGroup, newId } from './new-id.ts';
import { PrivateChats } from './private-chats.ts';

/** Milliseconds that a timer can wait (2^31 - 1). */
const LONGEST_TIMER_MS = 2_147_483_647;

/** How it ended: the person left, or the server never let us in. */
export type End = { readonly kind: 'left' } | ({ readonly kind: 'refused' } & Refused);

const closedWords = (reason: CloseReason, onLan: boolean): string => {
  if (reason.kind === 'failed') return `the connection broke (${reason.text})`;
  return onLan ? 'your uchat that was on the local network has ended' : 'the server closed the connection';
};

/** What only whoever has the terminal can do. */
type FrontEffect = Extract<
  Effect,
  { readonly do: 'mouse' | 'redraw' | 'copy' | 'notify' | 'suspend' | 'editor' | 'themes' | 'bell' }
>;

export interface Front {
  readonly size: Size;
  /** It has no screen and no keys, only lines. */
  readonly lines?: boolean;
  perform(effect: FrontEffect): void;
  /** After each event. */
  changed(state: State, event: Event): void;
}

export class Client {
  readonly state: State;
  /** What is wrong with what was chosen for keys, and with what is remembered of this screen. */
  readonly warnings: readonly string[];
  /** Resolves when the server has let us in, or the connection broke: there is nothing more to wait for. */
  readonly settled: Promise<void>;
  readonly ended: Promise<End>;
  readonly #front: Front;
  readonly #reached: Reached;
  #key: DeviceKey | undefined;
  /** Connected before the chat began; the first `connect` takes it. */
  #ready: Dialled | undefined;
  #link: Link | undefined;
  readonly #privates: PrivateChats;
  readonly #beside: BesideServer;
  readonly #memory: MemoryFile;
  #attempt: AbortController | undefined;
  #wake: NodeJS.Timeout | undefined;
  readonly #settle: () => void;
  readonly #end: (end: End) => void;

  /** @param key this device's key, where it logs in to the account. */
  constructor(front: Front, reached: Reached, login: Login, key?: DeviceKey) {
    this.#front = front;
    this.#key = key;
    this.#reached = reached;
    ({ promise: this.settled, resolve: this.#settle } = Promise.withResolvers<void>());
    ({ promise: this.ended, resolve: this.#end } = Promise.withResolvers<End>());
    // The warnings were told with those of the settings.
    this.#ready = { link: reached.link, notices: reached.notices, warnings: [] };
    const { address, folder, emoji, typing, telling } = reached.settings;
    this.#memory = new MemoryFile(folder, address, (text) => this.happens({ type: 'notice', text, bad: true }));
    const { memory, warning } = this.#memory.read();
    const { keymap, faults } = chosenKeys(reached.settings);
    this.warnings = [...faults, ...(warning === undefined ? [] : [warning])];
    this.state = createState({
      address: addressText(address),
      size: front.size,
      login,
      memory,
      keymap,
      emoji,
      typing,
      telling,
      lines: front.lines === true,
      plainChat: reached.settings.plainChat,
      fingerprintOf,
    });
    this.#privates = new PrivateChats({
      open: async (tell, fault) => {
        // A third of the program, and nothing that the first frame needs.
        const { openMessenger } = await import('./open-messenger.ts');
        return openMessenger(reached.settings, { send: (message) => this.#link?.write(encode(message)), tell, fault });
      },
      tell: (event) => this.happens({ type: 'private', event: this.#beside.fromMessenger(event) }),
    });
    this.#beside = new BesideServer(
      besidePorts(reached.settings, {
        toServer: (message) => this.#link?.write(encode(message)),
        happens: (event) => this.happens(event),
        state: this.state,
        pins: (user) => this.#privates.pins(user),
      }),
    );
  }

  happens(event: Event): void {
    const env: Env = { now: clock.now(), mono: clock.monotonic(), random: Math.random, newId, newGroup };
    for (const effect of update(this.state, event, env)) this.#perform(effect);
    this.#beside.settled(this.state);
    const { connection, self } = this.state;
    if (connection.kind === 'refused' && self === undefined) this.#end(connection);
    // Where the connection broke there is nothing more to wait for either: the screen says so.
    if (self !== undefined || connection.kind === 'waiting') this.#settle();
    this.#memory.keep(this.state.memory);
    this.#setTimer();
    this.#front.changed(this.state, event);
  }

  /** The server didn't let us in, and never had before. */
  get isRefused(): boolean {
    return this.state.connection.kind === 'refused' && this.state.self === undefined;
  }

  /** Opens the private chats, once; not before there is something to look at. */
  startPrivates(): void {
    if (this.state.self !== undefined && this.#privates.isOff) setImmediate(() => this.#privates.start());
  }

  /** Ends private chats, which never takes long; never rejects. */
  async leavePrivates(): Promise<void> {
    this.#remember();
    await this.#leaveAll();
  }

  /** On the server, and on the local network beside it. */
  async #leaveAll(): Promise<void> {
    await Promise.all([this.#privates.leave(), this.#beside.leave()]);
  }

  /** Nobody sees or says anything more. */
  gone(): void {
    this.#leave(() => this.#end({ kind: 'left' }));
  }

  close(): void {
    clearTimeout(this.#wake);
    this.#disconnect();
    this.#beside.close();
    this.#privates.close();
    this.keep();
  }

  /** What is remembered of this screen goes to the disk at once: the program ends. */
  keep(): void {
    keepDrafts(this.state);
    this.#memory.keep(this.state.memory);
    this.#remember();
  }

  /** How far one has read, too, which isn't written each time. */
  #remember(): void {
    noteSeen(this.state);
    this.#memory.keep(this.state.memory);
    this.#memory.flush();
  }

  #perform(effect: Effect): void {
    switch (effect.do) {
      case 'send':
        this.#send(effect.message);
        break;
      case 'connect':
        this.#connect();
        break;
      case 'disconnect':
        this.#disconnect();
        break;
      case 'quit':
        this.gone();
        break;
      case 'private':
        this.#command(effect.command);
        break;
      case 'lan':
        this.#beside.turn(effect.on);
        break;
      case 'openKey':
        this.#openKey(effect.label);
        break;
      case 'enrolled':
        this.#enrol(effect.name, true);
        break;
      case 'unenrolled':
        this.#forgetKey(effect.name, effect.fingerprint);
        break;
      case 'loadEmoji':
        this.#loadEmoji();
        break;
      case 'mouse':
      case 'redraw':
      case 'copy':
      case 'notify':
      case 'suspend':
      case 'editor':
      case 'themes':
      case 'bell':
        this.#front.perform(effect);
        break;
    }
  }

  #command(command: PrivateCommand): void {
    const left = this.#beside.command(command);
    if (left !== undefined) this.#privates.command(left);
  }

  #send(said: ClientMessage): void {
    const message = this.#beside.toServer(said);
    if (message === undefined) return;
    const link = this.#link;
    // Those whom one talks to are told by way of the server, so before it hears that we log off.
    if (message.type === 'bye') this.#leave(() => link?.write(encode(message)));
    else link?.write(encode(message));
  }

  /** When private chats are left; which never takes long. */
  #leave(then: () => void): void {
    this.#leaveAll().then(then, (error: unknown) => {
      throw error;
    });
  }

  #connect(): void {
    this.#disconnect();
    const attempt = new AbortController();
    this.#attempt = attempt;
    const ready = this.#ready;
    this.#ready = undefined;
    const { settings } = this.#reached;
    // Always later, never inside the update that asked for it.
    const dialled = ready === undefined ? dialServer(settings, attempt.signal) : Promise.resolve(ok(ready));
    dialled.then(
      (result) => {
        if (attempt.signal.aborted) {
          if (result.ok) result.value.link.destroy();
        } else if (result.ok) this.#connected(result.value);
        else if (result.error.kind === 'untrusted') {
          const { code, short, text } = result.error;
          this.happens({ type: 'linkRefused', code, text: short, details: text });
        } else this.happens({ type: 'linkDown', text: result.error.text });
      },
      // It never rejects; were it to, that is a fault to be told as such.
      (error: unknown) => {
        throw error;
      },
    );
  }

  #connected({ link, notices, warnings }: Dialled): void {
    this.#link = link;
    for (const text of notices) this.happens({ type: 'notice', text, bad: false });
    for (const text of warnings) this.happens({ type: 'notice', text, bad: true });
    const ours = (): boolean => this.#link === link;
    const events: LinkEvents = {
      frame: (line) => {
        if (ours()) this.#line(line);
      },
      fault: (fault) => {
        if (ours()) this.happens({ type: 'nonsense', text: fault });
      },
      drained: () => undefined,
      closed: (reason) => {
        if (!ours()) return;
        this.#link = undefined;
        this.#privates.offline();
        this.#beside.serverDown();
        this.happens({ type: 'linkDown', text: closedWords(reason, this.#reached.settings.lan !== undefined) });
      },
    };
    link.listen(inSlices(link, events));
    const proof = proofOf(this.#key, link);
    this.happens({ type: 'linkUp', secure: link.secure !== undefined, ...(proof === undefined ? {} : { proof }) });
  }

  /** Later, never inside the update that asked for it. */
  #openKey(label: string): void {
    import('./device-key.ts').then(
      ({ openDeviceKey }) => {
        const opened = openDeviceKey(this.#reached.settings.folder);
        if (!opened.ok) return this.happens({ type: 'notice', text: opened.error, bad: true });
        this.#key = opened.value;
        const { publicKey: key, fingerprint } = opened.value;
        this.happens({ type: 'deviceKey', key, fingerprint, label: label || hostname() });
      },
      // Its file is there, or nothing of the program is.
      (error: unknown) => {
        throw error;
      },
    );
  }

  /** Later, never inside the update that asked for it. */
  #loadEmoji(): void {
    readEmoji().then(
      (table) => this.happens({ type: 'emoji', table }),
      // It is there, or nothing of the program is.
      (error: unknown) => {
        throw error;
      },
    );
  }

  #forgetKey(name: string, fingerprint: string): void {
    const own = this.#key?.fingerprint === fingerprint;
    // Another device's key is its own business.
    if (own) this.#enrol(name, false);
    if (own) this.#key = undefined;
  }

  #enrol(name: string, is: boolean): void {
    const { folder, address } = this.#reached.settings;
    try {
      setEnrolled(folder, address, name, is);
    } catch (error) {
      const text = `what this device logs in to could not be noted: ${systemWords(error)}`;
      queueMicrotask(() => this.happens({ type: 'notice', text, bad: true }));
    }
  }

  #line(line: string): void {
    const message = decodeServerMessage(line);
    if (message.ok) this.#received(message.value);
    // A newer server may say what we don't know; it is not for us.
    else if (message.error.code !== 'unknown_type') this.happens({ type: 'nonsense', text: message.error.text });
  }

  #received(message: ServerMessage): void {
    // Logged off for being idle: direct chats end, too.
    if (message.type === 'bye' && message.reason === 'idle') this.#leave(() => undefined);
    const isTaken = this.#beside.takes(message) || this.#privates.receive(message);
    // What isn't opened yet has a place in the mailbox, up to which the server must not forget.
    if (!isTaken || message.type === 'mail') {
      this.happens({ type: 'message', message: this.#beside.fromServer(message) });
    }
    if (message.type === 'welcome') this.#privates.online(message.user);
  }

  #disconnect(): void {
    this.#attempt?.abort();
    this.#attempt = undefined;
    const link = this.#link;
    this.#link = undefined;
    link?.destroy();
    this.#privates.offline();
    this.#beside.serverDown();
  }

  #setTimer(): void {
    clearTimeout(this.#wake);
    const at = nextWake(this.state);
    if (at === undefined) return;
    const wait = Math.min(LONGEST_TIMER_MS, Math.max(0, at - clock.monotonic()));
    this.#wake = setTimeout(() => this.happens({ type: 'tick' }), wait);
  }
}
