/** MLS as we use it: one suite, one set of rules, and the bounds of what is looked at at all. */
import {
  type AuthenticationService,
  type CiphersuiteImpl,
  type ClientConfig,
  type ClientState,
  type Credential,
  ciphersuites,
  defaultCredentialTypes,
  defaultKeyPackageEqualityConfig,
  defaultLifetimeConfig,
  getCiphersuiteImpl,
  isDefaultCredential,
  type MlsContext,
  nodeTypes,
} from 'ts-mls';
import type { GroupId, UserName } from '../base/ids.ts';
import { fromBase64url } from './base64url.ts';
import type { E2eeCode, E2eeFault, Party } from './e2ee-session.ts';
import { deviceOf, KEY_BYTES } from './identity.ts';

/** RFC 9420, 17.1: X25519, AES-128-GCM, SHA-256, Ed25519; the one that every implementation has. */
const SUITE = 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519';
export const SUITE_ID = ciphersuites[SUITE];

/** Bytes of a group's id, and characters of a name with its sign. */
export const GROUP_BYTES = 16;
const MAX_USER_CHARS = 33;

/** Bytes, at most; the protocol allows the same in base64url. What is longer isn't decoded. */
export const MAX_PACKAGE_BYTES = 768;
export const MAX_WELCOME_BYTES = 6144;
export const MAX_MESSAGE_BYTES = 12_288;
export const MAX_ITEM_BYTES = 9216;
/** Sealed items are padded to a multiple of this many bytes, so that their length tells little. */
const PAD_BYTES = 128;

export const suiteImpl = (): Promise<CiphersuiteImpl> => getCiphersuiteImpl(SUITE);

/** What is found wrong with what others sent: thrown on the way out of the library, and made a value at the interface. */
export class Refused extends Error {
  readonly code: E2eeCode;
  constructor(code: E2eeCode, text: string) {
    super(text);
    this.code = code;
  }
}

/** Whatever the library throws at hostile bytes is `otherwise`: what it says isn't for people. */
export const faultOf = (thrown: unknown, otherwise: E2eeFault): E2eeFault =>
  thrown instanceof Refused ? { code: thrown.code, text: thrown.message } : otherwise;

/** @param itemBytes what is sealed, its head included; 0 for a commit, which has always about the same size. */
export function configFor(itemBytes: number): ClientConfig {
  return {
    keyRetentionConfig: {
      // Keys of skipped messages would open them later; nothing is skipped here, and nothing may be kept (RFC 9420, 9.2).
      retainKeysForGenerations: 0,
      // What the other sent before our commit reached them is still on its way.
      retainKeysForEpochs: 1,
      maximumForwardRatchetSteps: 4096,
    },
    lifetimeConfig: defaultLifetimeConfig,
    keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
    paddingConfig: { kind: 'alwaysPad', paddingLength: (PAD_BYTES - (itemBytes % PAD_BYTES)) % PAD_BYTES },
  };
}

const isUser = (text: string): text is UserName => text.length <= MAX_USER_CHARS && /^[\x21-\x7e]+$/.test(text);

/** Whom a credential and a signature key stand for. @returns undefined where it is nobody of ours. */
export function partyOf(credential: Credential, key: Uint8Array): Party | undefined {
  if (!isDefaultCredential(credential) || credential.credentialType !== defaultCredentialTypes.basic) return undefined;
  const user = Buffer.from(credential.identity).toString('latin1');
  return key.length === KEY_BYTES && isUser(user) ? { user, device: deviceOf(key) } : undefined;
}

export const sameParty = (one: Party | undefined, other: Party): boolean =>
  one !== undefined && one.user === other.user && one.device === other.device;

/** The library asks this of every leaf that it meets. */
const only = (parties: readonly Party[]): AuthenticationService => ({
  validateCredential: (credential, key) =>
    Promise.resolve(parties.some((party) => sameParty(partyOf(credential, key), party))),
});

export const contextFor = (suite: CiphersuiteImpl, parties: readonly Party[], itemBytes = 0): MlsContext => ({
  cipherSuite: suite,
  authService: only(parties),
  clientConfig: configFor(itemBytes),
});

/**
 * A suite that shows what it has decrypted before the library acts on it, since that trusts more than it should: an index
 * of a leaf that doesn't exist, or a removal of one, is followed up a tree without end. @param look throws to refuse.
 */
export function watched(
  suite: CiphersuiteImpl,
  look: (ciphertext: Uint8Array, plain: Uint8Array) => void,
): CiphersuiteImpl {
  const decryptAead: CiphersuiteImpl['hpke']['decryptAead'] = async (key, nonce, aad, ciphertext) => {
    const plain = await suite.hpke.decryptAead(key, nonce, aad, ciphertext);
    look(ciphertext, plain);
    return plain;
  };
  return { ...suite, hpke: { ...suite.hpke, decryptAead } };
}

/** Throws where it is no group's id, which is a bug. */
export function groupBytes(group: GroupId): Uint8Array {
  const bytes = fromBase64url(group);
  if (bytes?.length !== GROUP_BYTES) throw new RangeError('that is no id of a group');
  return bytes;
}

/** A new array of its own: the library must not be given pieces of Node's pools. */
export const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

export const sameBytes = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/** The leaf that may commit in an epoch. */
const turnOf = (epoch: bigint): number => Number(epoch % 2n);
export const isTurnOf = (leaf: number, epoch: bigint): boolean => turnOf(epoch) === leaf;

/**
 * The group is what it must be after every step: of these two and nobody else, at these leaves, without extensions,
 * proposals that wait, or an end. Throws `Refused`.
 */
export function checkGroup(state: ClientState, group: GroupId, us: Party, them: Party): void {
  const { groupContext: context, ratchetTree: tree, privatePath } = state;
  if (!sameBytes(context.groupId, groupBytes(group))) throw new Refused('unwanted', 'it is for another group');
  if (context.cipherSuite !== SUITE_ID) throw new Refused('malformed', 'the group has another suite');
  const [first, , second, ...more] = tree;
  if (first?.nodeType !== nodeTypes.leaf || second?.nodeType !== nodeTypes.leaf || more.length > 0)
    throw new Refused('unwanted', 'the group is not of two');
  const leaves = [first.leaf, second.leaf];
  const ours = leaves[privatePath.leafIndex];
  const theirs = leaves[1 - privatePath.leafIndex];
  if (ours === undefined || theirs === undefined || !sameParty(partyOf(ours.credential, ours.signaturePublicKey), us))
    throw new Refused('unwanted', 'we are not in the group');
  if (!sameParty(partyOf(theirs.credential, theirs.signaturePublicKey), them))
    throw new Refused('wrong_key', 'the other member of the group is not who it should be');
  const bare = context.extensions.length === 0 && leaves.every((leaf) => leaf.extensions.length === 0);
  const quiet = Object.keys(state.unappliedProposals).length === 0 && state.groupActiveState.kind === 'active';
  if (!bare || !quiet) throw new Refused('unwanted', 'the group has extensions or open proposals');
}
