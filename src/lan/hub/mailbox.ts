/** Mail for us: on our disk before its author is told so, and shown to our own programs until one of them has received it. */
import type { Clock } from '../../base/clock.ts';
import { type DeviceId, ownPlace, type UserName } from '../../base/ids.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import { MAX_MAILBOX, MAX_MAILBOX_OF_ONE } from '../limits.ts';
import type { LanFrames } from '../mesh/frames.ts';
import type { MeshFrame } from '../mesh/mesh.ts';
import type { LanStore, StoredMail } from '../store/store.ts';
import { MAIL_BATCH_BYTES } from './limits.ts';
import type { Problems } from './problems.ts';
import type { Session } from './session.ts';

export interface MailboxPorts {
  readonly device: DeviceId;
  readonly self: UserName;
  readonly clock: Clock;
  readonly store: LanStore;
  readonly problems: Problems;
  readonly userOf: (device: DeviceId) => UserName | undefined;
  readonly send: (session: Session, message: ServerMessages['mail']) => void;
  /** Our own programs that are our device. */
  readonly devices: () => readonly Session[];
}

type Place = Pick<StoredMail, 'n' | 'from' | 'id'>;

export class Mailbox {
  readonly #ports: MailboxPorts;
  /** What is on the disk, in its order; what it says stays there. */
  #places: Place[];

  constructor(ports: MailboxPorts) {
    this.#ports = ports;
    this.#places = ports.store.mail().map(({ n, from, id }) => ({ n, from, id }));
  }

  /** Whether they may write to us is for the caller to say. @returns the answer. */
  take(from: DeviceId, { id, sealed }: LanFrames['mail']): MeshFrame {
    const { store, clock, problems, devices } = this.#ports;
    const time = clock.now();
    if (sealed.from !== from) return { type: 'refused', id, code: 'bad_message' };
    if (this.#places.some((one) => one.from === from && one.id === id)) return { type: 'mailed', id, time };
    if (this.#isFull(from)) return { type: 'refused', id, code: 'mailbox_full' };
    const mail = { from, id, sealed, time };
    let put: ReturnType<LanStore['putMail']>;
    try {
      put = store.putMail(mail);
    } catch (error) {
      problems.put('mail', `private messages can't be written: ${String(error)}`);
      return { type: 'refused', id, code: 'not_stored' };
    }
    problems.end('mail');
    if (put.isNew) {
      this.#places.push({ n: put.n, from, id });
      for (const session of devices()) this.#deliver(session, [{ ...mail, n: put.n }]);
    }
    return { type: 'mailed', id, time };
  }

  /** Whether something of theirs waits here. */
  has(from: DeviceId): boolean {
    return this.#places.some((one) => one.from === from);
  }

  /** The session has said that it is our device. */
  open(session: Session): void {
    this.#deliver(session, this.#ports.store.mail());
  }

  /** What it was sent has gone to the kernel. */
  drained(session: Session): void {
    if (session.mail.length > 0) this.#pump(session);
  }

  /** What it wasn't sent stays, whatever it says. */
  received(session: Session, upTo: number): void {
    const n = Math.min(upTo, session.mailedUpTo);
    if (!this.#places.some((one) => one.n <= n)) return;
    this.#ports.store.dropMail(n);
    this.#places = this.#places.filter((one) => one.n > n);
  }

  #isFull(from: DeviceId): boolean {
    if (this.#places.length >= MAX_MAILBOX) return true;
    let ofOne = 0;
    for (const one of this.#places) if (one.from === from) ofOne += 1;
    return ofOne >= MAX_MAILBOX_OF_ONE;
  }

  #deliver(session: Session, mails: readonly StoredMail[]): void {
    session.mail.push(...mails);
    this.#pump(session);
  }

  /** As much as is read at once; the rest when that has gone. */
  #pump(session: Session): void {
    while (session.link.buffered < MAIL_BATCH_BYTES) {
      const next = session.mail.shift();
      if (next === undefined) return;
      this.#send(session, next);
    }
    session.link.awaitDrained();
  }

  #send(session: Session, { n, from, id, sealed, time }: StoredMail): void {
    const { device, self, userOf, send } = this.#ports;
    const author = userOf(from);
    session.mailedUpTo = Math.max(session.mailedUpTo, n);
    if (author === undefined) return;
    const mail = { from: author, to: self, device, sealed, time, id };
    send(session, { type: 'mail', kind: 'sealed', n: ownPlace(n), ...mail });
  }
}
