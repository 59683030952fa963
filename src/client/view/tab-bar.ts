/** ` 1:#lobby  2:#dev+3  3:bob*  4:=carol?           alice@box:2428` */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { tabName } from '../core/lookup.ts';
import type { State, Tab } from '../core/state.ts';
import type { Role, Row, Run } from './cells.ts';
import { geometryOf } from './geometry.ts';
import { fit, rowWidth, run, spread } from './runs.ts';
import { type Signs, UNICODE_SIGNS } from './signs.ts';

/** They ask for a private chat, and wait for our answer. */
export const isAsking = (tab: Tab): boolean => tab.kind === 'chat' && tab.status.kind === 'asked' && !tab.status.ours;

/** `+3`: unread. `*`: one of them speaks to us. `?`: somebody asks us. */
function marks(tab: Tab): string {
  return `${tab.unread > 0 ? `+${tab.unread}` : ''}${tab.mentioned ? '*' : ''}${isAsking(tab) ? '?' : ''}`;
}

function tabRun(tab: Tab, index: number, isActive: boolean): Run {
  const mark = marks(tab);
  const role: Role = isActive ? 'tabActive' : mark === '' ? 'tab' : 'tabActivity';
  const calls = tab.mentioned || isAsking(tab);
  return run(` ${index + 1}:${tabName(tab)}${mark} `, role, { bold: isActive || calls });
}

/** A piece of the bar, and which tab it is; undefined: the sign for those that are left out. */
interface Piece {
  readonly run: Run;
  readonly tab: number | undefined;
}

/** The tabs around the active one that fit; a sign says where others are. */
function visible(state: State, width: number, signs: Signs): Piece[] {
  const { tabs, active } = state;
  const pieces = tabs.map((tab, index): Piece => ({ run: tabRun(tab, index, index === active), tab: index }));
  if (pieces.reduce((sum, piece) => sum + piece.run.width, 0) <= width) return pieces;
  let from = active;
  let to = active + 1;
  const more: Piece = { run: run(signs.ellipsis, 'tab'), tab: undefined };
  const room = width - 2 * more.run.width;
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
  return [...(from > 0 ? [more] : []), ...pieces.slice(from, to), ...(to < pieces.length ? [more] : [])];
}

export function tabBar(state: State, width: number, signs: Signs): Row {
  const who = state.self === undefined ? '' : `${state.self.name}@`;
  const address = run(` ${who}${sanitizeLine(state.address)} `, 'tab');
  // Tabs are pressed together before the address is: it says whom one speaks as.
  const tabs = visible(state, width, signs).map((piece) => piece.run);
  return rowWidth(tabs) + address.width <= width ? spread(tabs, [address], width, 'tab') : fit(tabs, width, 'tab');
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
  for (const piece of visible(state, geometry.columns, UNICODE_SIGNS)) {
    edge += piece.run.width;
    if (x < edge) return piece.tab;
  }
  return undefined;
}
