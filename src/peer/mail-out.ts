/**
 * Mail that we write: for each recipient a line of messages, in which the first waits for what it needs (their devices, our
 * trust in them, a key package of each) and is then sealed once for every device, of theirs and of our own.
 */
import type { ClientId, DeviceId, GroupId, UnixMs, UserName } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import { toBase64url } from '../crypto/base64url.ts';
import type { E2ee, E2eeCode } from '../crypto/e2ee-session.ts';
import type { Refusal } from './claims.ts';
import { mailChange } from './incoming.ts';
import { encodeItem, type MailItem } from './item.ts';
import { MailQueue } from './mail-queue.ts';
import { EXPIRED, expiredPackage, noPackages, type Route, routeTo, type Target, wrongPackage } from './mail-route.ts';
import { copyId, type MailSessions, type Taken } from './mail-sessions.ts';
import { type MessageChange, type MessageRef, mayChange } from './message-change.ts';
import type { PrivateCommand } from './private.ts';
import type { Self, Shared } from './shared.ts';
import { Alarm, type Serial } from './tasks.ts';
import type { OutgoingMail } from './vault.ts';

/** Messages that wait to be sealed: what a person may write while somebody has no device, or there is no connection. */
const MAX_DRAFTS = 1000;
/** Milliseconds until it is tried again what the server refused for now; twice as long each time, up to the most. */
const RETRY_MS = 5000;
const RETRY_AT_MOST_MS = 600_000;
/** Milliseconds after somebody has come in which their program tells the server what one needs to write to it. */
const HERE_AFTER_MS = 2000;
/** Key packages past their use that are asked for again at once; the server gives out the oldest first. */
const MAX_EXPIRED = 10;
/** Devices of which it is remembered that people were told that they get nothing. */
const MAX_LEFT_OUT = 200;

/** Nothing that happens by itself will change the server's mind. */
const FINAL = new Set(['no_such_user', 'not_delivered', 'bad_message', 'unknown_type']);

/** A message, or what is to become of one. */
type Content =
  | { readonly kind: 'said'; readonly text: string; readonly time: UnixMs; readonly re?: MessageRef | undefined }
  | { readonly kind: 'change'; readonly of: MessageRef; readonly change: MessageChange };

interface Draft {
  readonly id: ClientId;
  readonly content: Content;
  /** Code of the reason that was told last. */
  told: string | undefined;
}

interface Line {
  drafts: Draft[];
  busy: boolean;
  readonly alarm: Alarm;
  retryMs: number;
  /** They have come, and `alarm` is for that. */
  coming: boolean;
  /** Key packages past their use that we got one after the other. */
  expired: number;
}

type Of<K extends PrivateCommand['do']> = Extract<PrivateCommand, { do: K }>;

const draftOf = (id: ClientId, { text, time, re }: Omit<Extract<Content, { kind: 'said' }>, 'kind'>): Draft => ({
  id,
  content: { kind: 'said', text, time, re },
  told: undefined,
});

function itemOf({ id, content }: Draft, from: UserName, to: UserName, isOnce: boolean): MailItem {
  if (content.kind === 'change') return mailChange(content, { id, from, to });
  const { text, time, re } = content;
  const once = isOnce ? { once: true } : {};
  return { kind: 'mail', id, from, to, time, ...once, ...(re === undefined ? {} : { re }), text };
}

export interface MailOutPorts {
  readonly shared: Shared;
  readonly sessions: MailSessions;
  /** For all that takes a session out of the vault and puts it back. */
  readonly work: Serial;
}

export class MailOut {
  readonly #shared: Shared;
  readonly #sessions: MailSessions;
  readonly #work: Serial;
  readonly #queue: MailQueue;
  readonly #lines = new Map<UserName, Line>();
  /** Messages of ours in a session, as far as we have seen. */
  readonly #sealed = new Map<GroupId, number>();
  readonly #leftOut = new Set<DeviceId>();

