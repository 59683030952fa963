/** Links to all who are heard: one with each, in TLS 1.3 with both keys proved. The interface; `open-mesh.ts` does it. */
import type { DeviceId } from '../../base/ids.ts';
import type { Address } from '../../link/link.ts';
import type { Announcement } from '../announcement.ts';
import type { LanFrame } from './frames.ts';

/** What the mesh sees to itself; all others go to whoever uses it. */
export type MeshFrame = Exclude<LanFrame, { readonly type: 'hello' | 'bye' }>;

export interface MeshPorts {
  /** This device: a link to oneself is none. */
  readonly device: DeviceId;
  /** A fresh announcement of ours, signed, for the pin and port of this mesh. */
  readonly announcement: () => Uint8Array;
  /** A link's `hello` is as good as a datagram: the announcement in it, and the address of its other end. */
  readonly heard: (announcement: Announcement, host: string) => void;
  /** Anything came from them: they live. */
  readonly alive: (device: DeviceId) => void;
  /** A link stands. From now on `send` reaches them. */
  readonly linked: (device: DeviceId, remote: Address) => void;
  /** It has ended. `bye`: they have said so. */
  readonly unlinked: (device: DeviceId, bye: boolean) => void;
  readonly frame: (device: DeviceId, frame: MeshFrame) => void;
  /** Put on each ping and pong of ours. */
  readonly lobbyDigest: () => string;
}

export interface Mesh {
  /** Of the TLS key of this run. */
  readonly pin: string;
  /** TCP. */
  readonly port: number;
  readonly links: number;
  /** What doesn't work, a line each: somebody who can be heard and not reached. */
  readonly problems: readonly string[];
  /**
   * They were heard: dialled, where there is no link and it is our turn.
   * @param host that the datagram came from; undefined where others have passed it on.
   */
  heard(announcement: Announcement, host: string | undefined): void;
  isLinked(device: DeviceId): boolean;
  /** @returns false where there is no link. */
  send(device: DeviceId, frame: MeshFrame): boolean;
  /** To everybody; encoded once. @returns to how many. */
  sendAll(frame: MeshFrame): number;
  /** Says good-bye on every link, of whose end nobody is told. Resolves when it has gone to the kernel, or after a second. */
  leave(): Promise<void>;
  /** Safe to call twice. */
  close(): void;
}
