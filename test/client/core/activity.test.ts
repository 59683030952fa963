import { describe, expect, test } from 'vitest';
import { nextWake } from '../../../src/client/core/wake.ts';
import { ACTIVITY_EVERY_MS } from '../../../src/protocol/limits.ts';
import { Drive, types } from './drive.ts';

/** Types a letter every `every` ms for `ms`, ticking when the core asks. @returns when activity was reported. */
function typeOn(drive: Drive, ms: number, every: number): number[] {
  const reports: number[] = [];
  const start = drive.mono;
  const note = (messages: string[]): void => {
    if (messages.includes('activity')) reports.push(drive.mono - start);
  };
  for (let now = 0; now < ms; now++) {
    if (now % every === 0) note(types(drive.type('x')));
    const wake = nextWake(drive.state);
    if (wake !== undefined && wake <= drive.mono) {
      note(drive.tick().flatMap((effect) => (effect.do === 'send' ? [effect.message.type] : [])));
    }
    drive.pass(1);
  }
  return reports;
}

describe('activity', () => {
  test('the first key is reported at once, and typing on is reported every 5 s, no more', () => {
    const drive = new Drive();
    drive.login();
    expect(typeOn(drive, 21_000, 130)).toEqual([0, 5000, 10_000, 15_000, 20_000]);
  });

  test('the last key of a burst is reported too, and then nothing', () => {
    const drive = new Drive();
    drive.login();
    drive.enter('/typing off');
    drive.pass(ACTIVITY_EVERY_MS);
    drive.tick();
    drive.pass(ACTIVITY_EVERY_MS);
    drive.type('a');
    drive.pass(4000);
    expect(types(drive.type('b'))).toEqual([]);
    drive.pass(ACTIVITY_EVERY_MS - 4000);
    expect(types(drive.tick().flatMap((effect) => (effect.do === 'send' ? [effect.message] : [])))).toContain(
      'activity',
    );
    drive.pass(60_000);
    expect(drive.state.inner.activity.dueAt).toBeUndefined();
  });

  test('a message that is sent counts as a report', () => {
    const drive = new Drive();
    drive.login();
    drive.enter('/typing off');
    drive.pass(ACTIVITY_EVERY_MS);
    drive.tick();
    drive.pass(ACTIVITY_EVERY_MS);
    drive.type('hi');
    drive.pass(ACTIVITY_EVERY_MS);
    expect(types(drive.key('enter'))).toEqual(['activity', 'say']);
    drive.pass(1000);
    expect(types(drive.type('x'))).toEqual([]);
    drive.enter('y');
    expect(drive.state.inner.activity).toEqual({ sentAt: drive.mono, dueAt: undefined });
  });

  test('a key that means nothing is a key all the same', () => {
    const drive = new Drive();
    drive.login();
    expect(types(drive.key('f12'))).toEqual(['activity']);
  });

  test('without a connection nothing is reported', () => {
    const drive = new Drive();
    drive.event({ type: 'start' });
    expect(types(drive.type('x'))).toEqual([]);
  });
});