  constructor({ shared, sessions, work }: MailOutPorts) {
    this.#shared = shared;
    this.#sessions = sessions;
    this.#work = work;
    this.#queue = new MailQueue({
      shared,
      again: (of, to) => this.#again(of, to),
      // What they write in it is still read.
      retire: (mail) => shared.vault.commit({ retireSession: mail.sealed.group }),
    });
  }

  get queue(): MailQueue {
    return this.#queue;
  }

  /** What was left under the name that we have now. */
  load(): void {
    const self = this.#shared.self();
    if (self === undefined) return;
    this.#queue.load(self.inner);
    if (!this.#shared.vault.log.locked) this.#resume(self.user);
  }

  unlocked(): void {
    const own = this.#shared.self()?.user;
    if (own !== undefined) this.#resume(own);
    this.retryAll();
  }

  /** Messages in the middle of which the program has ended: those that are in the log go now, the others were never said. */
  #resume(own: UserName): void {
    const { vault } = this.#shared;
    for (const { id, own: author, to } of vault.begun()) {
      if (author !== own) continue;
      const kept = vault.log.find(to, own, id);
      if (kept === undefined || kept.deleted === true) vault.commit({ unbegin: id });
      else this.#enter(to, draftOf(id, kept));
    }
  }

  mail({ id, to, text, re }: Of<'mail'>): void {
    this.#take(to, draftOf(id, { text, time: this.#shared.clock.now(), re }));
  }

  /** Of a message that has gone, so it goes after that. */
  change({ id, to, of, change: wish }: Of<'changeMail'>): void {
    const shared = this.#shared;
    const own = shared.self()?.user;
    if (own !== undefined && !mayChange(of.from, own, wish)) return;
    const change: MessageChange = wish.kind === 'edit' ? { ...wish, time: shared.clock.now() } : wish;
    this.#take(to, { id, content: { kind: 'change', of, change }, told: undefined });
  }

  #take(to: UserName, draft: Draft): void {
    const { id } = draft;
    const shared = this.#shared;
    if (this.#has(id, to)) return;
    const count = [...this.#lines.values()].reduce((sum, { drafts }) => sum + drafts.length, 0);
    const refuse = (code: string, why: string): void =>
      shared.tell({ type: 'notMailed', id, to, code, text: why, wait: false });
    if (to === shared.self()?.user) return refuse('bad_message', 'that is you: write to somebody else');
    if (copyId(id, shared.device) === undefined) return refuse('bad_message', 'its id is too long');
    if (count >= MAX_DRAFTS) return refuse('rate_limited', `${MAX_DRAFTS} messages wait already`);
    return this.#enter(to, draft);
  }

  #enter(to: UserName, draft: Draft): void {
    if (this.#has(draft.id, to)) return;
    this.#line(to).drafts.push(draft);
    this.#run(to);
  }

  #has(id: ClientId, to: UserName): boolean {
    return this.#queue.has(id) || this.#lines.get(to)?.drafts.some((draft) => draft.id === id) === true;
  }

  unmail(id: ClientId): void {
    for (const line of this.#lines.values()) line.drafts = line.drafts.filter((draft) => draft.id !== id);
    this.#forget(id);
    this.#queue.cancel(id);
  }

  /** It isn't to go at the next start, either. */
  #forget(id: ClientId): void {
    const { vault } = this.#shared;
    if (vault.begun().some((begun) => begun.id === id)) vault.commit({ unbegin: id });
  }

  #line(to: UserName): Line {
    let line = this.#lines.get(to);
    if (line === undefined)
      this.#lines.set(
        to,
        (line = {
          drafts: [],
          busy: false,
          alarm: new Alarm(this.#shared.timers),
          retryMs: RETRY_MS,
          coming: false,
          expired: 0,
        }),
      );
    return line;
  }

  online(): void {
    this.#queue.online();
    for (const to of this.#lines.keys()) this.retry(to);
  }

  /** Something that it may have waited for has happened. */
  retry(to: UserName): void {
    const line = this.#lines.get(to);
    if (line === undefined) return;
    line.retryMs = RETRY_MS;
    line.coming = false;
    line.alarm.stop();
    this.#run(to);
  }

  retryAll(): void {
    for (const to of this.#lines.keys()) this.retry(to);
  }

  /** All that can be known of `to` is asked anew: they have come, or their devices have changed. */
  here(to: UserName): void {
    this.#queue.here(to);
    const line = this.#lines.get(to);
    // Somebody who comes and goes all the time would put it off for ever.
    if (line === undefined || line.drafts.length === 0 || line.coming) return;
    line.coming = true;
    this.#shared.directory.forget(to);
    line.retryMs = RETRY_MS;
    line.alarm.set(HERE_AFTER_MS, () => {
      line.coming = false;
      this.#run(to);
    });
  }

  #run(to: UserName): void {
    const self = this.#shared.self();
    const line = this.#line(to);
    if (line.busy || self === undefined || !this.#shared.isOnline()) return;
    if (line.drafts.length === 0) {
      this.#lines.delete(to);
      return;
    }
    line.busy = true;
    this.#forward(self, to, line).then(
      (done) => {
        line.busy = false;
        if (!done.ok) this.#failed(to, line, done.error);
        else if (line.drafts.length > 0) this.#run(to);
        else this.#lines.delete(to);
      },
      (error: unknown) => {
        line.busy = false;
        this.#shared.fault(error);
      },
    );
  }

  /** @returns once the first message is sealed, or why it isn't. */
  async #forward(self: Self, to: UserName, line: Line): Promise<Result<void, Refusal>> {
    const route = await routeTo(this.#shared, self, to, (user, devices) =>
      this.#sessions.without(self.inner, user, devices, this.#sealed),
    );
    if (!route.ok) return route;
    const e2ee = await self.e2ee;
    return new Promise((resolve, reject) => {
      this.#work.run(() => this.#first(e2ee, self, to, line, route.value).then(resolve, reject));
    });
  }

  async #first(e2ee: E2ee, self: Self, to: UserName, line: Line, route: Route): Promise<Result<void, Refusal>> {
    const [draft] = line.drafts;
    // Under another name it goes to others, and in other sessions.
    if (draft === undefined || this.#shared.self()?.user !== self.user) return ok(undefined);
    const sealed = await this.#seal(e2ee, self, to, draft, route, () => line.drafts.includes(draft));
    if (!sealed.ok) return sealed;
    line.drafts = line.drafts.filter((one) => one !== draft);
    line.expired = 0;
    return sealed;
  }

  /**
   * Sealed for all, in memory; then that it has begun, the log, and all copies with their sessions' new states, in one. Where
   * the program ends before the log, nothing was said; where it ends after it, what is in the log goes at the next start.
   * @param isWanted whether its author hasn't taken it back meanwhile.
   */
  async #seal(
    e2ee: E2ee,
    self: Self,
    to: UserName,
    draft: Draft,
    route: Route,
    isWanted: () => boolean,
  ): Promise<Result<void, Refusal>> {
    const { taken, leftOut, refusal } = await this.#sessionsFor(e2ee, to, route);
    if (!taken.some(({ user }) => user === to)) {
      for (const { session } of taken) session.destroy();
      return err(refusal);
    }
    const mails: OutgoingMail[] = [];
    for (const one of taken) mails.push(await this.#sealOne(one, self, to, draft));
    if (!isWanted()) {
      for (const { session } of taken) session.destroy();
      return ok(undefined);
    }
    this.#commit(self, to, draft, taken, mails);
    this.#queue.add(mails);
    for (const target of leftOut) this.#tellLeftOut(to, target);
    return ok(undefined);
  }

  #commit(
    { user: own }: Self,
    to: UserName,
    { id, content }: Draft,
    taken: readonly Taken[],
    mails: readonly OutgoingMail[],
  ): void {
    const { vault, once, keep, tell } = this.#shared;
    try {
      if (content.kind === 'change') {
        // On its way first: what is another here is so there, too, sooner or later.
        for (const { sealed } of mails) this.#sealed.set(sealed.group, sealed.seq);
        this.#sessions.putAll(taken, { queue: mails });
        vault.log.change(to, content.of, own, content.change);
        return tell({ type: 'mailChanged', n: 0, id, person: to, by: own, what: content });
      }
      const { text, time, re } = content;
      vault.commit({ begin: { id, own, to } });
      keep(to, { id, from: own, text, time, ...(re === undefined ? {} : { re }) });
      if (once) vault.commit({ queue: mails, unbegin: id });
      else {
        for (const { sealed } of mails) this.#sealed.set(sealed.group, sealed.seq);
        this.#sessions.putAll(taken, { queue: mails, unbegin: id });
      }
    } finally {
      for (const { session } of taken) session.destroy();
    }
  }

  /** A session with each device; those with which there is none are left out. */
  async #sessionsFor(
    e2ee: E2ee,
    to: UserName,
    route: Route,
  ): Promise<{ readonly taken: readonly Taken[]; readonly leftOut: readonly Target[]; readonly refusal: Refusal }> {
    const taken: Taken[] = [];
    const leftOut: Target[] = [];
    let { refusal } = route;
    for (const target of route.targets) {
      // A person may have found out meanwhile that it isn't theirs.
      if (!this.#shared.trust.isAccepted(target.user, target.device)) continue;
      const session = await this.#session(e2ee, target, route.packages.get(target.device));
      if (session.ok) {
        taken.push(session.value);
        this.#leftOut.delete(target.device);
        continue;
      }
      leftOut.push(target);
      if (session.error === 'wrong_key' && target.user === to) refusal = wrongPackage(to);
      else if (session.error === 'expired' && target.user === to) refusal = expiredPackage(to);
    }
    return { taken, leftOut, refusal };
  }

  /** Once, until it gets something again. */
  #tellLeftOut(to: UserName, { user, device }: Target): void {
    if (this.#leftOut.has(device)) return;
    this.#leftOut.add(device);
    for (const oldest of this.#leftOut) if (this.#leftOut.size > MAX_LEFT_OUT) this.#leftOut.delete(oldest);
    const whose = user === to ? `another device of ${to}` : 'another device of yours';
    const text = `${whose} has no keys left on the server: it does not get what you write until it has been here again`;
    this.#shared.tell({ type: 'told', person: to, text, bad: true });
  }

  /** A new one where there is a package, else the newest. */
  async #session(
    e2ee: E2ee,
    { user, device }: Target,
    given: string | undefined,
  ): Promise<Result<Taken, E2eeCode | undefined>> {
    const group = this.#shared.newGroup();
    const begun = given === undefined ? undefined : await this.#sessions.begin(e2ee, group, user, device, given);
    if (begun?.ok === true) return begun;
    const kept = this.#shared.once ? undefined : await this.#sessions.newest(e2ee, user, device, this.#sealed);
    return kept === undefined ? err(begun?.error.code) : ok(kept);
  }

  async #sealOne(taken: Taken, self: Self, to: UserName, draft: Draft): Promise<OutgoingMail> {
    const { session, user, device, welcome } = taken;
    const { id: of } = draft;
    const us = { user: self.user, device: this.#shared.device };
    const { inward } = this.#shared.names.between({ us, them: { user: to, device } });
    const item = encodeItem(inward(itemOf(draft, self.user, to, this.#shared.once)));
    const { seq, message } = await session.seal(item);
    item.fill(0);
    const sealed = {
      from: this.#shared.device,
      group: session.group,
      seq,
      ...(welcome === undefined ? {} : { welcome: toBase64url(welcome) }),
      message: toBase64url(message),
    };
    return { type: 'mail', id: copyId(of, device) ?? of, to: user, device, sealed, of, own: self.inner };
  }

  #failed(to: UserName, line: Line, refusal: Refusal): void {
    if (refusal.code !== EXPIRED) return this.#wait(to, line, refusal);
    line.expired += 1;
    if (line.expired <= MAX_EXPIRED) return this.#run(to);
    line.expired = 0;
    return this.#wait(to, line, noPackages(to));
  }

  /** Told to people once for each reason; then tried again, unless nothing can come of it. */
  #wait(to: UserName, line: Line, { code, text }: Refusal): void {
    if (code === 'offline') return;
    const wait = !FINAL.has(code);
    line.coming = false;
    for (const draft of line.drafts) {
      if (draft.told !== code) this.#shared.tell({ type: 'notMailed', id: draft.id, to, code, text, wait });
      draft.told = code;
    }
    if (!wait) {
      for (const { id } of line.drafts) this.#forget(id);
      this.#lines.delete(to);
      return;
    }
    line.alarm.set(line.retryMs, () => {
      this.#shared.directory.forget(to);
      this.#run(to);
    });
    line.retryMs = Math.min(line.retryMs * 2, RETRY_AT_MOST_MS);
  }

  /** None of the devices that it was sealed for is there any more. Its text is in the log. */
  #again(of: ClientId, to: UserName): void {
    const shared = this.#shared;
    const self = shared.self();
    const kept = self && !shared.vault.log.locked ? shared.vault.log.find(to, self.user, of) : undefined;
    if (kept !== undefined && kept.deleted !== true) return this.#take(to, draftOf(of, kept));
    const text = `the device of ${to} that it was for is not there any more`;
    return shared.tell({ type: 'notMailed', id: of, to, code: 'no_such_device', text, wait: false });
  }
}
