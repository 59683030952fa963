/** ` 1:#lobby  2:#dev+3  3:bob*  4:=carol?           alice@box:2428` */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { isAsking } from '../core/asking.ts';
import { tabName } from '../core/lookup.ts';
import { paneOf } from '../core/panes/panes.ts';
import { paneIds } from '../core/panes/tree.ts';
import type { State, Tab } from '../core/state.ts';
import type { Role, Row, Run } from './cells.ts';
import { geometryOf } from './geometry.ts';
import { paneLayout } from './pane-layout.ts';
import { clip, rowWidth, run, spaces } from './runs.ts';
import { type Signs, UNICODE_SIGNS } from './signs.ts';

/** `+3`: unread. `*`: one of them speaks to us. `?`: somebody asks us. */
function marks(tab: Tab): string {
  return `${tab.unread > 0 ? `+${tab.unread}` : ''}${tab.mentioned ? '*' : ''}${isAsking(tab) ? '?' : ''}`;
}

function tabRun(state: State, tab: Tab, index: number): Run {
  const isActive = index === state.active;
  const mark = marks(tab);
  const role: Role = isActive ? 'tabActive' : mark === '' ? 'tab' : 'tabActivity';
  // On the screen, too, in a pane that hasn't the keyboard.
  const isBeside = !isActive && paneOf(state, tab) !== undefined && paneLayout(state) !== undefined;
  const calls = tab.mentioned || isAsking(tab);
  return run(` ${index + 1}:${tabName(tab)}${mark} `, role, { bold: isActive || calls, underline: isBeside });
}

/** A piece of the bar, and which tab it is; undefined: the sign for those that are left out. */
interface Piece {
  readonly run: Run;
  readonly tab: number | undefined;
}

/** Cells of what is said of tabs that aren't shown, where there is news: `…+99*`. */
const NEWS_CELLS = 6;

/** The sign for those from `from` to before `to`, with what is new in them; it leads to the one that calls loudest. */
function hidden(tabs: readonly Tab[], from: number, to: number, signs: Signs): Piece {
  const those = tabs.slice(from, to);
  const unread = those.reduce((sum, tab) => sum + tab.unread, 0);
  const asks = those.find(isAsking);
  const calls = those.find(({ mentioned }) => mentioned);
  const news = asks ?? calls ?? those.find((tab) => tab.unread > 0);
  const count = unread === 0 ? '' : unread > 99 ? '+99' : `+${unread}`;
  const words = `${signs.ellipsis}${count}${calls === undefined ? '' : '*'}${asks === undefined ? '' : '?'}`;
  const isCall = asks !== undefined || calls !== undefined;
  return {
    run: run(words.slice(0, NEWS_CELLS), news === undefined ? 'tab' : 'tabActivity', { bold: isCall }),
    tab: news === undefined ? undefined : tabs.indexOf(news),
  };
}

/** The tabs around the active one that fit; a sign says where others are. */
function visible(state: State, width: number, signs: Signs): Piece[] {
  const { tabs, active } = state;
  const pieces = tabs.map((tab, index): Piece => ({ run: tabRun(state, tab, index), tab: index }));
  if (pieces.reduce((sum, piece) => sum + piece.run.width, 0) <= width) return pieces;
  let from = active;
  let to = active + 1;
  const isNews = tabs.some((tab) => marks(tab) !== '');
  const room = width - 2 * (isNews ? NEWS_CELLS : 1);
  let used = pieces[active]?.run.width ?? 0;
  for (;;) {
    const after = pieces[to];
    const before = pieces[from - 1];
    if (after !== undefined && used + after.run.width <= room) {
      used += after.run.width;
      to += 1;
    } else if (before !== undefined && used + before.run.width <= room) {
      used += before.run.width;
      from -= 1;
    } else {
      break;
    }
  }
  const shown = pieces.slice(from, to);
  if (from > 0) shown.unshift(hidden(tabs, 0, from, signs));
  if (to < pieces.length) shown.push(hidden(tabs, to, tabs.length, signs));
  return shown;
}

/** Cells of the tabs below which what stands beside them is said in fewer words. */
const TABS_LEAST = 12;

/** `zoomed 1/3`: other panes are behind this one; `pane 1/3`: there is no room for them. */
function paneWords(state: State, width: number): Row {
  const { tree, zoomed, focused } = state.panes;
  if (tree.kind === 'pane' || paneLayout(state) !== undefined) return [];
  const ids = paneIds(tree);
  const place = `${ids.indexOf(focused) + 1}/${ids.length}`;
  const words = run(` ${zoomed ? 'zoomed' : 'pane'} ${place} `, 'tabActivity');
  return [width - words.width >= TABS_LEAST ? words : run(` ${place} `, 'tabActivity')];
}

export function tabBar(state: State, width: number, signs: Signs): Row {
  const who = state.self === undefined ? '' : `${state.self.name}@`;
  const address = run(` ${who}${sanitizeLine(state.address)} `, 'tab');
  const panes = paneWords(state, width);
  // That there are more panes is said however many tabs there are; whom one speaks as, where there is room.
  const room = Math.max(0, width - rowWidth(panes));
  const tabs = clip(
    visible(state, room, signs).map((piece) => piece.run),
    room,
  );
  const used = rowWidth(tabs);
  const right = used + address.width <= room ? [...panes, address] : panes;
  return clip([...tabs, spaces(Math.max(0, width - used - rowWidth(right)), 'tab'), ...right], width);
}

/**
 * Which tab is drawn there, as an index into `state.tabs`.
 * @param x cells from the screen's left, from 0; @param y rows from its top.
 */
export function tabAt(state: State, x: number, y: number): number | undefined {
  const geometry = geometryOf(state);
  if (!geometry.tabs || y !== 0 || x < 0 || x >= geometry.columns) return undefined;
  let edge = 0;
  // The signs of either set are equally wide.
  const room = geometry.columns - rowWidth(paneWords(state, geometry.columns));
  if (x >= room) return undefined;
  for (const piece of visible(state, room, UNICODE_SIGNS)) {
    edge += piece.run.width;
    if (x < edge) return piece.tab;
  }
  return undefined;
}
