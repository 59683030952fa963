/** Mailboxes as short as they can be said: what a store must do, and what a server without one is tested with. */
import type { Seq, UserName } from '../../../src/base/ids.ts';
import type {
  KeptMail,
  MailCame,
  MailLimits,
  MailPage,
  MailVerdict,
  NewAnnouncement,
  NewMail,
} from '../../../src/server/store/store.ts';

const seq = (n: number): Seq => n as Seq;
const bytesOf = (mail: readonly { readonly body: string }[]): number =>
  mail.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);

export class ModelMail {
  readonly #boxes = new Map<UserName, { last: number; mail: KeptMail[] }>();
  readonly #sent = new Map<string, NewMail>();

  #box(user: UserName): { last: number; mail: KeptMail[] } {
    const box = this.#boxes.get(user) ?? { last: 0, mail: [] };
    this.#boxes.set(user, box);
    return box;
  }

  send(mail: NewMail, verdict: MailVerdict, limits: MailLimits): MailCame {
    const { from, to, body, time, id } = mail;
    const known = this.#sent.get(`${from} ${id}`);
    if (known !== undefined) return { kind: 'known', to: known.to, time: known.time };
    if (verdict === 'refuse') return { kind: 'refused' };
    const box = this.#box(to);
    const counted = box.mail.filter(({ kind }) => kind === 'text');
    if (verdict === 'keep' && (counted.length >= limits.messages || bytesOf([...counted, mail]) > limits.bytes))
      return { kind: 'full' };
    this.#sent.set(`${from} ${id}`, mail);
    if (verdict === 'pass') return { kind: 'passed' };
    box.last += 1;
    box.mail.push({ n: seq(box.last), from, body, time, kind: 'text', id });
    return { kind: 'kept', n: seq(box.last) };
  }

  page(user: UserName, since: Seq, limit = Infinity): MailPage {
    const { last, mail } = this.#box(user);
    const rest = mail.filter(({ n }) => n > since);
    return { mail: rest.slice(0, limit), more: rest.length > limit, last: seq(last) };
  }

  received(user: UserName, n: Seq): void {
    const box = this.#box(user);
    box.mail = box.mail.filter((mail) => mail.n > n);
  }

  announce({ from, body, time }: NewAnnouncement, accounts: Iterable<UserName>): { user: UserName; n: Seq }[] {
    return [...accounts].map((user) => {
      const box = this.#box(user);
      box.last += 1;
      box.mail.push({ n: seq(box.last), from, body, time, kind: 'announcement' });
      return { user, n: seq(box.last) };
    });
  }
}
