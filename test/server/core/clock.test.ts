/** A wall clock that is set: order, presence, patience and lock-outs go by the clock that nobody sets. */
import { describe, expect, test } from 'vitest';
import { unixMs } from '../../../src/base/ids.ts';
import type { Instant } from '../../../src/server/core/instant.ts';
import { World } from './world.ts';

const HOUR = 3_600_000;
/** An hour back, to 1970, and ten years on. */
const JUMPS: readonly (readonly [string, (wall: number) => number])[] = [
  ['an hour back', (wall) => wall - HOUR],
  ['to 1970', () => 0],
  ['ten years on', (wall) => wall + 10 * 365 * 24 * HOUR],
];

class Clocked extends World {
  /** What the wall clock says, less what the other one says. */
  ahead: number | undefined;

  override now(): Instant {
    return { mono: this.mono, wall: unixMs(Math.max(0, this.mono + (this.ahead ?? 1_800_000_000_000))) };
  }

  set(jump: (wall: number) => number): void {
    this.ahead = jump(this.now().wall) - this.mono;
  }
}

describe.each(JUMPS)('a clock that is set %s', (_, jump) => {
  test('leaves messages in the order in which they were said, each with the time of its own moment', async () => {
    const w = new Clocked();
    const alice = w.guest('alice');
    const bob = w.guest('bob');
    w.take(bob);
    const times: number[] = [];
    for (const text of ['one', 'two', 'three']) {
      w.tell(alice, { type: 'say', to: '#lobby', text, id: text });
      times.push(w.now().wall);
      w.set(jump);
    }
    const heard = w.take(bob).filter((frame) => frame.type === 'message');
    expect(heard.map(({ seq, text, time }) => [seq, text, time])).toEqual([
      [1, 'one', times[0]],
      [2, 'two', times[1]],
      [3, 'three', times[2]],
    ]);
  });

  test('makes nobody away, dead or late, and keeps nobody from becoming so', () => {
    const w = new Clocked({ awayAfter: 10_000, logOffAfter: 60_000 });
    const alice = w.guest('alice');
    const silent = w.connect();
    w.tell(alice, { type: 'ping' });
    w.advance(5000);
    w.set(jump);
    w.advance(4000);
    const user = [...w.core.users.values()][0];
    expect(user?.state).toBe('online');
    expect(w.ended.has(silent.id)).toBe(false);
    w.advance(1500);
    expect(user?.state).toBe('away');
    expect(w.ended.has(silent.id)).toBe(true);
    w.set(jump);
    w.advance(20_000);
    // Whoever pings is expected to go on, 25 s long.
    expect(w.ended.has(alice.id)).toBe(true);
  });

  test('opens no lock-out, and makes none longer', () => {
    const w = new Clocked({ lockout: { after: 1, lockFor: 60_000 } });
    const attempt = (): string => {
      const session = w.connect('10.0.0.7');
      w.tell(session, {
        type: 'hello',
        version: 1,
        name: 'alice',
        auth: { method: 'password', password: 'wrong one' },
      });
      const [error] = w.take(session).filter((frame) => frame.type === 'error');
      return error?.code ?? '';
    };
    expect(attempt()).toBe('wrong_password');
    w.set(jump);
    expect(attempt()).toBe('locked_out');
    w.advance(59_000);
    expect(attempt()).toBe('locked_out');
    w.advance(2000);
    expect(w.core.lockouts.lockedAt(w.now())).toBe(0);
  });
});
