import { describe, expect, test } from 'vitest';
import { answered, kindOf, named, notification, takesLinks } from '../../../src/client/terminal/kind.ts';

type Environment = Readonly<Record<string, string>>;

describe('by the environment', () => {
  test.each<[Environment, 'tmux' | 'screen' | undefined]>([
    [{ TERM: 'xterm-256color' }, undefined],
    [{ TERM: 'tmux-256color' }, 'tmux'],
    [{ TERM: 'screen-256color', TMUX: '/tmp/tmux,1,0' }, 'tmux'],
    [{ TERM: 'screen.xterm-256color', STY: '12.pts-1.box' }, 'screen'],
    [{ TERM: 'screen' }, 'screen'],
  ])('%j is inside %s', (env, inside) => {
    expect(kindOf(env).inside).toBe(inside);
  });

  test.each(['linux', 'vt100', 'vt220', 'eterm-color', 'dumb', ''])('TERM=%s reads no commands', (TERM) => {
    expect(kindOf({ TERM }).commands).toBe(false);
    expect(notification(kindOf({ TERM }))).toBeUndefined();
    expect(takesLinks(kindOf({ TERM }))).toBe(false);
  });

  test('a mark of the terminal around counts inside of tmux as well, its own name there does not', () => {
    const env = { TERM: 'tmux-256color', TMUX: 'x', TERM_PROGRAM: 'tmux', TERM_PROGRAM_VERSION: '3.4' };
    expect(kindOf({ ...env, ITERM_SESSION_ID: 'w0' }).name).toBe('iterm2');
    expect(notification(kindOf({ ...env, ITERM_SESSION_ID: 'w0' }))).toBe(9);
    expect(notification(kindOf(env))).toBe(777);
  });

  test.each<[Environment, boolean]>([
    [{ TERM: 'xterm-kitty' }, true],
    [{ TERM: 'foot' }, true],
    [{ TERM: 'alacritty' }, true],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'WezTerm', TERM_PROGRAM_VERSION: '2024' }, true],
    [{ TERM: 'xterm-256color', VTE_VERSION: '7600' }, true],
    [{ TERM: 'xterm-256color', VTE_VERSION: '4803' }, false],
    [{ TERM: 'xterm-256color' }, false],
    [{ TERM: 'rxvt-unicode-256color' }, false],
    [{ TERM: 'tmux-256color' }, false],
    [{ TERM: 'screen-256color', KITTY_WINDOW_ID: '1' }, false],
  ])('%j takes links: %s', (env, takes) => {
    expect(takesLinks(kindOf(env))).toBe(takes);
  });
});

describe('by its answers', () => {
  // As over SSH: TERM is all that comes through.
  const over = kindOf({ TERM: 'screen-256color' });

  test('DA2 tells tmux from GNU screen, which once had the same TERM', () => {
    expect(answered(over, [84, 0, 0]).inside).toBe('tmux');
    expect(answered(over, [83, 40_900, 0]).inside).toBe('screen');
    expect(answered(kindOf({ TERM: 'xterm-256color' }), [0, 276, 0]).inside).toBeUndefined();
  });

  test('tmux takes links since 3.4', () => {
    expect(takesLinks(named(over, 'tmux 3.3a'))).toBe(false);
    expect(takesLinks(named(over, 'tmux 3.4'))).toBe(true);
    expect(takesLinks(named(over, 'tmux next-3.6'))).toBe(true);
  });

  test('a terminal says its name', () => {
    const bare = kindOf({ TERM: 'xterm-256color' });
    expect(notification(named(bare, 'iTerm2 3.5.1'))).toBe(9);
    expect(takesLinks(named(bare, 'kitty(0.35.2)'))).toBe(true);
    expect(takesLinks(named(bare, 'VTE(7600)'))).toBe(true);
    expect(takesLinks(named(bare, 'XTerm(379)'))).toBe(false);
  });
});
