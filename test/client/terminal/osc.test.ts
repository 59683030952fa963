import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Kind, kindOf } from '../../../src/client/terminal/kind.ts';
import {
  copyCommand,
  linkCommand,
  MAX_COPY,
  noticeCommand,
  safeLink,
  titleCommand,
} from '../../../src/client/terminal/osc.ts';

const XTERM = kindOf({ TERM: 'xterm-256color' });
const KITTY = kindOf({ TERM: 'xterm-kitty' });
const ITERM = kindOf({ TERM: 'xterm-256color', LC_TERMINAL: 'iTerm2' });
const TMUX = kindOf({ TERM: 'tmux-256color', TMUX: '/tmp/s,1,0' });
const SCREEN = kindOf({ TERM: 'screen-256color', STY: '1.box' });
const CONSOLE = kindOf({ TERM: 'linux' });
const KINDS: readonly Kind[] = [XTERM, KITTY, ITERM, TMUX, SCREEN, CONSOLE];

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a copy', () => {
  test('goes to the clipboard as base64', () => {
    expect(copyCommand(XTERM, 'bob: 中')).toBe(`\x1b]52;c;${base64('bob: 中')}\x07`);
  });

  test('inside tmux is told to it, and through it', () => {
    const copy = `]52;c;${base64('words')}\x07`;
    expect(copyCommand(TMUX, 'words')).toBe(`\x1b${copy}\x1bPtmux;\x1b\x1b${copy}\x1b\\`);
  });

  test('inside GNU screen passes in pieces that its oldest versions take', () => {
    const text = 'words '.repeat(200);
    const command = copyCommand(SCREEN, text) ?? '';
    // It hands on what begins with an escape, too.
    const pieces = command.split(/(?<=\x1b\\)/);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(256);
    const whole = pieces.map((piece) => piece.replace(/^\x1bP/, '').replace(/\x1b\\$/, '')).join('');
    expect(whole).toBe(`\x1b]52;c;${base64(text)}\x07`);
  });

  test('is not written to what would print it, nor more of it than terminals take', () => {
    expect(copyCommand(CONSOLE, 'words')).toBeUndefined();
    expect(copyCommand(kindOf({ TERM: 'vt100' }), 'words')).toBeUndefined();
    expect(copyCommand(XTERM, '')).toBeUndefined();
    expect(copyCommand(XTERM, 'x'.repeat(MAX_COPY))?.length).toBeLessThanOrEqual(100_000);
    expect(copyCommand(XTERM, 'x'.repeat(MAX_COPY + 1))).toBeUndefined();
    expect(copyCommand(XTERM, '中'.repeat(MAX_COPY / 3 + 1))).toBeUndefined();
  });
});

describe('a notification', () => {
  test.each<[string, Kind, string | undefined]>([
    ['iTerm2', ITERM, '\x1b]9;bob: lunch?\x07'],
    ['kitty', KITTY, '\x1b]777;notify;bob;lunch?\x07'],
    ['one of which nothing else is known', XTERM, '\x1b]777;notify;bob;lunch?\x07'],
    ['what is around tmux', TMUX, '\x1bPtmux;\x1b\x1b]777;notify;bob;lunch?\x07\x1b\\'],
    ['iTerm2 around tmux', { ...ITERM, inside: 'tmux' }, '\x1bPtmux;\x1b\x1b]9;bob: lunch?\x07\x1b\\'],
    ['what is around GNU screen', SCREEN, '\x1bP\x1b]777;notify;bob;lunch?\x07\x1b\\'],
    ['the Linux console', CONSOLE, undefined],
    ['Alacritty, which has none', kindOf({ TERM: 'alacritty' }), undefined],
  ])('for %s', (_name, kind, command) => {
    expect(noticeCommand(kind, 'bob', 'lunch?')).toBe(command);
  });

  test('has its title to itself, and is no other command', () => {
    expect(noticeCommand(KITTY, 'a;b', 'c;d')).toBe('\x1b]777;notify;a,b;c;d\x07');
    // To some terminals `9;4;…` is a progress bar.
    expect(noticeCommand(ITERM, '4;1;50', 'x')).toBe('\x1b]9;- 4;1;50: x\x07');
  });
});

describe('what others have written', () => {
  test('ends no command and begins none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.nat(5), (title, text, at) => {
        const kind = KINDS[at] ?? XTERM;
        const controls = (written: string | undefined): string =>
          (written ?? '').replaceAll(/[^\x00-\x1f\x7f-\x9f]/g, '');
        expect(controls(titleCommand(title))).toBe(controls(titleCommand('')));
        expect(controls(noticeCommand(kind, title, text))).toBe(controls(noticeCommand(kind, '', '')));
      }),
    );
  });

  test('is cut where it is long', () => {
    expect(titleCommand('x'.repeat(1000)).length).toBeLessThan(110);
    expect((noticeCommand(KITTY, 'x'.repeat(1000), 'y'.repeat(1000)) ?? '').length).toBeLessThan(330);
  });
});

describe('a link', () => {
  test.each(['https://box/log/4012?a=b;c#d', 'http://a.example', 'mailto:bob@box.example', 'HTTPS://BOX/'])(
    'may lead to %s',
    (link) => {
      expect(safeLink(link)).toBe(link);
      expect(linkCommand(link, 3)).toBe(`\x1b]8;id=u3;${link}\x1b\\`);
      expect(linkCommand(undefined, 0)).toBe('\x1b]8;;\x1b\\');
    },
  );

  test.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ssh://box',
    'https://box/\x1b]52;c;eA==\x07',
    'https://box/ä',
    'https://box/a b',
    'https://',
    `https://box/${'x'.repeat(3000)}`,
    '',
    undefined,
  ])('may not lead to %j', (link) => {
    expect(safeLink(link)).toBeUndefined();
  });
});
