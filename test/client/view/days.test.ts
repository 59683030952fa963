import { expect, test } from 'vitest';
import type { UnixMs } from '../../../src/base/ids.ts';
import type { State } from '../../../src/client/core/state.ts';
import { scrollToTop } from '../../../src/client/view/scroll.ts';
import { view } from '../../../src/client/view/view.ts';
import { renderFrame } from '../../screen/frame.ts';
import { emptyState, lobby, NOW, say } from '../../screen/scene.ts';

const DAY_MS = 86_400_000;
const lines = (state: State): string[] => renderFrame(view(state, { now: NOW, mono: 0 })).split('\n');
const ago = (days: number): UnixMs => (NOW - days * DAY_MS) as UnixMs;
/** The row that says what is below. */
const below = (state: State): string => lines(state).find((line) => line.includes('below')) ?? '';

test('a day has its year where another one begins', () => {
  const state = emptyState();
  for (const days of [330, 329, 320, 319]) say(lobby(state), 'bob', `${days} days ago`, ago(days));
  const titles = lines(state).flatMap((line) => / ─+ (\w+ \d+ [\w ]+) ─/.exec(line)?.[1] ?? []);
  expect(titles).toEqual(['Thursday 25 December', 'Friday 26 December', 'Sunday 4 January 2026', 'Monday 5 January']);
});

test('whoever reads back sees which day that is, though its beginning is out of sight', () => {
  const state = emptyState();
  const tab = lobby(state);
  tab.log.older = 'more';
  for (let i = 1; i <= 60; i += 1) say(tab, 'bob', `line ${i}`, ago(3));
  tab.scroll = scrollToTop(state, tab);
  expect(below(state)).toMatch(/^ Tuesday 17 November +↓ more below/);
  // With its year where that isn't this one.
  const old = emptyState();
  for (let i = 1; i <= 60; i += 1) say(lobby(old), 'bob', `line ${i}`, ago(500));
  lobby(old).scroll = scrollToTop(old, lobby(old));
  expect(below(old)).toMatch(/^ Tuesday 8 July 2025 +↓ more below/);
});

test('today goes without saying, and a narrow window has more use for what is below', () => {
  const state = emptyState();
  for (let i = 1; i <= 60; i += 1) say(lobby(state), 'bob', `line ${i}`, NOW);
  lobby(state).scroll = scrollToTop(state, lobby(state));
  expect(below(state)).toMatch(/^ +↓ more below/);
  const narrow = emptyState(30, 12);
  for (let i = 1; i <= 60; i += 1) say(lobby(narrow), 'bob', `line ${i}`, ago(3));
  lobby(narrow).scroll = scrollToTop(narrow, lobby(narrow));
  expect(below(narrow)).toBe(`${' '.repeat(17)}↓ more below`);
});
