import { expect, test } from 'vitest';
import { textWidth } from '../../../src/base/text/width.ts';
import type { Env } from '../../../src/client/core/event.ts';
import type { State } from '../../../src/client/core/state.ts';
import { update } from '../../../src/client/core/update.ts';
import type { ThemeFound } from '../../../src/client/theme/found.ts';
import { SHIPPED } from '../../../src/client/theme/theme.ts';
import { themeAt } from '../../../src/client/view/theme-list.ts';
import { view } from '../../../src/client/view/view.ts';
import { inRole, renderFrame } from '../../screen/frame.ts';
import { morning, NOW } from '../../screen/scene.ts';
import { Drive } from '../core/drive.ts';
import { shipped } from '../theme/themes-folder.ts';

const FOUND: readonly ThemeFound[] = [
  ...SHIPPED.map((name): ThemeFound => ({ name, own: false, theme: shipped(name).theme, faults: [] })),
  { name: 'mine', own: true, theme: shipped('nord').theme, faults: [] },
  { name: 'broken-\u001b[2J', own: true, theme: undefined, faults: ['broken.toml:1:2: no TOML'] },
];

function opened(at = 0, columns = 80, rows = 24): State {
  const state = morning(columns, rows);
  const { shown, names } = state.themes;
  state.themes = { shown, names, preview: { found: FOUND, at, before: shown } };
  return state;
}
const draw = (state: State, ascii = false) => view(state, { now: NOW, mono: 0, ascii });
const lines = (state: State): string[] => renderFrame(draw(state)).split('\n');

test('at 80x24 the chat stays beside it', () => {
  expect(lines(opened(1)).slice(0, 24)).toEqual([
    ' 1:#lobby  2:#dev+3  3:#ops+1*                                   alice@box:2428',
    ' #lobby  Welcome to the box. Be kind.             │ Themes Enter keeps, Esc back',
    ' ──────────────────── Friday 20 November ─────────│  dark                   now',
    ' 09:12  alice  morning all                        │▸ light',
    '          bob  the build is green again, and the l│  high-contrast',
    '               https://box/log/4012               │  solarized-dark',
    ' 09:14         + dave, frank came  - erin left    │  solarized-light',
    ' ────────────────────────── 3 new ────────────────│  gruvbox-dark',
    ' 09:15  carol  @alice can you look at 4012?       │  gruvbox-light',
    '          bob  4012: looks like the disk, /var is │  nord',
    '               the nightly backup has not run sinc│  dracula',
    '        ~mira  早上好! the family 👨‍👩‍👧‍👦 says hello fr│  monochrome',
    '               🇨🇭 👍🏽                              │  mine                 yours',
    '        alice  on it                              │  broken-�[2J         broken',
    '                                                  │',
    '                                                  │',
    '                                                  │─────────────────────────────',
    '                                                  │ names abcdefghijkl',
    '                                                  │ unread mention error',
    '                                                  │ ● here ◐ away ○ gone',
    '                                                  │  alarm   warning',
    '──────────────────────────────────────────────────┴─────────────────────────────',
    '> the disk is full of co',
    expect.stringMatching(/^ online 2 ms/),
  ]);
});

test('the one that is looked at has a sign, and a role of its own', () => {
  expect(inRole(draw(opened(7)), 'selection').map((each) => each.trim())).toEqual(['▸ nord']);
  expect(draw(opened(7)).cursor).toBeUndefined();
});

test.each([
  [160, 48],
  [80, 24],
  [60, 12],
  [40, 10],
  [20, 5],
  [20, 3],
  [8, 4],
  [1, 1],
] as const)('at %ix%i nothing is wider than the screen, and the one that is looked at is on it', (columns, rows) => {
  for (const [at, { name }] of FOUND.entries()) {
    const ascii = at % 2 === 0;
    const frame = draw(opened(at, columns, rows), ascii);
    expect(frame.rows.length).toBe(draw(morning(columns, rows)).rows.length);
    for (const { text, width } of frame.rows.flat()) expect(textWidth(text)).toBe(width);
    for (const row of frame.rows) expect(row.reduce((sum, { width }) => sum + width, 0)).toBeLessThanOrEqual(columns);
    if (columns >= 20) expect(renderFrame(frame)).toContain(`${ascii ? '>' : '▸'} ${name.slice(0, 6)}`);
  }
});

test('a click finds what stands there', () => {
  const state = opened(0);
  const all = lines(state);
  const at = (name: string): number | undefined => {
    const y = all.findIndex((line) => line.includes(` ${name}`));
    return themeAt(state, 60, y);
  };
  expect(FOUND[at('nord') ?? -1]?.name).toBe('nord');
  expect(FOUND[at('mine') ?? -1]?.name).toBe('mine');
  expect(themeAt(state, 10, 5)).toBeUndefined();
  expect(themeAt(state, 60, 0)).toBeUndefined();
  expect(themeAt(state, 60, 1)).toBeUndefined();
  expect(themeAt(state, 60, 20)).toBeUndefined();
  expect(themeAt(morning(), 60, 5)).toBeUndefined();
});

test('a click on a theme shows it', () => {
  const state = opened(0);
  const env: Env = new Drive().env;
  update(state, { type: 'click', x: 60, y: 3 }, env);
  expect([state.themes.shown.name, state.themes.preview?.at]).toEqual(['light', 1]);
});
