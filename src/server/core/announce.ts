/** A word of an operator to everybody, also to those who are offline. */

import { NO_SEQ, type Seq, type UserName } from '../../base/ids.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import { isGuest } from '../../protocol/names.ts';
import type { Origin, ServerEvent } from '../bus/bus.ts';
import type { Core } from './core.ts';
import type { AnnounceRequest } from './effect.ts';
import type { Instant } from './instant.ts';
import { deliverTo } from './mailbox.ts';
import { refuse, release, send } from './sessions.ts';

/** Whether `by` may do this is for the caller to ask. */
export function announce(core: Core, by: UserName, text: string, at: Instant, origin?: Origin): void {
  const time = at.wall;
  core.effects.push({
    kind: 'announce',
    announcement: { from: by, body: text, time },
    entry: { time, by, action: 'announce', target: '', detail: text },
    origin,
  });
}

/** It is stored, in these places of everybody's mailbox. */
export function announced(
  core: Core,
  { announcement, entry, origin }: AnnounceRequest,
  places: readonly { readonly user: UserName; readonly n: Seq }[],
  at: Instant,
): void {
  const { by, action, target, detail } = entry;
  core.effects.push({ kind: 'notice', event: { kind: 'audit', by, action, target, detail } });
  core.effects.push({
    kind: 'publish',
    event: { kind: 'announced', announcement, places, ...(origin === undefined ? {} : { origin }) },
  });
  const session = origin === undefined ? undefined : core.sessions.get(origin.session);
  if (session !== undefined) release(core, session, at);
}

/** The store can't take it, so nobody hears of it. */
export function notAnnounced(core: Core, { origin }: AnnounceRequest, at: Instant): void {
  const session = origin === undefined ? undefined : core.sessions.get(origin.session);
  if (session === undefined) return;
  refuse(core, session, 'not_stored', ERROR_CODES.not_stored.says, at, origin?.id);
  release(core, session, at);
}

export function spread(core: Core, event: Extract<ServerEvent, { kind: 'announced' }>): void {
  const { announcement, places, origin } = event;
  const { from, body, time } = announcement;
  const frame = { type: 'mail', kind: 'announcement', from, body, time } as const;
  for (const { user, n } of places) deliverTo(core, user, { ...frame, n, to: user });
  let guests = 0;
  for (const { name, visible } of core.users.values()) {
    if (!isGuest(name) || visible === 0) continue;
    guests += 1;
    deliverTo(core, name, { ...frame, n: NO_SEQ, to: name });
  }
  const session = origin?.server === core.options.serverId ? core.sessions.get(origin.session) : undefined;
  if (session?.state.kind !== 'online') return;
  const text = `announced to everybody; accounts: ${places.length}, guests here: ${guests}`;
  send(core, session, { type: 'done', ...(origin?.id === undefined ? {} : { id: origin.id }), text });
}
