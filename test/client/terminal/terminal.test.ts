import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Key } from '../../../src/client/keys/key.ts';
import { openTerminal } from '../../../src/client/terminal/terminal.ts';
import { BUILT_IN_MONOCHROME } from '../../../src/client/theme/built-in.ts';
import type { Frame, Row, Run } from '../../../src/client/view/cells.ts';
import { run } from '../../../src/client/view/runs.ts';
import { Headless, type HeadlessOptions } from '../../screen/headless.ts';

const opened: Headless[] = [];

function open(options: HeadlessOptions = {}): Headless {
  const screen = new Headless({ columns: 20, rows: 4, ...options });
  opened.push(screen);
  return screen;
}

afterEach(() => {
  for (const screen of opened.splice(0)) screen.close();
});

const frame = (lines: readonly (string | Row)[], cursor?: Frame['cursor']): Frame => ({
  columns: 20,
  rows: lines.map((line) => (typeof line === 'string' ? [run(line, 'text')] : line)),
  cursor,
  title: 'a title',
});

/** What stands in a column, from the top. */
function column(screen: Headless, x: number): string {
  const { active } = screen.xterm.buffer;
  return Array.from(
    { length: screen.xterm.rows },
    (_, y) =>
      active
        .getLine(active.baseY + y)
        ?.getCell(x)
        ?.getChars() ?? '',
  ).join('');
}

async function until(condition: () => boolean): Promise<void> {
  await vi.waitFor(() => {
    if (!condition()) throw new Error('not yet');
  });
}

describe('a frame', () => {
  test('is on the screen as it was drawn, with the cursor where it says', async () => {
    const screen = open();
    screen.terminal.draw(frame(['one', 'two', '', 'four'], { x: 2, y: 1 }));
    expect(await screen.screenText()).toBe('one\ntwo\n\nfour');
    expect([screen.xterm.buffer.active.cursorX, screen.xterm.buffer.active.cursorY]).toEqual([2, 1]);
  });

  test('leaves nothing of the one before', async () => {
    const screen = open();
    screen.terminal.draw(frame(['中文字 wide', 'x'.repeat(20), 'y', 'z']));
    screen.terminal.redraw();
    screen.terminal.draw(frame(['a文', '', 'y 中', 'last']));
    await until(() => screen.output.written.includes('last'));
    expect(await screen.screenText()).toBe('a文\n\ny 中\nlast');
  });

  test('a change costs only what has changed', async () => {
    const screen = open();
    screen.terminal.draw(frame(['one', 'two', 'three', 'four']));
    await screen.settle();
    const before = screen.output.written.length;
    screen.terminal.draw(frame(['one', 'tWo', 'three', 'four']));
    await until(() => screen.output.written.length > before);
    expect(await screen.screenText()).toBe('one\ntWo\nthree\nfour');
    expect(screen.output.written.slice(before)).not.toContain('three');
  });

  test('of many in a row, the first and the last are drawn', async () => {
    const screen = open();
    const before = screen.output.written.length;
    for (let i = 0; i < 50; i += 1) screen.terminal.draw(frame([`frame-${i}.`]));
    await until(() => screen.output.written.includes('49.'));
    const written = screen.output.written.slice(before);
    expect(written).toContain('frame-0.');
    expect(written).not.toContain('30.');
    expect(await screen.screenText()).toContain('frame-49.');
  });

  test('what lies beyond the edge is not drawn', async () => {
    const screen = open();
    screen.terminal.draw(frame(['x'.repeat(19) + '中', '中'.repeat(30), 'third', '', 'a fifth row']));
    expect(await screen.screenText()).toBe(`${'x'.repeat(19)}\n${'中'.repeat(10)}\nthird\n`);
  });
});

