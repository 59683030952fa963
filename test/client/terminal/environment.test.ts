import { describe, expect, test } from 'vitest';
import { colorLevel, isUtf8 } from '../../../src/client/terminal/environment.ts';

describe('how many colours there are', () => {
  test.each([
    ['as many as terminfo has', { TERM: 'xterm-256color' }, 256, 256],
    ['what has eight has eight', { TERM: 'screen' }, 8, 8],
    ['what has 88 has sixteen', { TERM: 'rxvt-88color' }, 88, 16],
    ['what has two has none', { TERM: 'vt220' }, 2, 0],
    ['no more than the name of the terminal says', { TERM: 'xterm-16color' }, 256, 16],
    ['all where the terminal says so itself', { TERM: 'xterm', COLORTERM: 'truecolor' }, 8, 256],
    ['none where one doesn’t want any', { TERM: 'xterm-256color', COLORTERM: 'truecolor', NO_COLOR: '1' }, 256, 0],
    ['an empty wish is none', { TERM: 'xterm-256color', NO_COLOR: '' }, 256, 256],
  ])('%s', (_, env, colors, level) => {
    expect(colorLevel(env, colors)).toBe(level);
  });
});

test('the first variable of the locale that is set and not empty decides', () => {
  expect(isUtf8({ LC_ALL: 'C', LANG: 'en_GB.UTF-8' })).toBe(false);
  expect(isUtf8({ LC_ALL: '', LC_CTYPE: 'C.utf8', LANG: 'C' })).toBe(true);
  expect(isUtf8({})).toBe(false);
});
