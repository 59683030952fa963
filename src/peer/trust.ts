/** Whose device is whose: pinned at first use, and from then on compared. */
import type { Clock } from '../base/clock.ts';
import type { DeviceId, UserName } from '../base/ids.ts';
import { MAX_DEVICES } from '../protocol/limits.ts';
import type { PrivateEvent, Trust } from './private.ts';
import type { Pin, Vault } from './vault.ts';

/** Devices of one user that are remembered; a server that makes up more says nothing new. */
const MAX_PINS = 20;

/** A person has compared the numbers, and they are equal. */
export const isVerified = ({ verified, accepted }: Pin): boolean => verified && accepted;

function trustOf(pins: readonly Pin[]): Trust {
  if (pins.length === 0) return 'unknown';
  if (pins.some(({ accepted }) => !accepted)) return 'changed';
  return pins.every(({ verified }) => verified) ? 'verified' : 'first';
}

export const changedWords = (user: UserName): string =>
  `${user} has a key that was not there before, so nothing is sent. It is a new machine of theirs, or somebody between ` +
  `you who pretends to be ${user}. Compare numbers by phone: /verify ${user}. Or take it as theirs: /accept-key ${user}`;

/** Why what they send isn't shown. */
export const heldWords = (user: UserName, count: number): string => {
  const many = count === 1 ? 'a message' : `${count} messages`;
  return (
    `${many} from ${user} ${count === 1 ? 'waits' : 'wait'} unread, from a key that was not there before: a new machine of ` +
    `theirs, or somebody who pretends to be ${user}. Compare numbers by phone: /verify ${user}. Or take it as theirs: ` +
    `/accept-key ${user}`
  );
};

/** A device that the server lists beside this one. */
export const strangerWords = (user: UserName): string =>
  'a device that this one does not know says that it is yours. It gets no copies of what you write, and what it sends in ' +
  `your name is not shown. /dhkey shows its fingerprint; if it is yours: /accept-key ${user}`;

/** Devices of somebody, as the server tells. */
type Ask = (user: UserName) => Promise<readonly DeviceId[]>;

export interface TrustPorts {
  readonly vault: Vault;
  readonly clock: Clock;
  /** Our own name, of which this device is the one that we know. */
  readonly self: () => UserName | undefined;
  readonly tell: (event: PrivateEvent) => void;
  /** Called after `trust` was told. */
  readonly changed: (user: UserName) => void;
}

export class TrustBook {
  readonly #ports: TrustPorts;
  readonly #vault: Vault;

  constructor(ports: TrustPorts) {
    this.#ports = ports;
    this.#vault = ports.vault;
  }

  of(user: UserName): Trust {
    return trustOf(this.#vault.pins(user));
  }

  /** Of the one device that a chat is with: what others of theirs turn up meanwhile changes nothing about it. */
  ofDevice(user: UserName, device: DeviceId): Trust {
    return trustOf(this.#vault.pins(user).filter((pin) => pin.device === device));
  }

  isAccepted(user: UserName, device: DeviceId): boolean {
    return this.#vault.pins(user).some((pin) => pin.device === device && pin.accepted);
  }

  /** A person has compared the numbers of this device, and they differ. */
  differs(user: UserName, device: DeviceId): boolean {
    return this.#vault.pins(user).some((pin) => pin.device === device && pin.verified && !pin.accepted);
  }

  /**
   * These devices are said to be theirs. The first that are seen are believed; whatever comes later needs a person. Of our
   * own name none is believed but this one: what the server lists beside it would get a copy of all that we write.
   */
  meet(user: UserName, devices: readonly DeviceId[]): Trust {
    if (user === this.#ports.self()) return this.meetOwn(user, devices);
    return this.#pinned(user, devices, this.#vault.pins(user).length === 0) ? this.#news(user) : this.of(user);
  }

  /** The same of a name that is ours, or was when they were asked for. */
  meetOwn(user: UserName, devices: readonly DeviceId[]): Trust {
    const ours = this.#vault.identity.device;
    const pins = this.#vault.pins(user);
    const isNew = !pins.some(({ device, accepted }) => device === ours && accepted);
    const before = isNew ? pins.filter(({ device, accepted }) => device !== ours && accepted) : [];
    // We have a new key, or had another name: what was known of this one was said about somebody who isn't this device.
    for (const pin of before) this.#vault.commit({ putPin: { ...pin, verified: false, accepted: false } });
    const since = this.#ports.clock.now();
    if (isNew) this.#vault.commit({ putPin: { user, device: ours, since, verified: true, accepted: true } });
    return this.#pinned(user, devices, false) || before.length > 0 ? this.#news(user) : this.of(user);
  }

  /** @returns whether there are any that were not known. */
  #pinned(user: UserName, devices: readonly DeviceId[], accepted: boolean): boolean {
    const pins = this.#vault.pins(user);
    const fresh = [...new Set(devices)].filter((device) => pins.every((pin) => pin.device !== device));
    const since = this.#ports.clock.now();
    // Beyond the limit they aren't remembered, and still not believed: the last ones that are stand for them.
    for (const device of fresh.slice(0, Math.max(0, MAX_PINS - pins.length)))
      this.#vault.commit({ putPin: { user, device, since, verified: false, accepted } });
    return fresh.length > 0;
  }

  /**
   * Somebody has come by way of one device, and may have others: at first contact all that the server knows are pinned
   * together, so that the second one isn't taken for an intruder because the first one happened to write.
   */
  async meetFirst(user: UserName, device: DeviceId, ask: Ask): Promise<void> {
    const others = this.of(user) === 'unknown' ? await ask(user) : [];
    this.meet(user, [device, ...others.filter((other) => other !== device)]);
  }

  /** @returns the devices that are theirs from now on. */
  accept(user: UserName): readonly DeviceId[] {
    const fresh = this.#vault.pins(user).filter(({ accepted }) => !accepted);
    // One whose numbers differ is accepted all the same, but was never found to be theirs.
    for (const pin of fresh) this.#vault.commit({ putPin: { ...pin, accepted: true, verified: false } });
    if (fresh.length > 0) this.#news(user);
    return fresh.map(({ device }) => device);
  }

  /** Whether further devices of theirs can't be remembered. */
  isFull(user: UserName): boolean {
    return this.#vault.pins(user).length >= MAX_PINS;
  }

  /** Forgets the oldest of those that they no longer have, but so few that nobody is met anew as if for the first time. */
  makeRoom(user: UserName, listed: readonly DeviceId[]): void {
    const gone = this.#vault
      .pins(user)
      .filter(({ device }) => !listed.includes(device) && device !== this.#vault.identity.device)
      .toSorted((a, b) => a.since - b.since);
    for (const { device } of gone.slice(0, MAX_DEVICES)) this.#vault.commit({ dropPin: { user, device } });
  }

  /** A person has compared the safety numbers. @returns false where we know of no such device. */
  compared(user: UserName, device: DeviceId, equal: boolean): boolean {
    const pin = this.#vault.pins(user).find((one) => one.device === device);
    if (pin === undefined) return false;
    this.#vault.commit({ putPin: { ...pin, accepted: equal, verified: true } });
    this.#news(user);
    return true;
  }

  #news(user: UserName): Trust {
    const trust = this.of(user);
    this.#ports.tell({ type: 'trust', person: user, trust });
    this.#ports.changed(user);
    return trust;
  }
}
