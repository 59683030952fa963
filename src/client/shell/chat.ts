/** The full screen: keys in, one frame after a batch of events. */
import { setTimeout as delay } from 'node:timers/promises';
import { Tidying } from '../../base/tidying.ts';
import type { Event } from '../core/event.ts';
import type { Login, TabName } from '../core/inner.ts';
import { lobbyOf } from '../core/lookup.ts';
import type { State } from '../core/state.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { isCounting } from '../view/counting.ts';
import { view } from '../view/view.ts';
import type { Reached } from './ask-server.ts';
import { Client, type End, type Front } from './client.ts';
import { clock } from './clock.ts';
import type { DeviceKey } from './device-key.ts';
import type { Editing } from './editor.ts';
import { FramePacer } from './frame-pacer.ts';
import type { Screen } from './screen.ts';
import { ScreenThemes } from './screen-themes.ts';
import { inFileOrder } from './warning-order.ts';

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

/** What somebody does with their hands, and waits to see. */
const BY_HAND: ReadonlySet<Event['type']> = new Set(['key', 'click', 'drag', 'release', 'wheel']);

export class Chat implements Front {
  readonly size = { columns: 80, rows: 24 };
  readonly #screen: Screen;
  readonly #reached: Reached;
  readonly #client: Client;
  /** How long the first word is waited for (ms). */
  readonly #settleWithin: number;
  readonly #themes: ScreenThemes;
  #terminal: Terminal | undefined;
  /** The terminal tells of it, where nothing on the screen speaks against that. */
  #mouse: boolean;
  #editing: Editing | undefined;
  readonly #pacer = new FramePacer((mono) => this.#draw(mono));
  readonly #tidying = new Tidying();

  /** @param key this device's key, where it logs in to the account. */
  constructor(screen: Screen, reached: Reached, login: Login, key?: DeviceKey) {
    this.#screen = screen;
    this.#reached = reached;
    this.#mouse = reached.settings.mouse;
    this.#settleWithin = login.method === 'account' ? CHECKED_WITHIN_MS : SETTLE_WITHIN_MS;
    this.#client = new Client(this, reached, login, key);
    const { memory } = this.#client.state;
    this.#themes = new ScreenThemes(reached.settings.theme, memory.theme, screen.groundDark);
  }

  async run(): Promise<End> {
    const client = this.#client;
    try {
      // Read while the server is waited for.
      const theme = this.#themes.start();
      client.happens({ type: 'start' });
      await Promise.race([client.settled, client.ended, delay(this.#settleWithin, undefined, { ref: false })]);
      if (client.isRefused) return await client.ended;
      client.happens(await theme);
      const terminal = await this.#screen.enter({
        key: (key) => client.happens({ type: 'key', key }),
        resize: ({ columns, rows }) => client.happens({ type: 'resize', columns, rows }),
        click: (x, y) => client.happens({ type: 'click', x, y }),
        drag: (x, y) => client.happens({ type: 'drag', x, y }),
        release: (x, y) => client.happens({ type: 'release', x, y }),
        wheel: (up, x, y) => client.happens({ type: 'wheel', up, x, y }),
        focus: (on) => client.happens({ type: 'focus', on }),
        ground: (dark) => this.#tell(this.#themes.ground(dark, client.state.themes.shown)),
        leave: () => {
          this.#editing?.drop();
          client.keep();
          return client.leavePrivates();
        },
        gone: () => client.gone(),
      });
      this.#terminal = terminal;
      this.#warn([...this.#reached.settings.warnings, ...client.warnings, ...this.#themes.warnings]);
      // The first frame, at once.
      client.happens({ type: 'resize', ...terminal.size });
      return await client.ended;
    } finally {
      this.#pacer.stop();
      this.#tidying.close();
      client.close();
    }
  }

  changed({ bare, themes }: State, { type }: Event): void {
    this.#screen.theme(themes.shown);
    // The bare view is there for the terminal's own selection.
    this.#terminal?.mouse(this.#mouse && bare === undefined);
    // Until there is something to draw on, no frame is made.
    if (this.#terminal === undefined) return;
    if (type === 'message') this.#tidying.more();
    if (BY_HAND.has(type)) this.#tidying.busy();
    if (type === 'resize') this.#pacer.now();
    else if (BY_HAND.has(type)) this.#pacer.key();
    else this.#pacer.soon();
  }

  perform(effect: Parameters<Front['perform']>[0]): void {
    switch (effect.do) {
      case 'mouse':
        this.#mouse = effect.on;
        break;
      case 'redraw':
        this.#terminal?.redraw();
        break;
      case 'copy':
        this.#copy(effect.text);
        break;
      case 'notify':
        this.#terminal?.notify(effect.title, effect.text);
        break;
      case 'suspend':
        this.#screen.stop();
        break;
      case 'themes':
        this.#tell(this.#themes.answer(effect.ask));
        break;
      case 'editor':
        this.#tell(this.#edited(effect.tab, effect.text));
        break;
      case 'bell':
        this.#terminal?.bell();
        break;
    }
  }

  /** Later, never inside the update that asked for it. */
  #tell(told: Promise<Event | undefined>): void {
    told.then(
      (event) => {
        if (event !== undefined) this.#client.happens(event);
      },
      // The code is there, or nothing of the program is.
      (error: unknown) => {
        throw error;
      },
    );
  }

  /** The chat goes on meanwhile, without a screen. */
  async #edited(tab: TabName, text: string): Promise<Event> {
    // It starts a process, which no start of ours needs.
    const { Editing } = await import('./editor.ts');
    const editing = new Editing();
    this.#editing = editing;
    const around = { before: () => this.#screen.suspend(), after: () => this.#screen.resume() };
    const result = await editing.edit(text, around);
    this.#editing = undefined;
    return { type: 'edited', tab, result };
  }

  /** Later, never inside the update that asked for it. */
  #copy(text: string): void {
    if (this.#terminal?.copy(text) === true) return;
    const words = 'this terminal takes nothing into its clipboard, or not that much: select it with Shift held';
    queueMicrotask(() => this.#client.happens({ type: 'notice', text: words, bad: true }));
  }

  /** The first one stands above the line until a key is pressed; all of them stay in the lobby. */
  #warn(warnings: readonly string[]): void {
    const { state } = this.#client;
    const ordered = inFileOrder(warnings);
    const [first] = ordered;
    if (first === undefined) return;
    for (const text of ordered) lobbyOf(state).log.notice(clock.now(), text, true);
    const more = ordered.length === 1 ? '' : ` (and ${ordered.length - 1} more, in the lobby)`;
    state.hint = { text: first + more, bad: true };
  }

  /** @returns milliseconds until the next frame where nothing happens. */
  #draw(mono: number): number {
    const { state } = this.#client;
    this.#screen.draw(view(state, { now: clock.now(), mono, ascii: this.#terminal?.ascii ?? false }), true);
    // Now that there is something to look at.
    this.#client.startPrivates();
    return isCounting(state) ? COUNTING_FRAME_MS : IDLE_FRAME_MS;
  }
}
