/**
 * Sealed mail on its way to the server: sent in order, again after a reconnect under the same ids, and dropped when the
 * server has it. What is in here is in the vault.
 */
import type { ClientId, GroupId, UnixMs, UserName } from '../base/ids.ts';
import type { ServerMessages } from '../protocol/server-messages.ts';
import type { Shared } from './shared.ts';
import { Alarm } from './tasks.ts';
import type { OutgoingMail } from './vault.ts';

/** Copies on their way at once: the server's limits are for those who send more. */
const MAX_IN_FLIGHT = 16;
/** Milliseconds until what was too much, or could not be stored, is sent again; twice as long each time, up to the most. */
const SLOWER_MS = 1000;
const SLOWEST_MS = 60_000;
/** Refusals of one copy after which it stops nobody but what is behind it in its session, which would be lost before it. */
const MAX_REFUSALS = 3;
/** … and after which it is given up: about an hour, if it is the only one. */
const LAST_REFUSAL = 60;
/** Milliseconds until some of those are tried again, and how many: as few as tell whether the server takes them by now. */
const PROBE_MS = 60_000;
const PROBES = 4;
/** Milliseconds until a full mailbox is tried again, if its owner doesn't come sooner. */
const FULL_MS = 300_000;

/** Errors that say: later. */
const LATER = new Set(['rate_limited', 'device_expected', 'not_stored', 'internal']);
/** Errors that say: when they are here. */
const WHEN_HERE = new Set(['mailbox_full', 'peer_away']);
/** Those of them that may be about this one copy. */
const OF_ONE = new Set(['not_stored', 'internal']);

interface Entry {
  readonly mail: OutgoingMail;
  /** It is on its way, in this connection. */
  sent: boolean;
  refusals: number;
  /** The higher, the later it was tried. */
  tried: number;
}

const isStuck = ({ refusals }: Entry): boolean => refusals >= MAX_REFUSALS;

/** What has become of the copies of one message for its recipient. */
interface Message {
  readonly to: UserName;
  readonly copies: Set<ClientId>;
  arrived: { readonly time: UnixMs; readonly kept: boolean } | undefined;
}

export interface MailQueuePorts {
  readonly shared: Shared;
  /** None of the copies has arrived: the recipient's devices are others now. */
  readonly again: (of: ClientId, to: UserName) => void;
  /** A copy that never goes, of a device that is no more, or taken back: its session has a hole. */
  readonly retire: (mail: OutgoingMail) => void;
}

export class MailQueue {
  readonly #ports: MailQueuePorts;
  readonly #entries = new Map<ClientId, Entry>();
  readonly #messages = new Map<ClientId, Message>();
  readonly #full = new Map<UserName, Alarm>();
  readonly #slower: Alarm;
  readonly #probe: Alarm;
  #slowerMs = SLOWER_MS;
  #tries = 0;

  constructor(ports: MailQueuePorts) {
    this.#ports = ports;
    this.#slower = new Alarm(ports.shared.timers);
    this.#probe = new Alarm(ports.shared.timers);
  }

  has(of: ClientId): boolean {
    return this.#messages.has(of);
  }

