/**
 * `E2ee` on MLS (RFC 9420), by way of ts-mls. Import it with `import()`: the library costs time and memory that a client
 * without private chats need not pay.
 *
 * A session is a group of two, made from a key package of one by the other; whoever makes it is leaf 0. README.md beside
 * this file says what that protects from, and what not.
 */
import {
  type CiphersuiteImpl,
  type ClientState,
  createCommit,
  createGroup,
  defaultCredentialTypes,
  defaultProposalTypes,
  generateKeyPackageWithKey,
  joinGroup,
  type KeyPackage,
  makeKeyPackageRef,
  type PrivateKeyPackage,
  protocolVersions,
  wireformats,
} from 'ts-mls';
import type { Clock } from '../base/clock.ts';
import type { GroupId, UserName } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import { toBase64url } from './base64url.ts';
import type { E2ee, E2eeFault, E2eeSession, OwnPackage, Party } from './e2ee-session.ts';
import { type Identity, KEY_BYTES } from './identity.ts';
import { NO_MESSAGE } from './mls-header.ts';
import { MlsSession } from './mls-session.ts';
import { decodeState, wipe, withoutPast } from './mls-state.ts';
import {
  checkGroup,
  contextFor,
  faultOf,
  groupBytes,
  joined,
  Refused,
  SUITE_ID,
  sameParty,
  suiteImpl,
  watched,
} from './mls-suite.ts';
import {
  bytesOf,
  CLOCK_SKEW_S,
  checkGroupInfo,
  ownPackageOf,
  PACKAGE_LIFE_S,
  packageOf,
  welcomeOf,
} from './mls-wire.ts';

const SECRET_VERSION = 1;
const BAD_PACKAGE: E2eeFault = { code: 'malformed', text: 'nothing can be made of the key package' };
const BAD_WELCOME: E2eeFault = { code: 'broken', text: 'the Welcome does not open with our key package' };

/** A value, or the fault that was thrown on the way to it. */
async function faultAsValue<T>(otherwise: E2eeFault, work: () => Promise<T> | T): Promise<Result<T, E2eeFault>> {
  try {
    return ok(await work());
  } catch (thrown) {
    return err(faultOf(thrown, otherwise));
  }
}

/** What `join` needs of a package of ours, beside its public part: two X25519 keys (RFC 9420, 10). */
function secretOf({ initPrivateKey, hpkePrivateKey }: PrivateKeyPackage): Uint8Array {
  return joined(Uint8Array.of(SECRET_VERSION), initPrivateKey, hpkePrivateKey);
}

/** Copies, to be overwritten after use. Throws where it is no such secret, which is a bug, or a damaged vault. */
function privateKeysOf(secret: Uint8Array, identity: Identity): PrivateKeyPackage {
  if (secret.length !== 1 + 2 * KEY_BYTES || secret[0] !== SECRET_VERSION)
    throw new Error('the secret of a key package is damaged');
  return {
    initPrivateKey: Uint8Array.from(secret.subarray(1, 1 + KEY_BYTES)),
    hpkePrivateKey: Uint8Array.from(secret.subarray(1 + KEY_BYTES)),
    signaturePrivateKey: identity.seed,
  };
}

class MlsE2ee implements E2ee {
  readonly us: Party;
  readonly #identity: Identity;
  readonly #clock: Clock;
  readonly #suite: CiphersuiteImpl;

  constructor(identity: Identity, user: UserName, clock: Clock, suite: CiphersuiteImpl) {
    this.us = { user, device: identity.device };
    this.#identity = identity;
    this.#clock = clock;
    this.#suite = suite;
  }

