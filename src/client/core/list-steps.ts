/** How far an action moves in a list: of people, themes, hits. */
import type { Action } from '../keys/action.ts';

/** Further than any list goes: to its end. */
const END = 100_000;

type Steps = Readonly<Partial<Record<Action['kind'], number>>>;

/** @param page rows that PgUp and PgDn pass over. @returns rows by action; those that don't move aren't named. */
export const listSteps = (page: number): Steps => ({
  historyPrevious: -1,
  historyNext: 1,
  pageUp: -page,
  pageDown: page,
  top: -END,
  bottom: END,
});

/** Of the keys of the line, only its ends lead anywhere. */
export function stepIn(steps: Steps, action: Action): number | undefined {
  if (action.kind !== 'edit') return steps[action.kind];
  return action.edit === 'lineStart' ? -END : action.edit === 'lineEnd' ? END : undefined;
}
