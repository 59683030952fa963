/**
 * The fan-out. A channel (a room, or the presence of all) collects the lines of a turn of the event loop as one text; the
 * flush encodes it once and writes the same bytes to every member.
 *
 * A mailbox that has lines of its own in the turn (an answer, or an acknowledgement in place of its own message) takes
 * the slow path: it keeps a list of pieces, its own lines and ranges of the channels' texts, and is written what they
 * make up. So every stream keeps the order in which things were sent, and a line costs O(1) until the flush, the flush
 * one write a member.
 */
import type { SessionId } from '../../base/ids.ts';
import type { Link } from '../../link/link.ts';
import { MAX_BATCH_CHARS, MAX_BUFFERED_BYTES } from './limits.ts';
import { type Reader, ReadersBehind, type TooSlow } from './readers-behind.ts';

interface Channel<Name> {
  readonly name: Name;
  readonly members: Set<Mailbox<Name>>;
  /** The lines of this turn. */
  text: string;
}

/** A line of one's own, or the part of a channel's text from one line's start to another's end. */
type Piece<Name> = string | { readonly channel: Channel<Name>; readonly from: number; readonly to: number };

interface Mailbox<Name> extends Reader {
  readonly session: SessionId;
  readonly channels: Set<Channel<Name>>;
  /** The slow path of this turn; undefined on the fast one. */
  own: Own<Name> | undefined;
  /** `late`: reads too slowly, and gets nothing until the core has been told; `ended`: gets nothing more. */
  state: 'open' | 'late' | 'ended';
}

interface Own<Name> {
  readonly pieces: Piece<Name>[];
  /** Characters of own lines among them. */
  chars: number;
  /** How far each channel's text is in the pieces; 0 where there is no entry. */
  readonly upTo: Map<Channel<Name>, number>;
}

export interface OutboxOptions {
  /** Calls its argument once, soon: after what this turn of the event loop brings. */
  readonly schedule: (flush: () => void) => void;
  /** Calls its first argument once, after so many milliseconds. */
  readonly later: (look: () => void, ms: number) => void;
  /**
   * The session reads too slowly: it is in no channel any more, and should be told so and ended. What waited for it is
   * dropped, so that what it is told now follows on what it has been given.
   */
  readonly tooSlow: (session: SessionId, why: TooSlow) => void;
}

