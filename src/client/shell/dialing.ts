/** Milliseconds until an attempt to connect counts as failed: a lost packet is sent again after 1, 3 and 7 s. */
export const DIAL_WITHIN_MS = 10_000;
/** What to do when a script reaches no server. */
export const NOBODY_THERE = 'start one with uchat --serve, or name another with --server';
