/** What the operator's keys do. */
import type { LineKey } from './command-line.ts';
import type { DashboardKey } from './keys.ts';
import type { Stage } from './state.ts';

export interface OperatorState {
  readonly stage: Stage;
  readonly help: boolean;
  /** What stands on the line for commands; `none`: there is no such line. */
  readonly line: 'none' | 'empty' | 'text';
}

/** What else a key does. `page` and `entries` go up, or down where they are negative. */
export type Action =
  | { readonly kind: 'none' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'redraw' }
  | { readonly kind: 'scroll'; readonly entries: number }
  | { readonly kind: 'page'; readonly direction: 'up' | 'down' }
  | { readonly kind: 'line'; readonly key: LineKey };

export interface Step {
  readonly stage: Stage;
  readonly help: boolean;
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
      if (help) return { stage, help: false, action: NONE };
      return key === 'help' ? { stage, help: true, action: NONE } : { stage, help, action: actionOf(key, 'none') };
    case 'running':
  }
  if (key === 'stop' && line === 'text') return { stage, help: false, action: { kind: 'line', key: 'clear' } };
  if (key === 'stop' || (line === 'none' && isLetter(key, 'q'))) return { stage: ASKING, help: false, action: NONE };
  if (help) return { stage, help: false, action: NONE };
  if (key === 'help' || (line === 'none' && isLetter(key, '?'))) return { stage, help: true, action: NONE };
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
    case 'delete-to-start':
    case 'delete-to-end':
    case 'complete':
    case 'enter':
      return edit(key);
    case 'stop':
    case 'help':
    case 'other':
      return NONE;
  }
}
