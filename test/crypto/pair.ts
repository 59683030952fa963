/** Two devices, and sessions of theirs. */
import { randomBytes } from 'node:crypto';
import { type CiphersuiteImpl, type ClientState, getCiphersuiteImpl } from 'ts-mls';
import type { Clock } from '../../src/base/clock.ts';
import { type GroupId, type UserName, unixMs } from '../../src/base/ids.ts';
import type { Result } from '../../src/base/result.ts';
import { fromBase64url, toBase64url } from '../../src/crypto/base64url.ts';
import type { E2ee, E2eeFault, E2eeSession, Opened, SealedMessage } from '../../src/crypto/e2ee-session.ts';
import { type Identity, identityFromSeed } from '../../src/crypto/identity.ts';
import { createE2ee } from '../../src/crypto/mls.ts';
import { headerBytes } from '../../src/crypto/mls-header.ts';
import { decodeState } from '../../src/crypto/mls-state.ts';

/** The system's: the library looks at it, too. */
export const clock: Clock = { now: () => unixMs(Date.now()), monotonic: () => performance.now() };

export const newGroup = (): GroupId => toBase64url(randomBytes(16)) as GroupId;
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const name = (text: string): UserName => text as UserName;

/** Always the same device for one name. */
export const identity = (user: string): Identity =>
  identityFromSeed(Uint8Array.from({ length: 32 }, (_, i) => user.charCodeAt(i % user.length)));

export const device = (user: string, time: Clock = clock): Promise<E2ee> =>
  createE2ee(identity(user), name(user), time);

export function good<T>(result: Result<T, E2eeFault>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.text}`);
  return result.value;
}

export const codeOf = (result: Result<unknown, E2eeFault>): string => (result.ok ? 'ok' : result.error.code);

export interface Pair {
  readonly alice: E2ee;
  readonly bob: E2ee;
  readonly group: GroupId;
  /** Alice has made the group, and is leaf 0. */
  readonly a: E2eeSession;
  readonly b: E2eeSession;
}

export async function pair(): Promise<Pair> {
  const [alice, bob, group] = [await device('alice'), await device('bob'), newGroup()];
  const own = await bob.makePackage();
  const { session, welcome } = good(await alice.create(group, bob.us, own.public));
  return { alice, bob, group, a: session, b: good(await bob.join(group, alice.us, welcome, own)) };
}

export const textOf = (opened: Opened): string =>
  opened.kind === 'item' ? new TextDecoder().decode(opened.item) : `(${opened.kind})`;

/** What a session opens: its text, or the fault's code. */
export async function read(session: E2eeSession, sealed: SealedMessage): Promise<string> {
  const opened = await session.open(sealed);
  return opened.ok ? textOf(opened.value) : opened.error.code;
}

/** The library's state of a session, for an attacker who is in it, or a thief who has the disk. */
export const stolen = (session: E2eeSession, user: string): ClientState =>
  decodeState(session.save(), identity(user).seed).mls;

export const suite = (): Promise<CiphersuiteImpl> => getCiphersuiteImpl('MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519');

/** The header that the session's next message must have. */
export const nextHeader = (session: E2eeSession, user: string): Uint8Array => {
  const { nextOut, lastOut } = decodeState(session.save(), identity(user).seed);
  return headerBytes({ from: session.us.device, group: session.group, seq: nextOut, previous: lastOut });
};

export const decoded = (text: string): Uint8Array => fromBase64url(text) ?? new Uint8Array(0);
