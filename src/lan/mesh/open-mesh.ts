/**
 * Links with all who are heard, over mutual TLS 1.3 with a key of this run.
 *
 * What is learned without proving anything: whoever looks on sees addresses, ports, lengths and times, and in the name that
 * is asked for (SNI) a hash of the listener's pin, which its announcements have told the whole network. Certificates are
 * encrypted, and name nobody. Whoever connects must ask for our pin by that hash, or TLS ends. With any key of its own it
 * then gets our `hello`: an announcement, which is public. A listener that hasn't the key that was announced gets the
 * dialler's certificate (TLS 1.3 sends it before the pin can be compared), so its pin, and not a word more. All else, the
 * digest of the lobby first, is for those who have proved the key of an announcement that they have signed.
 */
import type { Clock, Random } from '../../base/clock.ts';
import { unixMs } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { connectMutual, listenMutual, type MutualListener, newMutualKey } from '../../link/mutual-tls.ts';
import type { ListenFailure } from '../../link/tcp.ts';
import { readAnnouncement } from '../announcement-codec.ts';
import { MAX_UNPROVED_LINKS } from '../limits.ts';
import { Links } from './links.ts';
import type { Mesh, MeshPorts } from './mesh.ts';
import { TIMINGS, type Timings } from './timings.ts';

export interface MeshOptions {
  /** TCP; 0: any free one. */
  readonly port: number;
  /** Of which only the wall clock is read, to judge the age of what others say. */
  readonly clock?: Clock;
  readonly random?: Random;
  /** Others than the usual ones, for tests. */
  readonly timings?: Partial<Timings>;
}

/** A mesh, and what it counts beside. */
export type OpenedMesh = Mesh & Pick<Links, 'refused' | 'badLines' | 'greetings'>;

/** IPv6, which takes IPv4 too; where the host has none, IPv4. */
async function listenAnywhere(port: number): Promise<Result<MutualListener, ListenFailure>> {
  const both = await listenMutual({ host: '::', port }, MAX_UNPROVED_LINKS);
  if (both.ok || both.error.kind === 'in_use') return both;
  return await listenMutual({ host: '0.0.0.0', port }, MAX_UNPROVED_LINKS);
}

/** Never rejects. What is wrong is one line for people. */
export async function openMesh(ports: MeshPorts, options: MeshOptions): Promise<Result<OpenedMesh, string>> {
  const listened = await listenAnywhere(options.port);
  if (!listened.ok) return err(listened.error.text);
  const listener = listened.value;
  const key = newMutualKey();
  const timings = { ...TIMINGS, ...options.timings };
  const { clock, random = Math.random } = options;
  const links = new Links({
    ports,
    timings,
    random,
    now: () => clock?.now() ?? unixMs(Date.now()),
    read: readAnnouncement,
    door: {
      pin: key.pin,
      port: listener.address.port,
      connect: (address, pin, signal) =>
        connectMutual({ ...address, key, expectPin: pin, timeoutMs: timings.greet, signal }),
      serve: (arrived) => void listener.serve(key, arrived),
      close: () => listener.close(),
    },
  });
  return ok(links);
}
