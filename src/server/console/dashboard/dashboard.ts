/**
 * The server on a terminal: what goes on, live. A consumer of the same events as the other consoles, and of a snapshot once
 * a second. It never holds the server up: a terminal that takes nothing is not waited for, and if drawing fails the console
 * of lines goes on in its place.
 */
import { homedir } from 'node:os';
import type { Clock } from '../../../base/clock.ts';
import type { UnixMs } from '../../../base/ids.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import type { ConsoleEvent } from '../../core/notice.ts';
import type { Console } from '../console.ts';
import { openLines } from '../lines.ts';
import { isKnown } from './capabilities.ts';
import { type Entry, EventLog } from './event-log.ts';
import { Rate } from './figures.ts';
import { Durations, HealthMeter } from './health.ts';
import { type DashboardKey, KeyReader } from './keys.ts';
import { LastWords } from './last-words.ts';
import { entriesOfPage } from './log-rows.ts';
import { Lookout } from './lookout.ts';
import { type Action, press } from './operator.ts';
import { Output, type TerminalOutput } from './output.ts';
import { type DashboardScreen, openScreen } from './screen.ts';
import type { Snapshot } from './snapshot.ts';
import type { Stage, Started, State } from './state.ts';
import { frameOf, logRect } from './view.ts';

/** Milliseconds between two looks at the figures. */
const TICK_MS = 1000;
/** Milliseconds between two drawings at least: people read no faster. A key is answered at once. */
const DRAW_MS = 500;
/** Milliseconds after which the question whether to stop is taken back. */
const ASK_MS = 3000;
/** Milliseconds after which a lone escape is the Esc key. */
const ESCAPE_WAIT_MS = 50;
/** What we use of `process.stdin`. */
interface TerminalInput extends NodeJS.EventEmitter {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  resume(): unknown;
  pause(): unknown;
}

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
  /** A message took that long (ms) to be durable. */
  committed(ms: number): void;
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
  readonly #commits = new Durations();
  readonly #options: DashboardOptions;
  readonly #output: Output;
  readonly #screen: DashboardScreen;
  readonly #health = new HealthMeter(this.#commits);
  readonly #keys = new KeyReader();
  readonly #log = new EventLog();
  readonly #messages = new Rate();
  readonly #lastWords = new LastWords();
  readonly #lookout = new Lookout();
  #messageCount = 0;
  #refused = 0;
  #started: Started | undefined;
  #stage: Stage = { kind: 'running' };
  #help = false;
  #lastTick: number;
  #lastDrawn = Number.NEGATIVE_INFINITY;
  /** The last frame, as text: an equal one is not drawn. */
  #drawn = '';
  /** What the terminal shows isn't known any more. */
  #fromScratch = false;
  readonly #ticker: NodeJS.Timeout;
  #drawTimer: NodeJS.Timeout | undefined;
  #askTimer: NodeJS.Timeout | undefined;
  #escapeTimer: NodeJS.Timeout | undefined;
  /** After its end: where drawing has failed, the console that goes on. */
  #instead: Console | undefined;
  #isOpen = true;

  readonly #onData = (chunk: Buffer | string): void => {
    clearTimeout(this.#escapeTimer);
    this.#press(this.#keys.feed(chunk.toString('latin1')));
    if (this.#keys.waiting) this.#escapeTimer = setTimeout(() => this.#press(this.#keys.flush()), ESCAPE_WAIT_MS);
  };
  readonly #onExit = (): void => this.close();
  /** Stopped and continued: a shell may have had the terminal meanwhile. */
  readonly #onContinue = (): void => {
    this.#options.input.setRawMode?.(true);
    this.#redraw();
  };
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
    const { input } = options;
    input.setRawMode?.(true);
    input.on('data', this.#onData);
    // A terminal that has gone sends SIGHUP too. The listener stays: late errors are nobody's.
    input.on('error', () => undefined);
    input.resume();
    screen.onResize(() => this.#redraw());
    output.on('drain', (lost: boolean) => (lost ? this.#redraw() : this.#draw()));
    process.on('exit', this.#onExit);
    process.on('SIGCONT', this.#onContinue);
    process.on('SIGQUIT', this.#onQuit);
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    this.#draw();
  }

  watch(snapshot: () => Snapshot): void {
    this.#lookout.watch(snapshot);
    this.#look(0);
    this.#schedule();
  }

  committed(ms: number): void {
    this.#commits.record(ms);
  }

  show(event: ConsoleEvent, time: UnixMs): void {
    if (this.#instead !== undefined) {
      this.#instead.show(event, time);
      return;
    }
    const entry: Entry = { event, time };
    this.#lastWords.hear(entry);
    switch (event.kind) {
      case 'started':
        this.#started = { host: event.host, port: event.port, dataFolder: event.dataFolder, time };
        this.#health.watch(event.dataFolder);
        break;
      case 'stopping':
        this.#setStage({ kind: 'stopping', why: event.why });
        break;
      case 'message':
        this.#messageCount += 1;
        break;
      case 'refused':
        this.#refused += 1;
        break;
      case 'away':
      case 'back':
        // The table of people says so; in the log they would drown the rest.
        this.#schedule();
        return;
      case 'stopped':
      case 'store-failed':
      case 'fault':
      case 'warning':
      case 'online':
      case 'offline':
      case 'joined':
      case 'left':
      case 'topic':
    }
    this.#log.add(entry);
    this.#schedule();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearInterval(this.#ticker);
    for (const timer of [this.#drawTimer, this.#askTimer, this.#escapeTimer]) clearTimeout(timer);
    this.#health.close();
    process.off('exit', this.#onExit);
    process.off('SIGCONT', this.#onContinue);
    process.off('SIGQUIT', this.#onQuit);
    const { input } = this.#options;
    input.off('data', this.#onData);
    try {
      input.setRawMode?.(false);
    } catch {
      // The terminal is gone, and its mode with it.
    }
    input.pause();
    this.#screen.close(this.#lastWords.text);
  }

  #tick(): void {
    const now = this.#options.clock.monotonic();
    const seconds = (now - this.#lastTick) / 1000;
    this.#lastTick = now;
    this.#messages.add(this.#messageCount, seconds);
    this.#messageCount = 0;
    this.#health.tick();
    this.#look(seconds);
    this.#schedule();
  }

  #look(seconds: number): void {
    this.#guarded(() => this.#lookout.look(seconds, this.#screen.size.rows));
  }

  #press(keys: readonly DashboardKey[]): void {
    for (const key of keys) {
      const { stage, help, action } = press({ stage: this.#stage, help: this.#help }, key);
      this.#help = help;
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
      case 'scroll':
        return this.#log.scroll(action.entries);
      case 'page': {
        const rect = logRect(this.#screen.size);
        if (rect === undefined) return;
        if (action.direction === 'up') this.#log.scroll(entriesOfPage(this.#log.upwards(), rect));
        else this.#log.scroll(-entriesOfPage(this.#log.downwards(), rect));
      }
    }
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
      home: homedir(),
      started: this.#started,
      stage: this.#stage,
      help: this.#help,
      messages: this.#messages,
      refused: this.#refused,
      figures: this.#lookout.figures,
      health: this.#health.health,
      log: this.#log,
    };
  }

  #giveUp(error: unknown): void {
    this.close();
    const { output, clock } = this.#options;
    this.#instead = openLines((line) => output.write(line));
    const text = `lines instead of the dashboard: ${wordsOf(error)}`;
    this.#instead.show({ kind: 'warning', code: 'dashboard_failed', text }, clock.now());
  }
}
