/** What the operator's keys do. */
import type { DashboardKey } from './keys.ts';
import type { Stage } from './state.ts';

export interface OperatorState {
  readonly stage: Stage;
  readonly help: boolean;
}

/** What else a key does. `page` and `entries` go up, or down where they are negative. */
export type Action =
  | { readonly kind: 'none' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'redraw' }
  | { readonly kind: 'scroll'; readonly entries: number }
  | { readonly kind: 'page'; readonly direction: 'up' | 'down' };

export interface Step extends OperatorState {
  readonly action: Action;
}

const NONE: Action = { kind: 'none' };

/** A server is stopped by Ctrl-C alone, twice: a text that is pasted by mistake holds none. */
export function press({ stage, help }: OperatorState, key: DashboardKey): Step {
  const asksToStop = key === 'stop' || key === 'quit';
  switch (stage.kind) {
    case 'asking': {
      if (key === 'stop') return { stage: { kind: 'running' }, help, action: { kind: 'stop' } };
      // Whatever it means else, it is meant as no.
      return { stage: { kind: 'running' }, help, action: NONE };
    }
    case 'stopping':
      if (key === 'stop') return { stage, help, action: { kind: 'stop' } };
      break;
    case 'running':
      if (asksToStop) return { stage: { kind: 'asking' }, help: false, action: NONE };
  }
  if (help) return { stage, help: false, action: NONE };
  return key === 'help' ? { stage, help: true, action: NONE } : { stage, help, action: actionOf(key) };
}

function actionOf(key: DashboardKey): Action {
  switch (key) {
    case 'redraw':
      return { kind: 'redraw' };
    case 'up':
      return { kind: 'scroll', entries: 1 };
    case 'down':
      return { kind: 'scroll', entries: -1 };
    case 'oldest':
      return { kind: 'scroll', entries: Infinity };
    case 'newest':
      return { kind: 'scroll', entries: -Infinity };
    case 'page-up':
      return { kind: 'page', direction: 'up' };
    case 'page-down':
      return { kind: 'page', direction: 'down' };
    case 'stop':
    case 'quit':
    case 'help':
    case 'other':
      return NONE;
  }
}
