/** Runs the core: events in, effects out, one timer, one frame after a batch of events. */
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { ok } from '../../base/result.ts';
import { addressText } from '../../link/address.ts';
import type { CloseReason, Link } from '../../link/link.ts';
import type { ClientMessage } from '../../protocol/client-messages.ts';
import { decodeServerMessage, encode } from '../../protocol/codec.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import type { Effect, Env, Event } from '../core/event.ts';
import type { Login } from '../core/inner.ts';
import type { State } from '../core/state.ts';
import { createState, update } from '../core/update.ts';
import { nextWake } from '../core/wake.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { isCounting } from '../view/counting.ts';
import { view } from '../view/view.ts';
import type { Reached } from './ask-server.ts';
import { clock } from './clock.ts';
import { proofOf, type Refused } from './credentials.ts';
import type { DeviceKey } from './device-key.ts';
import { dialServer } from './dialing.ts';
import type { Dialled } from './dialled.ts';
import { setEnrolled } from './enrolled.ts';
import { systemWords } from './files.ts';
import { newGroup, newId } from './new-id.ts';
import { PrivateChats } from './private-chats.ts';
import type { Screen } from './screen.ts';

/** Milliseconds between two frames: more are not seen. */
const FRAME_MS = 16;
/** Milliseconds between two frames when nothing happens: the clock and the ages in the list move on. */
const IDLE_FRAME_MS = 5000;
/** The same while a count-down is on the screen. */
const COUNTING_FRAME_MS = 1000;
/**
 * Milliseconds that the screen waits for the server's first word: so one that refuses is told on a plain line, without
 * the full screen flashing up, and the first frame shows the room.
 */
const SETTLE_WITHIN_MS = 300;
/** The same where a password is looked at, which may have to wait for others'. What it comes to is asked about on plain lines. */
const CHECKED_WITHIN_MS = 8000;
/** Milliseconds that a timer can wait (2^31 - 1). */
const LONGEST_TIMER_MS = 2_147_483_647;

/** How it ended: the person left, or the server never let us in. */
export type End = { readonly kind: 'left' } | ({ readonly kind: 'refused' } & Refused);

const closedWords = (reason: CloseReason): string =>
  reason.kind === 'failed' ? `the connection broke (${reason.text})` : 'the server closed the connection';

export class Chat {
  readonly #screen: Screen;
  readonly #reached: Reached;
  #key: DeviceKey | undefined;
  /** How long the first word is waited for (ms). */
  readonly #settleWithin: number;
  readonly #state: State;
  /** Connected before the chat began; the first `connect` takes it. */
  #ready: Dialled | undefined;
  #link: Link | undefined;
  readonly #privates: PrivateChats;
  #attempt: AbortController | undefined;
  #terminal: Terminal | undefined;
  #wake: NodeJS.Timeout | undefined;
  #frame: NodeJS.Timeout | undefined;
  /** Monotonic milliseconds of the last frame, and of the one that `#frame` will draw. */
  #drawnAt = Number.NEGATIVE_INFINITY;
  #frameAt = Number.POSITIVE_INFINITY;
  /** The server has let us in. */
  readonly #settled = Promise.withResolvers<void>();
  #end: (end: End) => void = () => undefined;

