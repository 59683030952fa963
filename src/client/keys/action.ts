/** What a key means. The keymap gives one of these; the core carries it out. */
export type EditAction =
  | 'left'
  | 'right'
  | 'wordLeft'
  | 'wordRight'
  | 'lineStart'
  | 'lineEnd'
  | 'deleteBack'
  | 'deleteForward'
  | 'killWordBack'
  /** Back to the blank before the word, as Ctrl-W does in a shell. */
  | 'killBlankWordBack'
  | 'killWordForward'
  | 'killToStart'
  | 'killToEnd'
  | 'yank'
  | 'transpose'
  | 'undo'
  | 'redo'
  /** Right after a yank: what was cut before it takes its place. */
  | 'yankPop'
  | 'newline';

export type PaneDirection = 'left' | 'right' | 'up' | 'down';

export type Action =
  | { readonly kind: 'insert'; readonly text: string }
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'edit'; readonly edit: EditAction }
  | { readonly kind: 'submit' }
  /** Ctrl-D: delete forward where there is text, quit where there is none. */
  | { readonly kind: 'deleteOrQuit' }
  | { readonly kind: 'historyPrevious' | 'historyNext' }
  /** Letters narrow what was written before; again: the next older one, or the next newer. */
  | { readonly kind: 'searchInput'; readonly newer: boolean }
  /** The draft in $VISUAL or $EDITOR. */
  | { readonly kind: 'editor' }
  | { readonly kind: 'complete'; readonly back: boolean }
  /** Window number as the tab bar counts: from 1. */
  | { readonly kind: 'goTo'; readonly number: number }
  | { readonly kind: 'nextTab' | 'previousTab' | 'nextActivity' }
  | { readonly kind: 'firstUnread' | 'pageUp' | 'pageDown' | 'top' | 'bottom' }
  /** With whoever the tab is for; elsewhere the list of people is walked. */
  | { readonly kind: 'privateChat' }
  /** The tab that was in front before this one. */
  | { readonly kind: 'lastTab' }
  /** Finds a tab, a room, a person, a command by a few letters; `find` says what the list holds, `text` is written already. */
  | { readonly kind: 'palette'; readonly find: 'all' | 'new' | 'commands'; readonly text?: string }
  /** A slash command, without a word in the input line. */
  | { readonly kind: 'command'; readonly line: string }
  /** The next key is looked up among those that follow the prefix. */
  | { readonly kind: 'prefix' }
  /** Back to the shell, until `fg`. */
  | { readonly kind: 'suspend' }
  | { readonly kind: 'toggleList' | 'redraw' | 'help' | 'quit' }
  /** `restore`: the line as it was, where something is looked for in its place. */
  | { readonly kind: 'cancel'; readonly restore?: true }
  /** Another pane on that side of this one, with a chat that no pane shows yet. */
  | { readonly kind: 'splitPane'; readonly side: 'right' | 'below' }
  | { readonly kind: 'focusPane'; readonly to: PaneDirection | 'next' | 'last' }
  /** The pane changes places with the one before or after it. */
  | { readonly kind: 'swapPane'; readonly to: 'next' | 'previous' }
  /** To that edge of the screen, along all of it. */
  | { readonly kind: 'movePane'; readonly to: PaneDirection }
  /** Its border moves by so many cells. */
  | { readonly kind: 'resizePane'; readonly to: PaneDirection; readonly cells: number }
  | { readonly kind: 'zoomPane' | 'closePane' | 'onlyPane' | 'evenPanes' }
  /** This tab gets that number, from 1. */
  | { readonly kind: 'moveTab'; readonly number: number }
  /** Only the text, for the terminal's own selection. */
  | { readonly kind: 'bareView' }
  /** Message mode: the keys walk the messages. */
  | { readonly kind: 'pickMessage' };
