import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AgeState,
  advanceAge,
  BELIEVED_AFTER_MS,
  beginAge,
  SLACK_MS,
} from '../../../src/server/store/sqlite/age-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const START = 1_790_000_000_000;

const fresh = (): AgeState => beginAge(START, undefined);
/** Both clocks go on alike, with a look each minute. */
function run(state: AgeState, ms: number): AgeState {
  let next = state;
  for (let left = ms; left > 0; left -= MINUTE) {
    const step = Math.min(left, MINUTE);
    next = advanceAge(next, next.wall + step, step);
  }
  return next;
}
/** The wall clock is set. */
const jump = (state: AgeState, by: number): AgeState => advanceAge(state, state.wall + by, 0);

describe('the clock of ages', () => {
  test('goes as the others go', () => {
    expect(run(fresh(), 3 * DAY)).toEqual({ time: START + 3 * DAY, wall: START + 3 * DAY, behind: 0, doubts: [] });
  });

  test('follows a wall clock that is set little by little', () => {
    let state = fresh();
    for (let i = 0; i < 1000; i++) state = advanceAge(state, state.wall + MINUTE + SLACK_MS, MINUTE);
    expect(state.time).toBe(state.wall);
  });

  test('does not follow one that jumps ahead, for a day', () => {
    const jumped = jump(run(fresh(), HOUR), YEAR);
    expect(jumped.time).toBe(START + HOUR);
    const later = run(jumped, BELIEVED_AFTER_MS - MINUTE);
    expect(later.time).toBe(START + HOUR + BELIEVED_AFTER_MS - MINUTE);
    expect(run(later, 2 * MINUTE).time).toBe(START + HOUR + BELIEVED_AFTER_MS + MINUTE + YEAR);
  });

  test('forgets a jump that is taken back', () => {
    const back = jump(run(jump(fresh(), 70 * YEAR), HOUR), -70 * YEAR);
    expect(back).toMatchObject({ time: START + HOUR, behind: 0, doubts: [] });
    expect(run(back, 10 * DAY).time).toBe(START + HOUR + 10 * DAY);
  });

  test('of several jumps takes back the last ones first', () => {
    const jumped = jump(jump(fresh(), HOUR), 10 * YEAR);
    expect(jump(jumped, -10 * YEAR - 20 * MINUTE).doubts).toEqual([{ by: 40 * MINUTE, left: DAY }]);
  });

  test('never goes back, and what a wall clock makes up for counts for nothing', () => {
    const back = jump(fresh(), -50 * YEAR);
    expect(back).toMatchObject({ time: START, behind: 50 * YEAR });
    const righted = jump(run(back, HOUR), 50 * YEAR);
    expect(righted).toMatchObject({ time: START + HOUR, behind: 0, doubts: [] });
    expect(run(righted, 3 * DAY).time).toBe(START + HOUR + 3 * DAY);
  });

  test('counts the time while nobody counted, a day later', () => {
    const stopped = advanceAge(run(fresh(), HOUR), START + 10 * DAY, 0);
    expect(stopped.time).toBe(START + HOUR);
    expect(run(stopped, DAY + MINUTE).time).toBe(START + 11 * DAY + MINUTE);
  });

  test('of a host that is off every night is at most a day behind', () => {
    let state = fresh();
    for (let day = 0; day < 30; day++) state = advanceAge(run(state, 8 * HOUR), state.wall + 24 * HOUR, 0);
    expect(state.wall - state.time).toBeLessThanOrEqual(2 * DAY);
  });

  test('holds no more doubts than may be, and loses no time', () => {
    let state = fresh();
    for (let i = 0; i < 200; i++) state = jump(state, MINUTE);
    expect(state.doubts.length).toBeLessThanOrEqual(24);
    expect(run(state, 2 * DAY).time).toBe(START + 200 * MINUTE + 2 * DAY);
  });

  test('begins at the newest message, for the wall clock may be wrong from the start', () => {
    expect(beginAge(START, START - YEAR)).toEqual({
      time: START - YEAR,
      wall: START,
      behind: 0,
      doubts: [{ by: YEAR, left: DAY }],
    });
    // Messages that come from later than now say nothing.
    expect(beginAge(START, START + YEAR)).toMatchObject({ time: START, doubts: [] });
  });

  test('whatever the wall clock does in a day, never runs ahead of what has passed', () => {
    const moves = fc.array(
      fc.record({
        passed: fc.integer({ min: 0, max: HOUR }),
        set: fc.oneof(fc.constant(0), fc.integer({ min: -YEAR, max: YEAR })),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(moves, (all) => {
        let state = fresh();
        let passed = 0;
        for (const { passed: ms, set } of all) {
          if (passed + ms >= DAY) break;
          passed += ms;
          const before = state.time;
          // What the network sets is no jump.
          const by = Math.abs(set) <= SLACK_MS ? 0 : set;
          state = advanceAge(state, Math.max(0, state.wall + ms + by), ms);
          expect(state.time).toBeGreaterThanOrEqual(before);
          expect(state.time - START).toBeLessThanOrEqual(passed);
        }
      }),
    );
  });
});
