/** Whether the full-text index knows the messages that are there, and none that were deleted: by samples of each room. */
import type { StatementSync } from 'node:sqlite';
import { rowOf } from '../../store/sqlite/places.ts';
import { asNumber, asText, type Row } from '../../store/sqlite/rows.ts';
import { matchFor } from '../../store/sqlite/words.ts';
import { columnsOf, inOneState, type Looking } from './data.ts';

/** Messages of a room that are looked up, spread evenly, and of these so many of its newest. */
const SAMPLES = 200;
const NEWEST = 50;
/** In all rooms: about a second. */
const MAX_SAMPLES = 5000;
/** UTF-16 units of a message's text that are looked up, up to the last blank among them. */
const LOOKED_UP = 100;

export function checkSearch(looking: Looking): void {
  const { db, progress } = looking;
  if (!columnsOf(db, 'rooms').includes('indexed')) return;
  progress('the full-text index');
  inOneState(db, () => {
    const message = db.prepare(`
      SELECT messages.id AS id, author, text, coalesce(deleted, 0) AS deleted
      FROM messages LEFT JOIN changes ON changes.message = messages.id WHERE messages.id = ?`);
    // Bounds that aren't integers FTS5 doesn't take: see search-index.ts.
    const find = db.prepare(
      'SELECT count(*) AS n FROM search WHERE search MATCH ? AND search.rowid BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER)',
    );
    let left = MAX_SAMPLES;
    const first = columnsOf(db, 'rooms').includes('first') ? 'first' : '1';
    const rooms = db.prepare(`SELECT id, name, ${first} AS first, min(indexed, last) AS last FROM rooms`);
    for (const { id, name, first: oldest, last } of rooms.iterate())
      for (const seq of samples(asNumber(oldest), asNumber(last))) {
        left -= 1;
        if (left < 0) return;
        const row = message.get(rowOf(asNumber(id), seq));
        if (row !== undefined) lookUp(looking, `${asText(name)} ${seq}`, row, find);
      }
  });
}

/** Places of the newest, and some that are spread over all. */
function samples(first: number, last: number): Iterable<number> {
  const places = new Set<number>();
  for (let seq = last; seq >= first && places.size < NEWEST; seq--) places.add(seq);
  for (let i = 0; i < SAMPLES && first <= last; i++) places.add(first + Math.floor((i * (last - first + 1)) / SAMPLES));
  return places;
}

function lookUp({ findings }: Looking, where: string, row: Row, find: StatementSync): void {
  const [id, author, text] = [asNumber(row.id), asText(row.author), asText(row.text)];
  const isDeleted = row.deleted !== 0;
  const match = matchFor(isDeleted ? [] : [beginning(text)], false, author);
  if (match === undefined) return;
  const isFound = asNumber(find.get(match, id, id)?.n) > 0;
  if (isFound && isDeleted)
    findings.add('wrong_index', `the message ${where} was deleted, and the full-text index still has it`);
  else if (!isFound && !isDeleted && text !== '')
    findings.add('wrong_index', `the message ${where} is not in the full-text index`);
}

/** Whole words, as far as blanks tell. */
function beginning(text: string): string {
  if (text.length <= LOOKED_UP) return text;
  const cut = text.lastIndexOf(' ', LOOKED_UP);
  return cut < 1 ? '' : text.slice(0, cut);
}
