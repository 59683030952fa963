/** To a server elsewhere: TLS, and a key that is the one we know, or that is known from now on. */
import { isIP } from 'node:net';
import { getCACertificates } from 'node:tls';
import { err, ok, type Result } from '../../base/result.ts';
import { addressText } from '../../link/address.ts';
import type { ConnectFailure, ConnectOptions } from '../../link/tcp.ts';
import { connectTls, type Proved } from '../../link/tls.ts';
import type { DialFailure, Dialled, Untrusted } from './dialled.ts';
import { KEY_CHANGED_SHORT, type KnownKey, KnownServers, keyChangedText } from './known-servers.ts';

const untrusted = (code: Untrusted['code'], short: string, text: string): Result<never, Untrusted> =>
  err({ kind: 'untrusted', code, short, text });

/**
 * Connects again, and lets the authorities that this host trusts look at the certificate. Not done before it matters: to
 * load them costs 150 ms.
 */
async function certified(options: ConnectOptions, pin: string): Promise<Proved | undefined> {
  const again = await connectTls({ ...options, expectPin: pin, authorities: getCACertificates('system') });
  if (!again.ok) return undefined;
  if (again.value.certified) return again.value;
  again.value.link.destroy();
  return undefined;
}

/** A server that we have not seen before: its key is known from now on. */
async function firstUse(options: ConnectOptions, servers: KnownServers, seen: Proved): Promise<Dialled> {
  const { peerPin: pin } = seen;
  // An address is nobody's name, and nobody else vouches for a key that signed itself.
  const vouched = seen.selfSigned || isIP(options.host) !== 0 ? undefined : await certified(options, pin);
  if (vouched !== undefined) seen.link.destroy();
  const warning = servers.remember(options, { pin, certified: vouched !== undefined });
  const where = addressText(options);
  const notice =
    vouched === undefined
      ? `first connection to ${where}: its key is ${pin}; compare it with what the administrator says (it is kept, and a change will be told)`
      : `first connection to ${where}: verified by certificate; its key is ${pin}`;
  return {
    link: vouched?.link ?? seen.link,
    notices: [notice],
    warnings: [...servers.warnings, ...(warning === undefined ? [] : [warning])],
  };
}

/** The key is another than before. Where an authority vouched for the old one, it may for the new. */
async function otherKey(
  options: ConnectOptions,
  servers: KnownServers,
  was: KnownKey,
  now: { readonly peerPin: string; readonly selfSigned: boolean },
): Promise<Result<Dialled, Untrusted>> {
  const { peerPin: pin, selfSigned } = now;
  const vouched = was.certified && !selfSigned ? await certified(options, pin) : undefined;
  if (vouched === undefined)
    return untrusted('server_key_changed', KEY_CHANGED_SHORT, keyChangedText(options, was.pin, pin).join(' '));
  const warning = servers.remember(options, { pin, certified: true });
  return ok({
    link: vouched.link,
    notices: [`${addressText(options)} has a new key, verified by certificate: ${pin}`],
    warnings: warning === undefined ? [] : [warning],
  });
}

export async function dialSecurely(options: ConnectOptions, folder: string): Promise<Result<Dialled, DialFailure>> {
  const opened = KnownServers.open(folder);
  const unreadable = (why: string) =>
    untrusted(
      'known_servers_unreadable',
      "the server's key can't be checked",
      `the key of ${addressText(options)} can't be checked, so nothing was sent: ${why}`,
    );
  if (!opened.ok) return unreadable(opened.error);
  const servers = opened.value;
  const known = servers.find(options);
  if (known === 'broken')
    return unreadable(
      `its line in ${servers.path} is broken; mend it, or remove it with uchat forget-server ${addressText(options)}`,
    );
  const dialled = await connectTls({ ...options, ...(known === undefined ? {} : { expectPin: known.pin }) });
  if (dialled.ok) {
    if (known === undefined) return ok(await firstUse(options, servers, dialled.value));
    return ok({ link: dialled.value.link, notices: [], warnings: servers.warnings });
  }
  const failure: ConnectFailure | Parameters<typeof otherKey>[3] = dialled.error;
  if (!('peerPin' in failure)) return err(failure);
  // Only where one was expected is there a wrong one.
  if (known === undefined) throw new Error('a key was wrong that nobody expected');
  return await otherKey(options, servers, known, failure);
}
