/** What happens to the client, and what it asks of its shell. */

import type { Random } from '../../base/clock.ts';
import type { ClientId, GroupId, RoomName, UnixMs, UserName } from '../../base/ids.ts';
import type { Result } from '../../base/result.ts';
import type { PrivateCommand, PrivateEvent } from '../../peer/private.ts';
import type { ClientMessage } from '../../protocol/client-messages.ts';
import type { PersonInfo, ServerMessage } from '../../protocol/server-messages.ts';
import type { Key } from '../keys/key.ts';
import type { ThemeAsk, ThemeFound } from '../theme/found.ts';
import type { EmojiTable } from './emoji-names.ts';
import type { TabName } from './inner.ts';

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
  /** `beside`: of the local network beside the server, which may be there while the server isn't. */
  | { readonly type: 'message'; readonly message: ServerMessage; readonly beside?: true }
  /** The server sent a line that isn't a message: the connection can't be trusted. */
  | { readonly type: 'nonsense'; readonly text: string }
  /** What came of a private command, or happened in a private chat. */
  | { readonly type: 'private'; readonly event: PrivateEvent }
  /** The mouse, in cells from 0. */
  | { readonly type: 'click'; readonly x: number; readonly y: number }
  /** The left button is down and has moved there; it came up there. */
  | { readonly type: 'drag' | 'release'; readonly x: number; readonly y: number }
  | { readonly type: 'wheel'; readonly up: boolean; readonly x: number; readonly y: number }
  /** The terminal's window has the keyboard from now on, or hasn't. Many never say: until then nothing is known. */
  | { readonly type: 'focus'; readonly on: boolean }
  /** What was found of what `themes` asked for, and the names of all that there are. */
  | {
      readonly type: 'themes';
      readonly ask: ThemeAsk;
      readonly found: readonly ThemeFound[];
      readonly names: readonly string[];
    }
  | { readonly type: 'resize'; readonly columns: number; readonly rows: number }
  /** The names of emoji, as `loadEmoji` wants them. */
  | { readonly type: 'emoji'; readonly table: EmojiTable }
  /** The editor has ended: the text that it left, or why the draft is as it was. */
  | { readonly type: 'edited'; readonly tab: TabName; readonly result: Result<string, string> }
  /** The client as lines: a whole line was written; what was asked for without being shown (undefined: it was left). */
  | { readonly type: 'line'; readonly text: string }
  | { readonly type: 'secret'; readonly text?: string }
  /** Ctrl-C, or the end of what is read. */
  | { readonly type: 'interrupt' }
  /** All that there is was told, whichever tab it is in. */
  | { readonly type: 'told' }
  /**
   * Beside a server: the local network is shown from now on, or no more. `text`: one line to read, such as why it can't be.
   * `room`: what its room is called here. `again`: it is tried again by itself.
   */
  | {
      readonly type: 'lan';
      readonly on: boolean;
      readonly text?: string;
      readonly room?: RoomName;
      readonly again?: true;
    }
  /** Who is on the list because of it, or is no more, without being news; `members`: everybody in its room. */
  | {
      readonly type: 'lanPeople';
      readonly put: readonly PersonInfo[];
      readonly gone: readonly UserName[];
      readonly members: readonly UserName[];
    }
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
  /** Answered by `themes`. */
  | { readonly do: 'themes'; readonly ask: ThemeAsk }
  /** Into the clipboard of whoever sits before the terminal. */
  | { readonly do: 'copy'; readonly text: string }
  /** Something to be seen outside of the terminal's window, where it has that. */
  | { readonly do: 'notify'; readonly title: string; readonly text: string }
  /** Back to the shell, as Ctrl-Z does it with any program. */
  | { readonly do: 'suspend' }
  /** Answered by `emoji`. */
  | { readonly do: 'loadEmoji' }
  /** The draft of a tab into $VISUAL or $EDITOR, which has the terminal meanwhile; answered by `edited`. */
  | { readonly do: 'editor'; readonly tab: TabName; readonly text: string }
  | { readonly do: 'bell' }
  /** Beside a server: the local network is to be shown, or no more. Answered by `lan`. */
  | { readonly do: 'lan'; readonly on: boolean };

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
