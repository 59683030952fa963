/** Why the server has ended the connection, where it is tried again by itself: one short line for a status bar. */
import { longDuration } from '../../base/duration.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { DEAD_AFTER_MS } from '../../protocol/limits.ts';

/** The server speaks of a client; whoever reads this sits in front of it. */
const OURS: ReadonlyMap<string, string> = new Map([
  ['too_slow', 'cut off, as this program had stopped reading'],
  ['dead', `cut off, as this program was not heard for ${longDuration(DEAD_AFTER_MS)}`],
]);

export const cutOffWords = (code: string, text: string): string =>
  OURS.get(code) ?? (sanitizeLine(text).replace(/[.\s]+$/, '') || code);
