/** The figures of a running server. Counting goes on always; measuring begins when somebody asks. */
import type { ConsoleEvent } from '../core/notice.ts';
import { Meter } from './meter.ts';
import { type Behind, type Snapshot, type SnapshotParts, takeSnapshot } from './snapshot.ts';
import { createWork, type Work } from './work.ts';

export class Figures {
  readonly work: Work = createWork();
  readonly #folder: string;
  readonly #behind: Behind = new Map();
  #meter: Meter | undefined;

  /** @param folder the data folder. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Counts what no other number tells. */
  hear({ kind }: ConsoleEvent): void {
    if (kind === 'store-failed') this.work.storeFailures += 1;
    else if (kind === 'fault') this.work.faults += 1;
  }

  read(parts: SnapshotParts): Snapshot {
    this.#meter ??= new Meter(this.#folder);
    return takeSnapshot(parts, { work: this.work, process: this.#meter.read(), behind: this.#behind });
  }

  close(): void {
    this.#meter?.close();
  }
}
