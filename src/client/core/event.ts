/** What happens to the client, and what it asks of its shell. */

import type { Random } from '../../base/clock.ts';
import type { ClientId, GroupId, UnixMs } from '../../base/ids.ts';
import type { PrivateCommand, PrivateEvent } from '../../peer/private.ts';
import type { ClientMessage } from '../../protocol/client-messages.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import type { Key } from '../keys/key.ts';

export type Event =
  | { readonly type: 'start' }
  | { readonly type: 'key'; readonly key: Key }
  /**
   * The link is up; nothing has been said yet. `secure`: over TLS. `proof`: the device key, where it was enrolled, and its
   * signature of this very connection.
   */
  | {
      readonly type: 'linkUp';
      readonly secure?: boolean;
      readonly proof?: { readonly key: string; readonly signature: string };
    }
  /** This client's device key, as `openKey` wants it; `label`: what to call the device. */
  | { readonly type: 'deviceKey'; readonly key: string; readonly fingerprint: string; readonly label: string }
  /** No link came about, or it ended; `text` says why, for people. */
  | { readonly type: 'linkDown'; readonly text: string }
  /** No link may come about: the server isn't the one that it was. `details` is all that a person needs, `text` a few words. */
  | { readonly type: 'linkRefused'; readonly code: string; readonly text: string; readonly details: string }
  /** Something for the person to read, in the tab that is open. */
  | { readonly type: 'notice'; readonly text: string; readonly bad: boolean }
  | { readonly type: 'message'; readonly message: ServerMessage }
  /** The server sent a line that isn't a message: the connection can't be trusted. */
  | { readonly type: 'nonsense'; readonly text: string }
  /** What came of a private command, or happened in a private chat. */
  | { readonly type: 'private'; readonly event: PrivateEvent }
  /** The mouse, in cells from 0. */
  | { readonly type: 'click'; readonly x: number; readonly y: number }
  | { readonly type: 'wheel'; readonly up: boolean }
  | { readonly type: 'resize'; readonly columns: number; readonly rows: number }
  /** The time that `nextWake` asked for has come. */
  | { readonly type: 'tick' };

export type Effect =
  | { readonly do: 'send'; readonly message: ClientMessage }
  /** Open a link; answered by `linkUp` or `linkDown`. */
  | { readonly do: 'connect' }
  /** Drop the link, if there is one; no `linkDown` follows. */
  | { readonly do: 'disconnect' }
  | { readonly do: 'quit' }
  /** Answered by events `private`. */
  | { readonly do: 'private'; readonly command: PrivateCommand }
  /** Whether the terminal tells of the mouse: then it selects text only with Shift held. */
  | { readonly do: 'mouse'; readonly on: boolean }
  /** Answered by `deviceKey`, or a notice. `label` is empty where the host's name will do. */
  | { readonly do: 'openKey'; readonly label: string }
  /** This device's key logs in to this account from now on; or that key does no more. To be remembered. */
  | { readonly do: 'enrolled'; readonly name: string }
  | { readonly do: 'unenrolled'; readonly name: string; readonly fingerprint: string }
  /** Forget what the screen shows and draw it whole. */
  | { readonly do: 'redraw' }
  | { readonly do: 'bell' };

/** What is outside: passed into every update. */
export interface Env {
  /** Wall clock. */
  readonly now: UnixMs;
  /** Monotonic milliseconds. */
  readonly mono: number;
  readonly random: Random;
  /** A fresh id for a message: 16 characters or more of chance. */
  readonly newId: () => ClientId;
  /** A fresh id for a private chat: 16 bytes of chance. */
  readonly newGroup: () => GroupId;
}
