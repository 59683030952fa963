/** Codes with which others may register. */
import type { ClientId } from '../../base/ids.ts';
import type { Invite } from '../store/store.ts';
import type { Core } from './core.ts';
import type { Instant } from './instant.ts';
import { showInviteCode } from './invites.ts';
import type { InviteQuestion } from './login-question.ts';
import type { Online, Session } from './session.ts';
import { hold, refuse, release, send } from './sessions.ts';

/** A code takes chance, which the core has none of. */
export function askInvite(core: Core, session: Session, { user }: Online, id: ClientId | undefined, at: Instant): void {
  const entry = { time: at.wall, by: user.name, action: 'invite', target: '', detail: '' };
  const about = { session: session.id, by: user.name, entry, ...(id === undefined ? {} : { id }) };
  hold(core, session);
  core.effects.push({ kind: 'ask-logins', question: { kind: 'invite', ...about } });
}

/** @param chance `INVITE_BYTES` that nobody can foretell. @returns what to store; undefined: there are too many. */
export function inviteDrawn(
  core: Core,
  { session: asked, by, id }: InviteQuestion,
  chance: Uint8Array,
  at: Instant,
): Invite | undefined {
  sweepInvites(core, at);
  const made = core.invites.make(by, chance, at.wall);
  if (made.ok) return made.value;
  const session = core.sessions.get(asked);
  if (session?.state.kind !== 'online') return undefined;
  refuse(core, session, 'too_many_invites', 'too many invite codes are open: wait until some are used', at, id);
  release(core, session, at);
  return undefined;
}

export function inviteStored(core: Core, asked: InviteQuestion, made: Invite, at: Instant): void {
  const { action, target, detail } = asked.entry;
  core.effects.push({ kind: 'notice', event: { kind: 'audit', by: asked.by, action, target, detail } });
  const session = core.sessions.get(asked.session);
  if (session?.state.kind !== 'online') return;
  const answers = asked.id === undefined ? {} : { id: asked.id };
  send(core, session, { type: 'invite', ...answers, code: showInviteCode(made.code), until: made.expires });
  release(core, session, at);
}

export function inviteNotStored(core: Core, asked: InviteQuestion, at: Instant): void {
  const session = core.sessions.get(asked.session);
  if (session?.state.kind !== 'online') return;
  refuse(core, session, 'not_stored', 'the server could not store the invite code; try again later', at, asked.id);
  release(core, session, at);
}

/** Forgets the expired ones. */
export function sweepInvites(core: Core, at: Instant): void {
  for (const { code } of core.invites.sweep(at.wall))
    core.effects.push({ kind: 'note-login', note: { kind: 'remove-invite', code } });
}
