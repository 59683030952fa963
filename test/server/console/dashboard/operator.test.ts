import { describe, expect, test } from 'vitest';
import type { DashboardKey } from '../../../../src/server/console/dashboard/keys.ts';
import { press, type Step } from '../../../../src/server/console/dashboard/operator.ts';

const RUNNING: Step = { stage: { kind: 'running' }, help: false, action: { kind: 'none' } };
const STOPPING: Step = { ...RUNNING, stage: { kind: 'stopping', why: 'SIGTERM' } };

/** The actions of keys pressed one after the other, and the last state. */
function pressed(from: Step, ...keys: readonly DashboardKey[]): { actions: string[]; last: Step } {
  const actions: string[] = [];
  let last = from;
  for (const key of keys) {
    last = press(last, key);
    if (last.action.kind !== 'none') actions.push(last.action.kind);
  }
  return { actions, last };
}

describe('the server stops', () => {
  test('by Ctrl-C twice, and by q and then Ctrl-C', () => {
    expect(pressed(RUNNING, 'stop', 'stop').actions).toEqual(['stop']);
    expect(pressed(RUNNING, 'quit', 'stop').actions).toEqual(['stop']);
  });

  test('not by q, however often, nor by Ctrl-C with another key between', () => {
    expect(pressed(RUNNING, 'quit', 'quit', 'quit', 'quit').actions).toEqual([]);
    expect(pressed(RUNNING, 'stop', 'other', 'stop').actions).toEqual([]);
    expect(pressed(RUNNING, 'stop', 'page-up', 'stop').actions).toEqual([]);
  });

  test('at once by one Ctrl-C more', () => {
    expect(pressed(STOPPING, 'stop').actions).toEqual(['stop']);
    expect(pressed(STOPPING, 'quit').actions).toEqual([]);
  });
});

test('a key that says no to the question does nothing else', () => {
  const { actions, last } = pressed(RUNNING, 'stop', 'page-up');
  expect(actions).toEqual([]);
  expect(last.stage).toEqual({ kind: 'running' });
});

test('help is closed by any key, which does nothing else; but a question closes it too', () => {
  expect(pressed(RUNNING, 'help').last.help).toBe(true);
  expect(pressed(RUNNING, 'help', 'page-up')).toMatchObject({ actions: [], last: { help: false } });
  expect(pressed(RUNNING, 'help', 'help').last.help).toBe(false);
  expect(pressed(RUNNING, 'help', 'stop').last).toMatchObject({ help: false, stage: { kind: 'asking' } });
});

test('a stopping server can still be read', () => {
  expect(pressed(STOPPING, 'page-up', 'down', 'oldest', 'redraw').actions).toEqual([
    'page',
    'scroll',
    'scroll',
    'redraw',
  ]);
});
