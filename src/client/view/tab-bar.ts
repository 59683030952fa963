/** ` 1:#lobby  2:#dev+3  3:#ops+1*           alice@box:2428` */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { tabName } from '../core/lookup.ts';
import type { State, Tab } from '../core/state.ts';
import type { Role, Row, Run } from './cells.ts';
import { fit, rowWidth, run, spread } from './runs.ts';
import type { Signs } from './signs.ts';

/** `+3`: unread. `*`: one of them speaks to us. */
function marks(tab: Tab): string {
  return `${tab.unread > 0 ? `+${tab.unread}` : ''}${tab.mentioned ? '*' : ''}`;
}

function tabRun(tab: Tab, index: number, isActive: boolean): Run {
  const mark = marks(tab);
  const role: Role = isActive ? 'tabActive' : mark === '' ? 'tab' : 'tabActivity';
  return run(` ${index + 1}:${tabName(tab)}${mark} `, role, { bold: isActive || tab.mentioned });
}

/** The tabs around the active one that fit; a sign says where others are. */
function visible(runs: readonly Run[], active: number, width: number, signs: Signs): Row {
  if (rowWidth(runs) <= width) return runs;
  let from = active;
  let to = active + 1;
  const more = run(signs.ellipsis, 'tab');
  const room = width - 2 * more.width;
  let used = runs[active]?.width ?? 0;
  for (;;) {
    const after = runs[to];
    const before = runs[from - 1];
    if (after !== undefined && used + after.width <= room) {
      used += after.width;
      to += 1;
    } else if (before !== undefined && used + before.width <= room) {
      used += before.width;
      from -= 1;
    } else {
      break;
    }
  }
  return [...(from > 0 ? [more] : []), ...runs.slice(from, to), ...(to < runs.length ? [more] : [])];
}

export function tabBar(state: State, width: number, signs: Signs): Row {
  const runs = state.tabs.map((tab, index) => tabRun(tab, index, index === state.active));
  const who = state.self === undefined ? '' : `${state.self.name}@`;
  const address = run(` ${who}${sanitizeLine(state.address)} `, 'tab');
  // Tabs are pressed together before the address is: it says whom one speaks as.
  const tabs = visible(runs, state.active, width, signs);
  return rowWidth(tabs) + address.width <= width ? spread(tabs, [address], width, 'tab') : fit(tabs, width, 'tab');
}
