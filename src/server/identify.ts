/** Who is at the other end of a connection, as far as this host can say. */
import { isLoopback, plainHost } from '../link/address.ts';
import type { Address } from '../link/link.ts';
import type { Identified } from './core/login.ts';
import type { LoginMethod } from './core/user.ts';

export { isLoopback, plainHost };

/** What the host knows. Implementations: `login/`; on other systems than Linux nobody knows who owns a connection. */
export interface Host {
  /**
   * The Unix user id of the process that holds the connection's other end, where this host can tell. To be asked in the
   * event that brings the connection, once; the answer is good for as long as the connection is. Never rejects.
   */
  ownerOf(client: Address, server: Address): Promise<number | undefined>;
  nameOf(uid: number): Promise<string | undefined>;
  /** Or looks like one. */
  isUnixLogin(name: string): Promise<boolean>;
}

/** @param owner what `ownerOf` answers for this connection. */
export async function identify(
  host: Pick<Host, 'nameOf' | 'isUnixLogin'>,
  owner: Promise<number | undefined>,
  remote: Address,
  method: LoginMethod,
  name: string,
): Promise<Identified> {
  switch (method) {
    case 'guest': {
      const [uid, reserved] = await Promise.all([owner, host.isUnixLogin(name)]);
      // All users of a shared host come from one address: there, the kernel tells them apart.
      return { kind: 'guest', source: uid === undefined ? plainHost(remote.host) : `uid ${uid}`, reserved };
    }
    case 'host': {
      const uid = await owner;
      return uid === undefined ? { kind: 'unknown' } : { kind: 'host', uid, login: await host.nameOf(uid) };
    }
    case 'register': {
      const [, reserved] = await Promise.all([owner, host.isUnixLogin(name)]);
      return { kind: 'newcomer', reserved };
    }
    case 'password':
    case 'key':
      await owner;
      return { kind: 'located' };
  }
}
