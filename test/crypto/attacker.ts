/** The library, used as an attacker would who has it, and is in the group: without our rules. */
import {
  type CiphersuiteImpl,
  type ClientState,
  type CreateCommitOptions,
  createCommit,
  createGroup,
  decode,
  encode,
  generateKeyPackageWithKey,
  type KeyPackage,
  type MlsContext,
  type MlsMessage,
  mlsMessageDecoder,
  mlsMessageEncoder,
  type PrivateKeyPackage,
  type Proposal,
  unsafeTestingAuthenticationService,
} from 'ts-mls';
import type { SealedMessage } from '../../src/crypto/e2ee-session.ts';
import { decoded, identity, suite } from './pair.ts';

type Package = Awaited<ReturnType<typeof generateKeyPackageWithKey>>;
type PackageParams = Parameters<typeof generateKeyPackageWithKey>[0];

export const written = (message: MlsMessage): Uint8Array => encode(mlsMessageEncoder, message);
export const parsed = (message: Uint8Array): MlsMessage => {
  const read = decode(mlsMessageDecoder, message);
  if (read === undefined) throw new Error('no message');
  return read;
};
export const asPackage = (keyPackage: KeyPackage): Uint8Array => written({ version: 1, wireformat: 5, keyPackage });
export const packageIn = (bytes: Uint8Array): KeyPackage => {
  const read = parsed(bytes);
  if (read.wireformat !== 5) throw new Error('no package');
  return read.keyPackage;
};

/** Accepts everybody. */
export const free = async (cipherSuite?: CiphersuiteImpl): Promise<MlsContext> => ({
  cipherSuite: cipherSuite ?? (await suite()),
  authService: unsafeTestingAuthenticationService,
});

/** A suite that changes what is about to be encrypted. */
export async function tampering(change: (plain: Uint8Array) => Uint8Array): Promise<CiphersuiteImpl> {
  const honest = await suite();
  const encryptAead: CiphersuiteImpl['hpke']['encryptAead'] = (key, nonce, aad, plain) =>
    honest.hpke.encryptAead(key, nonce, aad, change(plain));
  return { ...honest, hpke: { ...honest.hpke, encryptAead } };
}

/** A package that says it is `claimed`'s, signed by `signer`. */
export async function packageFor(claimed: string, signer: string, more: Partial<PackageParams> = {}): Promise<Package> {
  const { seed, publicKey } = identity(signer);
  const now = BigInt(Math.floor(Date.now() / 1000));
  return generateKeyPackageWithKey({
    credential: { credentialType: 1, identity: new TextEncoder().encode(claimed) },
    capabilities: { versions: [1], ciphersuites: [1], extensions: [], proposals: [], credentials: [1] },
    lifetime: { notBefore: now - 3600n, notAfter: now + 3600n },
    extensions: [],
    signatureKeyPair: { signKey: seed, publicKey },
    cipherSuite: await suite(),
    ...more,
  });
}

export const add = (keyPackage: KeyPackage): Proposal => ({ proposalType: 1, add: { keyPackage } });

/** A group of `creator` alone. */
export async function groupOf(
  group: string,
  creator: { readonly publicPackage: KeyPackage; readonly privatePackage: PrivateKeyPackage },
  extensions: Parameters<typeof createGroup>[0]['extensions'] = [],
): Promise<ClientState> {
  return createGroup({
    context: await free(),
    groupId: decoded(group),
    keyPackage: creator.publicPackage,
    privateKeyPackage: creator.privatePackage,
    extensions,
  });
}

/** The Welcome of a commit with these proposals, and the state after it. */
export async function welcomeFrom(
  state: ClientState,
  proposals: Proposal[],
  options: CreateCommitOptions & { readonly context?: MlsContext } = {},
): Promise<{ readonly welcome: Uint8Array; readonly state: ClientState }> {
  const { context, ...more } = options;
  const made = await createCommit({
    context: context ?? (await free()),
    state,
    extraProposals: proposals,
    ratchetTreeExtension: true,
    ...more,
  });
  return { welcome: made.welcome ? written(made.welcome) : new Uint8Array(0), state: made.newState };
}

export const at = (seq: number, message: MlsMessage): SealedMessage => ({ seq, message: written(message) });
