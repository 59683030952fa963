/**
 * What two devices say to each other in one chat: items in, numbered frames out, and back. Whatever a path loses, repeats
 * or reorders, each item comes once and in order; which path that is, is somebody else's business.
 */
import { MAX_ITEM_BYTES } from '../protocol/limits.ts';
import type { ChatCipher, StreamFrame } from './chat-cipher.ts';
import type { Renaming } from './inner-names.ts';
import { type ChatItem, decodeItem, encodeItem, type Items, isMailItem, type MailItem } from './item.ts';
import { InStream, OutStream } from './stream.ts';
import { Alarm, Serial, type Timers } from './tasks.ts';

/** Milliseconds that an acknowledgement waits for something to go along with. */
export const ACK_AFTER_MS = 100;
/** Items that have come since the last acknowledgement: so many are acknowledged at once, to keep the window moving. */
const ACK_AT_ONCE = 16;
/** Milliseconds without an acknowledgement after which all is sent again; then twice as long each time, up to the most. */
export const RESEND_AFTER_MS = 5000;
export const RESEND_AT_MOST_MS = 60_000;
/** Items that wait for room: what a person types while the other's machine doesn't answer. */
const MAX_WAITING = 500;

export interface ConversationPorts {
  readonly timers: Timers;
  readonly fault: (error: unknown) => void;
  readonly monotonic: () => number;
  /** Sends over the path that there is; without one nothing, and `again` when there is one. */
  readonly transmit: (frames: readonly StreamFrame[]) => void;
  /** The next item of theirs. */
  readonly item: (item: ChatItem) => void;
  /** A frame was refused: it is waited for again. */
  readonly refused: (text: string) => void;
  /** Of the names inside. */
  readonly names: Renaming;
}

/** An item before anybody knows what it acknowledges. */
export type Sayable = { [K in keyof Items]: Omit<Items[K], 'upTo'> }[Exclude<keyof Items, 'ack' | MailItem['kind']>];

interface Waiting {
  readonly item: Sayable | undefined;
  readonly acknowledged: (() => void) | undefined;
}

export class Conversation {
  readonly #cipher: ChatCipher;
  readonly #ports: ConversationPorts;
  readonly #out = new OutStream<StreamFrame>();
  readonly #in = new InStream<StreamFrame>();
  readonly #work: Serial;
  readonly #ackAlarm: Alarm;
  readonly #resendAlarm: Alarm;
  #resendAfter = RESEND_AFTER_MS;
  #waiting: Waiting[] = [];
  #sealing = false;
  #opening = false;
  /** Items, and of these such as want an acknowledgement, that have come since we last said `upTo`. */
  #unsaid = 0;
  #loud = 0;
  /** `closing`: nothing is sealed or opened any more, but what was sealed is still sent. */
  #state: 'open' | 'closing' | 'closed' = 'open';
  /** Monotonic ms since which an acknowledgement is waited for. */
  #waitingSince: number | undefined;
  /** Monotonic ms at which a frame of theirs was last opened. */
  heard: number;

  constructor(cipher: ChatCipher, ports: ConversationPorts) {
    this.#cipher = cipher;
    this.#ports = ports;
    this.#work = new Serial(ports.fault);
    this.#ackAlarm = new Alarm(ports.timers);
    this.#resendAlarm = new Alarm(ports.timers);
    this.heard = ports.monotonic();
  }

  /** Milliseconds for which an acknowledgement has been waited for; 0: nothing is waited for. */
  get silence(): number {
    return this.#waitingSince === undefined ? 0 : this.#ports.monotonic() - this.#waitingSince;
  }

  /** Whether there is nothing left that the other hasn't acknowledged. */
  get settled(): boolean {
    return this.#out.empty && this.#waiting.length === 0 && !this.#sealing;
  }

