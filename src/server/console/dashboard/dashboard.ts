/**
 * The server on a terminal: what goes on, live. A consumer of the same events as the other consoles, and of a snapshot once
 * a second. It never holds the server up: a terminal that takes nothing is not waited for, and if drawing fails the console
 * of lines goes on in its place.
 */
import type { Clock } from '../../../base/clock.ts';
import type { UnixMs } from '../../../base/ids.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import type { ConsoleEvent } from '../../core/notice.ts';
import type { Snapshot } from '../../figures/snapshot.ts';
import type { Commands } from '../commands.ts';
import type { Console } from '../console.ts';
import { openPrompt } from '../prompt.ts';
import { isKnown } from './capabilities.ts';
import { CommandLine, type LineKey } from './command-line.ts';
import { EventLog, type OwnEvent } from './event-log.ts';
import { helpPages } from './help.ts';
import { Keyboard, type TerminalInput } from './keyboard.ts';
import type { DashboardKey } from './keys.ts';
import { LastWords } from './last-words.ts';
import { layoutOf, type Pane } from './layout.ts';
import { LogFilter } from './log-filter.ts';
import { entriesOfPage } from './log-rows.ts';
import { Lookout } from './lookout.ts';
import { type Action, press } from './operator.ts';
import { Output, type TerminalOutput } from './output.ts';
import { OWN_HELP, OWN_WORDS, ownCommand } from './own-commands.ts';
import { ownHome } from './own-home.ts';
import { Places } from './places.ts';
import { type DashboardScreen, openScreen } from './screen.ts';
import type { Stage, Started, State } from './state.ts';
import { itemsOn } from './tables/table.ts';
import { frameOf, paneRect } from './view.ts';

/** Milliseconds between two looks at the figures. */
const TICK_MS = 1000;
/** Milliseconds between two drawings at least: people read no faster. A key is answered at once. */
const DRAW_MS = 500;
/** Milliseconds after which the question whether to stop is taken back. */
const ASK_MS = 3000;

export interface DashboardOptions {
  readonly input: TerminalInput;
  readonly output: TerminalOutput;
  /** TERM, NO_COLOR, and the locale. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** The operator wants the server to stop; a second time: at once. As SIGINT does. */
  readonly stop: () => void;
}

export interface Dashboard extends Console {
  /** Asked once a second, from now on. */
  watch(snapshot: () => Snapshot): void;
  /** From now on it has a line to type commands on. */
  operate(commands: Commands): void;
}

/** `text` is one line for people. The codes are stable. */
export interface DashboardFailure {
  readonly code: 'not_a_terminal' | 'unknown_terminal' | 'dashboard_failed';
  readonly text: string;
}

