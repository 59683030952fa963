/** Rooms and their messages: places without gaps, ends that agree, and what each message holds. */
import { thousands } from '../../../base/text/number.ts';
import { MAX_SEQ, roomOf, rowOf } from '../../store/sqlite/places.ts';
import { asNumber, asText, type Row } from '../../store/sqlite/rows.ts';
import { MESSAGE_COLUMNS } from './columns.ts';
import { columnsOf, inOneState, type Looking, numberOf, shown } from './data.ts';

/** Messages between two words of how far it is. */
const TELL_EVERY = 20_000;
/** A clock may be a bit ahead of another. */
const AHEAD_MS = 24 * 3600 * 1000;

interface Room {
  readonly id: number;
  readonly name: string;
  /** The place of its oldest message, or of the next where it has none: 1 unless older ones were removed for their age. */
  readonly first: number;
  readonly last: number;
  readonly rev: number;
}

export function checkRooms(looking: Looking): void {
  const { db, findings, progress } = looking;
  progress('messages', 0);
  inOneState(db, () => {
    if (numberOf(db, "SELECT count(*) FROM rooms WHERE name = '#lobby'") === 0)
      findings.add('no_lobby', 'the room #lobby, where everybody is, is missing');
    const all = Math.max(1, numberOf(db, 'SELECT count(*) FROM messages'));
    const messages = new RoomMessages(looking, (done) => progress('messages', done / all));
    const columns = columnsOf(db, 'rooms');
    const [first, rev] = [columns.includes('first') ? 'first' : '1', columns.includes('rev') ? 'rev' : '0'];
    for (const row of db.prepare(`SELECT id, name, ${first} AS first, last, ${rev} AS rev FROM rooms`).iterate()) {
      const [id, oldest, last, changes] = [row.id, row.first, row.last, row.rev].map(asNumber);
      messages.check({ id: id ?? 0, name: asText(row.name), first: oldest ?? 1, last: last ?? 0, rev: changes ?? 0 });
    }
    checkStray(looking);
  });
}

/** Goes through messages room by room; holds one at a time. */
class RoomMessages {
  readonly #looking: Looking;
  readonly #tell: (done: number) => void;
  readonly #rows;
  readonly #changes;
  #done = 0;

  constructor(looking: Looking, tell: (done: number) => void) {
    const { db } = looking;
    this.#looking = looking;
    this.#tell = tell;
    const has = columnsOf(db, 'messages');
    const columns = ['id', ...Object.keys(MESSAGE_COLUMNS).filter((column) => has.includes(column))];
    const changes = columnsOf(db, 'changes').length > 0;
    const [deleted, join] = changes
      ? [', deleted', 'LEFT JOIN changes ON changes.message = messages.id']
      : [', NULL AS deleted', ''];
    this.#rows = db.prepare(
      `SELECT ${columns.map((column) => `messages.${column}`).join(', ')}${deleted} FROM messages ${join}
       WHERE messages.id BETWEEN ? AND ? ORDER BY messages.id`,
    );
    this.#changes = changes
      ? db.prepare('SELECT message, rev FROM changes WHERE message BETWEEN ? AND ? OR rev BETWEEN ? AND ?')
      : undefined;
  }

  check(room: Room): void {
    const { findings } = this.#looking;
    let next = room.first;
    for (const row of this.#rows.iterate(rowOf(room.id, 0), rowOf(room.id, MAX_SEQ))) {
      const seq = asNumber(row.id) - rowOf(room.id, 0);
      if (seq > next) findings.add('gap', `${room.name} has no message ${stretch(next, seq - 1)}`);
      else if (seq < next)
        findings.add('wrong_end', `${room.name} has a message ${seq}, but begins with ${room.first}`);
      next = Math.max(next, seq + 1);
      this.#checkOne(`${room.name} ${seq}`, seq, row);
      this.#done += 1;
      if (this.#done % TELL_EVERY === 0) this.#tell(this.#done);
    }
    if (next - 1 > room.last)
      findings.add('wrong_end', `${room.name} has a message ${next - 1}, but is said to end at ${room.last}`);
    else if (next <= room.last) findings.add('gap', `${room.name} has no message ${stretch(next, room.last)}`);
    this.#checkChanges(room);
  }

  #checkOne(where: string, seq: number, row: Row): void {
    const { findings, now } = this.#looking;
    for (const [column, rule] of Object.entries(MESSAGE_COLUMNS)) {
      const wrong = column in row ? rule(row[column]) : undefined;
      if (wrong !== undefined) findings.add('bad_value', `the message ${where}: ${column} ${wrong}`);
    }
    if (typeof row.re === 'number' && row.re >= seq)
      findings.add('bad_value', `the message ${where} answers ${row.re}, which comes after it`);
    if (typeof row.time === 'number' && row.time > now + AHEAD_MS)
      findings.add('time_ahead', `the message ${where} is from the future: ${shown(row.time)}`);
    if (row.deleted === 1 && row.text !== '')
      findings.add('wrong_deletion', `the message ${where} was deleted, and its text is still there`);
    if (row.deleted !== 1 && row.text === '')
      findings.add('bad_value', `the message ${where} has no text, and was not deleted`);
  }

  #checkChanges(room: Room): void {
    const [start, end] = [rowOf(room.id, 0), rowOf(room.id, MAX_SEQ)];
    for (const row of this.#changes?.iterate(start, end, start, end) ?? []) {
      const [message, rev] = [asNumber(row.message), asNumber(row.rev)];
      const where = `the change ${rev - start} of ${room.name}`;
      if (roomOf(message) !== roomOf(rev)) this.#looking.findings.add('wrong_change', `${where} is of another room`);
      else if (rev - start < 1 || rev - start > room.rev)
        this.#looking.findings.add('wrong_change', `${where} is beyond the room's last, ${room.rev}`);
    }
  }
}

const stretch = (from: number, to: number): string =>
  from === to ? String(from) : `${from} to ${to} (${thousands(to - from + 1)})`;

/** Messages of no room: looks at one place for each room that has messages. */
function checkStray({ db, findings }: Looking): void {
  const next = db.prepare('SELECT min(id) AS id FROM messages WHERE id >= ?');
  const room = db.prepare('SELECT 1 FROM rooms WHERE id = ?');
  for (let from = Number.MIN_SAFE_INTEGER; ; ) {
    const id = next.get(from)?.id;
    if (typeof id !== 'number') return;
    const number = roomOf(id);
    if (room.get(number) === undefined) {
      const count = numberOf(db, 'SELECT count(*) FROM messages WHERE id BETWEEN ? AND ?', id, rowOf(number, MAX_SEQ));
      findings.add('stray_message', `${thousands(count)} messages are of a room ${number}, which there is not`);
    }
    from = rowOf(number + 1, 0);
  }
}
