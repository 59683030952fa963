/** What of a log-in, or of what one logs in with, takes the store, a hash or a signature to answer. */
import type { ClientId, SessionId, UnixMs, UserName } from '../../base/ids.ts';
import type { Secret } from '../../base/secret.ts';
import type { AuditEntry, LockoutRow } from '../store/store.ts';

/** Is this the password of this account? Answer: `passwordChecked`. */
export interface PasswordQuestion {
  readonly kind: 'password';
  readonly session: SessionId;
  readonly name: UserName;
  readonly password: Secret;
  /** Where it comes from, as lock-outs and the queue of hashes count it. */
  readonly source: string;
}

/** Is this a key of this account, and did it sign this connection? Answer: `keyChecked`. */
export interface KeyQuestion {
  readonly kind: 'key';
  readonly session: SessionId;
  readonly name: UserName;
  readonly key: string;
  readonly signature: string;
  readonly time: UnixMs;
}

/** To make an account. Answer: `registered`. */
export interface RegisterQuestion {
  readonly kind: 'register';
  readonly session: SessionId;
  readonly name: UserName;
  readonly password: Secret;
  readonly source: string;
  readonly time: UnixMs;
  /** The code that is reserved for it. */
  readonly invite?: string;
}

/** To set the password of the account that one is logged in to. Answer: `passwordSet`. */
export interface SetPasswordQuestion {
  readonly kind: 'set-password';
  readonly session: SessionId;
  readonly user: UserName;
  readonly password: Secret;
  readonly old?: Secret;
  readonly source: string;
  readonly id?: ClientId;
}

/** About one's own device keys. Answer: `keysAnswered`. */
export interface KeysQuestion {
  readonly kind: 'keys';
  readonly session: SessionId;
  readonly user: UserName;
  readonly wanted:
    | { readonly kind: 'add'; readonly key: string; readonly label: string; readonly time: UnixMs }
    | { readonly kind: 'remove'; readonly fingerprint: string }
    | { readonly kind: 'list' };
  readonly id?: ClientId;
}

/** To make an invite code. Answers: `inviteDrawn`, with chance for it; then `inviteStored` or `inviteNotStored`. */
export interface InviteQuestion {
  readonly kind: 'invite';
  readonly session: SessionId;
  readonly by: UserName;
  readonly entry: AuditEntry;
  readonly id?: ClientId;
}

export type LoginQuestion =
  | PasswordQuestion
  | KeyQuestion
  | RegisterQuestion
  | SetPasswordQuestion
  | KeysQuestion
  | InviteQuestion;

/** What the store is to note. */
export type LoginNote =
  | { readonly kind: 'save-lockout'; readonly row: LockoutRow }
  | { readonly kind: 'remove-lockout'; readonly account: string; readonly source: string }
  | { readonly kind: 'remove-invite'; readonly code: string };
