import type { DeviceId, UserName } from '../../base/ids.ts';
import { MAX_DEVICES, MAX_PACKAGES } from '../../protocol/limits.ts';
import type { DeviceCame, KnownDevice } from '../store/store.ts';
import { MAX_GUEST_PACKAGES } from './limits.ts';
import type { User } from './session.ts';

/** The devices of guests, and their key packages, while they are here. */
export class GuestDevices {
  /** Packages of each device; both in the order of their last use. */
  readonly #of = new Map<UserName, Map<DeviceId, string[]>>();
  #packages = 0;

  /** Guests with a device. */
  get size(): number {
    return this.#of.size;
  }

  /** Packages of all of them. */
  get packages(): number {
    return this.#packages;
  }

  has(user: UserName, device: DeviceId): boolean {
    return this.#of.get(user)?.has(device) === true;
  }

  /** Adds the device, or notes its use, and adds to its packages, as far as there is room. */
  put(user: UserName, device: DeviceId, packages: readonly string[]): DeviceCame {
    const own = this.#of.get(user) ?? new Map<DeviceId, string[]>();
    this.#of.set(user, own);
    const stock = own.get(device) ?? [];
    own.delete(device);
    const [oldest] = own.keys();
    const dropped = own.size >= MAX_DEVICES ? oldest : undefined;
    if (dropped !== undefined) this.drop(user, dropped);
    own.set(device, stock);
    for (const one of packages) if (!stock.includes(one)) this.#add(stock, one);
    return { packages: stock.length, ...(dropped === undefined ? {} : { dropped }) };
  }

  #add(stock: string[], one: string): void {
    if (stock.length >= MAX_PACKAGES) stock.shift();
    else if (this.#packages >= MAX_GUEST_PACKAGES) return;
    else this.#packages += 1;
    stock.push(one);
  }

  /** As the store does it for accounts. */
  devices(user: UserName, claim: readonly DeviceId[]): KnownDevice[] {
    return Array.from(this.#of.get(user) ?? [], ([device, stock]) => {
      const claimed = claim.includes(device) ? stock.shift() : undefined;
      if (claimed === undefined) return { device, left: stock.length };
      this.#packages -= 1;
      return { device, package: claimed, left: stock.length };
    });
  }

  /** A session has gone, which was this device. */
  leave({ name, sessions }: User, device: DeviceId | undefined): void {
    if (device !== undefined && ![...sessions].some((other) => other.device === device)) this.drop(name, device);
  }

  drop(user: UserName, device: DeviceId): void {
    const own = this.#of.get(user);
    this.#packages -= own?.get(device)?.length ?? 0;
    own?.delete(device);
    if (own?.size === 0) this.#of.delete(user);
  }
}
