/** What the full screen lays over the room, as lines. */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { clockTime, dayOf } from '../../base/text/time.ts';
import type { Search } from '../core/search-state.ts';
import type { State } from '../core/state.ts';

/** Digits of a safety number that are read as one. */
const GROUP = 5;

export function overlayLines(state: State): string[] {
  const { overlay } = state;
  switch (overlay?.kind) {
    case undefined:
    case 'prefix':
    case 'keys':
    // Told as it comes.
    case 'search':
      return [];
    case 'palette':
      return ['/go NAME goes to a chat, /tabs lists them'];
    case 'verify': {
      const { person, digits } = overlay;
      const groups = digits.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? [];
      return [
        `Safety number of you and ${person}. Read it to each other, in person or by phone:`,
        groups.join(' '),
        'If it is the same on both sides, write v. If it differs, write n. To leave it for later, write later.',
      ];
    }
  }
}

/** Hits that weren't told yet, with their numbers. */
export function searchLines(search: Search, from: number): string[] {
  return search.hits
    .slice(from)
    .map(
      ({ time, room, from: author, text }, index) =>
        `hit ${from + index + 1}: ${dayOf(time)} ${clockTime(time)} ${room} ${author}: ${sanitizeLine(text)}`,
    );
}

/** What a search has come to; undefined while it goes on. */
export function searchEnd({ status, hits, before, words }: Search): string | undefined {
  const about = sanitizeLine(words);
  switch (status.kind) {
    case 'asking':
      return undefined;
    case 'failed':
      return `the search for ${about} failed: ${sanitizeLine(status.text)}`;
    case 'idle':
      if (hits.length === 0) return `nothing was found for ${about}`;
      return before === undefined ? `that was all for ${about}` : `there is more: write /more`;
  }
}
