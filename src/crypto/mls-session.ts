/** One session: seals, opens, renews its keys. Each step makes a new state, which counts only when all of it was good. */
import {
  type CiphersuiteImpl,
  type ClientState,
  contentTypes,
  createApplicationMessage,
  createCommit,
  type IncomingMessageCallback,
  type PrivateMessage,
  type ProcessMessageResult,
  processPrivateMessage,
  type SecretTree,
} from 'ts-mls';
import type { GroupId } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { E2eeCode, E2eeFault, E2eeSession, Opened, Party, SealedMessage } from './e2ee-session.ts';
import { checkHeader, HEADER_BYTES, hashOf, headerBytes } from './mls-header.ts';
import { encodeState, type SessionState, wipe, withoutOwnPast, withoutPast } from './mls-state.ts';
import {
  checkGroup,
  contextFor,
  faultOf,
  groupBytes,
  isTurnOf,
  joined,
  MAX_ITEM_BYTES,
  MAX_MESSAGE_BYTES,
  Refused,
  sameBytes,
  watched,
} from './mls-suite.ts';
import { bytesOf, checkContent, privateMessageOf, senderOf } from './mls-wire.ts';

const ENDED = 'the session has ended';
const refuse = (code: E2eeCode, text: string) => err<E2eeFault>({ code, text });
/** Whatever the library finds wrong: which of its many checks it was tells people nothing. */
const BROKEN: E2eeFault = { code: 'broken', text: 'it does not decrypt with the keys of this session' };

/** Second to `checkContent`: a commit that brings a proposal is refused, from whomever. */
const acceptBare: IncomingMessageCallback = (incoming) =>
  incoming.kind === 'commit' && incoming.proposals.length === 0 ? 'accept' : 'reject';

/** Generation that a sender's next message of a kind has in an epoch. */
function nextGeneration(tree: SecretTree, leaf: number, contentType: PrivateMessage['contentType']): number {
  const node = tree.leafNodes[2 * leaf];
  return (contentType === contentTypes.application ? node?.application : node?.handshake)?.generation ?? 0;
}

interface Step {
  readonly next: ClientState;
  readonly consumed: readonly Uint8Array[];
  readonly opened: Opened;
}

export class MlsSession implements E2eeSession {
  readonly #suite: CiphersuiteImpl;
  #state: SessionState;
  #ended = false;
  /** The call before; it never rejects. */
  #before: Promise<unknown> = Promise.resolve();

  /** @param state a group that was checked. It is the session's from here on. */
  constructor(suite: CiphersuiteImpl, state: SessionState) {
    this.#suite = suite;
    this.#state = state;
  }

  get group(): GroupId {
    return this.#state.group;
  }
  get us(): Party {
    return this.#state.us;
  }
  get them(): Party {
    return this.#state.them;
  }
  get nextOut(): number {
    return this.#state.nextOut;
  }
  get nextIn(): number {
    return this.#state.nextIn;
  }
  get mayRekey(): boolean {
    return !this.#ended && isTurnOf(this.#ourLeaf, this.#state.mls.groupContext.epoch);
  }

