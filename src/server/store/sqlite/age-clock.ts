/**
 * The clock by which messages grow old. It never goes back, and never runs ahead of the time that has passed: what would be
 * removed too early is gone for good, and what goes a day late harms nobody.
 *
 * While a server runs, it counts what passes on a clock that is never set. Time that only the wall clock speaks of (the
 * server did not run, the host slept, or somebody has set the clock) is doubted at first, and believed when a server has
 * run for a day since without the wall clock being put back. A wall clock that went back, as one does that begins in 1970
 * until the network has set it right, must make up for it before anything that it says counts again.
 */

/** Milliseconds that a server must run before a jump of the wall clock is believed: somebody may still notice. */
export const BELIEVED_AFTER_MS = 24 * 3600 * 1000;
/** Milliseconds by which the wall clock may be ahead at once and be believed: so it is set by the network while it runs. */
export const SLACK_MS = 2000;
/** Jumps that are doubted at a time: as of a server that is started each hour. Beyond, the oldest two are one. */
const MAX_DOUBTS = 24;

interface Doubt {
  /** Milliseconds. */
  readonly by: number;
  /** Milliseconds that a server must still run. */
  readonly left: number;
}

export interface AgeState {
  /** What this clock shows, in ms; the origin is that of Unix time, as far as it is believed. */
  readonly time: number;
  /** What the wall clock showed then, Unix ms. */
  readonly wall: number;
  /** Milliseconds that the wall clock has gone back and not made up for. */
  readonly behind: number;
  /** The oldest first. */
  readonly doubts: readonly Doubt[];
}

/** @param newest the time of the newest message, Unix ms: what lies between it and the wall clock is doubted. */
export function beginAge(wall: number, newest: number | undefined): AgeState {
  const ahead = newest === undefined ? 0 : wall - newest;
  if (newest === undefined || ahead <= SLACK_MS) return { time: wall, wall, behind: 0, doubts: [] };
  return { time: newest, wall, behind: 0, doubts: [{ by: ahead, left: BELIEVED_AFTER_MS }] };
}

/** @param passed milliseconds since `state`, on a clock that is never set; 0 where nobody has counted. */
export function advanceAge(state: AgeState, wall: number, passed: number): AgeState {
  let { time, behind } = state;
  let doubts = state.doubts.map(({ by, left }) => ({ by, left: left - passed }));
  time += passed;
  let ahead = wall - state.wall - passed;
  if (ahead < 0) {
    // Put back: what it said before was wrong, the last first.
    let back = -ahead;
    while (back > 0) {
      const last = doubts.pop();
      if (last === undefined) break;
      if (last.by > back) doubts.push({ ...last, by: last.by - back });
      back = Math.max(0, back - last.by);
    }
    behind += back;
    return { time, wall, behind, doubts };
  }
  const madeUp = Math.min(behind, ahead);
  behind -= madeUp;
  ahead -= madeUp;
  for (const { by, left } of doubts) if (left <= 0) time += by;
  doubts = doubts.filter(({ left }) => left > 0);
  if (ahead > SLACK_MS) doubts.push({ by: ahead, left: BELIEVED_AFTER_MS });
  else time += ahead;
  const [first, second, ...others] = doubts;
  if (doubts.length > MAX_DOUBTS && first !== undefined && second !== undefined)
    doubts = [{ by: first.by + second.by, left: second.left }, ...others];
  return { time, wall, behind, doubts };
}
