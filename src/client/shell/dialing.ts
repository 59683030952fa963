import { ok, type Result } from '../../base/result.ts';
import { connectTcp } from '../../link/tcp.ts';
import { isLoopback } from './address.ts';
import { type ClientSettings, loginOf } from './client-settings.ts';
import type { DialFailure, Dialled } from './dialled.ts';

/** Milliseconds until an attempt to connect counts as failed: a lost packet is sent again after 1, 3 and 7 s. */
const DIAL_WITHIN_MS = 10_000;
/** What to do when a script reaches no server. */
export const NOBODY_THERE = 'start one with uchat --serve, or name another with --server';

/** Where plain text won't do: to any other host, and on this one where an account logs in. */
export function needsTls(settings: ClientSettings): boolean {
  const login = loginOf(settings, settings.address);
  return !isLoopback(settings.address.host) || (login.ok && login.value.method === 'account');
}

/**
 * To a server on this very host plain; to any other over TLS, with its key checked against those in `folder`, and kept
 * there at first use. So too on this host where an account logs in: whoever of its users holds the port must not get a
 * password. Where there is no server, to one's own program on the local network. Never rejects.
 */
export async function dialServer(
  settings: ClientSettings,
  signal?: AbortSignal,
): Promise<Result<Dialled, DialFailure>> {
  if (settings.lan !== undefined) {
    const { dialLan } = await import('./lan/dial-lan.ts');
    return await dialLan(settings, signal);
  }
  const { address, folder } = settings;
  const options = { ...address, timeoutMs: DIAL_WITHIN_MS, ...(signal === undefined ? {} : { signal }) };
  if (needsTls(settings)) {
    // Half of a client's start is what it loads, and most need no TLS.
    const { dialSecurely } = await import('./dialing-tls.ts');
    return await dialSecurely(options, folder);
  }
  const dialled = await connectTcp(options);
  return dialled.ok ? ok({ link: dialled.value, notices: [], warnings: [] }) : dialled;
}
