import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type DeviceId, NO_SEQ, type Seq, type UnixMs, type UserName } from '../../../base/ids.ts';
import * as fields from '../../../protocol/fields.ts';
import { MAX_TEXT_BYTES } from '../../../protocol/limits.ts';
import { utf8Bytes } from '../../../protocol/schema.ts';
import {
  type KeptMail,
  type MailCame,
  type MailLimits,
  type MailPage,
  type MailVerdict,
  type NewAnnouncement,
  type NewMail,
  SENT_MAIL_KEPT,
  SENT_MAIL_MS,
} from '../store.ts';
import { asNumber, asText, checked, type Row } from './rows.ts';
import type { MailAnswer, MailRead, MailWrite, Refusal } from './wire.ts';

/** Ids of mail that are forgotten for their age at each new one: more than one, so that they get fewer. */
const FORGET_AT_ONCE = 4;

function prepare(db: DatabaseSync) {
  return {
    account: db.prepare('SELECT id FROM accounts WHERE name = ?'),
    sent: db.prepare('SELECT recipient, time FROM sent_mail WHERE client_id = ? AND author = ?'),
    noteSent: db.prepare('INSERT INTO sent_mail (client_id, author, recipient, time) VALUES (?, ?, ?, ?)'),
    forgetSent: db.prepare(`
      DELETE FROM sent_mail WHERE (client_id, author) IN
        (SELECT client_id, author FROM sent_mail
         WHERE time < min(?, (SELECT time FROM sent_mail ORDER BY time DESC LIMIT 1 OFFSET ${SENT_MAIL_KEPT}))
         ORDER BY time LIMIT ${FORGET_AT_ONCE})`),
    last: db.prepare('SELECT last FROM mailboxes WHERE account = ?'),
    device: db.prepare('SELECT id, messages, bytes FROM devices WHERE account = ? AND device = ?'),
    nextPlace: db.prepare(`
      INSERT INTO mailboxes (account, last) VALUES (?, 1) ON CONFLICT (account) DO UPDATE SET last = last + 1
      RETURNING last`),
    insert: db.prepare(
      'INSERT INTO mail (account, n, device, author, time, client_id, bytes, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    page: db.prepare(`
      SELECT n, announcement, coalesce(mail.author, announcements.author) AS author,
        coalesce(mail.time, announcements.time) AS time, coalesce(mail.body, announcements.body) AS body, client_id,
        devices.device AS device
      FROM mail LEFT JOIN announcements ON announcements.id = mail.announcement
        LEFT JOIN devices ON devices.id = mail.device
      WHERE mail.account = ? AND n > ? AND (mail.device IS NULL OR devices.device = ?) ORDER BY n LIMIT ?`),
    received: db.prepare('DELETE FROM mail WHERE account = ? AND n <= ? AND device IS NULL'),
    receivedBy: db.prepare('DELETE FROM mail WHERE account = ? AND n <= ? AND device = ?'),
    count: db.prepare(`
      UPDATE devices SET (messages, bytes) =
        (SELECT count(*), coalesce(sum(bytes), 0) FROM mail WHERE mail.device = devices.id)
      WHERE id = ?`),
    counted: db.prepare('UPDATE devices SET messages = messages + 1, bytes = bytes + ? WHERE id = ?'),
    announce: db.prepare('INSERT INTO announcements (author, time, body) VALUES (?, ?, ?)'),
    forgetAnnounced: db.prepare('DELETE FROM announcements WHERE id <= ?'),
    // Without a WHERE, ON would be read as that of a join.
    nextPlaces: db.prepare(`
      INSERT INTO mailboxes (account, last) SELECT id, 1 FROM accounts WHERE name IS NOT NULL
      ON CONFLICT (account) DO UPDATE SET last = last + 1`),
    insertAnnounced: db.prepare(`
      INSERT INTO mail (account, n, announcement)
      SELECT account, last, ? FROM mailboxes JOIN accounts ON accounts.id = account WHERE name IS NOT NULL`),
    announced: db.prepare(`
      SELECT name, n FROM mail JOIN accounts ON accounts.id = mail.account WHERE announcement = ? ORDER BY name`),
  } satisfies Record<string, StatementSync>;
}

const DONE = { kind: 'done' } as const;

/** Mailboxes, and what was sent to them. */
export class Mail {
  readonly #do: ReturnType<typeof prepare>;

  constructor(db: DatabaseSync) {
    this.#do = prepare(db);
  }

  read(step: MailRead): MailAnswer {
    return { kind: 'mailbox', page: this.#page(step) };
  }

  write(step: MailWrite): MailAnswer | typeof DONE | Refusal {
    switch (step.kind) {
      case 'sendMail':
        return this.#send(step.mail, step.verdict, step.limits);
      case 'received':
        this.#received(step.user, step.n, step.device);
        return DONE;
      case 'announce':
        return { kind: 'announce', places: this.#announce(step.announcement, step.keep) };
    }
  }

  #account(name: UserName): number | undefined {
    const row = this.#do.account.get(name);
    return row === undefined ? undefined : asNumber(row.id);
  }

  #send(mail: NewMail, verdict: MailVerdict, limits: MailLimits): MailAnswer | Refusal {
    const answer = (came: MailCame): MailAnswer => ({ kind: 'sendMail', came });
    const { from, to, device, time, id, sealed } = mail;
    const sent = this.#do.sent.get(id, from);
    if (sent !== undefined)
      return answer({ kind: 'known', to: checked(fields.user, sent.recipient), time: checked(fields.time, sent.time) });
    if (verdict === 'refuse') return answer({ kind: 'refused' });
    if (verdict === 'pass') {
      this.#noteSent(mail);
      return answer({ kind: 'passed' });
    }
    const account = this.#account(to);
    if (account === undefined) return { kind: 'refused', code: 'failed', text: `there is no account ${to}` };
    const box = this.#do.device.get(account, device);
    if (box === undefined) return answer({ kind: 'no_device' });
    const body = JSON.stringify(sealed);
    const bytes = utf8Bytes(body);
    if (asNumber(box.messages) + 1 > limits.messages) return answer({ kind: 'full' });
    if (bytes + asNumber(box.bytes) > limits.bytes) return answer({ kind: 'full' });
    this.#noteSent(mail);
    const n = checked(fields.seq, this.#do.nextPlace.get(account)?.last);
    const deviceRow = asNumber(box.id);
    this.#do.insert.run(account, n, deviceRow, from, time, id, bytes, body);
    this.#do.counted.run(bytes, deviceRow);
    return answer({ kind: 'kept', n });
  }

  #noteSent({ id, from, to, time }: NewMail): void {
    this.#do.forgetSent.run(time - SENT_MAIL_MS);
    this.#do.noteSent.run(id, from, to, time);
  }

  #page({ user, device, since, limit, maxBytes }: MailRead): MailPage {
    const account = this.#account(user);
    if (account === undefined) return { mail: [], more: false, last: NO_SEQ };
    const mail: KeptMail[] = [];
    let bytes = 0;
    let more = false;
    // The one row more tells whether there is more.
    for (const row of this.#do.page.iterate(account, since, device, limit + 1)) {
      const one = toMail(row);
      bytes += utf8Bytes(asText(row.body));
      more = mail.length > 0 && (mail.length >= limit || bytes > maxBytes);
      if (more) break;
      mail.push(one);
    }
    const last = this.#do.last.get(account)?.last;
    return { mail, more, last: last === undefined ? NO_SEQ : checked(fields.seq, last) };
  }

  #received(user: UserName, n: Seq, device: DeviceId | null): void {
    const account = this.#account(user);
    if (account === undefined) return;
    this.#do.received.run(account, n);
    const id = device === null ? undefined : this.#do.device.get(account, device)?.id;
    if (id !== undefined && this.#do.receivedBy.run(account, n, id).changes !== 0) this.#do.count.run(id);
  }

  #announce({ from, time, body }: NewAnnouncement, keep: number): { user: UserName; n: Seq }[] {
    const id = Number(this.#do.announce.run(from, time, body).lastInsertRowid);
    this.#do.forgetAnnounced.run(id - keep);
    this.#do.nextPlaces.run();
    this.#do.insertAnnounced.run(id);
    return this.#do.announced
      .all(id)
      .map(({ name, n }) => ({ user: checked(fields.user, name), n: checked(fields.seq, n) }));
  }
}

function toMail({ n, announcement, author, time, body, client_id, device }: Row): KeptMail {
  const mail = {
    n: checked(fields.seq, n),
    from: checked(fields.user, author),
    time: checked<UnixMs>(fields.time, time),
  };
  if (announcement !== null) return { ...mail, kind: 'announcement', body: asText(body) };
  if (device === null) return { ...mail, kind: 'announcement', body: beforeDevices(asText(body)) };
  const sealed = checked(fields.sealed, fromJson(asText(body)));
  return { ...mail, kind: 'sealed', device: checked(fields.device, device), sealed, id: checked(fields.id, client_id) };
}

/** Mail that was kept in plain text says so, unless that would make it longer than a text may be. */
function beforeDevices(body: string): string {
  const text = `(a private message, from before they were encrypted) ${body}`;
  return utf8Bytes(text) > MAX_TEXT_BYTES ? body : text;
}

/** What is no JSON fits no schema. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
