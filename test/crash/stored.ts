/** What is stored, read from the database itself while no server has it. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Sealed } from '../../src/protocol/fields.ts';
import type { Entry, Mail, Reaction, Stored, StoredRoom } from './trace.ts';

const ROOM_STEP = 2 ** 32;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** By SQL of our own: what the server's own reading says is compared with it. */
export function readStored(folder: string): Stored {
  const db = new DatabaseSync(join(folder, 'uchat.db'));
  try {
    const { integrity_check: integrity } = db.prepare('PRAGMA integrity_check').get() ?? {};
    if (integrity !== 'ok') throw new Error(`the database is damaged: ${text(integrity)}`);
    return { rooms: readRooms(db), mail: readMail(db) };
  } finally {
    db.close();
  }
}

function readRooms(db: DatabaseSync): Map<string, StoredRoom> {
  const reactions = new Map<number, Map<string, string[]>>();
  for (const row of db.prepare('SELECT message, emoji, author FROM reactions ORDER BY id').iterate()) {
    const message = number(row.message);
    const lists = reactions.get(message) ?? new Map<string, string[]>();
    reactions.set(message, lists);
    lists.set(text(row.emoji), [...(lists.get(text(row.emoji)) ?? []), text(row.author)]);
  }
  const messages = db.prepare(`
    SELECT messages.id AS id, author, text, client_id, coalesce(rev, 0) AS rev, coalesce(deleted, 0) AS deleted
    FROM messages LEFT JOIN changes ON changes.message = messages.id
    WHERE messages.id BETWEEN ? AND ? ORDER BY messages.id`);
  const rooms = new Map<string, StoredRoom>();
  for (const room of db.prepare('SELECT id, name, last, rev FROM rooms').all()) {
    const first = number(room.id) * ROOM_STEP;
    const entries = messages.all(first, first + ROOM_STEP - 1).map((row): Entry => {
      const lists = reactions.get(number(row.id));
      const own = Array.from(lists ?? [], ([emoji, users]): Reaction => ({ emoji, users }));
      return {
        seq: number(row.id) % ROOM_STEP,
        from: text(row.author),
        text: text(row.text),
        rev: number(row.rev) % ROOM_STEP,
        ...(row.client_id === null ? {} : { id: text(row.client_id) }),
        ...(row.deleted === 1 ? { deleted: true } : {}),
        ...(own.length === 0 ? {} : { reactions: own }),
      };
    });
    rooms.set(text(room.name), { last: number(room.last), rev: number(room.rev), entries });
  }
  return rooms;
}

function readMail(db: DatabaseSync): Map<string, Mail[]> {
  const mail = new Map<string, Mail[]>();
  const rows = db.prepare(`
    SELECT n, client_id, author, body, devices.device AS device FROM mail JOIN devices ON devices.id = mail.device ORDER BY n`);
  for (const row of rows.all()) {
    const sealed = JSON.parse(text(row.body)) as Sealed;
    const one = { n: number(row.n), id: text(row.client_id), from: text(row.author), body: sealed.message };
    mail.set(text(row.device), [...(mail.get(text(row.device)) ?? []), one]);
  }
  return mail;
}
