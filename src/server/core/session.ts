import type { DeviceId, RoomName, Seq, SessionId, UnixMs, UserName } from '../../base/ids.ts';
import { TokenBucket } from '../../base/token-bucket.ts';
import type { ClientMessage } from '../../protocol/client-messages.ts';
import type { PresenceState } from '../../protocol/server-messages.ts';
import type { Claim } from './claim.ts';
import { BYTES, MAILS, NOTICES, PRIVATES, READS, TYPING, WRITES } from './limits.ts';
import { createMailCursor, type MailCursor } from './mail-cursor.ts';
import type { Source } from './sources.ts';
import type { UserIdentity } from './user.ts';

/** Where a connection comes from. */
export interface Peer {
  /** An IP address as Node writes it. */
  readonly host: string;
  readonly loopback: boolean;
  /** The server's own console: no limit counts it, and it follows no room. */
  readonly console?: true;
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
  | { readonly kind: 'authenticating'; readonly claim: Claim; readonly visible: boolean }
  | Online
  /** The last words are on their way; whatever comes is ignored. The link cuts it off if it takes too long. */
  | { readonly kind: 'closing' };

export interface Online {
  readonly kind: 'online';
  readonly user: User;
  /** A script's session isn't: it puts nobody online. */
  readonly visible: boolean;
  /** The fingerprint of the device key that has let it in. */
  readonly key?: string;
}

/** A guest's, from their first session to the end of the last. */
export interface Stay {
  readonly first: SessionId;
  /** Where the rooms ended when they came into them. */
  readonly rooms: Map<RoomName, Seq>;
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
  /** A guest's, from their first session on. */
  stay?: Stay;
}

/** One connection. */
export interface Session {
  readonly id: SessionId;
  readonly peer: Peer;
  state: SessionState;
  /** Where it comes from, as bans name it: `uid N` or an address. Not known before the kernel has told. */
  from: string | undefined;
  /** What its source's limits count; undefined where it isn't counted. */
  source: Source | undefined;
  /** What the session waits for before its next message may be handled: an answer (log-in, store), or all it has written. */
  waitsFor: 'nothing' | 'answer' | 'appends';
  /** Messages that came while it waited, in order. */
  readonly held: ClientMessage[];
  /** Messages on their way to the disk. */
  appends: number;
  /** It has so many that it isn't read. */
  flooding: boolean;
  /** It has sent so many bytes that it isn't read for a while. */
  throttled: boolean;
  /** It has asked to be told of everybody's presence. */
  follows: boolean;
  readonly mail: MailCursor;
  /** Which of its user's devices it is, once it has said so: what is sealed for that one comes here. */
  device: DeviceId | undefined;
  errorsInARow: number;
  readonly writes: TokenBucket;
  readonly reads: TokenBucket;
  readonly mails: TokenBucket;
  readonly privates: TokenBucket;
  readonly typing: TokenBucket;
  readonly notices: TokenBucket;
  readonly bytes: TokenBucket;
}

export const createSession = (id: SessionId, peer: Peer, mono: number): Session => ({
  id,
  peer,
  state: { kind: 'connected' },
  from: undefined,
  source: undefined,
  waitsFor: 'nothing',
  held: [],
  appends: 0,
  flooding: false,
  throttled: false,
  follows: false,
  mail: createMailCursor(),
  device: undefined,
  errorsInARow: 0,
  writes: new TokenBucket(WRITES, mono),
  reads: new TokenBucket(READS, mono),
  mails: new TokenBucket(MAILS, mono),
  privates: new TokenBucket(PRIVATES, mono),
  typing: new TokenBucket(TYPING, mono),
  notices: new TokenBucket(NOTICES, mono),
  bytes: new TokenBucket(BYTES, mono),
});

/** Is the connection read at the moment? */
export const isRead = (session: Session): boolean =>
  session.waitsFor === 'nothing' && !session.flooding && !session.throttled;
