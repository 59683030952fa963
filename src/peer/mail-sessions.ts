/** Lasting sessions of mail: taken out of the vault, moved on, and put back before anybody gets what they made. */
import type { Clock } from '../base/clock.ts';
import type { ClientId, DeviceId, GroupId, UserName } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import { fromBase64url } from '../crypto/base64url.ts';
import type { E2ee, E2eeFault, E2eeSession } from '../crypto/e2ee-session.ts';
import * as f from '../protocol/fields.ts';
import { parse } from '../protocol/schema.ts';
import type { InnerNames } from './inner-names.ts';
import type { SavedSession, Vault, VaultChange } from './vault.ts';

/** Sessions of one pair of devices that are kept: both may begin one at once, and messages of older ones may be on their way. */
export const MAX_SESSIONS = 5;
/** The same under all names of ours together: guests' names change often. */
const MAX_SESSIONS_IN_ALL = 40;
/** Messages of ours in one session; then a new one with new keys is begun, if the other has a key package left. */
export const RENEW_AFTER = 50;

/** Characters that the id of a sealed copy has more than that of its message. */
const COPY_CHARS = 6;

/** The message whose copy has this id. @returns undefined where it can't be that of a copy. */
export function messageOf(copy: ClientId): ClientId | undefined {
  const of = parse(f.id, copy.slice(0, -COPY_CHARS));
  return of.ok ? of.value : undefined;
}

/**
 * Ids of copies: the message's, and the beginning of the device's, so that a message that is sealed once more, for other
 * devices, is no copy that the server has had. @returns undefined where the message's is too long.
 */
export function copyId(of: ClientId, device: DeviceId): ClientId | undefined {
  const id = parse(f.id, `${of}${device.slice(0, COPY_CHARS)}`);
  return id.ok ? id.value : undefined;
}

/** One that is in use; what is done with it counts when it was put back. */
export interface Taken {
  readonly session: E2eeSession;
  readonly user: UserName;
  readonly device: DeviceId;
  /** As long as the other hasn't written in it. */
  readonly welcome: Uint8Array | undefined;
}

export class MailSessions {
  readonly #names: InnerNames;
  readonly #vault: Vault;
  readonly #clock: Clock;

  constructor(vault: Vault, clock: Clock, names: InnerNames) {
    this.#names = names;
    this.#vault = vault;
    this.#clock = clock;
  }

  /** Devices with which there is none that will do, or only one that should be followed by another. */
  without(
    own: UserName,
    user: UserName,
    devices: readonly DeviceId[],
    count: ReadonlyMap<GroupId, number>,
  ): readonly DeviceId[] {
    const isOld = (group: GroupId): boolean => (count.get(group) ?? 0) >= RENEW_AFTER;
    return devices.filter((device) => this.#writable(own, user, device).every(isOld));
  }

  /** Groups in which we may write under this name, newest use first. */
  #writable(own: UserName, user: UserName, device: DeviceId): readonly GroupId[] {
    const all = this.#vault.sessions(user, device);
    for (const { state } of all) state.fill(0);
    return all.filter((session) => session.own === own && !session.retired).map(({ group }) => group);
  }

  /** The newest that is usable. */
  async newest(
    e2ee: E2ee,
    user: UserName,
    device: DeviceId,
    count: ReadonlyMap<GroupId, number>,
  ): Promise<Taken | undefined> {
    const isOld = (group: GroupId): boolean => (count.get(group) ?? 0) >= RENEW_AFTER;
    const groups = this.#writable(e2ee.us.user, user, device);
    for (const group of [...groups.filter((one) => !isOld(one)), ...groups.filter(isOld)]) {
      const taken = await this.take(e2ee, group);
      if (taken !== undefined) return taken;
    }
    return undefined;
  }

  /** @returns undefined where there is none, or one that is damaged, which is dropped, or one of another name of ours. */
  async take(e2ee: E2ee, group: GroupId): Promise<Taken | undefined> {
    const saved = this.#vault.session(group);
    if (saved === undefined) return undefined;
    const { user, device, welcome, state } = saved;
    if (saved.own !== e2ee.us.user) {
      state.fill(0);
      return undefined;
    }
    try {
      return { session: await e2ee.restore(state), user, device, welcome };
    } catch {
      this.#vault.commit({ dropSession: group });
      return undefined;
    } finally {
      state.fill(0);
    }
  }

  /** A new one, from a package that they are said to have published. */
  async begin(
    e2ee: E2ee,
    group: GroupId,
    user: UserName,
    device: DeviceId,
    theirPackage: string,
  ): Promise<Result<Taken, E2eeFault>> {
    const bytes = fromBase64url(theirPackage);
    if (bytes === undefined) return err({ code: 'malformed', text: 'it is not base64url' });
    const made = await e2ee.create(group, this.#names.party(user, device), bytes);
    return made.ok ? ok({ session: made.value.session, user, device, welcome: made.value.welcome }) : made;
  }

  /** On the disk with it, or none of both: its new state, and what else there is to keep. Its keys leave the memory. */
  put(taken: Taken, more: VaultChange): void {
    this.putAll([taken], more);
  }

  /** The same of several, in one. */
  putAll(all: readonly Taken[], more: VaultChange): void {
    const putSession = all.map((taken) => this.#saved(taken));
    try {
      this.#vault.commit({ ...more, putSession });
    } finally {
      for (const { state } of putSession) state.fill(0);
    }
    for (const { own, user, device } of putSession) this.#dropOld(own, user, device);
  }

  #saved({ session, user, device, welcome }: Taken): SavedSession {
    const state = session.save();
    const { group, us } = session;
    session.destroy();
    return { group, own: us.user, user, device, state, welcome, used: this.#clock.now(), retired: false };
  }

  #dropOld(own: UserName, user: UserName, device: DeviceId): void {
    const all = this.#vault.sessions(user, device);
    for (const { state } of all) state.fill(0);
    const ofName = all.filter((session) => session.own === own);
    const old = new Set([...ofName.slice(MAX_SESSIONS), ...all.slice(MAX_SESSIONS_IN_ALL)].map(({ group }) => group));
    for (const group of old) this.#vault.commit({ dropSession: group });
  }
}