export async function openDashboard(options: DashboardOptions): Promise<Result<Dashboard, DashboardFailure>> {
  const { input, output, env } = options;
  if (input.isTTY !== true || output.isTTY !== true)
    return err({
      code: 'not_a_terminal',
      text: 'lines instead of the dashboard: it needs a terminal, for its input too',
    });
  if (!isKnown(env.TERM ?? ''))
    return err({
      code: 'unknown_terminal',
      text: `lines instead of the dashboard: it does not know this terminal, TERM=${env.TERM ?? ''}`,
    });
  const behind = new Output(output);
  try {
    return ok(new LiveDashboard(options, behind, await openScreen(behind, env)));
  } catch (error) {
    behind.end('');
    return err({ code: 'dashboard_failed', text: `lines instead of the dashboard: ${wordsOf(error)}` });
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

class LiveDashboard implements Dashboard {
  readonly #options: DashboardOptions;
  readonly #output: Output;
  readonly #screen: DashboardScreen;
  readonly #keyboard: Keyboard;
  readonly #log = new EventLog();
  readonly #lastWords = new LastWords();
  readonly #places = new Places();
  readonly #lookout = new Lookout(this.#places);
  readonly #filter = new LogFilter();
  #started: Started | undefined;
  #stage: Stage = { kind: 'running' };
  #help = 0;
  #commands: Commands | undefined;
  #line: CommandLine | undefined;
  #lastTick: number;
  #lastDrawn = Number.NEGATIVE_INFINITY;
  /** The last frame, as text: an equal one is not drawn. */
  #drawn = '';
  /** What the terminal shows isn't known any more. */
  #fromScratch = false;
  readonly #ticker: NodeJS.Timeout;
  #drawTimer: NodeJS.Timeout | undefined;
  #askTimer: NodeJS.Timeout | undefined;
  /** After its end: where drawing has failed, the console that goes on. */
  #instead: Console | undefined;
  #isOpen = true;

  readonly #onExit = (): void => this.close();
  /** Stopped and continued: a shell may have had the terminal meanwhile. */
  readonly #onContinue = (): void => {
    this.#keyboard.takeBack();
    this.#redraw();
  };
  /** Node has written it to standard error, which may be this very terminal. */
  readonly #onWarning = (): void => this.#redraw();
  /** Nobody else handles it, so the terminal would stay as it is. */
  readonly #onQuit = (signal: NodeJS.Signals): void => {
    this.close();
    process.kill(process.pid, signal);
  };

  constructor(options: DashboardOptions, output: Output, screen: DashboardScreen) {
    this.#options = options;
    this.#output = output;
    this.#screen = screen;
    this.#lastTick = options.clock.monotonic();
    this.#keyboard = new Keyboard(options.input, (keys) => this.#press(keys));
    screen.onResize(() => this.#redraw());
    output.on('drain', (lost: boolean) => (lost ? this.#redraw() : this.#draw()));
    process.on('exit', this.#onExit);
    process.on('SIGCONT', this.#onContinue);
    process.on('SIGQUIT', this.#onQuit);
    process.on('warning', this.#onWarning);
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    this.#draw();
  }

  watch(snapshot: () => Snapshot): void {
    this.#lookout.watch(snapshot);
    this.#look(0);
    this.#schedule();
  }

  operate(commands: Commands): void {
    this.#commands = commands;
    this.#line = new CommandLine(this.#words(), () => this.#lookout.names());
    this.#instead?.operate?.(commands);
    this.#drawSoon(0);
  }

  show(event: ConsoleEvent, time: UnixMs): void {
    if (this.#instead !== undefined) {
      this.#instead.show(event, time);
      return;
    }
    this.#lastWords.hear({ event, time });
    switch (event.kind) {
      case 'started':
        this.#started = { host: event.host, port: event.port, dataFolder: event.dataFolder, time };
        break;
      case 'stopping':
        this.#setStage({ kind: 'stopping', why: event.why });
        break;
      case 'away':
      case 'back':
        // The table of people says so; in the log they would drown the rest.
        this.#schedule();
        return;
      case 'draining':
      case 'reloaded':
      case 'metrics':
      case 'message':
      case 'refused':
      case 'stopped':
      case 'store-failed':
      case 'fault':
      case 'warning':
      case 'online':
      case 'registered':
      case 'offline':
      case 'joined':
      case 'left':
      case 'topic':
      case 'edited':
      case 'deleted':
      case 'audit':
    }
    this.#log.add({ event, time });
    this.#schedule();
  }

  close(): void {
    this.#instead?.close();
    this.#instead = undefined;
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearInterval(this.#ticker);
    for (const timer of [this.#drawTimer, this.#askTimer]) clearTimeout(timer);
    process.off('exit', this.#onExit);
    process.off('SIGCONT', this.#onContinue);
    process.off('SIGQUIT', this.#onQuit);
    process.off('warning', this.#onWarning);
    this.#keyboard.close();
    this.#screen.close(this.#lastWords.text);
  }

  #tick(): void {
    const now = this.#options.clock.monotonic();
    const seconds = (now - this.#lastTick) / 1000;
    this.#lastTick = now;
    this.#look(seconds);
    this.#schedule();
  }

  #look(seconds: number): void {
    this.#guarded(() => this.#lookout.look(seconds, layoutOf(this.#screen.size, this.#places.choice)?.panes ?? {}));
  }

  #press(keys: readonly DashboardKey[]): void {
    for (const key of keys) {
      const line = this.#line === undefined ? 'none' : this.#line.text === '' ? 'empty' : 'text';
      const { stage, help, action } = press({ stage: this.#stage, help: this.#help, line }, key);
      this.#help = help > helpPages(this.#screen.size, this.#line && this.#words()) ? 0 : help;
      if (stage !== this.#stage) this.#setStage(stage);
      this.#act(action);
    }
    if (keys.length > 0) this.#drawSoon(0);
  }

  #act(action: Action): void {
    switch (action.kind) {
      case 'none':
        return;
      case 'stop':
        return this.#options.stop();
      case 'redraw':
        return this.#redraw();
      case 'look':
        this.#places.look(action.pane);
        return this.#look(0);
      case 'sort':
        this.#places.sort();
        return this.#look(0);
      case 'kinds':
        this.#filter.nextKind();
        return this.#narrow();
      case 'scroll':
        return this.#scroll(action.entries);
      case 'line':
        return this.#edit(action.key);
      case 'page':
        return this.#page(this.#places.choice.focus, action.direction);
    }
  }

  /** @param by upwards. */
  #scroll(by: number): void {
    const { focus } = this.#places.choice;
    if (focus === 'log') return this.#log.scroll(by);
    this.#places.scroll(focus, -by);
    this.#look(0);
  }

  #page(pane: Pane, direction: 'up' | 'down'): void {
    const rect = paneRect({ size: this.#screen.size, choice: this.#places.choice }, pane);
    if (rect === undefined) return;
    if (pane !== 'log') {
      // One row less than there are, for the eye to hold on to.
      const page = Math.max(1, itemsOn(rect.height, Infinity, 0) - 1);
      return this.#scroll(direction === 'up' ? page : -page);
    }
    if (direction === 'up') this.#log.scroll(entriesOfPage(this.#log.upwards(), rect));
    else this.#log.scroll(-entriesOfPage(this.#log.downwards(), rect));
  }

  #narrow(): void {
    this.#log.narrow(this.#filter.name, (entry) => this.#filter.shows(entry));
  }

  #edit(key: LineKey): void {
    const outcome = this.#line?.press(key);
    if (outcome === undefined || outcome.kind === 'none') return;
    // What comes back is to be seen.
    this.#log.scroll(-Infinity);
    if (outcome.kind === 'words') this.#note({ kind: 'answer', text: outcome.words.join('  ') });
    else this.#run(outcome.line);
  }

  #run(line: string): void {
    this.#note({ kind: 'typed', text: line });
    // What comes back stands in the log.
    if (layoutOf(this.#screen.size, this.#places.choice)?.panes.log === undefined) this.#places.look('log');
    const answer = (texts: readonly string[]): void => {
      for (const text of texts) this.#note({ kind: 'answer', text });
    };
    const own = ownCommand(line);
    if (own?.kind === 'filter') {
      this.#filter.find(own.words);
      this.#narrow();
      return answer([
        own.words === '' ? 'the log shows all again' : `the log shows what has ${own.words}; /filter: all`,
      ]);
    }
    this.#commands?.run(line).then(
      (texts) => answer(own?.kind === 'help' ? [...texts, ...OWN_HELP] : texts),
      (error: unknown) => answer([`! ${wordsOf(error)}`]),
    );
  }

  #words(): readonly string[] {
    return [...(this.#commands?.words ?? []), ...OWN_WORDS];
  }

  #note(event: OwnEvent): void {
    this.#log.add({ event, time: this.#options.clock.now() });
    this.#drawSoon(0);
  }

  #setStage(stage: Stage): void {
    clearTimeout(this.#askTimer);
    this.#stage = stage;
    if (stage.kind !== 'asking') return;
    this.#askTimer = setTimeout(() => {
      this.#stage = { kind: 'running' };
      this.#drawSoon(0);
    }, ASK_MS);
  }

  #redraw(): void {
    if (!this.#isOpen) return;
    this.#fromScratch = true;
    this.#drawSoon(0);
  }

  #schedule(): void {
    this.#drawSoon(Math.max(0, this.#lastDrawn + DRAW_MS - this.#options.clock.monotonic()));
  }

  /** A timer that is set already is kept, unless this one is for now. */
  #drawSoon(wait: number): void {
    if (!this.#isOpen || (this.#drawTimer !== undefined && wait > 0)) return;
    clearTimeout(this.#drawTimer);
    this.#drawTimer = setTimeout(() => this.#draw(), wait);
  }

  #draw(): void {
    clearTimeout(this.#drawTimer);
    this.#drawTimer = undefined;
    // A terminal that is behind gets the newest frame once it has taken what it was sent.
    if (!this.#isOpen || this.#output.isBehind) return;
    this.#lastDrawn = this.#options.clock.monotonic();
    this.#guarded(() => {
      const frame = frameOf(this.#state());
      const text = JSON.stringify(frame);
      if (text === this.#drawn && !this.#fromScratch) return;
      if (this.#fromScratch) this.#screen.forget();
      this.#fromScratch = false;
      this.#drawn = text;
      this.#screen.draw(frame);
    });
  }

  /** Whatever is wrong with a picture of the server, the server goes on. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#giveUp(error);
    }
  }

  #state(): State {
    return {
      size: this.#screen.size,
      now: this.#options.clock.now(),
      home: ownHome(),
      started: this.#started,
      stage: this.#stage,
      help: this.#help,
      line: this.#line && { text: this.#line.text, cursor: this.#line.cursor },
      words: this.#words(),
      choice: this.#places.choice,
      orders: this.#places.orders,
      figures: this.#lookout.figures,
      log: this.#log,
    };
  }

  #giveUp(error: unknown): void {
    this.close();
    const { input, output, clock, stop } = this.#options;
    this.#instead = openPrompt({
      input,
      output: { write: (text) => void output.write(text), close: () => undefined },
      columns: () => output.columns ?? 80,
      onResize: (then) => void output.on('resize', then),
      interrupt: stop,
    });
    if (this.#commands !== undefined) this.#instead.operate?.(this.#commands);
    const text = `lines instead of the dashboard: ${wordsOf(error)}`;
    this.#instead.show({ kind: 'warning', code: 'dashboard_failed', text }, clock.now());
  }
}
