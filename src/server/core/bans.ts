/** Who is kept out: by name, by Unix user id, by address. */
import { err, ok, type Result } from '../../base/result.ts';
import type { Ban } from '../store/store.ts';
import type { Instant } from './instant.ts';
import { isIpv6, sourceOf } from './source.ts';

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const isIpv4 = (text: string): boolean =>
  IPV4.exec(text)
    ?.slice(1)
    .every((byte) => Number(byte) <= 255) ?? false;

/**
 * A target as bans are kept: `alice`, `~bob`, `uid 1001`, `10.0.0.7`, `2001:db8:1:2::/64`. What can be read as an address
 * is one.
 */
export function banTarget(typed: string): Result<string, string> {
  const uid = /^uid (\d+)$/.exec(typed)?.[1];
  if (uid !== undefined) return ok(`uid ${Number(uid)}`);
  const address = typed.replace(/\/64$/, '');
  if (isIpv4(typed) || isIpv6(address)) {
    const source = sourceOf(address);
    if (source.startsWith('127.') || source === '::1')
      return err('everybody on this host has this address: ban a user, or `uid` and a number');
    return ok(source);
  }
  return typed.includes(':') || typed.includes('/') ? err(`${typed} is no address`) : ok(typed);
}

/** No two guests differ only in case, so a ban of one hits however they write it. */
export const banKey = (target: string): string => (target.startsWith('~') ? target.toLowerCase() : target);

const isOver = ({ until }: Ban, at: Instant): boolean => until !== undefined && until <= at.wall;

/** Those that hold: one that has ended vanishes when it is met. */
export class Bans {
  readonly #byKey = new Map<string, Ban>();

  constructor(bans: readonly Ban[]) {
    for (const ban of bans) this.add(ban);
  }

  add(ban: Ban): void {
    this.#byKey.set(banKey(ban.target), ban);
  }

  remove(target: string): void {
    this.#byKey.delete(banKey(target));
  }

  get(target: string, at: Instant): Ban | undefined {
    const key = banKey(target);
    const ban = this.#byKey.get(key);
    if (ban === undefined || !isOver(ban, at)) return ban;
    this.#byKey.delete(key);
    return undefined;
  }

  list(at: Instant): Ban[] {
    for (const [key, ban] of this.#byKey) if (isOver(ban, at)) this.#byKey.delete(key);
    return [...this.#byKey.values()];
  }
}

/** For who is kept out. */
export function banText({ by, until, reason }: Ban): string {
  const end = until === undefined ? '' : ` until ${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `${by} has banned you${end}${reason === '' ? '' : `: ${reason}`}`;
}
