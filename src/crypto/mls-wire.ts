/**
 * What comes from others, from bytes to checked values. All of it is an MLSMessage (RFC 9420, 6), with its version and its
 * wire format; one value has one form, so that what was hashed or signed is what was read. Everything throws `Refused`.
 */
import {
  type CiphersuiteImpl,
  contentTypes,
  decode,
  defaultExtensionTypes,
  encode,
  type KeyPackage,
  leafNodeSources,
  type MlsMessage,
  mlsMessageDecoder,
  mlsMessageEncoder,
  type PrivateMessage,
  protocolVersions,
  type Welcome,
  wireformats,
} from 'ts-mls';
import type { GroupId } from '../base/ids.ts';
import type { Party } from './e2ee-session.ts';
import { KEY_BYTES } from './identity.ts';
import {
  groupBytes,
  joined,
  MAX_MESSAGE_BYTES,
  MAX_PACKAGE_BYTES,
  MAX_WELCOME_BYTES,
  partyOf,
  Refused,
  SUITE_ID,
  sameBytes,
  sameParty,
} from './mls-suite.ts';

/** Bytes of version and wire format before what an MLSMessage carries. */
const HEAD_BYTES = 4;
/** Bytes of version, suite and init key (with its length) before the leaf in a KeyPackage (RFC 9420, 10). */
const BEFORE_LEAF_BYTES = 2 + 2 + 1 + KEY_BYTES;
/** Bytes of an Ed25519 signature, and of its length before it. */
const SIGNATURE_BYTES = 64;
const SIGNATURE_FIELD_BYTES = 2 + SIGNATURE_BYTES;
/** Seconds that a package may be used for: the longest absence after which somebody can still be written to first. */
export const PACKAGE_LIFE_S = 90 * 24 * 3600;
/** Seconds that a package is dated back by, for those whose clocks are behind. */
export const CLOCK_SKEW_S = 24 * 3600;
/** Characters of the label that every signature begins with (RFC 9420, 5.1.2). */
const LABEL = 'MLS 1.0 ';

/** @throws Refused where it isn't one message and nothing else, in the one form that we'd give it. */
function messageOf(bytes: Uint8Array, max: number): MlsMessage {
  if (bytes.length === 0 || bytes.length > max) throw new Refused('malformed', `it has not 1 to ${max} bytes`);
  let message: MlsMessage | undefined;
  try {
    message = decode(mlsMessageDecoder, bytes);
    // Trailing bytes and lengths that are written in a longer way than need be are gone when it is written again.
    if (message !== undefined && !sameBytes(encode(mlsMessageEncoder, message), bytes)) message = undefined;
  } catch {
    message = undefined;
  }
  if (message === undefined) throw new Refused('malformed', 'it is no message of MLS 1.0');
  return message;
}

export const bytesOf = (message: MlsMessage): Uint8Array => encode(mlsMessageEncoder, message);

export function privateMessageOf(bytes: Uint8Array): PrivateMessage {
  const message = messageOf(bytes, MAX_MESSAGE_BYTES);
  if (message.wireformat !== wireformats.mls_private_message)
    throw new Refused('malformed', 'it is no private message of MLS');
  return message.privateMessage;
}

export function welcomeOf(bytes: Uint8Array): Welcome {
  const message = messageOf(bytes, MAX_WELCOME_BYTES);
  if (message.wireformat !== wireformats.mls_welcome) throw new Refused('malformed', 'it is no Welcome of MLS');
  if (message.welcome.cipherSuite !== SUITE_ID) throw new Refused('malformed', 'the Welcome has another suite');
  if (message.welcome.secrets.length !== 1) throw new Refused('unwanted', 'the Welcome is not for one');
  return message.welcome;
}

const u32 = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);

/** SignContent (RFC 9420, 5.1.2): a label and a content, each after its length (RFC 9000, 16). */
function signContent(label: string, content: Uint8Array): Uint8Array {
  const name = Buffer.from(LABEL + label);
  // A content of 64 bytes and more has a length of two bytes, whose first two bits are 01.
  const length = [0x40 | (content.length >> 8), content.length & 0xff];
  return joined(Uint8Array.of(name.length), name, Uint8Array.from(length), content);
}

export interface ReadPackage {
  readonly keyPackage: KeyPackage;
  readonly owner: Party;
  /** The leaf as it is written in the package, and so in the tree of a group that it is added to. */
  readonly leaf: Uint8Array;
}

