/** The MLS working group's vectors for our suite, as far as the library's public part lets them be driven. */
import {
  type ClientState,
  clientStateDecoder,
  clientStateEncoder,
  decode,
  encode,
  joinGroup,
  type MlsContext,
  mlsMessageDecoder,
  mlsMessageEncoder,
  processMessage,
  type RatchetTree,
  unsafeTestingAuthenticationService,
} from 'ts-mls';
import { describe, expect, test } from 'vitest';
import { packageIn, parsed } from './attacker.ts';
import { suite } from './pair.ts';
import { hex, needVectors, toHex, vectors } from './vectors.ts';

interface Passive {
  readonly cipher_suite: number;
  readonly external_psks: readonly { readonly psk_id: string; readonly psk: string }[];
  readonly key_package: string;
  readonly signature_priv: string;
  readonly encryption_priv: string;
  readonly init_priv: string;
  readonly welcome: string;
  readonly ratchet_tree: string | null;
  readonly initial_epoch_authenticator: string;
  readonly epochs: readonly {
    readonly proposals: readonly string[];
    readonly commit: string;
    readonly epoch_authenticator: string;
  }[];
}

interface Protection {
  readonly cipher_suite: number;
  readonly group_id: string;
  readonly epoch: number;
  readonly tree_hash: string;
  readonly confirmed_transcript_hash: string;
  readonly signature_pub: string;
  readonly signature_priv: string;
  readonly encryption_secret: string;
  readonly sender_data_secret: string;
  readonly membership_key: string;
  readonly application: string;
  readonly application_priv: string;
}

const PASSIVE = ['passive-client-welcome', 'passive-client-handling-commit', 'passive-client-random'];
const FILES = [...PASSIVE, 'message-protection', 'messages'].map((name) => `${name}.json`);
/** Epochs of the long random scenario that are followed: all of its kinds, in a second. */
const MAX_EPOCHS = 30;
/** Messages of each kind; there are hundreds alike. */
const MAX_MESSAGES = 30;
const cipherSuite = await suite();

/** Bytes of a group context in which everything is empty: version, suite, epoch, and four lengths. */
const BARE_CONTEXT_BYTES = 2 + 2 + 8 + 4;

/** A tree that lies beside its Welcome: the library reads trees only inside other things, so one is put around it. */
function treeIn(text: string): RatchetTree {
  const around = encode(clientStateEncoder, bareState());
  const [before, after] = [around.subarray(0, BARE_CONTEXT_BYTES), around.subarray(BARE_CONTEXT_BYTES + 1)];
  const read = decode(clientStateDecoder, Uint8Array.from([...before, ...hex(text), ...after]));
  if (read === undefined) throw new Error('no tree');
  return read.ratchetTree;
}

async function join(vector: Passive): Promise<{ readonly context: MlsContext; readonly state: ClientState }> {
  const welcome = parsed(hex(vector.welcome));
  if (welcome.wireformat !== 3) throw new Error('no Welcome');
  const externalPsks = Object.fromEntries(
    vector.external_psks.map(({ psk_id, psk }) => [Buffer.from(psk_id, 'hex').toString('base64'), hex(psk)]),
  );
  const context = { cipherSuite, authService: unsafeTestingAuthenticationService, externalPsks };
  const state = await joinGroup({
    context,
    welcome: welcome.welcome,
    keyPackage: packageIn(hex(vector.key_package)),
    privateKeys: {
      initPrivateKey: hex(vector.init_priv),
      hpkePrivateKey: hex(vector.encryption_priv),
      signaturePrivateKey: hex(vector.signature_priv),
    },
    ...(vector.ratchet_tree !== null && { ratchetTree: treeIn(vector.ratchet_tree) }),
  });
  return { context, state };
}

async function step(context: MlsContext, state: ClientState, text: string): Promise<ClientState> {
  const message = parsed(hex(text));
  if (message.wireformat !== 1 && message.wireformat !== 2) throw new Error('no message of a group');
  return (await processMessage({ context, state, message })).newState;
}

const authenticator = ({ keySchedule }: ClientState): string => toHex(keySchedule.epochAuthenticator);

