/** Where a search's words are to be marked. */
import { findWords } from '../../base/text/find-words.ts';
import type { Found, Search } from './search-state.ts';
import type { State, Tab } from './state.ts';

/** The message that one looks at where it stands, in this tab. */
export function hitIn({ search, overlay }: State, tab: Tab): Found | undefined {
  if (search?.shows !== 'hit' || overlay !== undefined || tab.kind !== 'room') return undefined;
  const hit = search.hits[search.index];
  return hit?.room === tab.room ? hit : undefined;
}

/** UTF-16 ranges of its words in a text. */
export const hitSpans = ({ sought }: Search, text: string): { start: number; end: number }[] => findWords(text, sought);
