/** What a person does with the panes: they are split, moved, resized; the keyboard goes from one to another. */
import type { Action, PaneDirection } from '../../keys/action.ts';
import { type PaneLayout, paneArea, paneLayout } from '../../view/pane-layout.ts';
import { isAsking } from '../asking.ts';
import { hint } from '../lookup.ts';
import type { State, Tab } from '../state.ts';
import { arrange, borderAt, LEAST, movedSizes, panesBeside } from './arrange.ts';
import { bringTo, dropPane, setTree } from './front.ts';
import { hiddenTabs, layoutChanged, remember } from './panes.ts';
import {
  evenOut,
  leaf,
  movePane as moved,
  type PaneId,
  paneIds,
  splitAround,
  splitPane as splitTree,
  swapPanes,
  withShares,
} from './tree.ts';

/** Panes on a screen: each is drawn with every frame, and more than these nobody reads. */
export const MAX_PANES = 20;

export type PaneAction = Extract<
  Action,
  {
    kind:
      | 'splitPane'
      | 'focusPane'
      | 'swapPane'
      | 'movePane'
      | 'resizePane'
      | 'zoomPane'
      | 'closePane'
      | 'onlyPane'
      | 'evenPanes';
  }
>;

export function actOnPanes(state: State, action: PaneAction): void {
  switch (action.kind) {
    case 'splitPane':
      return splitPane(state, action.side);
    case 'focusPane':
      return focusPane(state, action.to);
    case 'swapPane':
      return swapPane(state, action.to);
    case 'movePane':
      return movePane(state, action.to);
    case 'resizePane':
      return resizePane(state, action.to, action.cells);
    case 'zoomPane':
      return zoomPane(state);
    case 'closePane':
      return closePane(state);
    case 'onlyPane':
      return onlyPane(state);
    case 'evenPanes':
      return evenPanes(state);
  }
}

function isAlone({ panes: { tree } }: State): boolean {
  return tree.kind === 'pane';
}

const ALONE = 'there is one pane: split it first';

/** Whether there is more than one; it is said where there isn't. */
function areSeveral(state: State): boolean {
  if (isAlone(state)) hint(state, ALONE);
  return !isAlone(state);
}

/** The next tab that no pane shows: where somebody asks or speaks to us, else with something unread, else by its number. */
function nextHidden(state: State): Tab | undefined {
  const hidden = new Set(hiddenTabs(state));
  const { tabs, active } = state;
  const inTurn = [...tabs.slice(active + 1), ...tabs.slice(0, active)].filter((tab) => hidden.has(tab));
  return (
    inTurn.find(isAsking) ?? inTurn.find((tab) => tab.mentioned) ?? inTurn.find((tab) => tab.unread > 0) ?? inTurn[0]
  );
}

/** The new pane has the keyboard. */
export function splitPane(state: State, side: 'right' | 'below'): void {
  const { panes } = state;
  const ids = paneIds(panes.tree);
  const tab = nextHidden(state);
  if (tab === undefined) {
    hint(state, 'every chat is on the screen already: /join #room or /msg name opens another');
    return;
  }
  if (ids.length >= MAX_PANES) {
    hint(state, `${MAX_PANES} panes are open: close one first`);
    return;
  }
  const added = Math.max(...ids) + 1;
  const tree = splitTree(panes.tree, panes.focused, added, side === 'right' ? 'across' : 'down');
  if (arrange(tree, paneArea(state)) === undefined) {
    hint(state, `no room here for another pane: each needs ${LEAST.width} columns and ${LEAST.height} rows`);
    return;
  }
  setTree(state, tree);
  panes.shows.set(added, tab);
  panes.zoomed = false;
  bringTo(state, added);
}

/** From a pane that has all of the screen, too: then the others come back. */
function focusPane(state: State, to: PaneDirection | 'next' | 'last'): void {
  const { panes } = state;
  if (!areSeveral(state)) return;
  panes.zoomed = false;
  const id = paneTowards(state, to);
  if (id === undefined) hint(state, 'there is no pane on that side');
  else bringTo(state, id);
}

