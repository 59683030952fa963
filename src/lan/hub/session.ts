/** One of our own programs, as the hub knows it. */

import { TokenBucket } from '../../base/token-bucket.ts';
import type { Link } from '../../link/link.ts';
import { Alarm, type Timers } from '../../peer/tasks.ts';
import type { StoredMail } from '../store/store.ts';
import { TYPING, WRITES } from './limits.ts';

/**
 * connected ──hello──► online ──bye, error──► closing ──► (gone)
 *     └──────── error, no hello ────────────────┘
 */
type SessionState = 'connected' | 'online' | 'closing';

export interface Session {
  readonly link: Link;
  state: SessionState;
  /** A script isn't: it puts nobody online. */
  visible: boolean;
  /** It has asked to be told of everybody's presence. */
  follows: boolean;
  /** It has said that it is our device: what is sealed comes here. */
  isDevice: boolean;
  errorsInARow: number;
  /** Mail that waits until what was sent before is read. */
  readonly mail: StoredMail[];
  /** The last place of mail that it was sent. */
  mailedUpTo: number;
  readonly writes: TokenBucket;
  readonly typing: TokenBucket;
  /** For its `hello`, and then for a word of one that pings. */
  readonly silence: Alarm;
  pings: boolean;
  /** Looks at what waits for it. */
  readonly looks: Alarm;
  /** Bytes written to it, those of them that were taken at the last look, and looks without any more. */
  written: number;
  taken: number;
  idleLooks: number;
}

export const createSession = (link: Link, timers: Timers, mono: number): Session => ({
  link,
  state: 'connected',
  visible: false,
  follows: false,
  isDevice: false,
  errorsInARow: 0,
  mail: [],
  mailedUpTo: 0,
  writes: new TokenBucket(WRITES, mono),
  typing: new TokenBucket(TYPING, mono),
  silence: new Alarm(timers),
  pings: false,
  looks: new Alarm(timers),
  written: 0,
  taken: 0,
  idleLooks: 0,
});
