/** Passwords that are tried: how often, before nobody looks at them any more. `lockout.ts` has the rules. */
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Core } from './core.ts';
import type { Instant } from './instant.ts';
import type { LockoutChange, Outcome } from './lockout.ts';

export interface Locked {
  readonly code: Extract<ErrorCode, 'locked_out' | 'login_busy'>;
  readonly text: string;
}

export const inSeconds = (ms: number): string => `${Math.max(1, Math.ceil(ms / 1000))} s`;

/** One spelling for one account; a name without an account has one too. */
const keyOf = (name: string): string => name.toLowerCase();

/** Before a password is looked at. @returns undefined: it may be, and `guessed` must follow; else what to say. */
export function mayGuess(core: Core, name: string, source: string, at: Instant): Locked | undefined {
  const attempt = core.lockouts.begin(keyOf(name), source, at);
  switch (attempt.kind) {
    case 'go':
      return undefined;
    case 'locked': {
      const text = `too many wrong passwords for ${name} from ${source}: try again in ${inSeconds(attempt.wait)}`;
      return { code: 'locked_out', text };
    }
    case 'pending':
      return { code: 'login_busy', text: `other passwords for ${name} are being checked; try again in a few seconds` };
    case 'too_many_accounts': {
      const text = `wrong passwords for too many names from ${source}: try again in ${inSeconds(attempt.wait)}`;
      return { code: 'locked_out', text };
    }
  }
}

/** @returns where this one was too many, for how long it is locked now (ms). */
export function guessed(core: Core, name: string, source: string, outcome: Outcome, at: Instant): number | undefined {
  const { changes, lockedFor } = core.lockouts.end(keyOf(name), source, outcome, at);
  noteChanges(core, changes);
  return lockedFor;
}

/** Forgets what is old. */
export function sweepGuesses(core: Core, at: Instant): void {
  noteChanges(core, core.lockouts.sweep(at));
}

function noteChanges(core: Core, changes: readonly LockoutChange[]): void {
  for (const change of changes)
    core.effects.push({
      kind: 'note-login',
      note:
        change.kind === 'save'
          ? { kind: 'save-lockout', row: change.row }
          : { kind: 'remove-lockout', account: change.account, source: change.source },
    });
}
