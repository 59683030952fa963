/** Measures this process and its data folder, for as long as somebody looks. */
import { type FolderBytes, folderBytes } from './folder.ts';
import { type LoopWindow, measureLoop, type Vitals } from './process.ts';

/** Milliseconds that a window of the event loop's delay lasts, and between two looks at the data folder. */
const WINDOW_MS = 10_000;
/** Milliseconds of the first one, so that there is something to be seen. */
const FIRST_WINDOW_MS = 1000;

export interface LoopFigures extends LoopWindow {
  /** Since it began to be measured: how often, and seconds in all. */
  readonly countEver: number;
  readonly sumEver: number;
}

export interface ProcessFigures {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Of all its threads, user and system. */
  readonly cpuSeconds: number;
  /** Bytes. */
  readonly resident: number;
  /** Bytes of JavaScript's heap in use, of the main thread. */
  readonly heapUsed: number;
  /** Seconds by which the event loop came late, in the last whole window; undefined before there was one. */
  readonly loop: LoopFigures | undefined;
  /** Undefined before it was measured. */
  readonly folder: FolderBytes | undefined;
}

export class Meter {
  readonly #folder: string;
  readonly #vitals: Vitals;
  #loop: LoopFigures | undefined;
  #bytes: FolderBytes | undefined;
  #timer: NodeJS.Timeout;

  constructor(folder: string, vitals: Vitals = measureLoop()) {
    this.#folder = folder;
    this.#vitals = vitals;
    this.#timer = setTimeout(() => this.#window(), FIRST_WINDOW_MS).unref();
    this.#measureFolder();
  }

  read(): ProcessFigures {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    return {
      startedAt: performance.timeOrigin,
      cpuSeconds: (user + system) / 1e6,
      resident: rss,
      heapUsed,
      loop: this.#loop,
      folder: this.#bytes,
    };
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#vitals.close();
  }

  #window(): void {
    this.#timer = setTimeout(() => this.#window(), WINDOW_MS).unref();
    const window = this.#vitals.takeLoop();
    const before = this.#loop;
    if (window !== undefined)
      this.#loop = {
        ...window,
        countEver: (before?.countEver ?? 0) + window.count,
        sumEver: (before?.sumEver ?? 0) + window.count * window.mean,
      };
    this.#measureFolder();
  }

  #measureFolder(): void {
    folderBytes(this.#folder).then(
      (bytes) => {
        this.#bytes = bytes;
      },
      // A folder that can't be read is told by the store.
      () => undefined,
    );
  }
}
