/**
 * A server to one's own programs, and to nobody else: it speaks the protocol with them, and stands for all who are on the
 * network. The interface; `open-hub.ts` makes one.
 */
import type { Clock } from '../../base/clock.ts';
import type { ClientId } from '../../base/ids.ts';
import type { Result } from '../../base/result.ts';
import type { Identity } from '../../crypto/identity.ts';
import type { Address, Link } from '../../link/link.ts';
import type { LanStore } from '../store/store.ts';

export interface HubOptions {
  readonly identity: Identity;
  /** A plain name of the protocol. */
  readonly name: string;
  /** UDP port of announcements (`--lan-port`). */
  readonly port: number;
  /** Beside those on our own networks (`--lan-peer`). */
  readonly peers: readonly Address[];
  /** TCP port of links; 0: any free one (`--direct-port`). */
  readonly linkPort: number;
  readonly clock: Clock;
  readonly newId: () => ClientId;
  /** Closed with the hub. */
  readonly store: LanStore;
}

export interface Hub {
  /** A program of ours, which nothing has been said to yet. */
  accept(link: Link): void;
  /** Sessions that are logged in. */
  readonly sessions: number;
  /** What doesn't work on the network at present, a line each: above all that nobody can be heard. */
  readonly problems: readonly string[];
  /** Says good-bye on the network, ends all sessions. Never rejects; at most a second. Safe to call twice. */
  close(): Promise<void>;
}

export type OpenHub = (options: HubOptions) => Promise<Result<Hub, string>>;
