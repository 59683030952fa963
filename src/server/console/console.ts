import type { UnixMs } from '../../base/ids.ts';
import type { ConsoleEvent } from '../core/notice.ts';
import type { Snapshot } from '../figures/snapshot.ts';
import type { Commands } from './commands.ts';

/** What the operator sees. Every kind of console is a consumer of the same events. */
export interface Console {
  show(event: ConsoleEvent, time: UnixMs): void;
  /** The server has started, and takes commands: for a console that somebody types at. */
  operate?(commands: Commands): void;
  /** For a console that shows figures: `snapshot` may be asked once a second. */
  watch?(snapshot: () => Snapshot): void;
  /** Writes what it still holds. */
  close(): void;
}

/** `json`: one line an event, for machines. `lines`: for people. `dashboard`: for people, on a terminal. */
export type ConsoleKind = 'json' | 'lines' | 'dashboard';
