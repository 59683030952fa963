/** Private chats and mail of one person on one server: what takes keys. The client's shell wires it up. */
import type { Clock } from '../base/clock.ts';
import type { ClientId, UserName } from '../base/ids.ts';
import type { Result } from '../base/result.ts';
import type { ClientMessage } from '../protocol/client-messages.ts';
import type { ServerMessage } from '../protocol/server-messages.ts';
import type { DirectDoor } from './direct.ts';
import type { PrivateCommand, PrivateEvent } from './private.ts';
import type { Vault } from './vault.ts';

export interface MessengerPorts {
  readonly clock: Clock;
  readonly newId: () => ClientId;
  readonly vault: Vault;
  /**
   * Nothing that is in the vault will be there again, since another program of ours has the true one: each message is
   * sealed in a session of its own, and its reader keeps none either.
   */
  readonly once?: boolean;
  /**
   * Names are local, and everybody has one device: the names inside of what is encrypted are made of keys (`inner-names.ts`).
   * What our own program passes on goes straight to theirs: an open chat is told as `direct` with or without a door, and
   * as one in which no address is hidden. There is no way over somebody else to choose.
   */
  readonly byKey?: boolean;
  /** Direct connections; undefined: never (`--relay-only`). */
  readonly direct: DirectDoor | undefined;
  /** To the server, over the connection that is up. */
  readonly send: (message: ClientMessage) => void;
  readonly tell: (event: PrivateEvent) => void;
  /** It has found a fault in itself, or the vault can't be written: nothing of it can be relied on any more. */
  readonly fault: (error: unknown) => void;
  /**
   * A text file that only its owner may read, and that isn't there yet. `path` as typed, or a name for the working folder.
   * @returns where it is, for people, or one line that says why not.
   */
  readonly write: (path: string, text: string) => Result<string, string>;
}

export interface Messenger {
  command(command: PrivateCommand): void;
  /** The server has let us in under this name; what waited is sent. */
  online(user: UserName, more: { readonly visible: boolean }): void;
  /** No connection to the server. Direct chats go on. */
  offline(): void;
  /** Every message of the server: it takes what is its own. @returns whether nobody else need look at it. */
  receive(message: ServerMessage): boolean;
  /** We log off: chats are ended, the others are told. Resolves when they have been, or can't be (at most 1 s). */
  leave(): Promise<void>;
  /** The program ends. */
  close(): void;
}
