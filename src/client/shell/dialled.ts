/** What comes of an attempt to connect. */
import type { Link } from '../../link/link.ts';
import type { ConnectFailure } from '../../link/tcp.ts';

export interface Dialled {
  /** Nothing has been said over it. */
  readonly link: Link;
  /** What a person should know of it, each in a few words: a key that was not known before. */
  readonly notices: readonly string[];
  /** What is wrong, and no reason not to go on. */
  readonly warnings: readonly string[];
}

/** The server's key can't be trusted: trying again is no use, a person has to look at it. */
export interface Untrusted {
  readonly kind: 'untrusted';
  readonly code: 'server_key_changed' | 'known_servers_unreadable';
  /** For a status bar. */
  readonly short: string;
  /** All there is to say. */
  readonly text: string;
}

export type DialFailure = ConnectFailure | Untrusted;
