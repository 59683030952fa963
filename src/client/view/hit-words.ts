/** What is said while one looks at a hit of a search in its log. */
import { keyFor } from '../core/lookup.ts';
import type { Search } from '../core/search-state.ts';
import type { State } from '../core/state.ts';

/** Of the line above the input, while one looks at a hit in its log; the longest first. */
export function hitWords(state: State, { hits, index, before, words }: Search): string[] {
  const count = `hit ${index + 1} of ${hits.length}${before === undefined ? '' : '+'}`;
  const [enter, escape] = [keyFor(state, 'send'), keyFor(state, 'cancel')];
  const keys = `n older  N newer  ${enter} the list`;
  return [
    `${count} for ${words}   ${keys}  ${escape} back to where you were`,
    `${count}   ${keys}  ${escape} back`,
    `${count}  n N  ${enter}  ${escape}`,
    count,
  ];
}
