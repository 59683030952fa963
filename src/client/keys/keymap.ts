/**
 * The one table of what keys can do: a name for `config.toml`, words for the page of keys (F1), and the keys that it has
 * where nobody has chosen others. What they are in this program is the `Keymap` made of it.
 */
import type { Action, EditAction } from './action.ts';

export type KeyGroup = 'tabs' | 'panes' | 'log' | 'message' | 'line' | 'program';

export const KEY_GROUPS: Readonly<Record<KeyGroup, string>> = {
  tabs: 'Tabs',
  panes: 'Panes',
  log: 'Reading',
  message: 'Writing',
  line: 'The line',
  program: 'The program',
};

export interface Binding {
  readonly group: KeyGroup;
  /** As `config.toml` calls it. */
  readonly name: string;
  /** What it does. Neighbours with the same words are one line of the page of keys. */
  readonly words: string;
  readonly action: Action;
  /** As the decoder spells them; the first is the one that hints name. */
  readonly keys: readonly string[];
  /** After the prefix: the same, or a character that is typed. */
  readonly after: readonly string[];
  /** After the prefix it may be pressed again and again, as long as one doesn't stop. */
  readonly repeats: boolean;
}

/** The prefix itself, among the keys that follow it. */
export const PREFIX = 'prefix';
/** tmux's is ctrl-b, screen's ctrl-a. */
export const DEFAULT_PREFIX = 'ctrl-]';

const list = (keys: string): readonly string[] => keys.split(' ').filter((key) => key !== '');

/** @param keys separated by blanks; @param after the keys after the prefix. */
const bind = (group: KeyGroup, name: string, words: string, action: Action, keys: string, after = ''): Binding => ({
  group,
  name,
  words,
  action,
  keys: list(keys),
  after: list(after),
  repeats: false,
});

const line = (name: string, words: string, edit: EditAction, keys: string): Binding =>
  bind('line', name, words, { kind: 'edit', edit }, keys);

/** Alt-1 … Alt-9 and Alt-0, which is the tenth. */
const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((number) =>
  bind(
    'tabs',
    `tab-${number}`,
    'tab with that number',
    { kind: 'goTo', number },
    `alt-${number % 10}`,
    `${number % 10}`,
  ),
);

const TABS: readonly Binding[] = [
  bind('tabs', 'go-to', 'find a chat or a person', { kind: 'palette', find: 'all' }, 'ctrl-k', "w '"),
  ...NUMBERS,
  bind('tabs', 'next-tab', 'next tab', { kind: 'nextTab' }, 'ctrl-n alt-right alt-down', 'n'),
  bind('tabs', 'previous-tab', 'previous tab', { kind: 'previousTab' }, 'ctrl-p alt-left alt-up', 'p'),
  bind('tabs', 'last-tab', 'the tab you came from', { kind: 'lastTab' }, '', 'l'),
  bind('tabs', 'next-activity', 'next tab with news', { kind: 'nextActivity' }, 'alt-a'),
  bind('tabs', 'private-chat', 'private chat', { kind: 'privateChat' }, 'alt-p'),
  bind('tabs', 'new-chat', 'a new room or chat', { kind: 'palette', find: 'new' }, '', 'c'),
  bind('tabs', 'move-tab', 'move the tab', { kind: 'palette', find: 'commands', text: '/move ' }, '', '.'),
  // The lobby is always the first.
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10].map((number) =>
    bind('tabs', `move-tab-${number}`, 'move the tab to that number', { kind: 'moveTab', number }, ''),
  ),
  bind('tabs', 'close-tab', 'close the tab, leave', { kind: 'command', line: '/leave' }, '', '&'),
];

/** As in tmux: by one cell, and by more at once. */
const RESIZED = [
  { by: 'ctrl', cells: 1, name: '', words: 'resize the pane' },
  { by: 'alt', cells: 5, name: '-more', words: 'resize it by five' },
] as const;
const DIRECTIONS = ['left', 'right', 'up', 'down'] as const;

const PANES: readonly Binding[] = [
  bind('panes', 'split-right', 'split side by side', { kind: 'splitPane', side: 'right' }, '', '%'),
  bind('panes', 'split-below', 'split, one above another', { kind: 'splitPane', side: 'below' }, '', '"'),
  ...DIRECTIONS.map((to) => bind('panes', `pane-${to}`, 'the pane on that side', { kind: 'focusPane', to }, '', to)),
  bind('panes', 'next-pane', 'next pane', { kind: 'focusPane', to: 'next' }, '', `o ${PREFIX}`),
  bind('panes', 'last-pane', 'the pane you came from', { kind: 'focusPane', to: 'last' }, '', ';'),
  bind('panes', 'swap-pane-back', 'swap with previous, next', { kind: 'swapPane', to: 'previous' }, '', '{'),
  bind('panes', 'swap-pane', 'swap with previous, next', { kind: 'swapPane', to: 'next' }, '', '}'),
  ...[['left', 'H'] as const, ['right', 'L'] as const, ['up', 'K'] as const, ['down', 'J'] as const].map(([to, key]) =>
    bind('panes', `move-pane-${to}`, 'the pane to that edge', { kind: 'movePane', to }, '', key),
  ),
  ...RESIZED.flatMap(({ by, cells, name, words }) =>
    DIRECTIONS.map((to) => ({
      ...bind('panes', `resize-${to}${name}`, words, { kind: 'resizePane', to, cells }, '', `${by}-${to}`),
      repeats: true,
    })),
  ),
  bind('panes', 'even-panes', 'all panes the same size', { kind: 'evenPanes' }, '', 'space'),
  bind('panes', 'zoom-pane', 'zoom the pane, and back', { kind: 'zoomPane' }, '', 'z'),
  bind('panes', 'only-pane', 'only this pane', { kind: 'onlyPane' }, '', '!'),
  bind('panes', 'close-pane', 'close the pane', { kind: 'closePane' }, '', 'x'),
];