export class Outbox<Name extends string> {
  readonly #options: OutboxOptions;
  readonly #mailboxes = new Map<SessionId, Mailbox<Name>>();
  readonly #channels = new Map<Name, Channel<Name>>();
  /** Channels with text, and mailboxes on the slow path. */
  readonly #dirty = new Set<Channel<Name>>();
  readonly #slow = new Set<Mailbox<Name>>();
  readonly #behind: ReadersBehind<Mailbox<Name>>;
  /** Who reads too slowly, found during this flush. */
  #late: Mailbox<Name>[] = [];
  #scheduled = false;
  #sent = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#behind = new ReadersBehind({
      later: options.later,
      standsStill: (mailbox) => this.#cutOff(mailbox, 'standstill'),
    });
  }

  /** Lines for sockets since the start, each counted once for each of its readers. */
  get sent(): number {
    return this.#sent;
  }

  add(session: SessionId, link: Link): void {
    this.#mailboxes.set(session, {
      session,
      link,
      channels: new Set(),
      own: undefined,
      behind: undefined,
      state: 'open',
    });
  }

  /** All that was written to the session's link has gone to the kernel. */
  drained(session: SessionId): void {
    const mailbox = this.#mailboxes.get(session);
    if (mailbox !== undefined) this.#behind.drained(mailbox);
  }

  /** Bytes that wait for the session beyond what the kernel took. */
  waiting(session: SessionId): number {
    const mailbox = this.#mailboxes.get(session);
    return mailbox === undefined ? 0 : mailbox.link.buffered + (mailbox.behind?.backlog?.bytes ?? 0);
  }

  /** The connection is gone. */
  remove(session: SessionId): void {
    const mailbox = this.#mailboxes.get(session);
    if (mailbox === undefined) return;
    this.#mailboxes.delete(session);
    this.#drop(mailbox);
  }

  /** A line to one session, after everything that was sent to it before. */
  send(session: SessionId, line: string): void {
    const mailbox = this.#mailboxes.get(session);
    if (mailbox !== undefined) this.#sendTo(mailbox, line);
  }

  /** From now on the session gets the channel's lines. */
  subscribe(session: SessionId, name: Name): void {
    const mailbox = this.#mailboxes.get(session);
    if (mailbox === undefined || mailbox.state === 'ended') return;
    let channel = this.#channels.get(name);
    if (channel === undefined) {
      channel = { name, members: new Set(), text: '' };
      this.#channels.set(name, channel);
    }
    if (channel.members.has(mailbox)) return;
    channel.members.add(mailbox);
    mailbox.channels.add(channel);
    if (channel.text !== '') this.#own(mailbox).upTo.set(channel, channel.text.length);
  }

  unsubscribe(session: SessionId, name: Name): void {
    const mailbox = this.#mailboxes.get(session);
    const channel = this.#channels.get(name);
    if (mailbox === undefined || !channel?.members.has(mailbox)) return;
    if (channel.text !== '') this.#take(this.#own(mailbox), channel);
    this.#leave(mailbox, channel);
  }

  /**
   * A line to all of a channel. The session of `instead` gets that line at this place, or nothing; it need not be in the
   * channel. Those of `except` don't get the line.
   */
  publish(
    name: Name,
    line: string,
    instead?: { session: SessionId; line: string | undefined },
    except?: ReadonlySet<SessionId>,
  ): void {
    const channel = this.#channels.get(name);
    const other = instead === undefined ? undefined : this.#mailboxes.get(instead.session);
    if (other !== undefined && instead?.line !== undefined) this.#sendTo(other, instead.line);
    if (channel === undefined) return;
    const skips = other !== undefined && channel.members.has(other);
    if (skips) this.#take(this.#own(other), channel);
    const others = except === undefined ? undefined : this.#membersAmong(channel, except);
    if (others !== undefined) for (const mailbox of others) this.#take(this.#own(mailbox), channel);
    channel.text += line;
    const left = others?.length ?? 0;
    this.#sent += channel.members.size - left - (skips && others?.includes(other) !== true ? 1 : 0);
    if (skips) this.#own(other).upTo.set(channel, channel.text.length);
    if (others !== undefined) for (const mailbox of others) this.#own(mailbox).upTo.set(channel, channel.text.length);
    this.#dirty.add(channel);
    if (channel.text.length > MAX_BATCH_CHARS) this.flush();
    else this.#schedule();
  }

  /** Writes what the session still gets, and ends its connection. */
  end(session: SessionId): void {
    const mailbox = this.#mailboxes.get(session);
    if (mailbox === undefined || mailbox.state === 'ended') return;
    const bytes = this.#ownBytes(mailbox, this.#own(mailbox));
    // Last words have no limit: they are short, and nothing follows. After a gap there are none.
    if (mailbox.state === 'open') {
      this.#behind.handOver(mailbox);
      if (bytes !== undefined) mailbox.link.write(bytes);
    }
    this.#drop(mailbox);
    mailbox.link.end();
  }

  /** Writes what this turn has brought. */
  flush(): void {
    for (const channel of this.#dirty) {
      // Encoded when the first member wants it as it is: where all have lines of their own, never.
      let bytes: Buffer | undefined;
      for (const mailbox of channel.members) {
        if (mailbox.own !== undefined) continue;
        bytes ??= Buffer.from(channel.text);
        this.#write(mailbox, bytes, channel);
      }
    }
    for (const mailbox of this.#slow) {
      this.#writeOwn(mailbox);
      mailbox.own = undefined;
    }
    for (const channel of this.#dirty) {
      channel.text = '';
      if (channel.members.size === 0) this.#channels.delete(channel.name);
    }
    this.#dirty.clear();
    this.#slow.clear();
    const late = this.#late;
    if (late.length === 0) return;
    // Not earlier: the answer sends.
    this.#late = [];
    for (const mailbox of late) if (mailbox.state === 'late') this.#cutOff(mailbox, 'bytes');
  }

  #cutOff(mailbox: Mailbox<Name>, why: TooSlow): void {
    this.#drop(mailbox);
    mailbox.state = 'open';
    this.#options.tooSlow(mailbox.session, why);
  }

  #sendTo(mailbox: Mailbox<Name>, line: string): void {
    if (mailbox.state !== 'open') return;
    const own = this.#own(mailbox);
    for (const channel of mailbox.channels) if (channel.text !== '') this.#take(own, channel);
    own.pieces.push(line);
    this.#sent += 1;
    own.chars += line.length;
    // Questions of one turn may have answers without end.
    if (own.chars > MAX_BUFFERED_BYTES) this.#writeOwn(mailbox);
    this.#schedule();
  }

  #membersAmong(channel: Channel<Name>, sessions: ReadonlySet<SessionId>): Mailbox<Name>[] {
    const found: Mailbox<Name>[] = [];
    for (const session of sessions) {
      const mailbox = this.#mailboxes.get(session);
      if (mailbox !== undefined && channel.members.has(mailbox)) found.push(mailbox);
    }
    return found;
  }

  /** Puts the mailbox on the slow path for this turn. */
  #own(mailbox: Mailbox<Name>): Own<Name> {
    mailbox.own ??= { pieces: [], chars: 0, upTo: new Map() };
    this.#slow.add(mailbox);
    return mailbox.own;
  }

  /** What the channel has for the mailbox until here comes before what follows. */
  #take(own: Own<Name>, channel: Channel<Name>): void {
    const from = own.upTo.get(channel) ?? 0;
    const to = channel.text.length;
    if (from === to) return;
    own.pieces.push({ channel, from, to });
    own.upTo.set(channel, to);
  }

  /** Writes what the slow path has so far. The channels' texts live on, so how far this mailbox has them must stay known. */
  #writeOwn(mailbox: Mailbox<Name>): void {
    const { own } = mailbox;
    if (own === undefined) return;
    const bytes = this.#ownBytes(mailbox, own);
    if (bytes !== undefined) this.#write(mailbox, bytes);
    mailbox.own = { pieces: [], chars: 0, upTo: own.upTo };
  }

  #ownBytes(mailbox: Mailbox<Name>, own: Own<Name>): Buffer | undefined {
    for (const channel of mailbox.channels) if (channel.text !== '') this.#take(own, channel);
    const parts = own.pieces.map((piece) =>
      typeof piece === 'string' ? piece : piece.channel.text.slice(piece.from, piece.to),
    );
    return parts.length > 0 ? Buffer.from(parts.join('')) : undefined;
  }

  /** @param channel whose members get the same bytes. */
  #write(mailbox: Mailbox<Name>, bytes: Uint8Array, channel?: Channel<Name>): void {
    if (mailbox.state !== 'open') return;
    if (channel !== undefined && mailbox.behind === undefined) {
      const { link } = mailbox;
      link.write(bytes);
      if (link.buffered > 0) this.#behind.watch(mailbox);
    } else if (!this.#behind.write(mailbox, bytes, channel)) {
      mailbox.state = 'late';
      this.#late.push(mailbox);
    }
  }

  #leave(mailbox: Mailbox<Name>, channel: Channel<Name>): void {
    channel.members.delete(mailbox);
    mailbox.channels.delete(channel);
    if (channel.members.size === 0 && channel.text === '') this.#channels.delete(channel.name);
  }

  #drop(mailbox: Mailbox<Name>): void {
    this.#behind.forget(mailbox);
    for (const channel of mailbox.channels) this.#leave(mailbox, channel);
    this.#slow.delete(mailbox);
    mailbox.own = undefined;
    mailbox.state = 'ended';
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#options.schedule(() => {
      this.#scheduled = false;
      this.flush();
    });
  }
}