  async makePackage(): Promise<OwnPackage> {
    const { publicPackage, privatePackage } = await this.#newLeaf();
    const ref = toBase64url(await makeKeyPackageRef(publicPackage, this.#suite.hash));
    const version = protocolVersions.mls10;
    const bytes = bytesOf({ version, wireformat: wireformats.mls_key_package, keyPackage: publicPackage });
    return { ref, public: bytes, secret: secretOf(privatePackage) };
  }

  readPackage(bytes: Uint8Array): Promise<Result<Party, E2eeFault>> {
    const own = Uint8Array.from(bytes);
    return faultAsValue(BAD_PACKAGE, async () => (await packageOf(own, this.#nowS, this.#suite)).owner);
  }

  async create(
    group: GroupId,
    them: Party,
    theirPackage: Uint8Array,
  ): Promise<Result<{ readonly session: E2eeSession; readonly welcome: Uint8Array }, E2eeFault>> {
    const own = Uint8Array.from(theirPackage);
    return faultAsValue(BAD_PACKAGE, async () => {
      const groupId = groupBytes(group);
      const { keyPackage, owner } = await packageOf(own, this.#nowS, this.#suite);
      if (!sameParty(owner, them)) throw new Refused('wrong_key', 'the key package is not of the one it should be');
      if (owner.device === this.us.device) throw new Refused('reflected', 'the key package is our own');
      const { mls, welcome } = await this.#groupWith(keyPackage, groupId, them);
      checkGroup(mls, group, this.us, them);
      return { session: this.#session(group, them, mls), welcome };
    });
  }

  welcomeRefs(welcome: Uint8Array): Result<readonly string[], E2eeFault> {
    try {
      return ok(welcomeOf(Uint8Array.from(welcome)).secrets.map((secret) => toBase64url(secret.newMember)));
    } catch (thrown) {
      return err(faultOf(thrown, BAD_WELCOME));
    }
  }

  async join(
    group: GroupId,
    them: Party,
    welcome: Uint8Array,
    own: OwnPackage,
  ): Promise<Result<E2eeSession, E2eeFault>> {
    const bytes = Uint8Array.from(welcome);
    const privateKeys = privateKeysOf(own.secret, this.#identity);
    const ours = ownPackageOf(Uint8Array.from(own.public));
    const session = await faultAsValue(BAD_WELCOME, async () => {
      const suite = watched(this.#suite, (_, plain) => checkGroupInfo(plain, group, them, ours.leaf));
      const context = contextFor(suite, [this.us, them]);
      const { keyPackage } = ours;
      const mls = await joinGroup({ context, welcome: welcomeOf(bytes), keyPackage, privateKeys });
      checkGroup(mls, group, this.us, them);
      // A new group's tree has no inner keys yet, so we can have been told none.
      if (Object.keys(mls.privatePath.privateKeys).length > 1)
        throw new Refused('unwanted', 'it is no new group of two');
      return this.#session(group, them, mls);
    });
    privateKeys.initPrivateKey.fill(0);
    // The other key lives on in the session.
    if (!session.ok) privateKeys.hpkePrivateKey.fill(0);
    return session;
  }

  async restore(state: Uint8Array): Promise<E2eeSession> {
    const restored = decodeState(state, this.#identity.seed);
    if (!sameParty(restored.us, this.us)) throw new Error('a saved session is of another device, or name, of ours');
    checkGroup(restored.mls, restored.group, restored.us, restored.them);
    return new MlsSession(this.#suite, restored);
  }

  get #nowS(): number {
    return Math.floor(this.#clock.now() / 1000);
  }

  #session(group: GroupId, them: Party, mls: ClientState): E2eeSession {
    const none = { lastOut: NO_MESSAGE, lastIn: NO_MESSAGE, nextOut: 1, nextIn: 1 };
    return new MlsSession(this.#suite, { group, us: this.us, them, mls, ...none });
  }

  /** Says nothing of this program but what must be said: one version, one suite, no random extras as the library adds. */
  #newLeaf() {
    const now = this.#nowS;
    return generateKeyPackageWithKey({
      credential: {
        credentialType: defaultCredentialTypes.basic,
        identity: Uint8Array.from(Buffer.from(this.us.user, 'latin1')),
      },
      capabilities: {
        versions: [protocolVersions.mls10],
        ciphersuites: [SUITE_ID],
        extensions: [],
        proposals: [],
        credentials: [defaultCredentialTypes.basic],
      },
      lifetime: { notBefore: BigInt(now - CLOCK_SKEW_S), notAfter: BigInt(now + PACKAGE_LIFE_S) },
      extensions: [],
      leafNodeExtensions: [],
      signatureKeyPair: { signKey: this.#identity.seed, publicKey: this.#identity.publicKey },
      cipherSuite: this.#suite,
    });
  }

  /** A group of ourselves, to which they are added; the commit that does it is for nobody, the Welcome for them. */
  async #groupWith(theirs: KeyPackage, groupId: Uint8Array, them: Party) {
    const context = contextFor(this.#suite, [this.us, them]);
    const { publicPackage, privatePackage } = await this.#newLeaf();
    const alone = await createGroup({
      context,
      groupId,
      keyPackage: publicPackage,
      privateKeyPackage: privatePackage,
    });
    const add = { proposalType: defaultProposalTypes.add, add: { keyPackage: theirs } };
    const made = await createCommit({ context, state: alone, extraProposals: [add], ratchetTreeExtension: true });
    if (made.welcome === undefined) throw new Error('adding somebody makes a Welcome');
    const mls = withoutPast(made.newState);
    wipe(alone, mls, [...made.consumed, privatePackage.initPrivateKey]);
    return { mls, welcome: bytesOf(made.welcome) };
  }
}

/**
 * @param user our name on the server; sessions under another name are others.
 * @param clock the wall clock counts, for the life of packages; the library looks at the system's, too.
 */
export async function createE2ee(identity: Identity, user: UserName, clock: Clock): Promise<E2ee> {
  return new MlsE2ee(identity, user, clock, await suiteImpl());
}
