/** What the operator's keys do. */
import type { LineKey } from './command-line.ts';
import type { DashboardKey } from './keys.ts';
import type { Pane } from './layout.ts';
import type { Stage } from './state.ts';

export interface OperatorState {
  readonly stage: Stage;
  /** The page of the help that is shown; 0: none. */
  readonly help: number;
  /** What stands on the line for commands; `none`: there is no such line. */
  readonly line: 'none' | 'empty' | 'text';
}

/** What else a key does. `page` and `entries` go up, or down where they are negative; `kinds` is the log's filter. */
export type Action =
  | { readonly kind: 'none' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'redraw' }
  | { readonly kind: 'look'; readonly pane: Pane }
  | { readonly kind: 'sort' }
  | { readonly kind: 'kinds' }
  | { readonly kind: 'scroll'; readonly entries: number }
  | { readonly kind: 'page'; readonly direction: 'up' | 'down' }
  | { readonly kind: 'line'; readonly key: LineKey };

export interface Step {
  readonly stage: Stage;
  /** May be one more than there are: then it is closed. */
  readonly help: number;
  readonly action: Action;
}

const NONE: Action = { kind: 'none' };
const ASKING: Stage = { kind: 'asking' };
const RUNNING: Stage = { kind: 'running' };

/** A server is stopped by Ctrl-C alone, twice: a text that is pasted by mistake holds none. */
export function press({ stage, help, line }: OperatorState, key: DashboardKey): Step {
  switch (stage.kind) {
    case 'asking':
      // Whatever another key means else, it is meant as no.
      return { stage: RUNNING, help, action: key === 'stop' ? { kind: 'stop' } : NONE };
    case 'stopping':
      if (key === 'stop') return { stage, help, action: { kind: 'stop' } };
      if (key === 'help') return { stage, help: help + 1, action: NONE };
      return help > 0 ? { stage, help: 0, action: NONE } : { stage, help, action: actionOf(key, 'none') };
    case 'running':
  }
  if (key === 'stop' && line === 'text') return { stage, help: 0, action: { kind: 'line', key: 'clear' } };
  if (key === 'stop' || (line === 'none' && isLetter(key, 'q'))) return { stage: ASKING, help: 0, action: NONE };
  if (key === 'help' || (help === 0 && line === 'none' && isLetter(key, '?')))
    return { stage, help: help + 1, action: NONE };
  if (help > 0) return { stage, help: 0, action: NONE };
  return { stage, help, action: actionOf(key, line) };
}

/** Where there is nothing to write on, some letters are keys. */
const isLetter = (key: DashboardKey, letter: string): boolean =>
  typeof key === 'object' && key.text.toLowerCase() === letter;

const scroll = (entries: number): Action => ({ kind: 'scroll', entries });

function actionOf(key: DashboardKey, line: OperatorState['line']): Action {
  const edit = (what: LineKey): Action => (line === 'none' ? NONE : { kind: 'line', key: what });
  if (typeof key === 'object') return edit(key);
  switch (key) {
    case 'redraw':
      return { kind: 'redraw' };
    case 'people':
    case 'rooms':
    case 'connections':
    case 'log':
      return { kind: 'look', pane: key };
    case 'sort':
    case 'kinds':
      return { kind: key };
    case 'page-up':
      return { kind: 'page', direction: 'up' };
    case 'page-down':
      return { kind: 'page', direction: 'down' };
    case 'up':
      return line === 'none' ? scroll(1) : edit(key);
    case 'down':
      return line === 'none' ? scroll(-1) : edit(key);
    case 'home':
      return line === 'text' ? edit('line-start') : scroll(Infinity);
    case 'end':
      return line === 'text' ? edit('line-end') : scroll(-Infinity);
    case 'left':
    case 'right':
    case 'word-left':
    case 'word-right':
    case 'line-start':
    case 'line-end':
    case 'delete-back':
    case 'delete-forward':
    case 'delete-word':
    case 'delete-word-forward':
    case 'delete-to-start':
    case 'delete-to-end':
    case 'paste-cut':
    case 'swap':
    case 'undo':
    case 'find-older':
    case 'complete':
    case 'enter':
      return edit(key);
    case 'stop':
    case 'help':
    case 'other':
      return NONE;
  }
}