describe('columns stand straight', () => {
  const bordered = (text: string): Run[] => [
    run(text, 'text'),
    run(' '.repeat(19 - run(text, 'text').width), 'text'),
    run('|', 'border'),
  ];

  test.each([
    ['a family', '👨‍👩‍👧‍👦 x'],
    ['flags', '🇩🇪🇫🇷 x'],
    ['skin tones', '👍🏽👍🏿 x'],
    ['a heart and a keycap', '❤️ 1️⃣ x'],
    ['a rainbow', '🏳️‍🌈 x'],
    ['marks', 'z̸̢̛͔͎a̴̧̛͇l̷̡̛g̶̢̛o x'],
    ['Chinese and Korean', '漢字 한국어 x'],
    ['right to left', 'نص עברית x'],
  ])('behind %s', async (_name, text) => {
    const screen = open();
    screen.terminal.draw(frame([bordered('plain'), bordered(text), bordered(`x${text}`), bordered('')]));
    await screen.settle();
    expect(column(screen, 19)).toBe('||||');
    screen.terminal.draw(frame([bordered(text), bordered(`a${text}`), bordered('plain'), bordered(text)]));
    await until(() => column(screen, 0).endsWith('p') || column(screen, 0).length > 0);
    await screen.settle();
    expect(column(screen, 19)).toBe('||||');
  });

  test('where emoji are not joined, the first stands for all', async () => {
    const screen = open();
    await screen.settle();
    screen.terminal.draw(frame(['👨‍👩‍👧‍👦|']));
    await screen.settle();
    expect(screen.output.written).toContain('\x1b[1G👨\x1b[3G');
    expect(column(screen, 2).startsWith('|')).toBe(true);
    expect(screen.output.written).not.toContain('👨‍👩‍👧‍👦\x1b[3G');
  });

  test('the terminal is asked once, before the first frame, and nobody sees it', async () => {
    const screen = open();
    expect(screen.output.written).not.toContain('\x1b[6n');
    screen.terminal.draw(frame(['above', '👨‍👩‍👧‍👦', 'below']));
    expect(screen.output.written).toMatch(/\x1b\[6n.*\x1b\[2;1H\x1b\[2K.*above/s);
    await screen.settle();
    // What it was asked with is gone.
    expect((await screen.screenText()).split('\n')).toEqual(['above', expect.stringMatching(/^👨/), 'below', '']);
    screen.terminal.draw(frame(['❤️']));
    screen.terminal.redraw();
    await screen.settle();
    expect(screen.output.written.match(/\x1b\[6n/g)).toHaveLength(6);
  });

  test.each([
    ['a skin tone', '👍🏽', '👍'],
    ['an astronaut of some colour', '👩🏽‍🚀', '👩'],
    ['a heart', '❤️', '❤'],
    ['a burning heart', '❤️‍🔥', '❤'],
    ['a keycap', '1️⃣', '1\u20e3'],
  ])('nor is %s', async (_name, text, shown) => {
    const screen = open();
    await screen.settle();
    screen.terminal.draw(frame([`${text}|`]));
    await screen.settle();
    expect(screen.output.written).toContain(`\x1b[1G${shown}\x1b[3G`);
    expect(column(screen, 2).startsWith('|')).toBe(true);
  });

  test.each(['👨‍👩‍👧‍👦', '👍🏽', '👩🏽‍🚀', '❤️', '❤️‍🔥', '1️⃣'])('where they are, they are: %s', async (text) => {
    const screen = open({ answer: '\x1b[2;5R' });
    await screen.settle();
    screen.terminal.draw(frame([`${text}|`]));
    await until(() => screen.output.written.includes(`\x1b[1G${text}\x1b[3G`));
    await screen.settle();
    expect(column(screen, 2).startsWith('|')).toBe(true);
  });
});

describe('colours', () => {
  const colored = (env: HeadlessOptions['env']): string => {
    const screen = open(env === undefined ? {} : { env });
    screen.terminal.draw(frame([[run('bar', 'status'), run('!', 'error', { bold: true })]]));
    return screen.output.written;
  };

  test.each(['xterm-256color', 'tmux-256color', 'screen-256color', 'unheard-of', ''])(
    'are 256 with TERM=%s',
    (TERM) => {
      expect(colored({ TERM, LC_ALL: 'C.UTF-8' })).toContain('48;5;236');
    },
  );

  test('are the few of TERM=screen, unless the terminal says more', () => {
    expect(colored({ TERM: 'screen', LC_ALL: 'C.UTF-8' })).not.toContain('48;5;');
    expect(colored({ TERM: 'screen', LC_ALL: 'C.UTF-8', COLORTERM: 'truecolor' })).toContain('48;5;236');
  });

  test('are none with NO_COLOR, and the bar is inverse', () => {
    const written = colored({ TERM: 'xterm-256color', LC_ALL: 'C.UTF-8', NO_COLOR: '1' });
    expect(written).not.toMatch(/\x1b\[[\d;]*[34]\d[;m]/);
    expect(written).toContain('\x1b[7mbar');
  });

  test('every TERM enters and leaves the other screen', () => {
    for (const TERM of ['xterm-256color', 'tmux-256color', 'screen-256color', 'linux', 'unheard-of']) {
      const screen = open({ env: { TERM, LC_ALL: 'C.UTF-8' } });
      screen.close();
      const hasOther = TERM !== 'linux';
      expect(screen.output.written.includes('\x1b[?1049h')).toBe(hasOther);
      expect(screen.output.written.includes('\x1b[?1049l')).toBe(hasOther);
    }
  });
});

describe('without UTF-8', () => {
  test('only ASCII is written, and the view is told', async () => {
    const screen = open({ env: { TERM: 'xterm-256color', LC_ALL: 'C', LANG: 'de_DE.UTF-8' } });
    expect(screen.terminal.ascii).toBe(true);
    const before = screen.output.written.length;
    screen.terminal.draw(frame(['é中|']));
    expect(await screen.screenText()).toContain('???|');
    expect(screen.output.written.slice(before)).toMatch(/^[\x00-\x7f]*$/);
  });

  test('the Linux console has UTF-8 but not the signs', () => {
    expect(open({ env: { TERM: 'linux', LANG: 'C.UTF-8' } }).terminal.ascii).toBe(true);
    expect(open({ env: { TERM: 'xterm', LANG: 'C.UTF-8' } }).terminal.ascii).toBe(false);
  });
});

describe('keys', () => {
  test('arrive under their names, a paste in one piece', async () => {
    const screen = open();
    const keys: Key[] = [];
    screen.terminal.onKey((key) => keys.push(key));
    screen.press('alt-1', 'ctrl-n', 'shift-tab');
    screen.type('hé');
    screen.paste('one\ntwo');
    await until(() => keys.length >= 5);
    expect(keys).toEqual([
      { kind: 'key', name: 'alt-1' },
      { kind: 'key', name: 'ctrl-n' },
      { kind: 'key', name: 'shift-tab' },
      { kind: 'text', text: 'hé' },
      { kind: 'paste', text: 'one\ntwo' },
    ]);
  });

  test('a lone Esc is told after a moment', async () => {
    const screen = open();
    const keys: Key[] = [];
    screen.terminal.onKey((key) => keys.push(key));
    screen.press('escape');
    await until(() => keys.length > 0);
    expect(keys).toEqual([{ kind: 'key', name: 'escape' }]);
  });

  test('the end of the input is told: the terminal is gone', async () => {
    const screen = open();
    const gone = vi.fn();
    screen.terminal.onGone(gone);
    screen.input.end();
    await until(() => gone.mock.calls.length > 0);
    expect(gone).toHaveBeenCalledOnce();
  });
});

describe('a resize', () => {
  test('tells the new size at once, and what is drawn then stands alone', async () => {
    const screen = open();
    screen.terminal.draw(frame(['x'.repeat(20), 'y', 'z', 'w']));
    screen.terminal.onResize(({ columns, rows }) => screen.terminal.draw(frame([`${columns}x${rows}`])));
    screen.resize(10, 3);
    expect(await screen.screenText()).toBe('10x3\n\n');
    screen.resize(20, 4);
    expect(await screen.screenText()).toBe('20x4\n\n\n');
  });

  test('to nonsense is not believed', () => {
    const screen = open();
    screen.output.columns = 0;
    screen.output.rows = 65_535;
    screen.output.emit('resize');
    expect(screen.terminal.size).toEqual({ columns: 80, rows: 500 });
  });
});

describe('closing', () => {
  test('puts everything back, at once, and only once', async () => {
    const screen = open();
    expect(screen.input.isRaw).toBe(true);
    screen.terminal.draw(frame(['something'], { x: 0, y: 0 }));
    await screen.settle();
    const before = screen.output.written.length;
    screen.close();
    const last = screen.output.written.slice(before);
    for (const mode of [
      '\x1b[m',
      '\x1b[?1000l',
      '\x1b[?1006l',
      '\x1b[?1004l',
      '\x1b[?2004l',
      '\x1b[?1049l',
      '\x1b[?25h',
    ]) {
      expect(last).toContain(mode);
    }
    expect(screen.input.isRaw).toBe(false);
    const { length } = screen.output.written;
    screen.close();
    screen.terminal.draw(frame(['late']));
    screen.terminal.redraw();
    screen.terminal.bell();
    await screen.settle();
    expect(screen.output.written.length).toBe(length);
    expect(screen.xterm.buffer.active.type).toBe('normal');
  });

  test('clears a screen that has no other one to go back to', async () => {
    const screen = open({ env: { TERM: 'linux', LC_ALL: 'C.UTF-8' } });
    screen.terminal.draw(frame(['something']));
    await screen.settle();
    screen.close();
    expect((await screen.screenText()).trim()).toBe('');
  });

  test('works where the terminal is gone', () => {
    const screen = open();
    screen.input.setRawMode = () => {
      throw Object.assign(new Error('setRawMode EIO'), { code: 'EIO' });
    };
    expect(() => screen.close()).not.toThrow();
  });

  test('leaves nothing in the process', () => {
    const events = ['exit', 'uncaughtException', 'SIGTERM', 'SIGINT', 'SIGQUIT'];
    const count = (): number[] => events.map((event) => process.listenerCount(event));
    const before = count();
    const first = open();
    const second = open();
    expect(count()).toEqual(before);
    first.close();
    second.close();
    expect(count()).toEqual(before);
    expect(process.env.TMUX).toBe(process.env.TMUX);
  });
});

test('several screens live side by side', async () => {
  const [one, two] = [open(), open({ columns: 30 })];
  one.terminal.draw(frame(['one']));
  two.terminal.draw(frame(['two']));
  one.close();
  expect(await two.screenText()).toContain('two');
});

test('the title is told without what could act on the terminal', () => {
  const screen = open();
  screen.terminal.draw({ ...frame([]), title: 'a\x07\x1b]0;b' });
  const [, title = ''] = /\x1b\]2;([^\x07]*)\x07/.exec(screen.output.written) ?? [];
  expect(title).not.toMatch(/[\x00-\x1f]/);
  expect(title).toContain('a');
});

test('a terminal that is behind gets the newest frame when it has caught up', async () => {
  const screen = open();
  await screen.settle();
  const before = screen.output.written.length;
  Object.defineProperty(screen.output, 'writableNeedDrain', { value: true, configurable: true });
  screen.terminal.draw(frame(['old']));
  screen.terminal.draw(frame(['new']));
  expect(screen.output.written.length).toBe(before);
  Object.defineProperty(screen.output, 'writableNeedDrain', { value: false, configurable: true });
  screen.output.emit('drain');
  expect(await screen.screenText()).toContain('new');
  expect(screen.output.written.slice(before)).not.toContain('old');
});

describe('what is no terminal', () => {
  const stream = (isTTY: boolean) => Object.assign(new PassThrough(), { isTTY });

  test('is refused with words', () => {
    const opening = openTerminal({ input: stream(false), output: stream(true), env: { TERM: 'xterm' } });
    expect(opening).toMatchObject({ ok: false, error: { code: 'not_a_terminal' } });
  });

  test('TERM=dumb is refused', () => {
    const opening = openTerminal({ input: stream(true), output: stream(true), env: { TERM: 'dumb' } });
    expect(opening).toMatchObject({ ok: false, error: { code: 'dumb_terminal' } });
  });
});

describe('the mouse', () => {
  function watched(): { screen: Headless; told: string[] } {
    const screen = open();
    const told: string[] = [];
    screen.terminal.onKey((key) => told.push(key.kind === 'key' ? key.name : key.text));
    screen.terminal.onMouse(({ kind, x, y }) => told.push(`${kind} ${x},${y}`));
    return { screen, told };
  }
  const mode = async (screen: Headless): Promise<string> => {
    await screen.settle();
    return screen.xterm.modes.mouseTrackingMode;
  };

  test('is asked for and left alone again, once each', async () => {
    const { screen } = watched();
    expect(await mode(screen)).toBe('none');
    screen.terminal.mouse(true);
    screen.terminal.mouse(true);
    expect(await mode(screen)).toBe('drag');
    screen.terminal.mouse(false);
    expect(await mode(screen)).toBe('none');
    expect(screen.output.written.split('\x1b[?1000h')).toHaveLength(2);
  });

  test('is told where it clicks and how it turns, among the keys', async () => {
    const { screen, told } = watched();
    screen.terminal.mouse(true);
    screen.type('a\x1b[<0;3;2M\x1b[<32;4;2M\x1b[<0;4;2m\x1b[<64;1;1Mb');
    await until(() => told.length === 6);
    expect(told).toEqual(['a', 'click 2,1', 'drag 3,1', 'release 3,1', 'wheel 0,0', 'b']);
  });

  test('is told of no more once it was switched off', async () => {
    const { screen, told } = watched();
    screen.terminal.mouse(true);
    screen.terminal.mouse(false);
    screen.type('\x1b[<0;3;2M\x1b[<64;1;1Mb');
    await until(() => told.length > 0);
    expect(told).toEqual(['b']);
  });

  test('comes back when all is drawn anew', async () => {
    const { screen } = watched();
    screen.terminal.draw(frame(['one']));
    screen.terminal.mouse(true);
    await screen.settle();
    screen.xterm.write('\x1b[?1000l');
    expect(await mode(screen)).toBe('none');
    screen.terminal.redraw();
    expect(await mode(screen)).toBe('drag');
  });

  test('is off when the screen is closed', async () => {
    const { screen } = watched();
    screen.terminal.mouse(true);
    screen.close();
    expect(await mode(screen)).toBe('none');
    screen.terminal.mouse(true);
    expect(await mode(screen)).toBe('none');
  });
});

describe('while the program is stopped', () => {
  test('the terminal is as it was, and then as it was left', async () => {
    const screen = open();
    const keys: Key[] = [];
    screen.terminal.onKey((key) => keys.push(key));
    screen.terminal.mouse(true);
    screen.terminal.draw(frame(['one', 'two'], { x: 2, y: 1 }));
    await screen.settle();
    screen.terminal.suspend();
    await screen.settle();
    expect(screen.xterm.buffer.active.type).toBe('normal');
    expect(screen.xterm.modes.mouseTrackingMode).toBe('none');
    expect(screen.xterm.modes.bracketedPasteMode).toBe(false);
    expect(screen.input.isRaw).toBe(false);
    const before = screen.output.written.length;
    screen.terminal.draw(frame(['three'], { x: 1, y: 0 }));
    screen.terminal.bell();
    screen.terminal.redraw();
    expect(screen.output.written.length).toBe(before);
    screen.terminal.resume();
    expect(await screen.screenText()).toBe('three\n\n\n');
    expect(screen.xterm.buffer.active.type).toBe('alternate');
    expect(screen.xterm.modes.mouseTrackingMode).toBe('drag');
    expect(screen.xterm.modes.bracketedPasteMode).toBe(true);
    expect(screen.xterm.buffer.active.cursorX).toBe(1);
    expect(screen.input.isRaw).toBe(true);
    screen.type('x');
    await until(() => keys.length > 0);
    expect(keys).toEqual([{ kind: 'text', text: 'x' }]);
  });

  test('it can be closed, and nothing is restored twice', async () => {
    const screen = open();
    screen.terminal.draw(frame(['one']));
    screen.terminal.suspend();
    const before = screen.output.written.length;
    screen.terminal.suspend();
    screen.close();
    screen.terminal.resume();
    expect(screen.output.written.length).toBe(before);
  });
});

describe('what the terminal has said', () => {
  const known = async (screen: Headless): Promise<void> => {
    screen.terminal.draw(frame(['first']));
    await screen.settle();
    // The answers go back through the input.
    await until(() => screen.xterm.modes.sendFocusMode);
    await screen.settle();
  };

  test('signs that are two cells wide are not used', async () => {
    // To every question: the cursor is in column 40.
    const screen = open({ answer: '\x1b[2;40R' });
    const sizes = vi.fn();
    screen.terminal.onResize(sizes);
    expect(screen.terminal.ascii).toBe(false);
    await known(screen);
    await until(() => screen.terminal.ascii);
    // Whoever draws is asked for another frame.
    expect(sizes).toHaveBeenCalledExactlyOnceWith({ columns: 20, rows: 4 });
  });

  test('its window has the keyboard or not; as long as it says nothing, nothing is told', async () => {
    const screen = open();
    const told: boolean[] = [];
    screen.terminal.onFocus((on) => told.push(on));
    await known(screen);
    expect(told).toEqual([]);
    screen.type('\x1b[O\x1b[I');
    await until(() => told.length > 1);
    expect(told).toEqual([false, true]);
  });

  test('its ground is light: that is told once, and the colours are chosen for it', async () => {
    const screen = open();
    const told: boolean[] = [];
    screen.terminal.onGround((dark) => told.push(dark));
    screen.terminal.draw(frame([[run('bob', 'nick3')]]));
    await screen.settle();
    const colors = (): unknown => {
      const cell = screen.xterm.buffer.active.getLine(0)?.getCell(0);
      return [cell?.getFgColor(), cell?.getBgColor()];
    };
    const dark = colors();
    screen.type('\x1b]11;rgb:ffff/ffff/ffff\x07');
    await until(() => told.length > 0);
    await screen.settle();
    expect(told).toEqual([false]);
    expect(colors()).not.toEqual(dark);
  });
});

describe('another theme', () => {
  test('is there at once, and changes nothing but colours', async () => {
    const screen = open();
    screen.terminal.draw(frame([[run('bob', 'nick3')], 'hello']));
    await screen.settle();
    const color = (): number | undefined => screen.xterm.buffer.active.getLine(0)?.getCell(0)?.getFgColor();
    const before = color();
    screen.terminal.theme(BUILT_IN_MONOCHROME);
    expect(await screen.screenText()).toBe('bob\nhello\n\n');
    expect(color()).not.toBe(before);
  });
});

describe('what goes beyond the window', () => {
  test('a copy and a notification are told to the terminal, but not while somebody else has it', async () => {
    const screen = open();
    expect(screen.terminal.copy('words')).toBe(true);
    screen.terminal.notify('bob', 'lunch?');
    expect(screen.output.written).toContain('\x1b]52;c;d29yZHM=\x07');
    expect(screen.output.written).toContain('\x1b]777;notify;bob;lunch?\x07');
    screen.terminal.suspend();
    const { length } = screen.output.written;
    expect(screen.terminal.copy('words')).toBe(false);
    screen.terminal.notify('bob', 'lunch?');
    expect(screen.output.written.length).toBe(length);
  });

  test('on the Linux console nothing is written that it would print', async () => {
    const screen = open({ env: { TERM: 'linux', LC_ALL: 'C.UTF-8' } });
    screen.terminal.draw(frame(['one', 'éclair 中 👨‍👩‍👧‍👦']));
    screen.terminal.notify('bob', 'lunch?');
    expect(screen.terminal.copy('words')).toBe(false);
    screen.terminal.suspend();
    screen.terminal.resume();
    await screen.settle();
    screen.close();
    // No commands, no questions, no strings: only what ECMA-48 and DEC have.
    expect(screen.output.written).not.toMatch(/\x1b[\]P_^X]|\x1b\[(?:>|\d*c|\d*n|\?\d+\$)|\u200e/);
    expect(screen.terminal.ascii).toBe(true);
  });
});

describe('a glyph that is wider than anybody thought', () => {
  test('in the last cells of a row breaks neither that row nor the next', async () => {
    const screen = open({ env: { TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' } });
    // To this terminal a sign of one cell takes two.
    screen.xterm.unicode.register({
      version: 'wide',
      wcwidth: (code) => (code >= 0x2660 && code < 0x2670 ? 2 : 1),
      charProperties: (code) => (code >= 0x2660 && code < 0x2670 ? 2 : 1) << 1,
    });
    Object.assign(screen.xterm.unicode, { activeVersion: 'wide' });
    screen.terminal.draw(frame([`${'x'.repeat(19)}\u2665`, `\u2665${'y'.repeat(18)}|`, '\u2665|', 'last']));
    await screen.settle();
    const lines = (await screen.screenText()).split('\n');
    expect(lines[0]).toContain('x'.repeat(18));
    expect(column(screen, 19).slice(1, 2)).toBe('|');
    expect(lines[2]?.slice(1)).toBe('|');
    expect(lines[3]).toBe('last');
  });
});
