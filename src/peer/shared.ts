/** What the parts of the messenger have in common. */
import type { DeviceId, GroupId, UserName } from '../base/ids.ts';
import type { E2ee } from '../crypto/e2ee-session.ts';
import type { ClientMessage } from '../protocol/client-messages.ts';
import type { Directory } from './claims.ts';
import type { InnerNames } from './inner-names.ts';
import type { MessengerPorts } from './messenger-ports.ts';
import type { Serial, Timers } from './tasks.ts';
import type { TrustBook } from './trust.ts';
import type { LogRecord } from './vault.ts';

/** Who we are on the server, since the last log-in; it stays when the connection is lost. */
export interface Self {
  readonly user: UserName;
  /** Not a script: chats and mail come here. */
  readonly visible: boolean;
  /** Our name inside of what is encrypted: what sessions, packages and sealed mail of ours are kept under. */
  readonly inner: UserName;
  /** Loaded when it is asked for. Rejects only where the program is damaged. */
  readonly e2ee: Promise<E2ee>;
}

export interface Shared extends MessengerPorts {
  readonly once: boolean;
  readonly byKey: boolean;
  readonly names: InnerNames;
  readonly timers: Timers;
  readonly directory: Directory;
  readonly trust: TrustBook;
  readonly device: DeviceId;
  /** For work that can't be done at once and belongs to nobody in particular. */
  readonly errands: Serial;
  /** Into the log of what was said with this person, on the disk when it returns. Not while it is locked. */
  readonly keep: (person: UserName, record: LogRecord) => void;
  readonly newGroup: () => GroupId;
  readonly self: () => Self | undefined;
  readonly isOnline: () => boolean;
  /** @returns false where there is no connection. */
  readonly toServer: (message: ClientMessage) => boolean;
}
