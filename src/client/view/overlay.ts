/** What lies over the room, if something does. */
import type { UnixMs } from '../../base/ids.ts';
import { keyFor } from '../core/lookup.ts';
import type { State } from '../core/state.ts';
import { keysOverlay, prefixOverlay } from './keys-overlay.ts';
import { type OverRows, paletteRows } from './palette.ts';
import { searchRows } from './search-list.ts';
import type { Signs } from './signs.ts';
import { verifyOverlay } from './verify-overlay.ts';

/** Exactly `height` rows of exactly `width` cells; undefined: nothing. */
export function overlayRows(
  state: State,
  now: UnixMs,
  width: number,
  height: number,
  signs: Signs,
): OverRows | undefined {
  const { overlay } = state;
  switch (overlay?.kind) {
    case undefined:
      return undefined;
    case 'keys':
      return { rows: keysOverlay(state, overlay.page ?? 0, width, height, signs) };
    case 'prefix':
      return { rows: prefixOverlay(state, width, height) };
    case 'verify':
      return { rows: verifyOverlay(overlay, width, height, keyFor(state, 'cancel')) };
    case 'search':
      return state.search === undefined
        ? undefined
        : { rows: searchRows(state, state.search, width, height, { now, signs }) };
    case 'palette':
      return paletteRows(state, overlay, width, height, { now, signs });
  }
}
