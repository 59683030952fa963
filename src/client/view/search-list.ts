/** What a search has found: a list over the room, the newest first, with the words marked. */
import type { UnixMs } from '../../base/ids.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { clockTime, dayOf, dayTitle } from '../../base/text/time.ts';
import { padEnd, padStart, truncate } from '../../base/text/wrap.ts';
import { keyFor } from '../core/lookup.ts';
import type { Found, Search } from '../core/search-state.ts';
import type { State } from '../core/state.ts';
import type { Role, Row, Run } from './cells.ts';
import { excerpt } from './excerpt.ts';
import { nickRole } from './nick-color.ts';
import { fit, rowWidth, run, spaces, spread } from './runs.ts';
import type { Signs } from './signs.ts';

/** Columns from which the room and the day have room. */
const PLACE_FROM = 70;
/** Cells of names at most. */
const NAMES = 12;

function headWords(search: Search): string {
  const { hits, index, before, status, room } = search;
  const where = room ?? 'all your rooms';
  if (status.kind === 'failed') return `${where}: ${status.text}`;
  const count = hits.length === 0 ? '' : `${index + 1} of ${hits.length}${before === undefined ? '' : '+'}`;
  if (status.kind === 'asking') return `${where}  ${count}  searching`.replaceAll(/ {3,}/g, '  ');
  if (hits.length > 0) return `${where}  ${count}`;
  return before === undefined ? `${where}: nothing was found` : `${where}: nothing was found yet`;
}

/** The longest that fits. */
const keyWords = (state: State): string[] => {
  const [enter, escape] = [keyFor(state, 'send'), keyFor(state, 'cancel')];
  return [`n older  N newer  ${enter} goes there  ${escape} closes`, `${enter} goes there  ${escape} closes`, ''];
};

function headRow(state: State, search: Search, width: number, { ellipsis }: Signs): Row {
  const title = width >= PLACE_FROM ? ' Search: ' : ' ';
  const role: Role = search.status.kind === 'failed' ? 'error' : 'notice';
  const words = headWords(search);
  const most = Math.max(4, width - title.length - words.length - 3);
  const left: Row = [
    run(title, 'accent', { bold: true }),
    run(truncate(sanitizeLine(search.words), most, ellipsis), 'input', { bold: true }),
    spaces(2),
    run(sanitizeLine(words), role),
  ];
  const keys = keyWords(state).find((text) => text.length + 2 <= width - rowWidth(left) - 2) ?? '';
  return spread(left, [run(`${keys} `, 'dim')], width);
}

function whenWords(time: UnixMs, now: UnixMs, isWide: boolean): string {
  if (!isWide) return clockTime(time);
  return dayOf(time) === dayOf(now) ? `${' '.repeat(11)}${clockTime(time)}` : `${shortDay(time)} ${clockTime(time)}`;
}

/** `Fri 20 Nov`, at most ten cells. */
function shortDay(time: UnixMs): string {
  const [day = '', date = '', month = ''] = dayTitle(time).split(' ');
  return padStart(`${day.slice(0, 3)} ${date} ${month.slice(0, 3)}`, 10);
}

/** The text with its words marked. */
function textRuns(search: Search, hit: Found, width: number, role: Role, ellipsis: string): Row {
  const mark: Role = role === 'selection' ? role : 'mention';
  return excerpt(search, hit, width, ellipsis).map(({ text, isHit }) =>
    isHit ? run(text, mark, { bold: true, underline: true }) : run(text, role),
  );
}

interface ListLook {
  readonly now: UnixMs;
  readonly signs: Signs;
}

function hitRow(search: Search, hit: Found, isChosen: boolean, rooms: number, width: number, look: ListLook): Row {
  const { signs, now } = look;
  const isWide = width >= PLACE_FROM;
  const role: Role = isChosen ? 'selection' : 'text';
  const place = isWide && rooms > 0 ? [run(`${padEnd(truncate(hit.room, rooms, signs.ellipsis), rooms)} `, 'dim')] : [];
  const names = isWide ? NAMES : 8;
  const lead: Row = [
    run(isChosen ? signs.selected : ' ', role),
    run(`${whenWords(hit.time, now, isWide)} `, 'time'),
    ...place,
    run(padStart(truncate(sanitizeLine(hit.from), names, signs.ellipsis), names), nickRole(hit.from), { bold: true }),
    spaces(2),
  ];
  const text = textRuns(search, hit, Math.max(0, width - rowWidth(lead)), role, signs.ellipsis);
  const whole = fit([...lead, ...text], width);
  return isChosen ? whole.map((each): Run => ({ ...each, role: 'selection' })) : whole;
}

/** Exactly `height` rows of exactly `width` cells. */
export function searchRows(state: State, search: Search, width: number, height: number, look: ListLook): Row[] {
  if (height <= 0) return [];
  const { hits, index } = search;
  const count = height - 1;
  const from = Math.max(0, Math.min(index - Math.floor(count / 2), hits.length - count));
  const shown = hits.slice(from, from + count);
  const rooms = search.room === undefined ? Math.max(0, ...shown.map(({ room }) => Math.min(14, room.length))) : 0;
  const rows = shown.map((hit, i) => hitRow(search, hit, from + i === index, rooms, width, look));
  while (rows.length < count) rows.push([spaces(width)]);
  return [fit(headRow(state, search, width, look.signs), width), ...rows];
}
