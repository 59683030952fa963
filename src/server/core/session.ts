import type { SessionId, UnixMs, UserName } from '../../base/ids.ts';
import type { ClientMessage, ClientMessages } from '../../protocol/client-messages.ts';
import type { PresenceState } from '../../protocol/server-messages.ts';
import { NOTICES, READS, WRITES } from './limits.ts';
import { TokenBucket } from './token-bucket.ts';
import type { UserIdentity } from './user.ts';

/** Where a connection comes from. */
export interface Peer {
  /** An IP address as Node writes it. */
  readonly host: string;
  readonly loopback: boolean;
}

/**
 * connected ──hello──► authenticating ──identified──► online
 *     │                      │                          │
 *     └──── error, no hello ─┴─────── error, bye ───────┴──► closing ──► (gone)
 *
 * A connection may be gone from any state. Nothing of a session reaches a room or a list unless it is online.
 */
type SessionState =
  | { readonly kind: 'connected' }
  | { readonly kind: 'authenticating'; readonly hello: ClientMessages['hello'] }
  | Online
  /** The last words are on their way; whatever comes is ignored. The link cuts it off if it takes too long. */
  | { readonly kind: 'closing' };

export interface Online {
  readonly kind: 'online';
  readonly user: User;
  /** A script's session isn't: it puts nobody online. */
  readonly visible: boolean;
}

/** A person with at least one session. */
export interface User {
  readonly name: UserName;
  readonly identity: UserIdentity;
  readonly sessions: Set<Session>;
  /** How many of them are visible; with none the person is offline. */
  visible: number;
  state: PresenceState;
  /** When the state began. */
  since: UnixMs;
}

/** One connection. */
export interface Session {
  readonly id: SessionId;
  readonly peer: Peer;
  state: SessionState;
  /** What the session waits for before its next message may be handled: an answer (log-in, store), or all it has written. */
  waitsFor: 'nothing' | 'answer' | 'appends';
  /** Messages that came while it waited, in order. */
  readonly held: ClientMessage[];
  /** Messages on their way to the disk. */
  appends: number;
  /** It has so many that it isn't read. */
  flooding: boolean;
  errorsInARow: number;
  readonly writes: TokenBucket;
  readonly reads: TokenBucket;
  readonly notices: TokenBucket;
}

export const createSession = (id: SessionId, peer: Peer, mono: number): Session => ({
  id,
  peer,
  state: { kind: 'connected' },
  waitsFor: 'nothing',
  held: [],
  appends: 0,
  flooding: false,
  errorsInARow: 0,
  writes: new TokenBucket(WRITES, mono),
  reads: new TokenBucket(READS, mono),
  notices: new TokenBucket(NOTICES, mono),
});

/** Is the connection read at the moment? */
export const isRead = (session: Session): boolean => session.waitsFor === 'nothing' && !session.flooding;
