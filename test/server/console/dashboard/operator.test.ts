import { describe, expect, test } from 'vitest';
import type { DashboardKey } from '../../../../src/server/console/dashboard/keys.ts';
import { type Action, type OperatorState, press } from '../../../../src/server/console/dashboard/operator.ts';

/** Before the server takes commands. */
const STARTING: OperatorState = { stage: { kind: 'running' }, help: 0, line: 'none' };
const RUNNING: OperatorState = { ...STARTING, line: 'empty' };
const WRITING: OperatorState = { ...STARTING, line: 'text' };
const STOPPING: OperatorState = { ...WRITING, stage: { kind: 'stopping', why: 'SIGTERM' } };
const Q = { text: 'q' };

/** The actions of keys pressed one after the other, and the last state; what is on the line stays as it is. */
function pressed(from: OperatorState, ...keys: readonly DashboardKey[]): { actions: Action[]; last: OperatorState } {
  const actions: Action[] = [];
  let last = from;
  for (const key of keys) {
    const { action, ...state } = press(last, key);
    last = { ...state, line: from.line };
    if (action.kind !== 'none') actions.push(action);
  }
  return { actions, last };
}

const STOP = [{ kind: 'stop' }];

describe('the server stops', () => {
  test('by Ctrl-C twice, and before it takes commands by q and then Ctrl-C', () => {
    expect(pressed(RUNNING, 'stop', 'stop').actions).toEqual(STOP);
    expect(pressed(STARTING, 'stop', 'stop').actions).toEqual(STOP);
    expect(pressed(STARTING, Q, 'stop').actions).toEqual(STOP);
  });

  test('not by q, however often, nor by Ctrl-C with another key between', () => {
    expect(pressed(STARTING, Q, Q, Q, Q).actions).toEqual([]);
    expect(pressed(RUNNING, 'stop', 'other', 'stop').actions).toEqual([]);
    expect(pressed(RUNNING, 'stop', 'page-up', 'stop').actions).toEqual([]);
    expect(pressed(RUNNING, 'stop', Q, 'stop').actions).toEqual([]);
  });

  test('at once by one Ctrl-C more, whatever stands on the line', () => {
    expect(pressed(STOPPING, 'stop').actions).toEqual(STOP);
    expect(pressed(STOPPING, Q).actions).toEqual([]);
  });
});

test('Ctrl-C clears a line with text before it asks anything', () => {
  const { actions, last } = pressed(WRITING, 'stop');
  expect(actions).toEqual([{ kind: 'line', key: 'clear' }]);
  expect(last.stage).toEqual({ kind: 'running' });
});

test('a key that says no to the question does nothing else', () => {
  const { actions, last } = pressed(RUNNING, 'stop', Q);
  expect(actions).toEqual([]);
  expect(last.stage).toEqual({ kind: 'running' });
});

test('help goes on by its key, and is closed by any other, which does nothing else; but a question closes it too', () => {
  expect(pressed(RUNNING, 'help').last.help).toBe(1);
  expect(pressed(STARTING, { text: '?' }).last.help).toBe(1);
  expect(pressed(RUNNING, 'help', 'help').last.help).toBe(2);
  expect(pressed(STARTING, 'help', { text: '?' }).last.help).toBe(0);
  expect(pressed(RUNNING, 'help', 'help', Q)).toMatchObject({ actions: [], last: { help: 0 } });
  expect(pressed(RUNNING, 'help', 'stop').last).toMatchObject({ help: 0, stage: { kind: 'asking' } });
});

test('F2 to F7 are the panes’, whatever is being written', () => {
  for (const from of [STARTING, RUNNING, WRITING])
    expect(pressed(from, 'people', 'log', 'sort', 'kinds').actions).toEqual([
      { kind: 'look', pane: 'people' },
      { kind: 'look', pane: 'log' },
      { kind: 'sort' },
      { kind: 'kinds' },
    ]);
});

test('letters are text once there is a line to write on, and nothing before', () => {
  expect(pressed(RUNNING, Q, { text: '?' }).actions).toEqual([
    { kind: 'line', key: Q },
    { kind: 'line', key: { text: '?' } },
  ]);
  expect(pressed(STARTING, { text: '/who' }, 'enter', 'complete').actions).toEqual([]);
});

test('arrows, Home and End are the line’s where it has a use for them, else the log’s', () => {
  expect(pressed(STARTING, 'up', 'home').actions).toEqual([
    { kind: 'scroll', entries: 1 },
    { kind: 'scroll', entries: Infinity },
  ]);
  expect(pressed(RUNNING, 'up', 'end').actions).toEqual([
    { kind: 'line', key: 'up' },
    { kind: 'scroll', entries: -Infinity },
  ]);
  expect(pressed(WRITING, 'home', 'end', 'page-up').actions).toEqual([
    { kind: 'line', key: 'line-start' },
    { kind: 'line', key: 'line-end' },
    { kind: 'page', direction: 'up' },
  ]);
});

test('a stopping server can still be read, and takes no commands', () => {
  expect(pressed(STOPPING, 'page-up', 'down', 'home', 'redraw').actions.map(({ kind }) => kind)).toEqual([
    'page',
    'scroll',
    'scroll',
    'redraw',
  ]);
  expect(pressed(STOPPING, { text: '/who' }, 'enter', 'delete-back').actions).toEqual([]);
});
