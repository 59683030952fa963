/** Mail of ours on its way: over the link to whom it is for, or back to our own program, which keeps it until they are here. */
import type { Clock } from '../../base/clock.ts';
import { type ClientId, type DeviceId, type UnixMs, unixMs } from '../../base/ids.ts';
import type { Timers } from '../../peer/tasks.ts';
import type { ClientMessages } from '../../protocol/client-messages.ts';
import { ERROR_CODES, type ErrorCode } from '../../protocol/errors.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import { MAX_SKEW_MS } from '../limits.ts';
import type { LanFrames } from '../mesh/frames.ts';
import type { MeshFrame } from '../mesh/mesh.ts';
import { LINK_WITHIN_MS, MAILED_WITHIN_MS, MAX_MAIL_UNDERWAY } from './limits.ts';
import type { Person } from './person.ts';
import type { Session } from './session.ts';

type Mail = ClientMessages['mail'];

export interface MailOutPorts {
  readonly clock: Clock;
  readonly timers: Timers;
  /** A link may stand soon. */
  readonly isComing: (person: Person) => boolean;
  readonly send: (device: DeviceId, frame: MeshFrame) => boolean;
  readonly mailed: (session: Session, message: ServerMessages['mailed']) => void;
  readonly refuse: (session: Session, code: ErrorCode, text: string, id: ClientId) => void;
}

interface Underway {
  readonly mail: Mail;
  readonly person: Person;
  readonly sessions: Set<Session>;
  isSent: boolean;
  stop: () => void;
}

/** Whatever else somebody says makes our program try again later. */
const REASONS: ReadonlyMap<string, ErrorCode> = new Map(
  (['mailbox_full', 'not_delivered', 'rate_limited', 'bad_message', 'not_stored'] as const).map((code) => [code, code]),
);

export class MailOut {
  readonly #ports: MailOutPorts;
  readonly #underway = new Map<ClientId, Underway>();

  constructor(ports: MailOutPorts) {
    this.#ports = ports;
  }

  send(session: Session, mail: Mail, person: Person): void {
    const known = this.#underway.get(mail.id);
    if (known !== undefined) {
      known.sessions.add(session);
      return;
    }
    const { refuse, isComing } = this.#ports;
    if (this.#underway.size >= MAX_MAIL_UNDERWAY)
      return refuse(session, 'rate_limited', `${MAX_MAIL_UNDERWAY} messages are on their way: later`, mail.id);
    const one: Underway = { mail, person, sessions: new Set([session]), isSent: false, stop: () => undefined };
    this.#underway.set(mail.id, one);
    if (this.#go(one)) return;
    if (isComing(person)) one.stop = this.#ports.timers.after(LINK_WITHIN_MS, () => this.#away(one));
    else this.#away(one);
  }

  linked(device: DeviceId): void {
    for (const one of this.#underway.values()) if (one.person.device === device && !one.isSent) this.#go(one);
  }

  unlinked(device: DeviceId): void {
    for (const one of this.#underway.values()) if (one.person.device === device && one.isSent) this.#away(one);
  }

  /** It is on their disk. */
  mailed(device: DeviceId, { id, time }: LanFrames['mailed']): void {
    const one = this.#of(id, device);
    if (one === undefined) return;
    this.#end(one);
    const message = { type: 'mailed', id, to: one.person.user, time: this.#believed(time), kept: false } as const;
    for (const session of one.sessions) this.#ports.mailed(session, message);
  }

  /** @returns whether it was about mail. */
  refused(device: DeviceId, id: ClientId, reason: string): boolean {
    const one = this.#of(id, device);
    if (one === undefined) return false;
    const code = REASONS.get(reason) ?? 'not_stored';
    this.#fail(one, code, saysOf(code, one.person));
    return true;
  }

  /** The session is no more; what it has sent goes on, and what comes of it is told to whoever sends it again. */
  left(session: Session): void {
    for (const { sessions } of this.#underway.values()) sessions.delete(session);
  }

  #of(id: ClientId, device: DeviceId): Underway | undefined {
    const one = this.#underway.get(id);
    return one?.isSent === true && one.person.device === device ? one : undefined;
  }

  #go(one: Underway): boolean {
    const { mail, person } = one;
    if (!this.#ports.send(person.device, { type: 'mail', id: mail.id, sealed: mail.sealed })) return false;
    one.isSent = true;
    one.stop();
    one.stop = this.#ports.timers.after(MAILED_WITHIN_MS, () => this.#away(one));
    return true;
  }

  #away(one: Underway): void {
    const { user } = one.person;
    const state = this.#ports.isComing(one.person) ? "can't be reached" : 'is away';
    const text = `${user} ${state}: it waits here, encrypted, and goes when they are heard again`;
    this.#fail(one, 'peer_away', text);
  }

  #fail(one: Underway, code: ErrorCode, text: string): void {
    this.#end(one);
    for (const session of one.sessions) this.#ports.refuse(session, code, text, one.mail.id);
  }

  #end(one: Underway): void {
    one.stop();
    this.#underway.delete(one.mail.id);
  }

  /** By their clock, unless that is beyond belief. */
  #believed(time: UnixMs): UnixMs {
    const now = this.#ports.clock.now();
    return Math.abs(time - now) <= MAX_SKEW_MS || time < now ? time : unixMs(now);
  }
}

function saysOf(code: ErrorCode, { user }: Person): string {
  if (code === 'mailbox_full') return `${user} has not read what has come before: it goes when there is room`;
  if (code === 'not_delivered') return `${user} takes no messages from you`;
  return ERROR_CODES[code].says;
}
