/** The palette: a line to write in, and below it what fits, with the letters that were found. */
import { shortDuration } from '../../base/duration.ts';
import type { UnixMs, UserName } from '../../base/ids.ts';
import { graphemes } from '../../base/text/graphemes.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { textWidth } from '../../base/text/width.ts';
import { padStart, truncate } from '../../base/text/wrap.ts';
import { isAsking } from '../core/asking.ts';
import { activeTab, tabName } from '../core/lookup.ts';
import type { Hit, Item, Palette } from '../core/palette-state.ts';
import type { State, Tab } from '../core/state.ts';
import type { Role, Row, Run } from './cells.ts';
import { geometryOf } from './geometry.ts';
import { fit, rowWidth, run, spaces } from './runs.ts';
import type { Signs } from './signs.ts';

const TITLES: Readonly<Record<Palette['find'], string>> = { all: 'Go to', new: 'New chat', commands: 'Command' };
const STATES = { online: 'here', away: 'away', offline: 'gone' } as const;
/** Columns below which the title before the line is a sign. */
const TITLE_FROM = 30;
/** Cells of the column of names at most, and what is left to the words beside it at least. */
const NAMES = { most: 34, words: 12 } as const;
/** Cells of the column before the names: the tab's number, or the sign of whether somebody is here. */
const LEAD = 3;

export interface OverRows {
  readonly rows: readonly Row[];
  /** In these rows. */
  readonly cursor?: { readonly x: number; readonly y: number };
}

/** The end of a text that has room, and the sign that there is more before it. */
function endOf(text: string, width: number, ellipsis: string): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  for (const cluster of graphemes(text).toReversed()) {
    if (textWidth(cluster + kept) > width - 1) break;
    kept = cluster + kept;
  }
  return width > 0 ? ellipsis + kept : '';
}

/** `Go to: de▏      3/12` */
function inputRow({ find, input, hits, index }: Palette, width: number, signs: Signs): OverRows {
  const title = width >= TITLE_FROM ? ` ${TITLES[find]}: ` : width >= 10 ? '> ' : '';
  const all = `${index === undefined || hits.length === 0 ? '' : `${index + 1}/`}${hits.length} `;
  const counts = width >= TITLE_FROM ? all : '';
  const room = Math.max(0, width - title.length - counts.length - 1);
  const before = endOf(sanitizeLine(input.text.slice(0, input.cursor)), room, signs.ellipsis);
  const after = truncate(sanitizeLine(input.text.slice(input.cursor)), room - textWidth(before), signs.ellipsis);
  const left: Row = [run(title, 'prompt', { bold: true }), run(before + after, 'input')];
  const row = [...left, spaces(width - rowWidth(left) - counts.length), run(counts, 'dim')];
  return { rows: [fit(row, width)], cursor: { x: Math.min(width - 1, title.length + textWidth(before)), y: 0 } };
}

const tabOf = (state: State, name: string): { readonly tab: Tab; readonly number: number } | undefined => {
  const index = state.tabs.findIndex((tab) => tabName(tab) === name);
  const tab = state.tabs[index];
  return tab === undefined ? undefined : { tab, number: index + 1 };
};

function presenceWords(state: State, name: UserName, now: UnixMs): string {
  const person = state.people.get(name);
  if (person === undefined) return 'not seen here';
  const ago = person.state === 'online' ? '' : ` ${shortDuration(now + state.clockOffset - person.since)}`;
  return `${STATES[person.state]}${ago}`;
}

function tabWords(state: State, tab: Tab, now: UnixMs): string {
  const news = [
    ...(tab === activeTab(state) ? ['you are here'] : []),
    ...(tab.unread > 0 ? [`${tab.unread} unread`] : []),
    ...(tab.mentioned ? ['speaks to you'] : []),
    ...(isAsking(tab) ? ['asks you'] : []),
  ];
  const what =
    tab.kind === 'room'
      ? sanitizeLine(tab.topic)
      : `${tab.kind === 'chat' ? 'private chat, ' : ''}${presenceWords(state, tab.person, now)}`;
  return [...news, ...(what === '' ? [] : [what])].join(', ');
}

/** What is said of it beside its name. */
function words(state: State, item: Item, now: UnixMs): string {
  switch (item.kind) {
    case 'tab': {
      const found = tabOf(state, item.name);
      return found === undefined ? 'closed' : tabWords(state, found.tab, now);
    }
    case 'room':
      return item.fresh ? 'make this room' : `${item.members} in it  ${sanitizeLine(item.topic)}`.trimEnd();
    case 'person':
      return presenceWords(state, item.name, now);
    case 'command':
      return `${item.args === '' ? '' : `${item.args}  `}${item.help}`;
    case 'argument':
      return '';
  }
}

