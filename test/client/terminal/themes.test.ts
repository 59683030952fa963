/** Themes on a terminal: what a person sees of them, cell by cell. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { State } from '../../../src/client/core/state.ts';
import { DARK } from '../../../src/client/terminal/theme.ts';
import { view } from '../../../src/client/view/view.ts';
import { need } from '../../need.ts';
import { Headless } from '../../screen/headless.ts';
import { lookOf, looks } from '../../screen/look.ts';
import { rich } from '../../screen/rich-scene.ts';
import { addChat, at, lobby, NOW, say } from '../../screen/scene.ts';
import { terminfoWith } from '../../screen/terminfo-entry.ts';
import { shipped } from '../theme/themes-folder.ts';

const UTF8 = { TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' };

function draw(screen: Headless, state: State): void {
  screen.terminal.draw(view(state, { now: NOW, mono: 0 }), true);
}

async function shown(state: State, env: Readonly<Record<string, string>> = UTF8): Promise<Headless> {
  const screen = new Headless({ env });
  draw(screen, state);
  await screen.settle();
  return screen;
}

describe('with NO_COLOR, in any theme, each state has a sign or a word, and an attribute', async () => {
  const state = rich();
  const screen = await shown(state, { ...UTF8, NO_COLOR: '1' });
  screen.terminal.theme(shipped('nord').theme);
  await screen.settle();
  const { xterm } = screen;
  const text = await screen.screenText();

  test('there is no colour at all', () => {
    for (const { fg, bg } of looks(xterm)) expect([fg, bg]).toEqual([undefined, undefined]);
    expect(screen.output.written).not.toMatch(/\u001b\[(?:[\d;]*;)?(?:[349]\d|10\d|[34]8;5;\d+)[;m]/);
  });

  test.each([
    ['the open tab', '1:#lobby', '1:#lobby', 'bold'],
    ['a tab that is not', '#dev', '2:#dev+3', 'bold inverse'],
    ['a tab that calls', '3:#ops', '3:#ops+1*', 'bold inverse'],
    ['a tab without news', '4:=carol', '4:=carol', 'inverse'],
    ['a mention', '@alice', '@alice', 'bold underline'],
    ['the unread line', ' new', ' new ', 'bold'],
    ['an error', 'not sent:', 'not sent:', 'bold'],
    ['who is chosen', '▸● frank', '▸', 'inverse'],
    ['the status bar', 'online 2 ms', 'online', 'inverse'],
    ['text', 'on my way', 'on my way', ''],
  ])('%s', (_, at, sign, marks) => {
    expect(text).toContain(sign);
    expect(lookOf(xterm, at).marks).toBe(marks);
  });

  test('an alarm', async () => {
    const alarmed = rich();
    addChat(alarmed, 'erin', { plain: true });
    draw(screen, alarmed);
    await screen.settle();
    expect(await screen.screenText()).toContain('NOT ENCRYPTED');
    expect(lookOf(xterm, 'NOT ENCRYPTED').marks).toBe('bold inverse');
  });

  test('no connection', async () => {
    const offline = rich();
    offline.connection = { kind: 'waiting', attempt: 1, reason: 'no answer', since: 0, retryAt: 2000 };
    draw(screen, offline);
    await screen.settle();
    expect(lookOf(xterm, 'offline: no answer').marks).toBe('bold inverse');
    screen.close();
  });
});

test('monochrome has no colours on a terminal with all of them', async () => {
  const screen = await shown(rich());
  screen.terminal.theme(shipped('monochrome').theme);
  await screen.settle();
  for (const { fg, bg } of looks(screen.xterm)) expect([fg, bg]).toEqual([undefined, undefined]);
  expect(lookOf(screen.xterm, '@alice').marks).toBe('bold underline');
  screen.close();
});

test('a theme with a ground has it in every cell of the screen, whatever happens there', async () => {
  const state = rich();
  const screen = await shown(state);
  const { xterm } = screen;
  screen.terminal.theme(shipped('gruvbox-light').theme);
  await screen.settle();
  const everywhere = (): void => expect(looks(xterm).filter(({ bg }) => bg === undefined)).toEqual([]);
  everywhere();
  expect(lookOf(xterm, 'on my way').bg).toBe(230);
  // The rows move, and new ones come from below.
  for (let i = 0; i < 5; i += 1) {
    say(lobby(state), 'bob', `line ${i}`, at(9, 15, 50));
    draw(screen, state);
    await screen.settle();
    everywhere();
  }
  screen.resize(100, 30);
  state.size = { columns: 100, rows: 30 };
  draw(screen, state);
  await screen.settle();
  everywhere();
  screen.terminal.redraw();
  await screen.settle();
  everywhere();
  screen.close();
});

test('another theme leaves nothing of the one before', async () => {
  const state = rich();
  const [changed, fresh] = [await shown(state), await shown(state)];
  for (const name of ['solarized-light', 'nord', 'monochrome', 'dracula']) changed.terminal.theme(shipped(name).theme);
  changed.terminal.theme(DARK);
  await changed.settle();
  // Of blanks only the ground is seen.
  expect(looks(changed.xterm).map(({ bg }) => bg)).toEqual(looks(fresh.xterm).map(({ bg }) => bg));
  for (const text of ['1:#lobby', '@alice', 'on my way', 'not sent', 'carol is away', 'online 2 ms'])
    expect(lookOf(changed.xterm, text)).toEqual(lookOf(fresh.xterm, text));
  expect(await changed.screenText()).toBe(await fresh.screenText());
  changed.close();
  fresh.close();
});

test.runIf(need(['tic'])).each([256, 16, 8] as const)('with %i colours no other is used', async (most) => {
  const folder = mkdtempSync(join(tmpdir(), 'uchat-terminfo-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const screen = await shown(rich(), { ...UTF8, ...terminfoWith(most, folder) });
  for (const name of ['dark', 'light', 'solarized-light', 'gruvbox-dark', 'high-contrast']) {
    screen.terminal.theme(shipped(name).theme);
    await screen.settle();
    const used = looks(screen.xterm).flatMap(({ fg = 0, bg = 0 }) => [fg, bg]);
    expect(Math.max(...used)).toBeLessThan(most);
    expect(new Set(used).size).toBeGreaterThan(3);
  }
  screen.close();
});

test('a terminal with a light ground is not written on in colours for dark ones', async () => {
  const screen = await shown(rich(), { ...UTF8, COLORFGBG: '0;15' });
  // The dark theme was asked for all the same: it brings its ground.
  expect(new Set(looks(screen.xterm).map(({ bg }) => bg)).has(undefined)).toBe(false);
  screen.terminal.theme(shipped('light').theme);
  await screen.settle();
  expect(lookOf(screen.xterm, 'on my way')).toEqual({ fg: undefined, bg: undefined, marks: '' });
  screen.close();
});
