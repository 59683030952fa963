/** What tables say of each other, where SQLite itself has no rule for it. */
import { asText } from '../../store/sqlite/rows.ts';
import { isSealed } from './columns.ts';
import { columnsOf, inOneState, type Looking } from './data.ts';
import type { FindingCode } from './finding.ts';

interface Relation {
  readonly code: FindingCode;
  /** The table and column without which it means nothing: of an older version, or of a newer one. */
  readonly needs: readonly [table: string, column: string];
  /** Gives a row with `says` for each that is wrong. */
  readonly sql: string;
}

const RELATIONS: readonly Relation[] = [
  {
    code: 'unknown_member',
    needs: ['members', 'user'],
    sql: `SELECT user || ' is in ' || rooms.name || ', and has no account' AS says
      FROM members JOIN rooms ON rooms.id = members.room
      WHERE user NOT IN (SELECT name FROM accounts WHERE name IS NOT NULL)`,
  },
  {
    code: 'wrong_index',
    needs: ['rooms', 'indexed'],
    sql: `SELECT name || ' is in the full-text index up to ' || indexed || ', and ends at ' || last AS says
      FROM rooms WHERE indexed > last`,
  },
  {
    code: 'wrong_end',
    needs: ['former_names', 'last'],
    sql: `SELECT former_names.name || ' was another account up to ' || former_names.last || ' in ' || rooms.name
        || ', which ends at ' || rooms.last AS says
      FROM former_names JOIN rooms ON rooms.id = former_names.room WHERE former_names.last > rooms.last`,
  },
  {
    code: 'wrong_reaction',
    needs: ['reactions', 'message'],
    sql: `SELECT 'the reaction ' || reactions.id || ' is to a message that is deleted, or was never changed' AS says
      FROM reactions LEFT JOIN changes ON changes.message = reactions.message
      WHERE changes.message IS NULL OR changes.deleted <> 0`,
  },
  {
    code: 'wrong_place',
    needs: ['mail', 'n'],
    sql: `SELECT 'the mail ' || mail.id || ' has the place ' || n || ', and its mailbox ends at '
        || coalesce(mailboxes.last, 0) AS says
      FROM mail LEFT JOIN mailboxes ON mailboxes.account = mail.account WHERE n > coalesce(mailboxes.last, 0)`,
  },
  {
    code: 'wrong_place',
    needs: ['mail', 'device'],
    sql: `SELECT 'the mail ' || mail.id || ' is for a device of another account' AS says
      FROM mail JOIN devices ON devices.id = mail.device WHERE devices.account <> mail.account`,
  },
  {
    code: 'wrong_count',
    needs: ['devices', 'messages'],
    sql: `SELECT 'the device ' || devices.id || ' is said to have ' || devices.messages || ' messages of '
        || devices.bytes || ' bytes, and has ' || count(mail.id) || ' of ' || coalesce(sum(mail.bytes), 0) AS says
      FROM devices LEFT JOIN mail ON mail.device = devices.id GROUP BY devices.id
      HAVING devices.messages <> count(mail.id) OR devices.bytes <> coalesce(sum(mail.bytes), 0)`,
  },
  {
    code: 'wrong_end',
    needs: ['keep_marks', 'seq'],
    sql: `SELECT 'of ' || rooms.name || ' it is remembered when the message ' || seq || ' came, and it ends at '
        || last AS says
      FROM keep_marks JOIN rooms ON rooms.id = keep_marks.room WHERE seq > last`,
  },
  {
    code: 'sent_twice',
    needs: ['sent_before', 'client_id'],
    sql: `SELECT 'the id ' || sent_before.client_id || ' of ' || sent_before.author
        || ' is that of a message that is here, and of one that is gone' AS says
      FROM sent_before JOIN messages ON messages.client_id = sent_before.client_id
        AND messages.author = sent_before.author`,
  },
  {
    code: 'bad_value',
    needs: ['mail', 'body'],
    sql: `SELECT 'the mail ' || id || ' has no author, or no time' AS says
      FROM mail WHERE body IS NOT NULL AND (author IS NULL OR time IS NULL)`,
  },
];

export function checkRelations(looking: Looking): void {
  const { db, findings, progress } = looking;
  progress('what belongs together');
  for (const { code, needs, sql } of RELATIONS)
    if (columnsOf(db, needs[0]).includes(needs[1]))
      inOneState(db, () => {
        for (const { says } of db.prepare(sql).iterate()) findings.add(code, asText(says));
      });
  checkSealed(looking);
}

function checkSealed({ db, findings }: Looking): void {
  if (!columnsOf(db, 'mail').includes('device')) return;
  inOneState(db, () => {
    for (const { id, body } of db.prepare('SELECT id, body FROM mail WHERE device IS NOT NULL').iterate())
      if (!isSealed(body)) findings.add('bad_value', `the mail ${String(id)} is no sealed message`);
  });
}
