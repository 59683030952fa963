/** What a server is started with; read again, it may be another. */
import type { Keep } from '../base/keep.ts';
import type { MetricsAddress } from './metrics/address.ts';
import type { Durability } from './store/store.ts';

export interface ServerOptions {
  /** An IP address or a host's name. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly dataFolder: string;
  /** Milliseconds without a sign of life until a person counts as away; 0 never. */
  readonly awayAfter: number;
  /** Milliseconds away until a person is logged off; 0 never. */
  readonly logOffAfter: number;
  readonly guests: boolean;
  /** Linux only; elsewhere nobody can say who owns a connection, and it is off. */
  readonly hostLogin: boolean;
  /** Who may make an account: everybody, those with an invite code, nobody. */
  readonly registration: 'open' | 'invite' | 'closed';
  /** Wrong passwords in a row that lock their source out of the account, and for how many milliseconds the first time. */
  readonly lockoutAfter: number;
  readonly lockoutFor: number;
  readonly rateLimit: boolean;
  /** How long messages are kept in rooms that have no rule of their own; undefined: forever. */
  readonly keep?: Keep | undefined;
  readonly durability: Durability;
  /** PEM files of a key and its certificate; without them the server has its own, in the data folder. */
  readonly tls?: { readonly keyFile: string; readonly certFile: string } | undefined;
  /** Whether a terminal shows figures and a line for commands, rather than lines. */
  readonly dashboard?: boolean | undefined;
  /** Where the figures are served, for Prometheus; undefined: nowhere. */
  readonly metrics?: MetricsAddress | undefined;
}
