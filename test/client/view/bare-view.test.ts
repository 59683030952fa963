import { describe, expect, test } from 'vitest';
import { toggleBare } from '../../../src/client/core/bare.ts';
import type { State } from '../../../src/client/core/state.ts';
import type { Frame } from '../../../src/client/view/cells.ts';
import { view } from '../../../src/client/view/view.ts';
import { renderFrame } from '../../screen/frame.ts';
import { addTab, at, emptyState, ignore, lobby, morning, NOW, pending, say, user } from '../../screen/scene.ts';

const draw = (state: State): Frame => view(state, { now: NOW, mono: 0 });
const lines = (state: State): string[] => renderFrame(draw(state)).split('\n');

const LINK = `https://box.example/builds/4012/log?from=${'0123456789'.repeat(12)}#the-end`;

describe('the bare view', () => {
  test('is the text of the chat from edge to edge, and a line that says how to leave it', () => {
    const state = morning(80, 14);
    toggleBare(state);
    expect(lines(state)).toEqual([
      'alice: morning all',
      'bob: the build is green again, and the log is here:',
      'bob: https://box/log/4012',
      '+ dave, frank came  - erin left',
      'carol: @alice can you look at 4012?',
      'bob: 4012: looks like the disk, /var is at 97 % and the nightly backup has not r',
      'un since Tuesday',
      '~mira: 早上好! the family 👨‍👩‍👧‍👦 says hello from Zürich 🇨🇭 👍🏽',
      'alice (unsent): on it',
      '',
      '',
      '',
      '',
      ' bare: Esc or Alt-l goes back   ↓ 4 new elsewhere*',
    ]);
    expect(draw(state).cursor).toBeUndefined();
  });

  test('a long address is broken at the edge alone, and the terminal is told that its rows are one', () => {
    const state = emptyState(60, 8);
    say(lobby(state), 'bob', `look: ${LINK}`, at(9, 0));
    say(lobby(state), 'bob', 'short', at(9, 1));
    toggleBare(state);
    const frame = draw(state);
    const text = lines(state);
    expect(text.slice(0, 3).join('')).toBe(`bob: look: ${LINK}`);
    expect(text[0]).toHaveLength(60);
    expect(text[3]).toBe('bob: short');
    expect([...(frame.joined ?? [])]).toEqual([0, 1]);
  });

  test('a text of several lines has no indent', () => {
    const state = emptyState(60, 8);
    say(lobby(state), 'bob', 'if (x) {\n  y();\n}', at(9, 0));
    toggleBare(state);
    expect(lines(state).slice(0, 3)).toEqual(['bob: if (x) {', '  y();', '}']);
    expect(draw(state).joined?.size).toBe(0);
  });

  test('has times and days where they are wanted', () => {
    const state = emptyState(60, 8);
    say(lobby(state), 'bob', 'late', at(-1, 50));
    say(lobby(state), 'bob', 'early\nmore', at(9, 7));
    toggleBare(state);
    if (state.bare !== undefined) state.bare = { ...state.bare, times: true };
    expect(lines(state).slice(0, 5)).toEqual([
      'Thursday 19 November',
      '23:50 bob: late',
      'Friday 20 November',
      '09:07 bob: early',
      'more',
    ]);
  });

  test('begins with what one was reading', () => {
    const state = emptyState(60, 12);
    for (let i = 1; i <= 50; i += 1) say(lobby(state), 'bob', `line ${i}`, at(9, 0));
    const entry = lobby(state).log.entries[29];
    lobby(state).scroll = { kind: 'at', bottom: entry?.key ?? 0, hidden: 0 };
    toggleBare(state);
    expect(lines(state)[10]).toBe('bob: line 30');
    expect(lines(state)[0]).toBe('bob: line 20');
  });

  test('of what is left out, nothing is in it; of hostile text, nothing reaches the terminal', () => {
    const state = emptyState(60, 8);
    say(lobby(state), 'spam', 'buy', at(9, 0));
    say(lobby(state), 'bob', '\u001b]0;owned\u0007\u202eabc', at(9, 1));
    pending(lobby(state), '\u001b[2J', 'waiting');
    ignore(state, 'spam');
    toggleBare(state);
    const text = lines(state).join('\n');
    expect(text).not.toContain('spam');
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
    expect(text).toContain('bob: ');
  });

  test('stands still whatever comes, and counts it', () => {
    const state = emptyState(80, 6);
    addTab(state, '#dev');
    for (let i = 1; i <= 9; i += 1) say(lobby(state), 'bob', `line ${i}`, at(9, 0));
    toggleBare(state);
    const before = lines(state).slice(0, 5);
    for (let i = 10; i <= 40; i += 1) say(lobby(state), 'carol', `line ${i}`, at(9, 1));
    lobby(state).unread = 31;
    expect(lines(state).slice(0, 5)).toEqual(before);
    expect(lines(state)[5]).toBe(' bare: Esc or Alt-l goes back   ↓ 31 new here');
  });

  test('on any screen it is as large as that', () => {
    for (const [columns, rows] of [
      [1, 1],
      [2, 2],
      [20, 5],
      [200, 60],
    ] as const) {
      const state = morning(columns, rows);
      say(lobby(state), user('bob'), '中文'.repeat(50), at(9, 16));
      toggleBare(state);
      const frame = draw(state);
      expect(frame.rows).toHaveLength(rows);
      for (const row of frame.rows) {
        expect(row.reduce((sum, { width }) => sum + width, 0)).toBeLessThanOrEqual(columns);
      }
    }
  });
});
