/**
 * Parts of private chats on their way from one client to another: passed on or refused. Nothing of them is kept, and
 * nothing of them is shown to the operator.
 */
import type { DeviceId, UserName } from '../../base/ids.ts';
import type { ClientMessages } from '../../protocol/client-messages.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import type { ServerEvent } from '../bus/bus.ts';
import type { Core } from './core.ts';
import type { Instant } from './instant.ts';
import { whyNot } from './reach.ts';
import type { Online, Session } from './session.ts';
import { refuse, send } from './sessions.ts';

export function passOn(
  core: Core,
  session: Session,
  { user }: Online,
  { id, to, device, frame }: ClientMessages['private'],
  at: Instant,
): void {
  const from = session.device;
  if (from === undefined) return refuse(core, session, 'device_expected', ERROR_CODES.device_expected.says, at, id);
  const refusal = whyNot(core, user.name, to);
  if (refusal !== undefined) return refuse(core, session, refusal.code, refusal.text, at, id);
  if (recipients(core, to, device, session).length === 0) {
    const { visible = 0 } = core.users.get(to) ?? {};
    const code = device === undefined && visible > 0 ? 'no_device' : 'not_here';
    return refuse(core, session, code, ERROR_CODES[code].says, at, id);
  }
  const origin = { server: core.options.serverId, session: session.id };
  core.effects.push({
    kind: 'publish',
    event: {
      kind: 'private',
      from: user.name,
      fromDevice: from,
      to,
      ...(device === undefined ? {} : { device }),
      frame,
      time: at.wall,
      origin,
    },
  });
}

/** Sessions of somebody that are this device, or any. One that writes to its own user doesn't hear itself. */
function recipients(core: Core, to: UserName, device: DeviceId | undefined, author: Session | undefined): Session[] {
  const { sessions = [] } = core.users.get(to) ?? {};
  return [...sessions].filter(
    (session) =>
      session !== author && session.device !== undefined && (device === undefined || session.device === device),
  );
}

export function handOverPrivate(core: Core, event: Extract<ServerEvent, { kind: 'private' }>): void {
  const { from, fromDevice, to, device, frame, time, origin } = event;
  const author = origin.server === core.options.serverId ? core.sessions.get(origin.session) : undefined;
  for (const session of recipients(core, to, device, author))
    send(core, session, { type: 'private', from, device: fromDevice, frame, time });
}
