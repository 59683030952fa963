/**
 * How long things take on links. A mesh has one timer for everything; it counts how often it has looked, so that a program
 * that was stopped itself, or whose machine has slept, blames nobody for it.
 */
import { AWAY_AFTER_MS, LINK_DEAD_MS, LINK_PING_MS } from '../limits.ts';

/** All in milliseconds. */
export interface Timings {
  /** Between two looks at all links: everything below is rounded up to it. */
  readonly look: number;
  readonly ping: number;
  readonly dead: number;
  /** For each of: to reach somebody, at whichever address; and to tell each other who one is. */
  readonly greet: number;
  /** Until the next address is tried, too, while one doesn't answer. */
  readonly stagger: number;
  /** The higher of two lets the lower dial; after this time it dials itself: a firewall may allow only one way. */
  readonly higherWaits: number;
  /** After the first failure; then twice as long each time … */
  readonly pause: number;
  /** … up to this. */
  readonly longestPause: number;
  /** Without an announcement, after which nobody is said to be heard. */
  readonly forget: number;
}

export const TIMINGS: Timings = {
  look: 500,
  ping: LINK_PING_MS,
  dead: LINK_DEAD_MS,
  greet: 3000,
  stagger: 250,
  higherWaits: 2000,
  pause: 2000,
  longestPause: 60_000,
  forget: AWAY_AFTER_MS,
};

/** Milliseconds as a number of looks. */
export const looks = (ms: number, { look }: Timings): number => Math.ceil(ms / look);
