/** What the dashboard knows. */
import type { UnixMs } from '../../../base/ids.ts';
import type { Spread } from '../../figures/histogram.ts';
import type { ProcessFigures } from '../../figures/meter.ts';
import type { ConnectionFigure, PersonFigure } from '../../figures/snapshot.ts';
import type { EventLog } from './event-log.ts';
import type { Rate } from './figures.ts';
import type { Line } from './input-row.ts';
import type { Choice, Size, TableName } from './layout.ts';
import type { RoomRow } from './tables/rooms.ts';
import type { Listing } from './tables/table.ts';

/** Of the last look, a second ago at the most, or of a longer time where it says so. */
export interface Figures {
  readonly connections: number;
  /** Connections for which bytes wait. */
  readonly behind: number;
  readonly outboxMaxBytes: number;
  /** Errors that were sent since the start. */
  readonly refused: number;
  readonly locked: number;
  readonly online: number;
  readonly away: number;
  readonly lists: Lists;
  /** Room messages, and lines to connections. */
  readonly messages: Rate;
  readonly deliveries: Rate;
  readonly health: Health | undefined;
}

interface Lists {
  readonly people: Listing<PersonFigure>;
  readonly rooms: Listing<RoomRow>;
  readonly connections: Listing<ConnectionFigure>;
}

/** Of the last whole window of some seconds: what changes all the time is read, and sent to the terminal, once in it. */
export interface Health {
  readonly process: ProcessFigures;
  /** Of one core, by all threads: 0.5 is half of it. */
  readonly cpu: number | undefined;
  /** Seconds; undefined where there was no message. */
  readonly commits: Spread | undefined;
  /** Calls in a transaction, likewise. */
  readonly batches: Spread | undefined;
}

/**
 * running ──^C──► asking ──^C──► stopping
 *    ▲               │
 *    └─ 3 s, any key ┘
 */
export type Stage =
  | { readonly kind: 'running' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'stopping'; readonly why: string };

export interface Started {
  readonly host: string;
  readonly port: number;
  readonly dataFolder: string;
  readonly time: UnixMs;
}

export interface State {
  readonly size: Size;
  readonly now: UnixMs;
  /** The operator's home folder, which paths are shortened by. */
  readonly home: string | undefined;
  readonly started: Started | undefined;
  readonly stage: Stage;
  /** The page of the help that is shown; 0: none. */
  readonly help: number;
  /** Undefined before the server takes commands. */
  readonly line: Line | undefined;
  /** All commands. */
  readonly words: readonly string[];
  readonly choice: Choice;
  /** By which column each table is sorted: its title. */
  readonly orders: Readonly<Record<TableName, string>>;
  readonly figures: Figures;
  readonly log: EventLog;
}
