/** Where mail of ours goes: which devices, with which key packages, or why it can't go. */
import type { DeviceId, UserName } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Refusal } from './claims.ts';
import type { Self, Shared } from './shared.ts';
import { changedWords } from './trust.ts';

export interface Target {
  readonly user: UserName;
  readonly device: DeviceId;
}

/** Where a message goes, and key packages for those with whom there is no session. */
export interface Route {
  readonly targets: readonly Target[];
  readonly packages: ReadonlyMap<DeviceId, string>;
  /** Why there are none, where there are none. */
  readonly refusal: Refusal;
}

/** Devices of somebody with which there is no session, or one that has been used for long. */
type Without = (user: UserName, devices: readonly DeviceId[]) => readonly DeviceId[];

export async function routeTo(
  shared: Shared,
  self: Self,
  to: UserName,
  without: Without,
): Promise<Result<Route, Refusal>> {
  const { directory, trust, vault, device: ours } = shared;
  if (vault.log.locked)
    return err({ code: 'locked', text: 'your log is locked: give its passphrase with /unlock, then it goes' });
  const theirs = await directory.devices(to);
  if (!theirs.ok) return theirs;
  if (theirs.value.length === 0) return err(noDevice(to));
  if (trust.meet(to, theirs.value) === 'changed') return err({ code: 'key_changed', text: changedWords(to) });
  const own = await directory.devices(self.user);
  // Guests, and who has only this device, have no copies to send.
  const others = own.ok ? own.value : [];
  trust.meetOwn(self.user, others);
  const targets = [
    ...theirs.value.map((device) => ({ user: to, device })),
    ...others.filter((device) => device !== ours).map((device) => ({ user: self.user, device })),
  ].filter(({ user, device }) => trust.isAccepted(user, device));
  return withPackages(shared, self, to, targets, without);
}

/** A key package for each device with which there is no session, or one that has been used for long. */
async function withPackages(
  { once, directory }: Shared,
  self: Self,
  to: UserName,
  targets: readonly Target[],
  without: Without,
): Promise<Result<Route, Refusal>> {
  const packages = new Map<DeviceId, string>();
  let refusal = noPackages(to);
  for (const user of [to, self.user]) {
    const devices = targets.filter((target) => target.user === user).map(({ device }) => device);
    const wanting = once ? devices : without(user, devices);
    const claimed = wanting.length > 0 ? await directory.claim(user, wanting) : undefined;
    if (claimed?.ok === true) for (const [device, given] of claimed.value) packages.set(device, given);
    else if (claimed?.error.code === 'offline') return claimed;
    else if (claimed !== undefined && user === to) refusal = claimed.error;
  }
  return ok({ targets, packages, refusal });
}

export const wrongPackage = (to: UserName): Refusal => ({
  code: 'wrong_key',
  text: `what the server gives out as ${to}'s key is somebody else's, so nothing is sent with it`,
});

/** Never told: another package is asked for, and if it is none either, there is none. */
export const EXPIRED = 'expired';
export const expiredPackage = (to: UserName): Refusal => ({ code: EXPIRED, text: `the key of ${to} is past its use` });

const noDevice = (to: UserName): Refusal => ({
  code: 'no_device',
  text: `${to} has no program yet that reads private messages: it waits as long as this one runs`,
});

export const noPackages = (to: UserName): Refusal => ({
  code: 'no_packages',
  text: `${to}'s program must be here once before it can be sent: it waits as long as this program runs`,
});