  /** What was left under the name that we have now. What was sealed under another waits in the vault until we have that. */
  load(own: UserName): void {
    this.#entries.clear();
    this.#messages.clear();
    for (const mail of this.#ports.shared.vault.queued()) if (mail.own === own) this.#add(mail);
  }

  add(mails: readonly OutgoingMail[]): void {
    for (const mail of mails) this.#add(mail);
    this.#flush();
  }

  #add(mail: OutgoingMail): void {
    if (this.#entries.has(mail.id)) return;
    this.#entries.set(mail.id, { mail, sent: false, refusals: 0, tried: 0 });
    if (mail.to === mail.own) return;
    let message = this.#messages.get(mail.of);
    if (message === undefined)
      this.#messages.set(mail.of, (message = { to: mail.to, copies: new Set(), arrived: undefined }));
    message.copies.add(mail.id);
  }

  #flush(): void {
    const { shared } = this.#ports;
    if (!shared.isOnline() || this.#slower.isSet) return;
    const all = [...this.#entries.values()];
    let inFlight = all.filter((entry) => entry.sent && !isStuck(entry)).length;
    const held = new Set<GroupId>();
    for (const entry of all) {
      if (inFlight >= MAX_IN_FLIGHT) break;
      const { to, sealed } = entry.mail;
      if (isStuck(entry)) held.add(sealed.group);
      if (entry.sent || held.has(sealed.group) || this.#full.has(to)) continue;
      this.#send(entry);
      inFlight += 1;
    }
    if (!this.#probe.isSet && all.some(isStuck)) this.#probe.set(PROBE_MS, () => this.#probeStuck());
  }

  #send(entry: Entry): void {
    const { of: _, own: __, ...mail } = entry.mail;
    entry.sent = this.#ports.shared.toServer(mail);
    entry.tried = ++this.#tries;
  }

  /** The first in its session each, those that have waited longest; where the server takes one, all go as before. */
  #probeStuck(): void {
    const firsts = new Map<GroupId, Entry>();
    for (const entry of this.#entries.values())
      if (isStuck(entry) && !firsts.has(entry.mail.sealed.group)) firsts.set(entry.mail.sealed.group, entry);
    const due = [...firsts.values()].filter(({ mail }) => !this.#full.has(mail.to));
    for (const entry of due.toSorted((a, b) => a.tried - b.tried).slice(0, PROBES)) this.#send(entry);
    this.#flush();
  }

  online(): void {
    this.#slower.stop();
    this.#probe.stop();
    for (const entry of this.#entries.values()) entry.refusals = 0;
    for (const full of this.#full.values()) full.stop();
    this.#full.clear();
    this.#again();
  }

  /** All is due again, in its order: what has arrived is known there by its id. */
  #again(): void {
    for (const entry of this.#entries.values()) entry.sent = false;
    this.#flush();
  }

  /** They are here, so that a full mailbox may have emptied. */
  here(user: UserName): void {
    this.#full.get(user)?.stop();
    if (this.#full.delete(user)) this.#flush();
  }

  /** @returns whether it was ours. */
  mailed({ id, time, kept }: ServerMessages['mailed']): boolean {
    const entry = this.#entries.get(id);
    if (entry === undefined) return false;
    this.#slowerMs = SLOWER_MS;
    if (isStuck(entry)) for (const one of this.#entries.values()) one.refusals = 0;
    this.#drop(id);
    const { of } = entry.mail;
    const message = this.#messages.get(of);
    if (message?.copies.delete(id) === true) {
      message.arrived = { time, kept: kept && (message.arrived?.kept ?? true) };
      this.#settle(of, message);
    }
    this.#flush();
    return true;
  }

  #drop(id: ClientId): void {
    this.#entries.delete(id);
    this.#ports.shared.vault.commit({ unqueue: id });
  }

  #settle(of: ClientId, { to, copies, arrived }: Message): void {
    if (copies.size > 0) return;
    this.#messages.delete(of);
    if (arrived !== undefined) this.#ports.shared.tell({ type: 'mailed', id: of, to, ...arrived });
  }

  /** @returns whether the error was about a copy of ours. */
  refused(id: ClientId, code: string, text: string): boolean {
    const entry = this.#entries.get(id);
    if (entry === undefined) return false;
    if (OF_ONE.has(code)) entry.refusals += 1;
    if (LATER.has(code) && entry.refusals < LAST_REFUSAL) this.#later(entry);
    else if (WHEN_HERE.has(code)) this.#isFull(entry.mail, code, text);
    else this.#giveUp(entry.mail, code, text);
    return true;
  }

  #later(entry: Entry): void {
    if (isStuck(entry)) {
      entry.sent = false;
      this.#flush();
      return;
    }
    if (this.#slower.isSet) return;
    this.#slower.set(this.#slowerMs, () => this.#again());
    this.#slowerMs = Math.min(this.#slowerMs * 2, SLOWEST_MS);
  }

  #isFull({ to, of }: OutgoingMail, code: string, text: string): void {
    const { shared } = this.#ports;
    for (const entry of this.#entries.values()) if (entry.mail.to === to) entry.sent = false;
    if (this.#full.has(to)) return;
    const alarm = new Alarm(shared.timers);
    this.#full.set(to, alarm);
    alarm.set(FULL_MS, () => this.here(to));
    shared.tell({ type: 'notMailed', id: of, to, code, text, wait: true });
  }

  #giveUp(mail: OutgoingMail, code: string, text: string): void {
    const { shared, again, retire } = this.#ports;
    this.#drop(mail.id);
    retire(mail);
    if (code === 'no_such_device' || code === 'no_device') shared.directory.forget(mail.to);
    const { of, to } = mail;
    const message = this.#messages.get(of);
    if (message?.copies.delete(mail.id) === true && message.copies.size === 0) {
      if (message.arrived !== undefined) this.#settle(of, message);
      else {
        this.#messages.delete(of);
        if (code === 'no_such_device') again(of, to);
        else shared.tell({ type: 'notMailed', id: of, to, code, text, wait: false });
      }
    }
    this.#flush();
  }

  /** It shall not go any more. What the server has already, it keeps. */
  cancel(of: ClientId): void {
    this.#messages.delete(of);
    for (const { mail } of [...this.#entries.values()].filter((entry) => entry.mail.of === of)) {
      this.#drop(mail.id);
      // Whether or not it was sent: the server may not have had it.
      this.#ports.retire(mail);
    }
    this.#flush();
  }
}