/** What stands before its name. */
function lead(state: State, item: Item, signs: Signs): Run {
  if (item.kind === 'tab') {
    const found = tabOf(state, item.name);
    return run(padStart(`${found?.number ?? ''} `, LEAD), 'dim');
  }
  const presence = item.kind === 'person' ? state.people.get(item.name)?.state : undefined;
  return presence === undefined ? spaces(LEAD) : run(padStart(`${signs[presence]} `, LEAD), presence);
}

const hasNews = (state: State, item: Item): boolean => {
  const tab = item.kind === 'tab' ? tabOf(state, item.name)?.tab : undefined;
  return tab !== undefined && (tab.unread > 0 || tab.mentioned || isAsking(tab));
};

/** The name in pieces: the letters that were typed stand out by more than their colour. */
function nameRuns({ item, at }: Hit, width: number, role: Role, ellipsis: string): Run[] {
  // Names are ASCII, and what a hostile server makes of them is shown without its letters.
  const safe = sanitizeLine(item.name);
  const name = truncate(safe, width, ellipsis);
  if (safe !== item.name) return [run(name, role)];
  const found = new Set(at);
  const pieces: { text: string; isHit: boolean }[] = [];
  let index = 0;
  for (const cluster of graphemes(name)) {
    const isHit = found.has(index) && item.name.startsWith(cluster, index);
    const last = pieces.at(-1);
    if (last?.isHit === isHit) last.text += cluster;
    else pieces.push({ text: cluster, isHit });
    index += cluster.length;
  }
  return pieces.map(({ text, isHit }) => run(text, role, isHit ? { bold: true, underline: true } : {}));
}

function hitRow(state: State, hit: Hit, isChosen: boolean, names: number, width: number, look: PaletteLook): Row {
  const { signs, now } = look;
  const role: Role = isChosen ? 'selection' : hasNews(state, hit.item) ? 'tabActivity' : 'text';
  const name = nameRuns(hit, names, role, signs.ellipsis);
  const row: Row = [
    run(isChosen ? signs.selected : ' ', isChosen ? 'selection' : 'text'),
    lead(state, hit.item, signs),
    ...name,
    spaces(names - rowWidth(name) + 2),
  ];
  const said = run(truncate(words(state, hit.item, now), Math.max(0, width - rowWidth(row)), signs.ellipsis), 'dim');
  const whole = fit([...row, said], width);
  return isChosen ? whole.map((each): Run => ({ ...each, role: 'selection' })) : whole;
}

interface PaletteLook {
  readonly now: UnixMs;
  readonly signs: Signs;
}

/** The hits that are on the screen: the chosen one is always among them. */
function windowOf({ hits, index }: Palette, height: number): { readonly from: number; readonly hits: readonly Hit[] } {
  const from = Math.max(0, Math.min((index ?? 0) - Math.floor(height / 2), hits.length - height));
  return { from, hits: hits.slice(from, from + Math.max(0, height)) };
}

/** Exactly `height` rows of exactly `width` cells. */
export function paletteRows(
  state: State,
  palette: Palette,
  width: number,
  height: number,
  look: PaletteLook,
): OverRows {
  if (height <= 0) return { rows: [] };
  const input = inputRow(palette, width, look.signs);
  const shown = windowOf(palette, height - 1);
  const most = Math.min(NAMES.most, Math.max(6, width - 1 - LEAD - 2 - NAMES.words));
  const names = Math.min(most, Math.max(0, ...shown.hits.map(({ item }) => textWidth(sanitizeLine(item.name)))));
  const rows = shown.hits.map((hit, i) => hitRow(state, hit, shown.from + i === palette.index, names, width, look));
  if (rows.length === 0 && height > 1) rows.push(fit([spaces(1 + LEAD), run('nothing fits', 'dim')], width));
  while (rows.length < height - 1) rows.push([spaces(width)]);
  return { ...input, rows: [...input.rows, ...rows] };
}

/**
 * Which hit is drawn there, as an index into `hits`.
 * @param y rows from the screen's top.
 */
export function hitAt(state: State, y: number): number | undefined {
  if (state.overlay?.kind !== 'palette') return undefined;
  const { tabs, topic, paneHeight, cardHeight } = geometryOf(state);
  const { from, hits } = windowOf(state.overlay, (topic ? 1 : 0) + paneHeight + cardHeight - 1);
  // The first row is the line.
  const row = y - (tabs ? 1 : 0) - 1;
  return row >= 0 && row < hits.length ? from + row : undefined;
}