const LOG: readonly Binding[] = [
  bind('log', 'page-up', 'older messages', { kind: 'pageUp' }, 'pageup', 'pageup'),
  bind('log', 'page-down', 'newer messages', { kind: 'pageDown' }, 'pagedown'),
  bind('log', 'oldest', 'the oldest', { kind: 'top' }, 'alt-home ctrl-home'),
  bind('log', 'newest', 'the newest', { kind: 'bottom' }, 'alt-end ctrl-end'),
  bind('log', 'first-unread', 'first unread', { kind: 'firstUnread' }, 'alt-u'),
  bind('log', 'search', 'search what was said', { kind: 'palette', find: 'commands', text: '/search ' }, 'alt-s'),
  bind('log', 'pick-message', 'answer, react, correct', { kind: 'pickMessage' }, 'alt-m', '['),
];

const MESSAGE: readonly Binding[] = [
  bind('message', 'send', 'send', { kind: 'submit' }, 'enter'),
  bind('message', 'new-line', 'new line', { kind: 'edit', edit: 'newline' }, 'alt-enter ctrl-j'),
  bind('message', 'complete', 'complete the word', { kind: 'complete', back: false }, 'tab'),
  bind('message', 'complete-back', 'the candidate before', { kind: 'complete', back: true }, 'shift-tab'),
  bind('message', 'history-previous', 'what you wrote before', { kind: 'historyPrevious' }, 'up'),
  bind('message', 'history-next', 'what you wrote before', { kind: 'historyNext' }, 'down'),
  bind('message', 'find-sent', 'find what you wrote', { kind: 'searchInput', newer: false }, 'ctrl-r'),
  bind('message', 'find-sent-newer', 'find what you wrote', { kind: 'searchInput', newer: true }, 'ctrl-s'),
  bind('message', 'editor', 'write in your editor', { kind: 'editor' }, 'alt-e'),
];

const LINE: readonly Binding[] = [
  line('line-start', 'start, end of line', 'lineStart', 'ctrl-a home'),
  line('line-end', 'start, end of line', 'lineEnd', 'ctrl-e end'),
  line('left', 'by a character', 'left', 'left ctrl-b'),
  line('right', 'by a character', 'right', 'right ctrl-f'),
  line('word-left', 'by a word', 'wordLeft', 'alt-b ctrl-left'),
  line('word-right', 'by a word', 'wordRight', 'alt-f ctrl-right'),
  line('cut-to-blank', 'cut back to a blank', 'killBlankWordBack', 'ctrl-w'),
  line('cut-word-back', 'cut the word before', 'killWordBack', 'alt-backspace ctrl-alt-h'),
  line('cut-word', 'cut the word after', 'killWordForward', 'alt-d'),
  line('cut-to-start', 'cut to the start', 'killToStart', 'ctrl-u'),
  line('cut-to-end', 'cut to the end', 'killToEnd', 'alt-k'),
  line('paste-cut', 'paste what was cut', 'yank', 'ctrl-y'),
  line('paste-older', 'an older cut', 'yankPop', 'alt-y'),
  line('swap', 'swap two characters', 'transpose', 'ctrl-t'),
  line('undo', 'undo, redo', 'undo', 'ctrl-_'),
  line('redo', 'undo, redo', 'redo', 'alt-_'),
  line('delete-back', 'delete a character', 'deleteBack', 'backspace ctrl-h'),
  line('delete', 'delete a character', 'deleteForward', 'delete'),
];

const PROGRAM: readonly Binding[] = [
  bind('program', 'keys', 'these keys', { kind: 'help' }, 'f1', '?'),
  bind('program', 'command-line', 'a command line', { kind: 'palette', find: 'commands' }, '', ':'),
  bind('program', 'people-list', 'list of people on or off', { kind: 'toggleList' }, 'f7'),
  bind('program', 'bare-view', 'only the text, to copy it', { kind: 'bareView' }, 'alt-l'),
  bind('program', 'redraw', 'draw again', { kind: 'redraw' }, 'ctrl-l', 'r'),
  bind('program', 'cancel', 'close, or back to the newest', { kind: 'cancel' }, 'escape'),
  bind('program', 'cancel-restore', 'the same, the line as it was', { kind: 'cancel', restore: true }, 'ctrl-g'),
  bind('program', 'suspend', 'stop; fg comes back', { kind: 'suspend' }, 'ctrl-z', 'ctrl-z'),
  bind('program', 'delete-or-quit', 'delete; quit if empty', { kind: 'deleteOrQuit' }, 'ctrl-d'),
  bind('program', 'quit', 'quit', { kind: 'quit' }, 'ctrl-c'),
];

/** Everything that a key can do, in the order of the page of keys. */
export const KEYMAP: readonly Binding[] = [...TABS, ...PANES, ...LOG, ...MESSAGE, ...LINE, ...PROGRAM];
