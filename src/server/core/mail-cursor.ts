import { NO_SEQ, type Seq } from '../../base/ids.ts';

/**
 * How far a session is with its user's mailbox: sent everything that is there at the log-in, page by page, and then what
 * comes, always in the order of the places.
 *
 * none (a guest's or a script's)
 * reading ◄──► behind (something has come meanwhile) ──► live
 *    └──────────── the store can't read ───────────────► broken
 */
export interface MailCursor {
  state: 'none' | 'reading' | 'behind' | 'live' | 'broken';
  /** The newest place that was sent, or that nothing was left of. */
  upTo: Seq;
  /** Up to here the session has said that it has it. */
  received: Seq;
}

export const createMailCursor = (): MailCursor => ({ state: 'none', upTo: NO_SEQ, received: NO_SEQ });
