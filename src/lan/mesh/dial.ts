/** Reaching one person, at whichever of their addresses answers first. */

import { err, type Result } from '../../base/result.ts';
import { isPort, plainHost } from '../../link/address.ts';
import type { Address, Link } from '../../link/link.ts';
import type { NotTheirKey } from '../../link/mutual-tls.ts';
import type { ConnectFailure } from '../../link/tcp.ts';
import { dialable, MIN_DIRECT_PORT } from '../../peer/addresses.ts';
import type { Announcement } from '../announcement.ts';
import { MAX_ADDRESSES } from '../limits.ts';
import type { Timings } from './timings.ts';

export type DialFailure = ConnectFailure | NotTheirKey;
export type Connect = (address: Address, pin: string, signal: AbortSignal) => Promise<Result<Link, DialFailure>>;

const NOWHERE: DialFailure = { kind: 'bad_address', text: 'no address that may be dialled was announced' };

/**
 * Where to try, best first.
 * @param host that the datagram came from; it may be link-local, since it came so. Undefined: it was passed on by others.
 */
export function addressesOf({ addresses, port }: Announcement, host: string | undefined): readonly Address[] {
  // Whoever shouts in another's name about a service there wants us to knock at it.
  if (!isPort(port) || port < MIN_DIRECT_PORT) return [];
  const first = host === undefined ? [] : [{ host: plainHost(host), port }];
  const others = dialable(addresses.slice(0, MAX_ADDRESSES).map((address) => ({ host: address, port })));
  return [...first, ...others.filter((other) => other.host !== first[0]?.host)];
}

/** Never rejects. The link isn't listened to yet. */
export async function dialFirst(
  addresses: readonly Address[],
  pin: string,
  connect: Connect,
  timings: Timings,
  signal: AbortSignal,
): Promise<Result<Link, DialFailure>> {
  return await new Promise((resolve) => {
    const giveUp = new AbortController();
    let failure = NOWHERE;
    let next = 0;
    let running = 0;
    let isSettled = false;
    let stagger: NodeJS.Timeout | undefined;
    const settle = (result: Result<Link, DialFailure>): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(stagger);
      clearTimeout(deadline);
      signal.removeEventListener('abort', abort);
      giveUp.abort();
      resolve(result);
    };
    const finished = (result: Result<Link, DialFailure>): void => {
      running--;
      if (result.ok) {
        if (isSettled) result.value.destroy();
        else settle(result);
        return;
      }
      // That somebody else is there says more than that nobody is elsewhere.
      if (failure.kind !== 'wrong_key') failure = result.error;
      tryNext();
    };
    const tryNext = (): void => {
      clearTimeout(stagger);
      if (isSettled) return;
      const address = addresses[next++];
      if (address === undefined) {
        if (running === 0) settle(err(failure));
        return;
      }
      running++;
      stagger = setTimeout(tryNext, timings.stagger);
      // It never rejects.
      connect(address, pin, giveUp.signal).then(finished, () => undefined);
    };
    const abort = (): void => settle(err({ kind: 'aborted', text: 'given up' }));
    const deadline = setTimeout(() => {
      const isKnown = failure !== NOWHERE;
      settle(err(isKnown ? failure : { kind: 'timeout', text: `no answer within ${timings.greet / 1000} s` }));
    }, timings.greet);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    else tryNext();
  });
}