  /** @param key this device's key, where it logs in to the account. */
  constructor(screen: Screen, reached: Reached, login: Login, key?: DeviceKey) {
    this.#screen = screen;
    this.#key = key;
    this.#settleWithin = login.method === 'account' ? CHECKED_WITHIN_MS : SETTLE_WITHIN_MS;
    this.#reached = reached;
    // The warnings were told with those of the settings.
    this.#ready = { link: reached.link, notices: reached.notices, warnings: [] };
    this.#state = createState({
      address: addressText(reached.settings.address),
      size: { columns: 80, rows: 24 },
      login,
    });
    this.#privates = new PrivateChats({
      open: async (tell, fault) => {
        // A third of the program, and nothing that the first frame needs.
        const { openMessenger } = await import('./open-messenger.ts');
        return openMessenger(reached.settings, { send: (message) => this.#link?.write(encode(message)), tell, fault });
      },
      tell: (event) => this.#happens({ type: 'private', event }),
    });
  }

  async run(): Promise<End> {
    const { promise, resolve } = Promise.withResolvers<End>();
    this.#end = resolve;
    try {
      this.#happens({ type: 'start' });
      await Promise.race([this.#settled.promise, promise, delay(this.#settleWithin, undefined, { ref: false })]);
      if (this.#isRefused()) return await promise;
      const terminal = await this.#screen.enter({
        key: (key) => this.#happens({ type: 'key', key }),
        resize: ({ columns, rows }) => this.#happens({ type: 'resize', columns, rows }),
        click: (x, y) => this.#happens({ type: 'click', x, y }),
        wheel: (up) => this.#happens({ type: 'wheel', up }),
        leave: () => this.#privates.leave(),
        gone: () => this.#leave(() => resolve({ kind: 'left' })),
      });
      this.#terminal = terminal;
      terminal.mouse(this.#reached.settings.mouse);
      this.#happens({ type: 'resize', ...terminal.size });
      const [warning, ...more] = this.#reached.settings.warnings;
      const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
      if (warning !== undefined) this.#state.hint = { text: warning + others, bad: true };
      return await promise;
    } finally {
      clearTimeout(this.#wake);
      clearTimeout(this.#frame);
      this.#disconnect();
      this.#privates.close();
    }
  }

  #happens(event: Event): void {
    const env: Env = { now: clock.now(), mono: clock.monotonic(), random: Math.random, newId, newGroup };
    for (const effect of update(this.#state, event, env)) this.#perform(effect);
    const { connection, self } = this.#state;
    if (connection.kind === 'refused' && self === undefined) this.#end(connection);
    // Where the connection broke there is nothing more to wait for either: the screen says so.
    if (self !== undefined || connection.kind === 'waiting') this.#settled.resolve();
    this.#setTimer();
    this.#drawSoon(FRAME_MS);
  }

  /** The server didn't let us in, and never had before. */
  #isRefused(): boolean {
    return this.#state.connection.kind === 'refused' && this.#state.self === undefined;
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
        this.#leave(() => this.#end({ kind: 'left' }));
        break;
      case 'private':
        this.#privates.command(effect.command);
        break;
      case 'mouse':
        this.#terminal?.mouse(effect.on);
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
      case 'redraw':
        this.#terminal?.redraw();
        break;
      case 'bell':
        this.#terminal?.bell();
        break;
    }
  }

  #send(message: ClientMessage): void {
    const link = this.#link;
    // Those whom one talks to are told by way of the server, so before it hears that we log off.
    if (message.type === 'bye') this.#leave(() => link?.write(encode(message)));
    else link?.write(encode(message));
  }

  /** When private chats are left; which never takes long. */
  #leave(then: () => void): void {
    this.#privates.leave().then(then, (error: unknown) => {
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
          this.#happens({ type: 'linkRefused', code, text: short, details: text });
        } else this.#happens({ type: 'linkDown', text: result.error.text });
      },
      // It never rejects; were it to, that is a fault to be told as such.
      (error: unknown) => {
        throw error;
      },
    );
  }

  #connected({ link, notices, warnings }: Dialled): void {
    this.#link = link;
    for (const text of notices) this.#happens({ type: 'notice', text, bad: false });
    for (const text of warnings) this.#happens({ type: 'notice', text, bad: true });
    const ours = (): boolean => this.#link === link;
    link.listen({
      frame: (line) => {
        if (ours()) this.#line(line);
      },
      fault: (fault) => {
        if (ours()) this.#happens({ type: 'nonsense', text: fault });
      },
      drained: () => undefined,
      closed: (reason) => {
        if (!ours()) return;
        this.#link = undefined;
        this.#privates.offline();
        this.#happens({ type: 'linkDown', text: closedWords(reason) });
      },
    });
    const proof = proofOf(this.#key, link);
    this.#happens({ type: 'linkUp', secure: link.secure !== undefined, ...(proof === undefined ? {} : { proof }) });
  }

  /** Later, never inside the update that asked for it. */
  #openKey(label: string): void {
    import('./device-key.ts').then(
      ({ openDeviceKey }) => {
        const opened = openDeviceKey(this.#reached.settings.folder);
        if (!opened.ok) return this.#happens({ type: 'notice', text: opened.error, bad: true });
        this.#key = opened.value;
        const { publicKey: key, fingerprint } = opened.value;
        this.#happens({ type: 'deviceKey', key, fingerprint, label: label || hostname() });
      },
      // Its file is there, or nothing of the program is.
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
      queueMicrotask(() => this.#happens({ type: 'notice', text, bad: true }));
    }
  }

  #line(line: string): void {
    const message = decodeServerMessage(line);
    if (message.ok) this.#received(message.value);
    // A newer server may say what we don't know; it is not for us.
    else if (message.error.code !== 'unknown_type') this.#happens({ type: 'nonsense', text: message.error.text });
  }

  #received(message: ServerMessage): void {
    // Logged off for being idle: direct chats end, too.
    if (message.type === 'bye' && message.reason === 'idle') this.#leave(() => undefined);
    const isTaken = this.#privates.receive(message);
    // What isn't opened yet has a place in the mailbox, up to which the server must not forget.
    if (!isTaken || message.type === 'mail') this.#happens({ type: 'message', message });
    if (message.type === 'welcome') this.#privates.online(message.user);
  }

  #disconnect(): void {
    this.#attempt?.abort();
    this.#attempt = undefined;
    const link = this.#link;
    this.#link = undefined;
    link?.destroy();
    this.#privates.offline();
  }

  #setTimer(): void {
    clearTimeout(this.#wake);
    const at = nextWake(this.#state);
    if (at === undefined) return;
    const wait = Math.min(LONGEST_TIMER_MS, Math.max(0, at - clock.monotonic()));
    this.#wake = setTimeout(() => this.#happens({ type: 'tick' }), wait);
  }

  /** After what is happening right now, and no sooner than `after` milliseconds from the last frame. */
  #drawSoon(after: number): void {
    const at = Math.max(clock.monotonic(), this.#drawnAt + after);
    if (this.#frameAt <= at) return;
    clearTimeout(this.#frame);
    this.#frameAt = at;
    this.#frame = setTimeout(() => this.#draw(), Math.max(0, at - clock.monotonic()));
  }

  #draw(): void {
    const mono = clock.monotonic();
    this.#drawnAt = mono;
    this.#frameAt = Number.POSITIVE_INFINITY;
    this.#screen.draw(view(this.#state, { now: clock.now(), mono, ascii: this.#terminal?.ascii ?? false }));
    this.#drawSoon(isCounting(this.#state) ? COUNTING_FRAME_MS : IDLE_FRAME_MS);
    // Now that there is something to look at.
    if (this.#terminal !== undefined && this.#state.self !== undefined && this.#privates.isOff)
      setImmediate(() => this.#privates.start());
  }
}
