/** Who is at the other end of a connection, as far as this host can say. */
import type { Address } from '../link/link.ts';
import type { Identified } from './core/login.ts';

/** What the host knows. Implementations: `login/`; on other systems than Linux nobody knows who owns a connection. */
export interface Host {
  /**
   * The Unix user id of the process that holds the connection's other end, where this host can tell. To be asked in the
   * event that brings the connection, once; the answer is good for as long as the connection is. Never rejects.
   */
  ownerOf(client: Address, server: Address): Promise<number | undefined>;
  nameOf(uid: number): Promise<string | undefined>;
  isUnixLogin(name: string): Promise<boolean>;
}

/** An IPv4 address that came in through an IPv6 socket is still that address (RFC 4291, 2.5.5.2). */
export const plainHost = (host: string): string => (/^::ffff:\d+\./i.test(host) ? host.slice('::ffff:'.length) : host);

/** RFC 1122, 3.2.1.3 (g) and RFC 4291, 2.5.3. */
export const isLoopback = (host: string): boolean => /^127\.\d+\.\d+\.\d+$/.test(plainHost(host)) || host === '::1';

/** @param owner what `ownerOf` answers for this connection. */
export async function identify(
  host: Pick<Host, 'nameOf' | 'isUnixLogin'>,
  owner: Promise<number | undefined>,
  remote: Address,
  method: 'guest' | 'host',
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
  }
}
