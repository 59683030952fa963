/**
 * The panes, the tabs and their order at the next start. What was kept is put back when the server lets us in for the first
 * time; rooms that a guest joins again find their panes as long as nobody has divided the screen in another way.
 */
import type { UserName } from '../../../base/ids.ts';
import { isGuest, parseRoom, USER_NAME } from '../../../protocol/names.ts';
import type { Effect, Env, Event } from '../event.ts';
import { activeTab, personTabOf, tabName } from '../lookup.ts';
import { keep } from '../memory.ts';
import { ask, isAsked } from '../requests.ts';
import type { State, Tab } from '../state.ts';
import { openPerson } from '../tabs.ts';
import { remember, tabOfPane } from './panes.ts';
import { MAX_KEPT, type SavedLayout, savedTree, treeFrom, withoutTab } from './saved.ts';
import { leaf, type PaneId, type PaneTree, paneIds, removePane } from './tree.ts';

/** Called after every event, so it costs nothing where nothing was changed. */
export function settleLayout(state: State, env: Env, event: Event): Effect[] {
  // What is kept is the full screen's; a pipe speaks where every program begins.
  if (state.lines) return [];
  const { inner } = state;
  const { layout } = inner;
  switch (layout.kind) {
    case 'waiting':
    case 'restoring':
      if (event.type === 'key' || event.type === 'click') inner.layout = { kind: layout.kind, typed: true };
      return state.self === undefined ? [] : restore(state, env, event, state.self.name);
    case 'changed':
      inner.layout = { kind: 'kept' };
      if (state.self !== undefined) keepFor(state, state.self.name);
      return [];
    case 'kept':
      return [];
  }
}

/** Whoever logs in under another name finds their own. */
function keepFor(state: State, name: UserName): void {
  const others = state.memory.layouts?.filter(({ of }) => of !== name) ?? [];
  keep(state, { layouts: [describe(state, name), ...others].slice(0, MAX_KEPT) });
}

function restore(state: State, env: Env, event: Event, name: UserName): Effect[] {
  const { inner } = state;
  const { layout } = inner;
  const saved = state.memory.layouts?.find(({ of }) => of === name);
  const isFirst = layout.kind === 'waiting';
  const effects = isFirst && saved !== undefined ? joinAgain(state, env, saved, name) : [];
  const hasCome = event.type === 'message' && event.message.type === 'room';
  if (saved !== undefined && (isFirst || hasCome)) {
    putBack(state, env, saved, 'typed' in layout);
  }
  const isOpen = isAsked(state, ({ kind }) => kind === 'join');
  inner.layout = isOpen ? { ...layout, kind: 'restoring' } : { kind: 'kept' };
  return effects;
}

/** A guest has left all rooms with the connection; the rooms of others are those that the server counts them in. */
function joinAgain(state: State, env: Env, { tabs }: SavedLayout, name: UserName): Effect[] {
  if (!isGuest(name)) return [];
  return tabs.flatMap((each) => {
    const room = each.startsWith('#') && tabCalled(state, each) === undefined ? parseRoom(each) : undefined;
    if (room?.ok !== true) return [];
    return ask(state, env, { type: 'join', room: room.value }, { kind: 'join', room: room.value, asked: false });
  });
}

/** What there was with somebody has been removed, and so their name is: until something is said again. */
export function forgetInLayouts(state: State, person: UserName): void {
  const tab = personTabOf(state, person);
  if (tab !== undefined) tab.inner.forgotten = true;
  const { layouts } = state.memory;
  if (layouts !== undefined) keep(state, { layouts: layouts.map((each) => withoutTab(each, person)) });
}

const isForgotten = ({ inner, log, pending }: Tab): boolean =>
  inner.forgotten && pending.length === 0 && log.entries.every(({ kind }) => kind !== 'message');

/** The local network's room comes with the network: to join it again would make one of its name on the server. */
const isKept = ({ beside }: State, tab: Tab): boolean =>
  tab.kind === 'room' ? tab.room !== beside?.room : tab.kind === 'person' && !isForgotten(tab);

/** A live chat leaves nothing on the disk, nor does whoever was forgotten, so its pane falls away. */
function describe(state: State, name: UserName): SavedLayout {
  const { tree } = state.panes;
  const names = new Map<PaneId, string>();
  let left: PaneTree | undefined = tree;
  for (const id of paneIds(tree)) {
    const tab = tabOfPane(state, id);
    if (tab !== undefined && isKept(state, tab)) names.set(id, tabName(tab));
    else if (left !== undefined) left = removePane(left, id);
  }
  const active = activeTab(state);
  return {
    of: name,
    tabs: state.tabs.filter((tab) => isKept(state, tab)).map(tabName),
    panes: left === undefined ? [] : savedTree(left, (id) => names.get(id) ?? ''),
    ...(isKept(state, active) ? { front: tabName(active) } : {}),
  };
}

/** @param stays the tab in front stays there: somebody writes in it. */
function putBack(state: State, env: Env, saved: SavedLayout, stays: boolean): void {
  for (const name of saved.tabs) {
    if (isPerson(name) && name !== state.self?.name) openPerson(state, env, name);
  }
  putInOrder(state, saved.tabs);
  divide(state, saved, (stays ? undefined : tabCalled(state, saved.front)) ?? activeTab(state));
}

const isPerson = (name: string): name is UserName => USER_NAME.test(name);

const tabCalled = (state: State, name: string | undefined): Tab | undefined =>
  state.tabs.find((tab) => tabName(tab) === name);

/** `#lobby` is the first of them in any case. */
function putInOrder(state: State, names: readonly string[]): void {
  const active = activeTab(state);
  const [lobby, ...others] = state.tabs;
  const places = new Map(names.map((name, index) => [name, index]));
  const place = (tab: Tab): number => places.get(tabName(tab)) ?? names.length;
  state.tabs = [...(lobby === undefined ? [] : [lobby]), ...others.toSorted((a, b) => place(a) - place(b))];
  state.active = state.tabs.indexOf(active);
}

function divide(state: State, saved: SavedLayout, front: Tab): void {
  const { panes } = state;
  const shown = new Map<PaneId, Tab>();
  const tree = treeFrom(saved.panes, (name) => {
    const tab = tabCalled(state, name);
    if (tab === undefined || [...shown.values()].includes(tab)) return undefined;
    shown.set(shown.size, tab);
    return shown.size - 1;
  });
  const paneWith = (tab: Tab | undefined): PaneId | undefined => [...shown].find(([, each]) => each === tab)?.[0];
  // What is in front and has no pane takes the place of what was.
  const focused = paneWith(front) ?? paneWith(tabCalled(state, saved.front)) ?? 0;
  panes.tree = tree ?? leaf(0);
  panes.focused = focused;
  panes.zoomed = false;
  panes.shows.clear();
  for (const [id, tab] of shown) if (id !== focused) panes.shows.set(id, tab);
  state.active = state.tabs.indexOf(front);
  remember(state);
}
