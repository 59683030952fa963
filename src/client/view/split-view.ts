/** Several panes beside one another, and at the right of all of them the list of people where there is room for it. */
import { activeTab } from '../core/lookup.ts';
import { tabOfPane } from '../core/panes/panes.ts';
import type { PaneId } from '../core/panes/tree.ts';
import type { State } from '../core/state.ts';
import { borderPieces } from './borders.ts';
import type { Row } from './cells.ts';
import { geometryOf } from './geometry.ts';
import { headRow } from './head.ts';
import { layoutFor } from './log-rows.ts';
import { aboveRows, inputRows, type Look, messageRows } from './pane.ts';
import type { PaneLayout } from './pane-layout.ts';
import { fit, run } from './runs.ts';
import type { Signs } from './signs.ts';
import { tabBar } from './tab-bar.ts';
import { userList } from './user-list.ts';

interface SplitRows {
  /** From the tab bar to before the status bar. */
  readonly rows: readonly Row[];
  readonly cursor: { readonly x: number; readonly y: number };
}

interface Piece {
  readonly x: number;
  readonly row: Row;
}

export function splitRows(state: State, panes: PaneLayout, look: Look, signs: Signs): SplitRows {
  const { area } = panes;
  const lines: Piece[][] = Array.from({ length: area.height }, () => []);
  let cursor = { x: 0, y: 0 };
  for (const [id, rect] of panes.panes) {
    const drawn = paneRows(state, id, look, signs);
    for (const [i, row] of drawn.rows.slice(0, rect.height).entries()) {
      lines[rect.y - area.y + i]?.push({ x: rect.x, row: fit(row, rect.width) });
    }
    if (id === state.panes.focused) {
      cursor = { x: rect.x + Math.min(rect.width - 1, drawn.cursor.x), y: rect.y + drawn.cursor.y };
    }
  }
  for (const { x, y, text } of borderPieces(panes, signs)) {
    lines[y - area.y]?.push({ x, row: [run(text, 'border')] });
  }
  const list = listRows(state, panes, look, signs);
  const rows = lines.map((pieces, y): Row => {
    const row = pieces.toSorted((a, b) => a.x - b.x).flatMap((piece) => piece.row);
    return [...row, ...(list[y] ?? [])];
  });
  return { rows: [tabBar(state, state.size.columns, signs), ...rows], cursor };
}

interface Drawn {
  readonly rows: readonly Row[];
  /** In the pane. */
  readonly cursor: { readonly x: number; readonly y: number };
}

function paneRows(state: State, id: PaneId, look: Look, signs: Signs): Drawn {
  const tab = tabOfPane(state, id);
  if (tab === undefined) return { rows: [], cursor: { x: 0, y: 0 } };
  const layout = layoutFor(state, tab, geometryOf(state, tab), signs);
  const rows = [headRow(layout), ...messageRows(layout, look)];
  if (id !== state.panes.focused) return { rows, cursor: { x: 0, y: 0 } };
  rows.push(...aboveRows(layout));
  const input = inputRows(layout);
  return { rows: [...rows, ...input.rows], cursor: { x: input.cursor.x, y: rows.length + input.cursor.y } };
}

/** Its border meets the lines between the panes. */
function listRows(state: State, { listWidth, area, borders }: PaneLayout, look: Look, signs: Signs): Row[] {
  if (listWidth === 0) return [];
  const meets = new Set(
    borders.flatMap(({ split, rect }) =>
      split.axis === 'down' && rect.x + rect.width === area.x + area.width ? [rect.y - area.y] : [],
    ),
  );
  const rows = userList(state, activeTab(state), look.now, listWidth, area.height, signs);
  return rows.map((row, y) => (meets.has(y) ? [run(signs.joint, 'border'), ...row.slice(1)] : row));
}
