/** A session's state: how it is kept, and how what is no longer needed of it is overwritten. */
import {
  type ClientState,
  clientStateDecoder,
  clientStateEncoder,
  decode,
  encode,
  type KeySchedule,
  type SecretTree,
} from 'ts-mls';
import type { GroupId, UserName } from '../base/ids.ts';
import { toBase64url } from './base64url.ts';
import type { Party } from './e2ee-session.ts';
import { deviceOf, KEY_BYTES, keyOf } from './identity.ts';
import { GROUP_BYTES, groupBytes, joined, sameBytes } from './mls-suite.ts';

/** All that a session is. It is never changed: a step makes another one. */
export interface SessionState {
  readonly group: GroupId;
  readonly us: Party;
  readonly them: Party;
  readonly nextOut: number;
  readonly nextIn: number;
  /** SHA-256 of the last message, ours and theirs; zeros before the first. */
  readonly lastOut: Uint8Array;
  readonly lastIn: Uint8Array;
  readonly mls: ClientState;
}

const VERSION = 1;
const HASH_BYTES = 32;
/** Bytes of a saved state, at most: two epochs of a group of two have about 3,000. */
const MAX_STATE_BYTES = 65_536;

const treeSecrets = (tree: SecretTree): readonly Uint8Array[] => [
  ...Object.values(tree.intermediateNodes),
  ...Object.values(tree.leafNodes)
    .flatMap((node) => [node.application, node.handshake])
    .flatMap((ratchet) => [ratchet.secret, ...Object.values(ratchet.unusedGenerations)]),
];

const scheduleSecrets = (schedule: KeySchedule): readonly Uint8Array[] => [
  schedule.senderDataSecret,
  schedule.exporterSecret,
  schedule.externalSecret,
  schedule.confirmationKey,
  schedule.membershipKey,
  schedule.resumptionPsk,
  schedule.epochAuthenticator,
  schedule.initSecret,
];

/** Every secret of a group but the identity's, which outlives it. */
const secretsOf = (state: ClientState): readonly Uint8Array[] => [
  ...treeSecrets(state.secretTree),
  ...Object.values(state.privatePath.privateKeys),
  ...scheduleSecrets(state.keySchedule),
  ...[...state.historicalReceiverData.values()].flatMap((epoch) => [
    epoch.senderDataSecret,
    epoch.resumptionPsk,
    ...treeSecrets(epoch.secretTree),
  ]),
];

/**
 * Overwrites the secrets of `old`, and `more`, that `kept` doesn't hold, too. The library's own list of what is consumed
 * isn't enough, nor safe: it leaves out epochs, and has secrets in it that the epoch before still needs.
 */
export function wipe(old: ClientState, kept: ClientState | undefined, more: readonly Uint8Array[] = []): void {
  const needed = new Set<Uint8Array>(kept ? secretsOf(kept) : []);
  for (const secret of [...secretsOf(old), ...more]) if (!needed.has(secret)) secret.fill(0);
}

/** Without the epochs before: what they could still open is lost, also for a thief. */
export const withoutPast = (state: ClientState): ClientState => ({ ...state, historicalReceiverData: new Map() });

/** Without our own keys in the epochs before: they have sent what they'll ever send. */
export function withoutOwnPast(state: ClientState): ClientState {
  const ours = 2 * state.privatePath.leafIndex;
  const past = [...state.historicalReceiverData].map(([epoch, data]): [typeof epoch, typeof data] => {
    const others = Object.entries(data.secretTree.leafNodes).filter(([node]) => Number(node) !== ours);
    return [epoch, { ...data, secretTree: { ...data.secretTree, leafNodes: Object.fromEntries(others) } }];
  });
  return { ...state, historicalReceiverData: new Map(past) };
}

const party = ({ user, device }: Party): readonly Uint8Array[] => [
  Uint8Array.of(user.length),
  Buffer.from(user, 'latin1'),
  keyOf(device) ?? new Uint8Array(KEY_BYTES),
];

const count = (n: number): Uint8Array => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(n));
  return bytes;
};

/** The identity's own seed isn't in it: it lies in one file of the vault, not in each session. */
export function encodeState(state: SessionState): Uint8Array {
  const mls = encode(clientStateEncoder, { ...state.mls, signaturePrivateKey: new Uint8Array(0) });
  const bytes = joined(
    Uint8Array.of(VERSION),
    ...party(state.us),
    ...party(state.them),
    groupBytes(state.group),
    count(state.nextOut),
    count(state.nextIn),
    state.lastOut,
    state.lastIn,
    mls,
  );
  mls.fill(0);
  return bytes;
}

const isUser = (text: string): text is UserName => text.length > 0;
const isGroup = (text: string): text is GroupId => text.length > 0;

/** @param seed the identity's. Throws where it is no state, or one that this program can't have written. */
export function decodeState(given: Uint8Array, seed: Uint8Array): SessionState {
  if (given.length > MAX_STATE_BYTES) throw new RangeError('a saved session is too long');
  // The state is made of pieces of these bytes, which are overwritten one by one later.
  const bytes = Uint8Array.from(given);
  let at = 0;
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RangeError('a saved session is cut off');
    at += length;
    return Buffer.from(bytes.buffer, at - length, length);
  };
  const takeParty = (): Party => {
    const user = take(take(1).readUInt8()).toString('latin1');
    if (!isUser(user)) throw new Error('a saved session is of nobody');
    return { user, device: deviceOf(take(KEY_BYTES)) };
  };
  if (take(1).readUInt8() !== VERSION) throw new Error('a saved session is of another version');
  const us = takeParty();
  const them = takeParty();
  const group = toBase64url(take(GROUP_BYTES));
  if (!isGroup(group)) throw new Error('a saved session has no group');
  const [nextOut, nextIn] = [Number(take(8).readBigUInt64BE()), Number(take(8).readBigUInt64BE())];
  const [lastOut, lastIn] = [Uint8Array.from(take(HASH_BYTES)), Uint8Array.from(take(HASH_BYTES))];
  const rest = bytes.subarray(at);
  const mls = decode(clientStateDecoder, rest);
  if (mls === undefined || !sameBytes(encode(clientStateEncoder, mls), rest))
    throw new Error('a saved session is damaged');
  if (!Number.isSafeInteger(nextOut) || !Number.isSafeInteger(nextIn) || nextOut < 1 || nextIn < 1)
    throw new RangeError('a saved session counts wrongly');
  return { group, us, them, nextOut, nextIn, lastOut, lastIn, mls: { ...mls, signaturePrivateKey: seed } };
}
