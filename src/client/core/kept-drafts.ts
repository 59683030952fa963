/** Drafts in what is kept for the next start. */
import { type Infer, list, object, text } from '../../protocol/schema.ts';

/** Rooms whose drafts are kept; beyond it those that were kept first are forgotten. */
const MAX_DRAFTS = 50;
/** UTF-16 units of all of them: twice the longest. */
const MAX_DRAFT_UNITS = 2 * 65_536;
/** Bytes of the longest draft: three for each UTF-16 unit that a line holds. */
const MAX_DRAFT_BYTES = 3 * 65_536;
/** Bytes of a tab's name, with its sign. */
const MAX_TAB_BYTES = 64;

/** The one that was written last at the end. */
export const DRAFTS = list(object({ tab: text(1, MAX_TAB_BYTES), text: text(1, MAX_DRAFT_BYTES) }), MAX_DRAFTS);

type Drafts = Infer<typeof DRAFTS>;

/** With other texts for some tabs; an empty one is none. */
export function withDrafts(drafts: Drafts, changed: ReadonlyMap<string, string>): Drafts {
  const fresh = [...changed].filter(([, draft]) => draft !== '').map(([tab, draft]) => ({ tab, text: draft }));
  const all = [...drafts.filter(({ tab }) => !changed.has(tab)), ...fresh].slice(-MAX_DRAFTS);
  let units = all.reduce((sum, one) => sum + one.text.length, 0);
  while (units > MAX_DRAFT_UNITS) units -= all.shift()?.text.length ?? units;
  return all;
}
