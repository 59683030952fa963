/** What the dashboard knows. */
import type { UnixMs } from '../../../base/ids.ts';
import type { EventLog } from './event-log.ts';
import type { Rate } from './figures.ts';
import type { Line } from './input-row.ts';
import type { Size } from './layout.ts';
import type { PersonFigure, RoomFigure } from './snapshot.ts';

/** Of the last second, or longer where it says so. */
export interface Figures {
  readonly connections: number;
  readonly outboxMaxBytes: number;
  readonly locked: number;
  readonly online: number;
  readonly away: number;
  /** The first of them, as many as a screen may show. */
  readonly people: readonly PersonFigure[];
  readonly roomCount: number;
  readonly rooms: readonly RoomFigure[];
  /** A second; undefined where nobody counts. */
  readonly deliveries: number | undefined;
}

export interface Health {
  /** Milliseconds that the event loop came late, 99th percentile of the last 10 s; undefined at first. */
  readonly loopP99: number | undefined;
  /** Milliseconds until a message was committed, likewise; undefined where there was none. */
  readonly commitP99: number | undefined;
  /** Bytes that are resident. */
  readonly rss: number;
  /** Bytes of the data folder's files; undefined before they were counted. */
  readonly storeBytes: number | undefined;
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
  readonly help: boolean;
  /** Undefined before the server takes commands. */
  readonly line: Line | undefined;
  /** All commands. */
  readonly words: readonly string[];
  readonly messages: Rate;
  readonly refused: number;
  readonly figures: Figures;
  readonly health: Health;
  readonly log: EventLog;
}
