/** The one table of keys: the decoder's names on one side, actions on the other, and the words of the overlay (F1). */
import type { Action } from './action.ts';
import type { Key } from './key.ts';

export type KeyGroup = 'tabs' | 'log' | 'message' | 'line' | 'program';

export const KEY_GROUPS: Readonly<Record<KeyGroup, string>> = {
  tabs: 'Tabs',
  log: 'Reading',
  message: 'Writing',
  line: 'The line',
  program: 'The program',
};

export interface Binding {
  readonly group: KeyGroup;
  /** As the decoder spells them. */
  readonly keys: readonly string[];
  readonly action: Action;
  /** As people read it: `Alt-1…9`. */
  readonly label: string;
  /** What it does. Neighbours with one label are one line of the overlay; what goes without saying has no words. */
  readonly words: string;
}

const bind = (group: KeyGroup, keys: string, label: string, words: string, action: Action): Binding => ({
  group,
  keys: keys.split(' '),
  action,
  label,
  words,
});

/** Alt-1 … Alt-9 and Alt-0, which is the tenth. */
const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((number) =>
  bind('tabs', `alt-${number % 10}`, 'Alt-1 to 9', 'tab with that number', { kind: 'goTo', number }),
);

export const KEYMAP: readonly Binding[] = [
  ...NUMBERS,
  bind('tabs', 'ctrl-n alt-right alt-down', 'Ctrl-N  Alt-Right', 'next tab', { kind: 'nextTab' }),
  bind('tabs', 'ctrl-p alt-left alt-up', 'Ctrl-P  Alt-Left', 'previous tab', { kind: 'previousTab' }),
  bind('tabs', 'alt-a', 'Alt-A', 'next tab with news', { kind: 'nextActivity' }),
  bind('tabs', 'alt-p', 'Alt-P', 'private chat', { kind: 'privateChat' }),
  bind('log', 'pageup', 'PgUp', 'older messages', { kind: 'pageUp' }),
  bind('log', 'pagedown', 'PgDn', 'newer messages', { kind: 'pageDown' }),
  bind('log', 'alt-home ctrl-home', 'Alt-Home', 'the oldest', { kind: 'top' }),
  bind('log', 'alt-end ctrl-end', 'Alt-End', 'the newest', { kind: 'bottom' }),
  bind('log', 'alt-u', 'Alt-U', 'first unread', { kind: 'firstUnread' }),
  bind('message', 'enter ctrl-j', 'Enter', 'send', { kind: 'submit' }),
  bind('message', 'alt-enter', 'Alt-Enter', 'new line', { kind: 'edit', edit: 'newline' }),
  bind('message', 'tab', 'Tab', 'complete a name or command', { kind: 'complete', back: false }),
  bind('message', 'shift-tab', 'Shift-Tab', 'the candidate before', { kind: 'complete', back: true }),
  bind('message', 'up', 'Up  Down', 'what you wrote before', { kind: 'historyPrevious' }),
  bind('message', 'down', 'Up  Down', 'what you wrote before', { kind: 'historyNext' }),
  bind('line', 'ctrl-a home', 'Ctrl-A  Ctrl-E', 'start, end of line', { kind: 'edit', edit: 'lineStart' }),
  bind('line', 'ctrl-e end', 'Ctrl-A  Ctrl-E', 'start, end of line', { kind: 'edit', edit: 'lineEnd' }),
  bind('line', 'left ctrl-b', 'Left  Ctrl-B', '', { kind: 'edit', edit: 'left' }),
  bind('line', 'right ctrl-f', 'Right  Ctrl-F', '', { kind: 'edit', edit: 'right' }),
  bind('line', 'alt-b ctrl-left', 'Alt-B  Alt-F', 'word back, word on', { kind: 'edit', edit: 'wordLeft' }),
  bind('line', 'alt-f ctrl-right', 'Alt-B  Alt-F', 'word back, word on', { kind: 'edit', edit: 'wordRight' }),
  bind('line', 'ctrl-w', 'Ctrl-W', 'cut back to a blank', { kind: 'edit', edit: 'killBlankWordBack' }),
  bind('line', 'alt-backspace ctrl-alt-h', 'Alt-Backspace', 'cut the word before', {
    kind: 'edit',
    edit: 'killWordBack',
  }),
  bind('line', 'alt-d', 'Alt-D', 'cut the word after', { kind: 'edit', edit: 'killWordForward' }),
  bind('line', 'ctrl-u', 'Ctrl-U', 'cut to the start', { kind: 'edit', edit: 'killToStart' }),
  bind('line', 'ctrl-k', 'Ctrl-K', 'cut to the end', { kind: 'edit', edit: 'killToEnd' }),
  bind('line', 'ctrl-y', 'Ctrl-Y', 'paste what was cut', { kind: 'edit', edit: 'yank' }),
  bind('line', 'ctrl-t', 'Ctrl-T', 'swap two characters', { kind: 'edit', edit: 'transpose' }),
  bind('line', 'ctrl-_', 'Ctrl-_', 'undo', { kind: 'edit', edit: 'undo' }),
  bind('line', 'backspace ctrl-h', 'Backspace', '', { kind: 'edit', edit: 'deleteBack' }),
  bind('line', 'delete', 'Delete', '', { kind: 'edit', edit: 'deleteForward' }),
  bind('program', 'f1', 'F1', 'these keys', { kind: 'help' }),
  bind('program', 'f7', 'F7', 'list of people on or off', { kind: 'toggleList' }),
  bind('program', 'ctrl-l', 'Ctrl-L', 'draw again', { kind: 'redraw' }),
  bind('program', 'escape ctrl-g', 'Esc', 'close, or back to the newest', { kind: 'cancel' }),
  bind('program', 'ctrl-d', 'Ctrl-D', 'delete; quit if empty', { kind: 'deleteOrQuit' }),
  bind('program', 'ctrl-c', 'Ctrl-C', 'quit', { kind: 'quit' }),
];

const BY_NAME: ReadonlyMap<string, Action> = new Map(
  KEYMAP.flatMap(({ keys, action }) => keys.map((key): [string, Action] => [key, action])),
);

/** @returns undefined for a key that means nothing here. */
export function actionOf(key: Key): Action | undefined {
  switch (key.kind) {
    case 'text':
      return { kind: 'insert', text: key.text };
    case 'paste':
      return { kind: 'paste', text: key.text };
    case 'key':
      return BY_NAME.get(key.name);
  }
}
