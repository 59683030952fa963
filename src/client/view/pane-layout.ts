/** Where the panes lie on the screen, and whether there is room for them. */
import { type Arrangement, arrange, type Rect } from '../core/panes/arrange.ts';
import { depth, type PaneTree } from '../core/panes/tree.ts';
import type { State } from '../core/state.ts';

/** Columns below which the list of people gives its room to the text. */
const LIST_FROM = 60;
/**
 * Cells that the list leaves to every pane where all are as wide, or it isn't there: with fewer a pane has no room for
 * times, and the list is only of the pane that has the keyboard. How wide they are now doesn't count: a list that came and
 * went while a border moves would move the border, too.
 */
const BESIDE_LIST = 46;

/** Cells of the list with its border, where the screen is so wide; or 0. */
export function listWidthFor(columns: number): number {
  if (columns < LIST_FROM) return 0;
  if (columns < 72) return 16;
  if (columns < 100) return 18;
  return columns < 140 ? 22 : 28;
}

export interface PaneLayout extends Arrangement {
  /** Cells of the list at the right of all panes, with its border; or 0. */
  readonly listWidth: number;
}

/** Between the tab bar and the status bar. */
export const paneArea = ({ size: { columns, rows } }: Pick<State, 'size'>): Rect => ({
  x: 0,
  y: 1,
  width: columns,
  height: rows - 2,
});

interface Cached {
  readonly columns: number;
  readonly rows: number;
  readonly showList: boolean;
  readonly layout: PaneLayout | undefined;
}

/** The panes lie where they are until the tree or the screen changes, however often they are drawn. */
const cache = new WeakMap<PaneTree, Cached>();

/**
 * Undefined where one pane has the whole screen: there is only one, it is zoomed, something lies over all of them, or they
 * have no room beside each other.
 */
export function paneLayout({ panes: { tree, zoomed }, size, showList, overlay, bare }: State): PaneLayout | undefined {
  if (tree.kind === 'pane' || zoomed || overlay !== undefined || bare !== undefined) return undefined;
  const { columns, rows } = size;
  const cached = cache.get(tree);
  if (cached?.columns === columns && cached.rows === rows && cached.showList === showList) return cached.layout;
  const layout = layOut(tree, paneArea({ size }), showList);
  cache.set(tree, { columns, rows, showList, layout });
  return layout;
}

function layOut(tree: PaneTree, area: Rect, showList: boolean): PaneLayout | undefined {
  const listWidth = showList ? listWidthFor(area.width) : 0;
  const across = depth(tree, 'across');
  const isRoom = listWidth > 0 && area.width - listWidth >= across * (BESIDE_LIST + 1) - 1;
  const beside = isRoom ? arrange(tree, { ...area, width: area.width - listWidth }) : undefined;
  if (beside !== undefined) return { ...beside, listWidth };
  const alone = arrange(tree, area);
  return alone === undefined ? undefined : { ...alone, listWidth: 0 };
}
