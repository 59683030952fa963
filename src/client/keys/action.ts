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
  | 'newline';

export type Action =
  | { readonly kind: 'insert'; readonly text: string }
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'edit'; readonly edit: EditAction }
  | { readonly kind: 'submit' }
  /** Ctrl-D: delete forward where there is text, quit where there is none. */
  | { readonly kind: 'deleteOrQuit' }
  | { readonly kind: 'historyPrevious' | 'historyNext' }
  | { readonly kind: 'complete'; readonly back: boolean }
  /** Window number as the tab bar counts: from 1. */
  | { readonly kind: 'goTo'; readonly number: number }
  | { readonly kind: 'nextTab' | 'previousTab' | 'nextActivity' | 'firstUnread' }
  | { readonly kind: 'pageUp' | 'pageDown' | 'top' | 'bottom' }
  /** With whoever the tab is for; elsewhere the list of people is walked. */
  | { readonly kind: 'privateChat' }
  | { readonly kind: 'toggleList' | 'redraw' | 'help' | 'cancel' | 'quit' };