  /** @returns false where too much waits: it is not said. */
  say(item: Sayable, acknowledged?: () => void): boolean {
    if (this.#state !== 'open' || this.#waiting.length >= MAX_WAITING) return false;
    this.#waiting.push({ item, acknowledged });
    this.#seal();
    return true;
  }

  /** Says what is of use only at once; where anything else waits, it isn't said. */
  mention(item: Sayable): void {
    if (this.#waiting.length === 0 && this.#out.room) this.say(item);
  }

  /** A frame of theirs, over whichever path. */
  receive(frame: StreamFrame): void {
    if (this.#state !== 'open') return;
    // What comes again was not acknowledged in time, or its acknowledgement was lost.
    if (this.#in.take(frame) === 'known' && frame.seq <= this.#in.upTo) this.#acknowledgeSoon();
    this.#open();
  }

  /** All that isn't acknowledged is sent again: the path is another one, or has lost something. */
  again(): void {
    this.#out.again();
    this.#resendAfter = RESEND_AFTER_MS;
    // What the path that is gone kept them from acknowledging isn't the new one's fault.
    if (this.#waitingSince !== undefined) this.#waitingSince = this.#ports.monotonic();
    this.#flush();
  }

  /** Says a last item; after it no keys are left, only what was sealed and is still sent. */
  finish(last: Sayable, finished: () => void): void {
    if (this.#state !== 'open') return;
    this.#waiting.push({ item: last, acknowledged: undefined });
    this.#seal();
    this.#state = 'closing';
    this.#ackAlarm.stop();
    this.#work.run(async () => {
      await this.#sealed();
      this.#cipher.destroy();
      this.#in.clear();
      finished();
    });
  }

  /** Nothing is left of it. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#ackAlarm.stop();
    this.#resendAlarm.stop();
    this.#waiting = [];
    this.#out.clear();
    this.#in.clear();
    // After what is under way, which would find its keys overwritten.
    this.#work.run(() => this.#cipher.destroy());
  }

  #seal(): void {
    if (this.#sealing) return;
    this.#sealing = true;
    this.#work.run(async () => {
      try {
        await this.#sealed();
      } finally {
        this.#sealing = false;
      }
    });
  }

  /** All that waits and has room. The last item of all needs none: it is one more. */
  async #sealed(): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const room = next.item === undefined ? this.#out.roomForAck : this.#out.room;
      if (this.#state === 'closed' || (this.#state === 'open' && !room)) return;
      this.#waiting.shift();
      await this.#sealOne(next);
    }
  }

  async #sealOne({ item, acknowledged }: Waiting): Promise<void> {
    const { upTo } = this.#in;
    // Of a pure acknowledgement nothing is left to say where something else has said it meanwhile.
    if (item === undefined && this.#unsaid === 0) return;
    this.#unsaid = 0;
    this.#loud = 0;
    this.#ackAlarm.stop();
    const said: ChatItem = item === undefined ? { kind: 'ack', upTo } : { ...item, upTo };
    const bytes = encodeItem(this.#ports.names.inward(said));
    // That somebody is writing isn't sent again by itself: it would be news no more.
    const quiet = item === undefined || item.kind === 'typing';
    this.#push(await this.#cipher.seal(bytes), quiet, acknowledged);
    if (this.#state !== 'open') return;
    const renewed = await this.#cipher.rekey(this.#ports.monotonic());
    if (renewed !== undefined) this.#push(renewed, false, undefined);
  }

  #push(frame: StreamFrame, quiet: boolean, acknowledged: (() => void) | undefined): void {
    if (this.#state === 'closed') return;
    const size = frame.kind === 'sealed' ? frame.message.length : frame.item.length;
    this.#out.push({ frame, size, quiet, acknowledged });
    if (!quiet) this.#waitingSince ??= this.#ports.monotonic();
    this.#flush();
  }

  #flush(): void {
    if (this.#state === 'closed') return;
    const frames = this.#out.take();
    if (frames.length > 0) this.#ports.transmit(frames);
    if (this.#out.waiting && !this.#resendAlarm.isSet) this.#resendAlarm.set(this.#resendAfter, () => this.#resend());
  }

  #resend(): void {
    this.#resendAfter = Math.min(this.#resendAfter * 2, RESEND_AT_MOST_MS);
    this.#out.again();
    this.#flush();
  }

  #open(): void {
    if (this.#opening) return;
    this.#opening = true;
    this.#work.run(async () => {
      try {
        await this.#opened();
      } finally {
        this.#opening = false;
      }
    });
  }

  async #opened(): Promise<void> {
    while (this.#state === 'open') {
      const frame = this.#in.due();
      if (frame === undefined) return;
      const opened = await this.#cipher.open(frame, this.#ports.monotonic());
      // Ended meanwhile, from here.
      if (this.#state !== 'open') return;
      if (!opened.ok) {
        this.#ports.refused(opened.error.text);
        continue;
      }
      this.heard = this.#ports.monotonic();
      this.#in.opened();
      this.#unsaid += 1;
      if (opened.value.kind === 'item') this.#take(opened.value.item);
      else this.#wantsAck();
    }
  }

  #take(bytes: Uint8Array): void {
    const decoded = bytes.length > MAX_ITEM_BYTES ? undefined : decodeItem(bytes);
    bytes.fill(0);
    if (decoded?.ok === false) this.#ports.refused(decoded.error);
    const item = decoded?.ok && decoded.value ? this.#ports.names.outward(decoded.value) : undefined;
    if (item !== undefined && 'upTo' in item && item.upTo !== undefined) this.#acknowledged(item.upTo);
    if (item?.kind !== 'ack' && item?.kind !== 'typing') this.#wantsAck();
    else if (this.#unsaid >= ACK_AT_ONCE) this.#acknowledge();
    if (item === undefined) return;
    if (isMailItem(item)) this.#ports.refused('it is mail');
    else this.#ports.item(item);
  }

  #wantsAck(): void {
    this.#loud += 1;
    if (this.#loud >= ACK_AT_ONCE) this.#acknowledge();
    else this.#acknowledgeSoon();
  }

  #acknowledgeSoon(): void {
    this.#unsaid = Math.max(1, this.#unsaid);
    if (!this.#ackAlarm.isSet) this.#ackAlarm.set(ACK_AFTER_MS, () => this.#acknowledge());
  }

  #acknowledge(): void {
    const [next] = this.#waiting;
    // What waits says it along with itself, if it has room; or is an acknowledgement, too.
    if (this.#state !== 'open' || (next !== undefined && (next.item === undefined || this.#out.room))) return;
    this.#waiting.unshift({ item: undefined, acknowledged: undefined });
    this.#seal();
  }

  #acknowledged(upTo: number): void {
    const gone = this.#out.acknowledge(upTo);
    if (gone.length === 0) return;
    this.#resendAlarm.stop();
    this.#resendAfter = RESEND_AFTER_MS;
    this.#waitingSince = this.#out.waiting ? this.#ports.monotonic() : undefined;
    for (const { acknowledged } of gone) acknowledged?.();
    this.#flush();
    if (this.#waiting.length > 0) this.#seal();
  }
}
