/**
 * Invitations: a code lets one person register, once, until it expires.
 *
 *     open -- reserve --> reserved -- settle(used) --> gone
 *                             `------ settle(unused) --> open           open -- time, revoke --> gone
 *
 * The store uses a code up in the transaction that makes the account; it is reserved meanwhile, so that of two people
 * with one code the second is told at once. Guessing is hopeless: 80 bits, and registrations are limited by source.
 */
import type { UnixMs, UserName } from '../../base/ids.ts';
import { unixMs } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Invite } from '../store/store.ts';

/** Bytes of chance in a code: 80 bits. */
export const INVITE_BYTES = 10;
/** How long (ms) a code is good for when nobody says otherwise: a week. */
export const INVITE_FOR_MS = 7 * 24 * 3600 * 1000;
/** The longest that anybody may say (ms): a code that lies about for a year is forgotten, not trusted. */
export const MAX_INVITE_FOR_MS = 365 * 24 * 3600 * 1000;
/** Open codes of the server: all are held in memory and shown in one list. */
export const MAX_INVITES = 1000;
/** Open codes of one inviter: a class of students; the others' share of `MAX_INVITES` stays theirs. */
export const MAX_INVITES_OF_ONE = 100;

/** Crockford's base 32: no I, L, O, U, so that a code can be read aloud and typed. Five bits a digit. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Digits between hyphens. */
const GROUP = 4;
const CODE = new RegExp(`^[${DIGITS}]{${(INVITE_BYTES * 8) / 5}}$`);

/** @param random `INVITE_BYTES` bytes from a source that nobody can foretell. */
function encodeCode(random: Uint8Array): string {
  if (random.length !== INVITE_BYTES) throw new Error(`an invitation takes ${INVITE_BYTES} random bytes`);
  let bits = 0n;
  for (const byte of random) bits = (bits << 8n) | BigInt(byte);
  let code = '';
  for (let i = 0; i < (INVITE_BYTES * 8) / 5; i++) {
    code = `${DIGITS[Number(bits & 31n)] ?? ''}${code}`;
    bits >>= 5n;
  }
  return code;
}

/** As people see it: `7ZB3-K0QM-4XTN-92AF`. */
export const showInviteCode = (code: string): string => code.match(new RegExp(`.{${GROUP}}`, 'g'))?.join('-') ?? code;

/** As people type it: any case, with or without hyphens and blanks, O for 0, I or L for 1. undefined: no code at all. */
export function parseInviteCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replace(/[-\s]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return CODE.test(code) ? code : undefined;
}

export type InviteRefusal = 'no_such_invite' | 'invite_expired' | 'invite_in_use';

export class Invites {
  /** By code, in the order of making. */
  readonly #open = new Map<string, Invite>();
  readonly #reserved = new Set<string>();

  constructor(stored: readonly Invite[] = []) {
    for (const invite of stored) this.#open.set(invite.code, invite);
  }

  /**
   * Makes one, to be stored and then shown.
   * @param random `INVITE_BYTES` bytes.
   * @param lifetime milliseconds; more than `MAX_INVITE_FOR_MS` is as much as that.
   */
  make(by: UserName, random: Uint8Array, now: UnixMs, lifetime = INVITE_FOR_MS): Result<Invite, 'too_many_invites'> {
    const own = this.list(now).filter((invite) => invite.by === by);
    if (this.#open.size >= MAX_INVITES || own.length >= MAX_INVITES_OF_ONE) return err('too_many_invites');
    const expires = unixMs(now + Math.max(0, Math.min(lifetime, MAX_INVITE_FOR_MS)));
    const invite: Invite = { code: encodeCode(random), by, made: now, expires };
    this.#open.set(invite.code, invite);
    return ok(invite);
  }

  /** Holds a code for one registration, until `settle`. @param typed as `parseInviteCode` takes it. */
  reserve(typed: string, now: UnixMs): Result<Invite, InviteRefusal> {
    const invite = this.#open.get(parseInviteCode(typed) ?? '');
    if (invite === undefined) return err('no_such_invite');
    if (invite.expires <= now) return err('invite_expired');
    if (this.#reserved.has(invite.code)) return err('invite_in_use');
    this.#reserved.add(invite.code);
    return ok(invite);
  }

  /** The registration has come to an end; `used` when it made the account, or the store knew no such code. */
  settle(code: string, used: boolean): void {
    this.#reserved.delete(code);
    if (used) this.#open.delete(code);
  }

  /** @returns the invitation to remove from the store. One that is being used now stays, and is used. */
  revoke(typed: string): Invite | undefined {
    const invite = this.#open.get(parseInviteCode(typed) ?? '');
    if (invite === undefined || this.#reserved.has(invite.code)) return undefined;
    this.#open.delete(invite.code);
    return invite;
  }

  /** Those that are still good, in the order of making. */
  list(now: UnixMs): Invite[] {
    return [...this.#open.values()].filter((invite) => invite.expires > now);
  }

  /** Forgets the expired ones: before `make`, and from time to time. @returns what to remove from the store. */
  sweep(now: UnixMs): Invite[] {
    const old = [...this.#open.values()].filter(({ code, expires }) => expires <= now && !this.#reserved.has(code));
    for (const { code } of old) this.#open.delete(code);
    return old;
  }
}
