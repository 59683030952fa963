/** How the items of a chat become frames: sealed by a session, or, where both have agreed to that, as they are. */
import type { GroupId } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import { fromBase64url, toBase64url } from '../crypto/base64url.ts';
import type { E2eeFault, E2eeSession, Opened, SealedMessage } from '../crypto/e2ee-session.ts';
import type { PrivateFrames } from '../protocol/private-frames.ts';

export type StreamFrame = PrivateFrames['sealed'] | PrivateFrames['plain'];

export interface ChatCipher {
  seal(item: Uint8Array): Promise<StreamFrame>;
  /** Renews the keys, where it is our turn and time for it. */
  rekey(now: number): Promise<StreamFrame | undefined>;
  /** Frames in the order of their numbers. What is found wrong changes nothing. */
  open(frame: StreamFrame, now: number): Promise<Result<Opened, E2eeFault>>;
  /** Keys are overwritten. */
  destroy(): void;
}

/** Messages, in both directions, and ms, after which a chat gets new keys: what a stolen one would open. */
export const REKEY_AFTER_MESSAGES = 100;
export const REKEY_AFTER_MS = 600_000;

const wrongKind = err<E2eeFault>({ code: 'unwanted', text: 'it is not of the kind that was agreed on' });

class SealedCipher implements ChatCipher {
  readonly #session: E2eeSession;
  #messages = 0;
  #since: number;

  constructor(session: E2eeSession, now: number) {
    this.#session = session;
    this.#since = now;
  }

  async seal(item: Uint8Array): Promise<StreamFrame> {
    this.#messages += 1;
    return this.#frame(await this.#session.seal(item));
  }

  async rekey(now: number): Promise<StreamFrame | undefined> {
    const due = this.#messages >= REKEY_AFTER_MESSAGES || (this.#messages > 0 && now - this.#since >= REKEY_AFTER_MS);
    if (!due || !this.#session.mayRekey) return undefined;
    this.#renewed(now);
    return this.#frame(await this.#session.rekey());
  }

  async open(frame: StreamFrame, now: number): Promise<Result<Opened, E2eeFault>> {
    if (frame.kind !== 'sealed') return wrongKind;
    const message = fromBase64url(frame.message);
    if (message === undefined) return err({ code: 'malformed', text: 'it is not base64url' });
    const opened = await this.#session.open({ seq: frame.seq, message });
    if (!opened.ok) return opened;
    if (opened.value.kind === 'rekey') this.#renewed(now);
    else this.#messages += 1;
    return opened;
  }

  destroy(): void {
    this.#session.destroy();
  }

  #renewed(now: number): void {
    this.#messages = 0;
    this.#since = now;
  }

  #frame({ seq, message }: SealedMessage): StreamFrame {
    return { kind: 'sealed', chat: this.#session.group, seq, message: toBase64url(message) };
  }
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

class PlainCipher implements ChatCipher {
  readonly #chat: GroupId;
  #seq = 0;

  constructor(chat: GroupId) {
    this.#chat = chat;
  }

  seal(item: Uint8Array): Promise<StreamFrame> {
    this.#seq += 1;
    return Promise.resolve({ kind: 'plain', chat: this.#chat, seq: this.#seq, item: DECODER.decode(item) });
  }

  rekey(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  open(frame: StreamFrame): Promise<Result<Opened, E2eeFault>> {
    return Promise.resolve(
      frame.kind === 'plain' ? ok({ kind: 'item', item: ENCODER.encode(frame.item) } as const) : wrongKind,
    );
  }

  destroy(): void {
    // There are no keys.
  }
}

export const sealedCipher = (session: E2eeSession, now: number): ChatCipher => new SealedCipher(session, now);
export const plainCipher = (chat: GroupId): ChatCipher => new PlainCipher(chat);