  seal(item: Uint8Array): Promise<SealedMessage> {
    const own = Uint8Array.from(item);
    return this.#queued(async () => {
      if (own.length > MAX_ITEM_BYTES) throw new RangeError(`an item has at most ${MAX_ITEM_BYTES} bytes`);
      const message = joined(this.#ourHeader(), own);
      const context = contextFor(this.#suite, this.#parties, message.length);
      const made = await createApplicationMessage({ context, state: this.#state.mls, message });
      message.fill(0);
      own.fill(0);
      return this.#sent(bytesOf(made.message), made.newState, made.consumed);
    });
  }

  rekey(): Promise<SealedMessage> {
    return this.#queued(async () => {
      if (!this.mayRekey) throw new Error('it is not our turn to renew the keys');
      const context = contextFor(this.#suite, this.#parties);
      const authenticatedData = this.#ourHeader();
      const made = await createCommit({ context, state: this.#state.mls, authenticatedData });
      const next = withoutOwnPast(made.newState);
      // Our own keys of the epoch that ends are in the old state, and so overwritten with it.
      return this.#sent(bytesOf(made.commit), next, made.consumed);
    });
  }

  open({ seq, message }: SealedMessage, gap?: 'known'): Promise<Result<Opened, E2eeFault>> {
    // Whoever gave them may use them again; and views into a pool are poison to the library.
    const bytes = Uint8Array.from(message.subarray(0, MAX_MESSAGE_BYTES + 1));
    return this.#queued(async () => {
      if (this.#ended) return refuse('broken', ENDED);
      const { nextIn } = this.#state;
      if (!Number.isSafeInteger(seq) || seq < 1) return refuse('malformed', 'it has no place in the session');
      if (seq < nextIn) return refuse('replayed', 'it was opened before');
      if (seq > nextIn && gap === undefined) return refuse('missing', 'something before it is missing');
      try {
        const step = await this.#process(bytes, seq);
        if (this.#ended) {
          wipe(step.next, undefined, step.consumed);
          return refuse('broken', ENDED);
        }
        this.#adopt({ ...this.#state, nextIn: seq + 1, lastIn: hashOf(bytes), mls: step.next }, step.consumed);
        return ok(step.opened);
      } catch (thrown) {
        return err(faultOf(thrown, BROKEN));
      }
    });
  }

  save(): Uint8Array {
    if (this.#ended) throw new Error(ENDED);
    return encodeState(this.#state);
  }

  destroy(): void {
    if (this.#ended) return;
    this.#ended = true;
    wipe(this.#state.mls, undefined);
  }

  get #ourLeaf(): number {
    return this.#state.mls.privatePath.leafIndex;
  }
  get #parties(): readonly Party[] {
    return [this.#state.us, this.#state.them];
  }

  /** One after the other, so that two calls never start from the same state, which would use one key twice. */
  #queued<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#before.then(call);
    this.#before = result.catch(() => undefined);
    return result;
  }

  #ourHeader(): Uint8Array {
    if (this.#ended) throw new Error(ENDED);
    const { us, group, nextOut, lastOut } = this.#state;
    return headerBytes({ from: us.device, group, seq: nextOut, previous: lastOut });
  }

  #adopt(next: SessionState, consumed: readonly Uint8Array[]): void {
    const old = this.#state.mls;
    this.#state = next;
    wipe(old, next.mls, consumed);
  }

  #sent(message: Uint8Array, mls: ClientState, consumed: readonly Uint8Array[]): SealedMessage {
    // It may have been sealed with keys that were overwritten under way.
    if (this.#ended) {
      wipe(mls, undefined, consumed);
      throw new Error(ENDED);
    }
    const seq = this.#state.nextOut;
    this.#adopt({ ...this.#state, nextOut: seq + 1, lastOut: hashOf(message), mls }, consumed);
    return { seq, message };
  }

  /** Opens and checks. Throws `Refused`, or what the library throws; nothing is changed. */
  async #process(bytes: Uint8Array, seq: number): Promise<Step> {
    const { mls, group, us, them } = this.#state;
    const message = privateMessageOf(bytes);
    if (!sameBytes(message.groupId, groupBytes(group))) throw new Refused('unwanted', 'it is for another group');
    const { epoch } = mls.groupContext;
    if (message.epoch < epoch && !mls.historicalReceiverData.has(message.epoch))
      throw new Refused('expired', 'its keys are gone');
    const context = contextFor(this.#watch(message, seq), [us, them]);
    const result = await processPrivateMessage({ context, state: mls, privateMessage: message, callback: acceptBare });
    try {
      return this.#accept(result, seq, message.epoch === epoch);
    } catch (thrown) {
      wipe(result.newState, mls, result.consumed);
      throw thrown;
    }
  }

  /** Refuses before the library acts: what is from ourselves or out of place, and what only trouble can come of. */
  #watch(message: PrivateMessage, seq: number): CiphersuiteImpl {
    const { mls } = this.#state;
    const theirs = 1 - this.#ourLeaf;
    const tree = mls.historicalReceiverData.get(message.epoch)?.secretTree ?? mls.secretTree;
    return watched(this.#suite, (ciphertext, plain) => {
      if (ciphertext === message.encryptedSenderData) {
        const { leaf, generation } = senderOf(plain);
        if (leaf === this.#ourLeaf) throw new Refused('reflected', 'it is our own');
        if (leaf !== theirs) throw new Refused('broken', 'it is from nobody in this group');
        const expected = nextGeneration(tree, theirs, message.contentType);
        if (generation < expected) throw new Refused('replayed', 'it was opened before, in another place');
        if (generation > expected && seq === this.#state.nextIn)
          throw new Refused('missing', 'something before it is missing');
      } else {
        checkContent(message.contentType, plain);
        if (message.contentType === contentTypes.commit && !isTurnOf(theirs, message.epoch))
          throw new Refused('unwanted', 'it renews the keys out of turn');
      }
    });
  }

  #accept(result: ProcessMessageResult, seq: number, current: boolean): Step {
    const { mls, group, us, them, nextIn, lastIn } = this.#state;
    // Of one that is missing nobody knows the hash.
    const header = { from: them.device, group, seq, previous: seq === nextIn ? lastIn : undefined };
    const { newState, consumed } = result;
    if (result.kind === 'applicationMessage') {
      if (result.aad.length > 0) throw new Refused('broken', 'it has something in the open');
      checkHeader(result.message.subarray(0, HEADER_BYTES), header);
      const item = result.message.slice(HEADER_BYTES);
      if (item.length > MAX_ITEM_BYTES) throw new Refused('malformed', 'it is too long');
      result.message.fill(0);
      // They are in our epoch now, and will never send in the one before again.
      return { next: current ? withoutPast(newState) : newState, consumed, opened: { kind: 'item', item } };
    }
    if (result.actionTaken === 'reject') throw new Refused('unwanted', 'it is a proposal, or brings one');
    checkHeader(result.aad, header);
    checkGroup(newState, group, us, them);
    if (newState.groupContext.epoch !== mls.groupContext.epoch + 1n) throw new Refused('unwanted', 'it skips an epoch');
    return { next: withoutPast(newState), consumed, opened: { kind: 'rekey' } };
  }
}
