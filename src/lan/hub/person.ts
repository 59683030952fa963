/** Somebody on the network: a key, and the one name by which our own programs know it. */
import type { DeviceId, UnixMs, UserName } from '../../base/ids.ts';
import { TokenBucket } from '../../base/token-bucket.ts';
import type { PersonInfo, PresenceState } from '../../protocol/server-messages.ts';
import type { Met } from '../store/store.ts';
import { ASKS, CLAIMS, ENTRIES, HELD, MAILS, PRIVATES, TYPING } from './limits.ts';

export interface Person {
  readonly device: DeviceId;
  readonly user: UserName;
  /** What they call themselves. */
  name: string;
  readonly first: UnixMs;
  /** When they were heard last. */
  last: UnixMs;
  /** It is in the store, and so is the name. */
  kept: boolean;
  /** We have written to them, or ignore them. */
  dealt: boolean;
  state: PresenceState;
  /** When that began. */
  since: UnixMs;
  /** When they were heard last in this run, on the monotonic clock. */
  heardAt: number | undefined;
  idle: boolean;
  /** They have said good-bye, at that time by their clock, and nothing since. */
  bye: UnixMs | undefined;
  /** Where they take links, and announcements that are for them alone. */
  port: number | undefined;
  /** That they have changed their name was told. */
  renameTold: boolean;
  readonly rates: Rates;
}

/** What they may bring us. */
interface Rates {
  readonly mails: TokenBucket;
  readonly privates: TokenBucket;
  readonly asks: TokenBucket;
  readonly claims: TokenBucket;
  readonly typing: TokenBucket;
  readonly entries: TokenBucket;
  readonly held: TokenBucket;
}

export function createPerson({ device, user, name, first, last, dealt }: Met, kept: boolean, mono: number): Person {
  return {
    device,
    user,
    name,
    first,
    last,
    kept,
    dealt,
    state: 'offline',
    since: last,
    heardAt: undefined,
    idle: false,
    bye: undefined,
    port: undefined,
    renameTold: false,
    rates: {
      mails: new TokenBucket(MAILS, mono),
      privates: new TokenBucket(PRIVATES, mono),
      asks: new TokenBucket(ASKS, mono),
      claims: new TokenBucket(CLAIMS, mono),
      typing: new TokenBucket(TYPING, mono),
      entries: new TokenBucket(ENTRIES, mono),
      held: new TokenBucket(HELD, mono),
    },
  };
}

export const infoOf = ({ user, state, since, device }: Person): PersonInfo => ({ name: user, state, since, device });
