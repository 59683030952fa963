/**
 * The list of themes, at the right edge of whatever is on the screen: so each theme is seen on the real thing. It lies on
 * top of the finished rows, and nothing else on the screen knows of it.
 */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { textWidth } from '../../base/text/width.ts';
import { truncate } from '../../base/text/wrap.ts';
import { keyFor } from '../core/lookup.ts';
import type { State } from '../core/state.ts';
import type { ThemeFound, ThemePreview } from '../theme/found.ts';
import { NICK_ROLES } from '../theme/roles.ts';
import type { Frame, Role, Row } from './cells.ts';
import { geometryOf } from './geometry.ts';
import { fit, run, spaces } from './runs.ts';
import type { Signs } from './signs.ts';

/** Cells of the list with its border; on a narrow screen, most of that. */
const WIDTH = 30;
/** Cells of a row below which a name has all of them. */
const NARROW_BELOW = 24;
/** Columns that the chat keeps beside it. */
const MIN_BESIDE = 12;
/** Rows of the screen below which the list has all of it but the status bar. */
const SMALL_BELOW = 10;

interface Place {
  readonly top: number;
  readonly height: number;
  readonly width: number;
  /** Rows of themes, and the first of them that is shown. */
  readonly rows: number;
  readonly first: number;
  /** Its last row is where the rule above the line is. */
  readonly foot: boolean;
}

function placeOf(state: State, { found, at }: ThemePreview): Place {
  const { columns, rows: all, tabs, status, rule, above, inputRows } = geometryOf(state);
  const small = all < SMALL_BELOW;
  const top = tabs && !small ? 1 : 0;
  // What is said above the line is about the theme.
  const below = (status ? 1 : 0) + above.length + (small ? 0 : inputRows);
  const height = Math.max(1, all - top - below);
  const foot = rule && !small;
  const width = Math.min(WIDTH, Math.max(columns - MIN_BESIDE, Math.ceil((columns * 2) / 3)), columns);
  // The title is a row of it, and so is the foot.
  const rows = Math.max(1, Math.min(found.length, height - (foot ? 2 : 1)));
  const first = Math.max(0, Math.min(found.length - rows, at - Math.floor(rows / 2)));
  return { top, height, width, rows, first, foot };
}

/** What is to be said of it, in a word, or in a sign where there is no room. */
function said({ own, theme, faults }: ThemeFound, isKept: boolean, isNarrow: boolean): string {
  if (theme === undefined) return isNarrow ? '!' : 'broken';
  if (isNarrow) return '';
  if (isKept) return 'now';
  return faults.length > 0 ? 'has faults' : own ? 'yours' : '';
}

function line(found: ThemeFound, isAt: boolean, isKept: boolean, width: number, signs: Signs): Row {
  const more = said(found, isKept, width < NARROW_BELOW);
  const role: Role = isAt ? 'selection' : found.theme === undefined ? 'dim' : 'text';
  const name = truncate(sanitizeLine(found.name), Math.max(1, width - textWidth(more) - 4), signs.ellipsis);
  const left = `${isAt ? signs.selected : ' '} ${name}`;
  const gap = Math.max(1, width - textWidth(left) - textWidth(more) - 1);
  return fit([run(`${left}${' '.repeat(gap)}${more} `, role)], width, role);
}

/** What a theme is made of, whether or not the chat shows it right now. */
function samples(width: number, signs: Signs): Row[] {
  const nicks: Row = NICK_ROLES.map((role, at) => run(String.fromCharCode(97 + at), role, { bold: true }));
  const piece = (text: string, role: Role) => [run(text, role), spaces(1)];
  return [
    [run(signs.horizontal.repeat(width), 'border')],
    [...piece(' names', 'dim'), ...nicks],
    [spaces(1), ...piece('unread', 'unread'), ...piece('mention', 'mention'), ...piece('error', 'error')],
    [
      spaces(1),
      ...piece(`${signs.online} here`, 'online'),
      ...piece(`${signs.away} away`, 'away'),
      ...piece(`${signs.offline} gone`, 'offline'),
    ],
    [spaces(1), ...piece(' alarm ', 'alarm'), ...piece(' warning ', 'statusWarn')],
  ];
}

function listRows(state: State, preview: ThemePreview, place: Place, signs: Signs): Row[] {
  const { rows, first, height, width, foot } = place;
  const inner = width - 1;
  const { found, at, before } = preview;
  const keys = `${keyFor(state, 'send')} keeps, ${keyFor(state, 'cancel')} back`;
  const title: Row = [
    run(' Themes ', 'accent', { bold: true }),
    run(truncate(keys, Math.max(0, inner - 8), ''), 'dim'),
  ];
  const all: Row[] = [title];
  for (const [index, each] of found.entries()) {
    if (index < first || index >= first + rows) continue;
    all.push(line(each, index === at, each.name === before.name, inner, signs));
  }
  const end = foot ? height - 1 : height;
  const shown = samples(inner, signs);
  if (end - all.length >= shown.length) {
    while (all.length < end - shown.length) all.push([]);
    all.push(...shown);
  }
  while (all.length < end) all.push([]);
  const framed = all.slice(0, end).map((row): Row => [run(signs.vertical, 'border'), ...fit(row, inner)]);
  return foot ? [...framed, [run(signs.foot + signs.horizontal.repeat(inner), 'border')]] : framed;
}

/** The screen with the list on top, where it is open. Nothing is written meanwhile. */
export function withThemeList(state: State, frame: Frame, signs: Signs): Frame {
  const { preview } = state.themes;
  if (preview === undefined) return frame;
  const place = placeOf(state, preview);
  const list = listRows(state, preview, place, signs);
  const beside = Math.max(0, Math.floor(state.size.columns) - place.width);
  const rows = frame.rows.map((row, y) => {
    const own = list[y - place.top];
    return own === undefined ? row : [...fit(row, beside), ...own];
  });
  return { ...frame, rows, cursor: undefined };
}

/**
 * Which theme stands there, as an index into what was found.
 * @param x cells from the screen's left, from 0; @param y rows from its top.
 */
export function themeAt(state: State, x: number, y: number): number | undefined {
  const { preview } = state.themes;
  if (preview === undefined) return undefined;
  const { top, rows, first, width } = placeOf(state, preview);
  const at = y - top - 1;
  if (at < 0 || at >= rows || x < state.size.columns - width || x >= state.size.columns) return undefined;
  return first + at;
}
