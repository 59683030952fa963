/** To a server elsewhere: TLS, and a key that is the one we know, or that is known from now on. */
import { isIP } from 'node:net';
import { getCACertificates } from 'node:tls';
import { err, ok, type Result } from '../../base/result.ts';
import { addressText } from '../../link/address.ts';
import type { Link } from '../../link/link.ts';
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

/** A server that has proved a key, which is to be trusted as far as `state` says. Nothing was said over the link. */
export interface Seen {
  readonly link: Link;
  readonly pin: string;
  /** `renewed`: it is another than before, and an authority vouches for it as it did for the old one. */
  readonly state: 'known' | 'new' | 'renewed';
  /** Whether an authority vouches for the host's name. Of a known key that isn't asked again. */
  readonly certified: boolean;
  readonly servers: KnownServers;
}

/** A server that we have not seen before. */
async function firstUse(options: ConnectOptions, servers: KnownServers, seen: Proved): Promise<Seen> {
  const { peerPin: pin } = seen;
  // An address is nobody's name, and nobody else vouches for a key that signed itself.
  const vouched = seen.selfSigned || isIP(options.host) !== 0 ? undefined : await certified(options, pin);
  if (vouched !== undefined) seen.link.destroy();
  const { link } = vouched ?? seen;
  return { link, pin, state: 'new', certified: vouched !== undefined, servers };
}

/** The key is another than before. Where an authority vouched for the old one, it may for the new. */
async function otherKey(
  options: ConnectOptions,
  servers: KnownServers,
  was: KnownKey,
  now: { readonly peerPin: string; readonly selfSigned: boolean },
): Promise<Result<Seen, Untrusted>> {
  const { peerPin: pin, selfSigned } = now;
  const vouched = was.certified && !selfSigned ? await certified(options, pin) : undefined;
  return vouched === undefined
    ? untrusted('server_key_changed', KEY_CHANGED_SHORT, keyChangedText(options, was.pin, pin).join(' '))
    : ok({ link: vouched.link, pin, state: 'renewed', certified: true, servers });
}

/** Connects, and compares the server's key with the one that is kept. Nothing is kept by this. */
export async function proveServer(options: ConnectOptions, folder: string): Promise<Result<Seen, DialFailure>> {
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
    return ok({ link: dialled.value.link, pin: known.pin, state: 'known', certified: known.certified, servers });
  }
  const failure: ConnectFailure | Parameters<typeof otherKey>[3] = dialled.error;
  if (!('peerPin' in failure)) return err(failure);
  // Only where one was expected is there a wrong one.
  if (known === undefined) throw new Error('a key was wrong that nobody expected');
  return await otherKey(options, servers, known, failure);
}

/** What a person should know of a key that was not known before. */
function noticeOf({ pin, state, certified: isCertified }: Seen, where: string): readonly string[] {
  switch (state) {
    case 'known':
      return [];
    case 'renewed':
      return [`${where} has a new key, verified by certificate: ${pin}`];
    case 'new':
      return [
        isCertified
          ? `first connection to ${where}: verified by certificate; its key is ${pin}`
          : `first connection to ${where}: its key is ${pin}; compare it with what the administrator says (it is kept, and a change will be told)`,
      ];
  }
}

/** As `proveServer`; and a key that was not known is from now on. */
export async function dialSecurely(options: ConnectOptions, folder: string): Promise<Result<Dialled, DialFailure>> {
  const proved = await proveServer(options, folder);
  if (!proved.ok) return proved;
  const { link, pin, state, certified: isCertified, servers } = proved.value;
  const warnings = state === 'renewed' ? [] : servers.warnings;
  const warning = state === 'known' ? undefined : servers.remember(options, { pin, certified: isCertified });
  return ok({
    link,
    notices: noticeOf(proved.value, addressText(options)),
    warnings: [...warnings, ...(warning === undefined ? [] : [warning])],
  });
}