/** Form only: no signature, no clock. */
function packageForm(bytes: Uint8Array): ReadPackage {
  const message = messageOf(bytes, MAX_PACKAGE_BYTES);
  if (message.wireformat !== wireformats.mls_key_package) throw new Refused('malformed', 'it is no key package of MLS');
  const { keyPackage } = message;
  const { leafNode, initKey, signature } = keyPackage;
  const { versions, ciphersuites, extensions, proposals, credentials } = leafNode.capabilities;
  const owner = partyOf(leafNode.credential, leafNode.signaturePublicKey);
  if (owner === undefined) throw new Refused('wrong_key', 'the key package is nobody’s of ours');
  const suits =
    keyPackage.version === protocolVersions.mls10 &&
    keyPackage.cipherSuite === SUITE_ID &&
    versions.includes(protocolVersions.mls10) &&
    ciphersuites.includes(SUITE_ID) &&
    credentials.includes(leafNode.credential.credentialType);
  const bare = [keyPackage.extensions, leafNode.extensions, extensions, proposals].every((list) => list.length === 0);
  const keys = [initKey, leafNode.hpkePublicKey];
  const sized =
    keys.every((key) => key.length === KEY_BYTES) &&
    [signature, leafNode.signature].every((field) => field.length === SIGNATURE_BYTES);
  if (!suits || !bare || !sized || sameBytes(initKey, leafNode.hpkePublicKey))
    throw new Refused('malformed', 'the key package is not of the kind that is used here');
  // After the leaf come the package's extensions, of which there are none (one byte), and its signature.
  const leaf = bytes.subarray(HEAD_BYTES + BEFORE_LEAF_BYTES, -1 - SIGNATURE_FIELD_BYTES);
  return { keyPackage, owner, leaf };
}

/** @param nowS seconds since 1970 UTC. */
function checkLifetime(keyPackage: KeyPackage, nowS: number): void {
  const { leafNode } = keyPackage;
  if (leafNode.leafNodeSource !== leafNodeSources.key_package) throw new Refused('malformed', 'it is no key package');
  const { notBefore, notAfter } = leafNode.lifetime;
  const now = BigInt(nowS);
  if (now < notBefore || now > notAfter) throw new Refused('expired', 'the key package is too old, or of another time');
  // One that never ends would be good for a thief for as long (RFC 9420, 7.2).
  if (notAfter - notBefore > BigInt(PACKAGE_LIFE_S + CLOCK_SKEW_S))
    throw new Refused('malformed', 'the key package lasts too long');
}

/** Both signatures: the leaf's, and that of the package around it (RFC 9420, 10.1). */
async function checkSignatures({ keyPackage, leaf }: ReadPackage, bytes: Uint8Array, suite: CiphersuiteImpl) {
  const key = keyPackage.leafNode.signaturePublicKey;
  const leafTbs = signContent('LeafNodeTBS', leaf.subarray(0, -SIGNATURE_FIELD_BYTES));
  const packageTbs = signContent('KeyPackageTBS', bytes.subarray(HEAD_BYTES, -SIGNATURE_FIELD_BYTES));
  let good: boolean;
  try {
    good =
      (await suite.signature.verify(key, leafTbs, keyPackage.leafNode.signature)) &&
      (await suite.signature.verify(key, packageTbs, keyPackage.signature));
  } catch {
    // It is no point of the curve.
    good = false;
  }
  if (!good) throw new Refused('wrong_key', 'the key package is not signed by its device');
}

/** A package of another's. @param nowS seconds since 1970 UTC. @throws Refused */
export async function packageOf(bytes: Uint8Array, nowS: number, suite: CiphersuiteImpl): Promise<ReadPackage> {
  const read = packageForm(bytes);
  checkLifetime(read.keyPackage, nowS);
  await checkSignatures(read, bytes, suite);
  return read;
}

/** A package of our own, from the vault: it may have come of age meanwhile. @throws Refused */
export const ownPackageOf = packageForm;

/**
 * The GroupInfo of a Welcome, before the library has acted on it: a new group (epoch 1) of two leaves straight from their
 * packages, made by the first, of which the second is ours, and nothing more. So no index in it leads anywhere else.
 */
