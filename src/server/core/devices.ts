/** Which device a session is, the devices of somebody, and the key packages with which one writes to them first. */
import type { ClientId, DeviceId } from '../../base/ids.ts';
import type { ClientMessages } from '../../protocol/client-messages.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import { LOW_PACKAGES, MAX_DEVICES } from '../../protocol/limits.ts';
import { isGuest } from '../../protocol/names.ts';
import type { ServerEvent } from '../bus/bus.ts';
import type { DeviceCame, KnownDevice } from '../store/store.ts';
import type { Core } from './core.ts';
import type { DeviceRequest, DevicesQuestion } from './effect.ts';
import type { Instant } from './instant.ts';
import { openDeviceMail, stopDeviceMail } from './mailbox.ts';
import type { Online, Session, User } from './session.ts';
import { hold, refuse, release, send } from './sessions.ts';

const withId = (id: ClientId | undefined): { readonly id?: ClientId } => (id === undefined ? {} : { id });

/** A visible session says which device it is. The session's next message waits for the answer. */
export function sayDevice(
  core: Core,
  session: Session,
  { user }: Online,
  { id, device, packages }: ClientMessages['device'],
  at: Instant,
): void {
  const asked: DeviceRequest = {
    session: session.id,
    added: { user: user.name, device, packages, time: at.wall },
    here: devicesHere(user),
    ...withId(id),
  };
  if (user.identity.kind === 'guest')
    return devicePut(core, asked, core.guestDevices.put(user.name, device, packages), at);
  hold(core, session);
  core.effects.push({ kind: 'put-device', ...asked });
}

function devicesHere(user: User): DeviceId[] {
  return [...user.sessions].flatMap(({ device }) => (device === undefined ? [] : [device]));
}

/** It is stored, or is a guest's. */
export function devicePut(core: Core, { session: id, added, ...more }: DeviceRequest, came: DeviceCame, at: Instant) {
  const { user, device } = added;
  if (came.dropped !== undefined)
    core.effects.push({ kind: 'publish', event: { kind: 'device-dropped', user, device: came.dropped } });
  const session = core.sessions.get(id);
  if (session?.state.kind !== 'online') return;
  const isNews = session.device !== device;
  session.device = device;
  send(core, session, { type: 'device', ...withId(more.id), device, packages: came.packages });
  if (isNews) openDeviceMail(core, session, user);
  release(core, session, at);
}

/** The store can't take it, so the session isn't that device. */
export function deviceNotPut(core: Core, { session: id, ...more }: DeviceRequest, at: Instant): void {
  const session = core.sessions.get(id);
  if (session === undefined) return;
  refuse(core, session, 'not_stored', ERROR_CODES.not_stored.says, at, more.id);
  release(core, session, at);
}

/** The device had to make room for another. */
export function deviceDropped(
  core: Core,
  { user, device }: Extract<ServerEvent, { kind: 'device-dropped' }>,
  at: Instant,
): void {
  const text = `you have used ${MAX_DEVICES} other devices since this one, so it gets no private messages any more`;
  for (const session of core.users.get(user)?.sessions ?? []) {
    if (session.device !== device) continue;
    session.device = undefined;
    stopDeviceMail(core, session, user);
    refuse(core, session, 'no_such_device', text, at);
  }
}

/** Whether this may be asked is for the caller to say. */
export function askDevices(core: Core, session: Session, asked: Omit<DevicesQuestion, 'session'>, at: Instant): void {
  const question: DevicesQuestion = { session: session.id, ...asked };
  if (isGuest(asked.user)) return devicesRead(core, question, core.guestDevices.devices(asked.user, asked.claim), at);
  hold(core, session);
  core.effects.push({ kind: 'devices', ...question });
}

/** What was claimed is gone from the store, also where nobody waits for it any more. */
export function devicesRead(core: Core, asked: DevicesQuestion, came: readonly KnownDevice[], at: Instant): void {
  const { user, id } = asked;
  for (const { device, package: claimed, left } of came)
    if (claimed !== undefined && left === LOW_PACKAGES - 1)
      core.effects.push({ kind: 'publish', event: { kind: 'packages-low', user, device, packages: left } });
  const session = core.sessions.get(asked.session);
  if (session?.state.kind !== 'online') return;
  const devices = came.map(({ device, package: claimed }) =>
    claimed === undefined ? { device } : { device, package: claimed },
  );
  send(core, session, { type: 'devices', ...withId(id), user, devices });
  release(core, session, at);
}

export function devicesNotRead(core: Core, asked: DevicesQuestion, at: Instant): void {
  const session = core.sessions.get(asked.session);
  if (session === undefined) return;
  refuse(core, session, 'internal', 'the server could not look this up; try again later', at, asked.id);
  release(core, session, at);
}

/** Its user's client makes new ones. */
export function packagesLow(core: Core, event: Extract<ServerEvent, { kind: 'packages-low' }>): void {
  const { user, device, packages } = event;
  for (const session of core.users.get(user)?.sessions ?? [])
    if (session.device === device) send(core, session, { type: 'device', device, packages });
}
