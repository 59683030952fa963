/** How the process is: measured here, because the core has no clock. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Health } from './state.ts';

/** Milliseconds between two looks at the event loop: finer than anyone notices, and 0.2% of a core. */
const LOOP_EVERY_MS = 20;
/** Seconds that a percentile is taken over. */
const WINDOW_SECONDS = 10;
/** Nanoseconds; an hour: whatever takes longer is as bad. */
const LONGEST_NS = 3.6e12;
const NS = 1e6;

/** Times (ms) of one kind of work, and the 99th percentile of the last whole window. */
export class Durations {
  readonly #histogram = createHistogram({ highest: LONGEST_NS, figures: 2 });

  record(ms: number): void {
    this.#histogram.record(Math.max(1, Math.min(LONGEST_NS, Math.round(ms * NS))));
  }

  /** @returns undefined where there was none since the last call. */
  take(): number | undefined {
    const p99 = this.#histogram.count === 0 ? undefined : this.#histogram.percentile(99) / NS;
    this.#histogram.reset();
    return p99;
  }
}

/** What is measured of this process. */
export interface Vitals {
  /** Milliseconds that the event loop came late, 99th percentile since the last call; undefined where it has not turned. */
  takeLoopP99(): number | undefined;
  /** Bytes that are resident. */
  rss(): number;
  close(): void;
}

function measureProcess(): Vitals {
  const loop = monitorEventLoopDelay({ resolution: LOOP_EVERY_MS });
  loop.enable();
  return {
    takeLoopP99: () => {
      if (loop.count === 0) return undefined;
      // What it counts is the time between two looks.
      const p99 = Math.max(0, loop.percentile(99) / NS - LOOP_EVERY_MS);
      loop.reset();
      return p99;
    },
    rss: () => process.memoryUsage.rss(),
    close: () => void loop.disable(),
  };
}

export class HealthMeter {
  readonly #vitals: Vitals;
  readonly #commits: Durations;
  #seconds = 0;
  #loopP99: number | undefined;
  #commitP99: number | undefined;
  #folder: string | undefined;
  #storeBytes: number | undefined;

  constructor(commits: Durations, vitals: Vitals = measureProcess()) {
    this.#commits = commits;
    this.#vitals = vitals;
  }

  /** Its files are counted from now on. */
  watch(folder: string): void {
    this.#folder = folder;
    void this.#measureStore().catch(() => undefined);
  }

  /** To be called once a second. */
  tick(): void {
    this.#seconds += 1;
    if (this.#seconds % WINDOW_SECONDS !== 0 && this.#loopP99 !== undefined) return;
    this.#loopP99 = this.#vitals.takeLoopP99() ?? this.#loopP99;
    this.#commitP99 = this.#commits.take();
    void this.#measureStore().catch(() => undefined);
  }

  get health(): Health {
    return {
      loopP99: this.#loopP99,
      commitP99: this.#commitP99,
      rss: this.#vitals.rss(),
      storeBytes: this.#storeBytes,
    };
  }

  close(): void {
    this.#vitals.close();
  }

  async #measureStore(): Promise<void> {
    if (this.#folder !== undefined) this.#storeBytes = await folderBytes(this.#folder);
  }
}

/** Bytes of a folder's own files. A file that goes meanwhile counts as none. */
async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(folder, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