describe.runIf(needVectors('mls', FILES))('the working group', () => {
  test.each(PASSIVE)('%s: a member follows what the others do', async (file) => {
    let followed = 0;
    for (const vector of vectors<Passive[]>('mls', `${file}.json`, []).filter((one) => one.cipher_suite === 1)) {
      const { context, state: joined } = await join(vector);
      expect(authenticator(joined)).toBe(vector.initial_epoch_authenticator);
      let state = joined;
      for (const epoch of vector.epochs.slice(0, MAX_EPOCHS)) {
        for (const proposal of epoch.proposals) state = await step(context, state, proposal);
        state = await step(context, state, epoch.commit);
        expect(authenticator(state)).toBe(epoch.epoch_authenticator);
      }
      followed++;
    }
    expect(followed).toBeGreaterThan(0);
  });

  test('messages: what is read is written again the same', () => {
    const kinds = ['mls_welcome', 'mls_group_info', 'mls_key_package', 'private_message', 'public_message_commit'];
    const all = vectors<Record<string, string>[]>('mls', 'messages.json', []).slice(0, MAX_MESSAGES);
    expect(all.length).toBeGreaterThan(0);
    for (const vector of all)
      for (const kind of kinds) {
        const text = vector[kind] ?? '';
        const message = decode(mlsMessageDecoder, hex(text));
        expect(message && toHex(encode(mlsMessageEncoder, message)), kind).toBe(text);
      }
  });

  test('message-protection: a private message opens to what was said', async () => {
    const all = vectors<Protection[]>('mls', 'message-protection.json', []);
    const vector = all.find((one) => one.cipher_suite === 1);
    if (vector === undefined) throw new Error('our suite is among them');
    const opened = await processMessage({
      context: { cipherSuite, authService: unsafeTestingAuthenticationService },
      state: twoMembers(vector),
      message: framed(vector.application_priv),
    });
    expect(opened.kind === 'applicationMessage' && toHex(opened.message)).toBe(vector.application);
  });
});

function framed(text: string) {
  const message = parsed(hex(text));
  if (message.wireformat !== 2) throw new Error('no private message');
  return message;
}

/** The state that the vector describes: a group of two, whose second has sent (test-vectors.md, Message Protection). */
function twoMembers(vector: Protection): ClientState {
  const leaf = (key: string): RatchetTree[number] => ({
    nodeType: 1,
    leaf: {
      hpkePublicKey: new Uint8Array(32),
      signaturePublicKey: hex(key),
      credential: { credentialType: 1, identity: new Uint8Array(0) },
      capabilities: { versions: [1], ciphersuites: [1], extensions: [], proposals: [], credentials: [1] },
      leafNodeSource: 2,
      extensions: [],
      signature: new Uint8Array(64),
    },
  });
  const bare = bareState();
  return {
    ...bare,
    groupContext: {
      ...bare.groupContext,
      groupId: hex(vector.group_id),
      epoch: BigInt(vector.epoch),
      treeHash: hex(vector.tree_hash),
      confirmedTranscriptHash: hex(vector.confirmed_transcript_hash),
    },
    ratchetTree: [leaf('00'.repeat(32)), undefined, leaf(vector.signature_pub)],
    secretTree: { leafWidth: 2, intermediateNodes: { 1: hex(vector.encryption_secret) }, leafNodes: {} },
    keySchedule: {
      ...bare.keySchedule,
      senderDataSecret: hex(vector.sender_data_secret),
      membershipKey: hex(vector.membership_key),
    },
    signaturePrivateKey: hex(vector.signature_priv),
  };
}

function bareState(): ClientState {
  const none = new Uint8Array(0);
  return {
    groupContext: {
      version: 1,
      cipherSuite: 1,
      groupId: none,
      epoch: 0n,
      treeHash: none,
      confirmedTranscriptHash: none,
      extensions: [],
    },
    ratchetTree: [],
    secretTree: { leafWidth: 0, intermediateNodes: {}, leafNodes: {} },
    keySchedule: {
      senderDataSecret: none,
      membershipKey: none,
      exporterSecret: none,
      externalSecret: none,
      confirmationKey: none,
      resumptionPsk: none,
      epochAuthenticator: none,
      initSecret: none,
    },
    privatePath: { leafIndex: 0, privateKeys: {} },
    signaturePrivateKey: none,
    unappliedProposals: {},
    confirmationTag: none,
    historicalReceiverData: new Map(),
    groupActiveState: { kind: 'active' },
  };
}
