import { NO_SEQ, type Seq } from '../../base/ids.ts';

/**
 * How far a session is with its user's mailbox: sent everything that is there for it, page by page, and then what comes,
 * always in the order of the places. At the log-in that is what is for all devices; when the session has said which device
 * it is, it begins again with what is for that one too, and leaves out what it has been sent.
 *
 * none (a guest's or a script's)
 * reading ◄──► behind (something has come meanwhile) ──► live
 *    └──────────── the store can't read ───────────────► broken
 */
export interface MailCursor {
  state: 'none' | 'reading' | 'behind' | 'live' | 'broken';
  /** The newest place that was sent, or that nothing was left of. */
  upTo: Seq;
  /** What is for all devices was sent up to here before the session said which it is. */
  announced: Seq;
  /**
   * Their places. When the session says that it has one of these, that says nothing of mail for its device: what stands
   * before it there was sent after it.
   */
  readonly early: Set<Seq>;
  /** Up to here the session has said that it has what is for all devices. */
  receivedAnnounced: Seq;
  /** The same of all that is for it. */
  received: Seq;
}

export const createMailCursor = (): MailCursor => ({
  state: 'none',
  upTo: NO_SEQ,
  announced: NO_SEQ,
  early: new Set(),
  receivedAnnounced: NO_SEQ,
  received: NO_SEQ,
});
