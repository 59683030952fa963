/** Commands that ask for a secret take none from the line, where it would be seen. */
import { err } from '../../base/result.ts';
import { EMPTY_LINE } from '../core/input-line.ts';
import type { Context, Outcome } from './command.ts';

export const NOT_IN_LINE = 'what you wrote behind the command was to be seen, and is gone from the line';

/** What stands in the line may be the secret: it goes into no history, and nothing brings it back. */
export function wipe({ tab }: Context): Outcome {
  tab.draft = EMPTY_LINE;
  tab.inner.browse = undefined;
  return err(NOT_IN_LINE);
}