function paneTowards(state: State, to: PaneDirection | 'next' | 'last'): PaneId | undefined {
  const { tree, focused, recent } = state.panes;
  const ids = paneIds(tree);
  if (to === 'next') return ids[(ids.indexOf(focused) + 1) % ids.length];
  if (to === 'last') return recent.find((id) => id !== focused);
  // Where they have no room, they lie as they would if they had.
  const layout = paneLayout(state) ?? arrange(tree, { x: 0, y: 0, ...ROOMY });
  const beside = layout === undefined ? [] : panesBeside(layout, focused, to);
  return recent.find((id) => beside.includes(id));
}

/** Cells that any tree of panes fits in. */
const ROOMY = { width: 10_000, height: 10_000 } as const;

function swapPane(state: State, to: 'next' | 'previous'): void {
  const { tree, focused } = state.panes;
  if (!areSeveral(state)) return;
  const ids = paneIds(tree);
  const other = ids.at((ids.indexOf(focused) + (to === 'next' ? 1 : -1)) % ids.length);
  if (other !== undefined) setTree(state, swapPanes(tree, focused, other));
}

function movePane(state: State, to: PaneDirection): void {
  const { tree, focused } = state.panes;
  if (!areSeveral(state)) return;
  const axis = to === 'left' || to === 'right' ? 'across' : 'down';
  const made = moved(tree, focused, axis, to === 'left' || to === 'up' ? 'first' : 'last');
  if (paneLayout(state) !== undefined && arrange(made, paneArea(state)) === undefined) {
    hint(state, 'there is no room for the panes in that order');
    return;
  }
  setTree(state, made);
}

/** The border on its right, or below it, moves; of the last pane in a row the one before it. */
function resizePane(state: State, to: PaneDirection, cells: number): void {
  const { tree, focused } = state.panes;
  if (!areSeveral(state)) return;
  const layout = paneLayout(state);
  if (layout === undefined) {
    hint(state, 'one pane has the whole screen: there is no border to move');
    return;
  }
  const around = splitAround(tree, focused, to === 'left' || to === 'right' ? 'across' : 'down');
  const sizes = around === undefined ? undefined : layout.sizes.get(around.split);
  if (around === undefined || sizes === undefined) {
    hint(state, 'there is no border on that side');
    return;
  }
  const index = Math.min(around.index, around.split.parts.length - 2);
  const by = to === 'right' || to === 'down' ? cells : -cells;
  const moved = movedSizes(sizes, around.split, index, by);
  if (moved.every((size, i) => size === sizes[i])) {
    const least = around.split.axis === 'across' ? `${LEAST.width} columns` : `${LEAST.height} rows`;
    hint(state, `the border goes no further: a pane has at least ${least}`);
    return;
  }
  setTree(state, withShares(tree, around.split, moved));
}

function zoomPane(state: State): void {
  if (!areSeveral(state)) return;
  state.panes.zoomed = !state.panes.zoomed;
}

/** The pane, not the tab. */
function closePane(state: State): void {
  if (isAlone(state)) hint(state, 'there is one pane: /leave closes its tab');
  else dropPane(state, state.panes.focused);
}

function onlyPane(state: State): void {
  const { panes } = state;
  if (!areSeveral(state)) return;
  panes.shows.clear();
  panes.zoomed = false;
  setTree(state, leaf(panes.focused));
  remember(state);
}

function evenPanes(state: State): void {
  if (areSeveral(state)) setTree(state, evenOut(state.panes.tree));
}

/** The mouse takes hold of a border. @returns false where there is none. */
export function holdBorder(state: State, layout: PaneLayout, x: number, y: number): boolean {
  const border = borderAt(layout, x, y);
  const sizes = border === undefined ? undefined : layout.sizes.get(border.split);
  if (border === undefined || sizes === undefined) return false;
  const { split, index } = border;
  state.inner.drag = { tree: state.panes.tree, split, index, sizes, from: split.axis === 'across' ? x : y };
  return true;
}

/** From where it was taken, so that a border that has pushed others gives their room back when it returns. */
export function dragBorder(state: State, x: number, y: number): void {
  const { drag } = state.inner;
  if (drag === undefined) return;
  const { split, index, sizes, from, tree } = drag;
  const by = (split.axis === 'across' ? x : y) - from;
  state.panes.tree = withShares(tree, split, movedSizes(sizes, split, index, by));
  layoutChanged(state);
}
