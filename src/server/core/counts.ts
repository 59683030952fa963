/** Plain numbers since the start: counted where it happens, for whoever shows them. None of them names anybody. */
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Session } from './session.ts';
import type { LoginMethod } from './user.ts';

export interface Logins {
  ok: number;
  refused: number;
}

export interface Counts {
  /** Of rooms, delivered. */
  messages: number;
  /** Errors that were sent, by their code; a code without an entry was not. */
  readonly refused: Map<string, number>;
  /** Log-ins that were looked at, by how. */
  readonly logins: Readonly<Record<LoginMethod, Logins>>;
}

const noLogins = (): Logins => ({ ok: 0, refused: 0 });

export const createCounts = (): Counts => ({
  messages: 0,
  refused: new Map(),
  logins: { guest: noLogins(), host: noLogins(), password: noLogins(), key: noLogins(), register: noLogins() },
});

/** To be called while the session is still in the state in which it is refused. */
export function countRefusal(counts: Counts, { state }: Session, code: ErrorCode): void {
  counts.refused.set(code, (counts.refused.get(code) ?? 0) + 1);
  if (state.kind === 'authenticating') counts.logins[state.claim.kind].refused += 1;
}