export function checkGroupInfo(plain: Uint8Array, group: GroupId, them: Party, ourLeaf: Uint8Array): void {
  const head = [0, protocolVersions.mls10, 0, wireformats.mls_group_info];
  const message = messageOf(joined(Uint8Array.from(head), plain), MAX_WELCOME_BYTES);
  if (message.wireformat !== wireformats.mls_group_info) throw new Refused('malformed', 'it is no GroupInfo');
  const { groupContext: context, extensions, signer } = message.groupInfo;
  if (!sameBytes(context.groupId, groupBytes(group))) throw new Refused('unwanted', 'it is for another group');
  if (context.version !== protocolVersions.mls10 || context.cipherSuite !== SUITE_ID)
    throw new Refused('malformed', 'the group has another version or suite');
  const [tree, ...more] = extensions;
  if (
    tree?.extensionType !== defaultExtensionTypes.ratchet_tree ||
    !(tree.extensionData instanceof Uint8Array) ||
    more.length > 0
  )
    throw new Refused('unwanted', 'the group has extensions, or no tree');
  if (context.epoch !== 1n || context.extensions.length > 0 || signer !== 0)
    throw new Refused('unwanted', 'it is no new group of two');
  checkTree(tree.extensionData, them, ourLeaf);
}

/** Present, and a leaf; then the leaf. Absent: the parent of two leaves, before the first commit (RFC 9420, 7.8). */
const LEAF_HEAD = [1, 1];
const BLANK = [0];

/** The tree's nodes, side by side, after their length in bytes. */
function checkTree(tree: Uint8Array, them: Party, ourLeaf: Uint8Array): void {
  const end = Uint8Array.from([...BLANK, ...LEAF_HEAD, ...ourLeaf]);
  // Two leaves have more than 63 and less than 16,384 bytes, whose length takes two.
  const nodes = tree.subarray(2);
  const first = nodes.subarray(LEAF_HEAD.length, Math.max(LEAF_HEAD.length, nodes.length - end.length));
  const two =
    sameBytes(nodes.subarray(0, LEAF_HEAD.length), Uint8Array.from(LEAF_HEAD)) &&
    nodes.length > end.length + LEAF_HEAD.length &&
    sameBytes(nodes.subarray(-end.length), end);
  if (!two) throw new Refused('unwanted', 'the tree is not of two leaves, or not with ours');
  if (!sameParty(ownerOf(first), them)) throw new Refused('wrong_key', 'the group is not of the one it should be');
}

/**
 * Whose leaf this is. These bytes must be one, as in a package, and no more: they are read as what stands in one. What stands
 * after it there has a fixed length, so a leaf that ended earlier would leave too much.
 */
function ownerOf(leaf: Uint8Array): Party {
  const head = [0, protocolVersions.mls10, 0, wireformats.mls_key_package];
  const before = [0, protocolVersions.mls10, 0, SUITE_ID, KEY_BYTES, ...new Uint8Array(KEY_BYTES)];
  const after = [0, 0x40, SIGNATURE_BYTES, ...new Uint8Array(SIGNATURE_BYTES)];
  return packageForm(joined(Uint8Array.from([...head, ...before]), leaf, Uint8Array.from(after))).owner;
}

/** Bytes of SenderData: leaf, generation, reuse guard (RFC 9420, 6.3.2). */
const SENDER_DATA_BYTES = 12;

export function senderOf(plain: Uint8Array): { readonly leaf: number; readonly generation: number } {
  if (plain.length !== SENDER_DATA_BYTES) throw new Refused('broken', 'the sender data is damaged');
  return { leaf: u32(plain, 0), generation: u32(plain, 4) };
}

/**
 * The content of a PrivateMessage, before the library has acted on it: no proposal, neither alone nor in a commit, and a
 * commit must bring a path, which renews the keys (RFC 9420, 12.4).
 */
export function checkContent(contentType: PrivateMessage['contentType'], plain: Uint8Array): void {
  switch (contentType) {
    case contentTypes.application:
      return;
    case contentTypes.proposal:
      throw new Refused('unwanted', 'it is a proposal');
    case contentTypes.commit:
      // The length of the list of proposals; then whether there is a path.
      if (plain[0] !== 0) throw new Refused('unwanted', 'it is a commit with proposals');
      if (plain[1] !== 1) throw new Refused('unwanted', 'it is a commit without new keys');
  }
}
