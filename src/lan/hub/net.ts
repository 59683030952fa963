/** The network, as the parts of the hub use it: nothing goes anywhere before it is open. */
import type { DeviceId } from '../../base/ids.ts';
import type { Address } from '../../link/link.ts';
import type { Discovery } from '../discovery/discovery.ts';
import type { Mesh, MeshFrame } from '../mesh/mesh.ts';

export class Net {
  mesh: Mesh | undefined;
  discovery: Discovery | undefined;
  /** Whom we have a link with, and where they take announcements. */
  readonly #addresses = new Map<DeviceId, Address>();

  isLinked(device: DeviceId): boolean {
    return this.mesh?.isLinked(device) ?? false;
  }

  /** @returns false where there is no link. */
  send(device: DeviceId, frame: MeshFrame): boolean {
    return this.mesh?.send(device, frame) ?? false;
  }

  sendAll(frame: MeshFrame): void {
    this.mesh?.sendAll(frame);
  }

  linked(device: DeviceId, address: Address): void {
    this.#addresses.set(device, address);
    this.#tell();
  }

  unlinked(device: DeviceId): void {
    this.#addresses.delete(device);
    this.#tell();
  }

  #tell(): void {
    this.discovery?.far([...this.#addresses.values()]);
  }
}
