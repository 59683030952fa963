/** What people see of the line that is written: the search, the question about a paste, the candidates. */
import { describe, expect, test } from 'vitest';
import { textWidth } from '../../../src/base/text/width.ts';
import type { Frame } from '../../../src/client/view/cells.ts';
import { view } from '../../../src/client/view/view.ts';
import { inRole, renderFrame } from '../../screen/frame.ts';
import { at, Drive, info, START, user } from '../core/drive.ts';

const SIZES = [
  [160, 48],
  [80, 24],
  [40, 10],
  [20, 5],
] as const;

function online(columns = 80, rows = 24): Drive {
  const drive = new Drive({ columns, rows });
  drive.login([info('#lobby'), info('#dev')]);
  return drive;
}
const frame = (drive: Drive, ascii = false): Frame => view(drive.state, { now: at(START), mono: drive.mono, ascii });
/** The rows from the rule down to the status bar, without them. */
function below(drive: Drive): string[] {
  const lines = renderFrame(frame(drive)).split('\n');
  return lines.slice(lines.findLastIndex((line) => /^[─-]+/.test(line)) + 1, -1);
}
const numbered = (count: number): string => Array.from({ length: count }, (_, i) => `line ${i + 1}`).join('\n');

describe('the search', () => {
  const searched = (columns = 80, rows = 24): Drive => {
    const drive = online(columns, rows);
    for (const text of ['the build is broken', 'hello', 'rebuild the build']) drive.enter(text);
    drive.type('a draft');
    drive.key('ctrl-r');
    return drive;
  };

  test('says what can be done, and shows the draft until something was found', () => {
    const drive = searched();
    expect(below(drive)).toEqual([' search what you wrote: type some letters  Ctrl-G leaves', '> a draft']);
  });

  test('shows what was found with the letters in it highlighted, which of how many, and the keys', () => {
    const drive = searched();
    drive.type('build');
    expect(below(drive)).toEqual([
      ' search: build  1 of 2  Ctrl-R older  Enter takes it  Ctrl-G leaves',
      '> rebuild the build',
    ]);
    expect(inRole(frame(drive), 'selection')).toEqual(['build', 'build']);
    expect(
      frame(drive)
        .rows.flat()
        .filter(({ role }) => role === 'selection')
        .every(({ underline }) => underline),
    ).toBe(true);
    expect(frame(drive).cursor).toMatchObject({ x: 2 + 'rebuild the '.length });
  });

  test('says in words, not by colour alone, that nothing has what was typed', () => {
    const drive = searched();
    drive.type('buildx');
    expect(below(drive)).toEqual([' search: buildx  nothing that you wrote has that  Ctrl-G leaves', '> a draft']);
    expect(inRole(frame(drive), 'error')).toHaveLength(1);
    expect(inRole(frame(drive), 'selection')).toEqual([]);
  });

  test('names the keys as they are bound', () => {
    const drive = searched();
    const direct = new Map([...drive.state.keymap.direct].filter(([, { name }]) => name !== 'find-sent'));
    direct.set('f5', { name: 'find-sent', action: { kind: 'searchInput', newer: false }, repeats: false });
    Object.assign(drive.state, { keymap: { ...drive.state.keymap, direct } });
    drive.type('build');
    expect(below(drive)[0]).toContain('F5 older');
  });

  test.each(SIZES)('fits %ix%i', (columns, rows) => {
    const drive = searched(columns, rows);
    drive.type('build');
    const made = frame(drive);
    expect(made.rows).toHaveLength(rows);
    for (const row of made.rows) expect(textWidth(row.map(({ text }) => text).join(''))).toBeLessThanOrEqual(columns);
    const text = renderFrame(made);
    expect(text).toMatch(/build +1( of |\/)2/);
  });
});

describe('the question about a paste', () => {
  test('says how much it is, where it would go, and the three keys; the line shows it, its end with the cursor', () => {
    const drive = online();
    drive.type('see: ');
    drive.paste(numbered(12));
    expect(below(drive)).toEqual([
      ' 12 lines, 86 characters:  s sends it to #lobby  e edits first  n drops it',
      '> line 5',
      ...Array.from({ length: 7 }, (_, i) => `  line ${i + 6}`),
    ]);
    expect(frame(drive).cursor).toMatchObject({ x: 9 });
  });

  test('says that one message does not hold it, and how many would', () => {
    const drive = online();
    drive.paste('x'.repeat(20_000));
    expect(below(drive).slice(0, 2)).toEqual([
      ' pasted: 1 line, 20000 characters, more than one message holds.  s sends 3',
      ' messages to #lobby  e edits first  n drops it',
    ]);
  });

  test('says what had no room in the line', () => {
    const drive = online(160, 48);
    drive.paste('x'.repeat(70_000));
    expect(below(drive)[0]).toContain('70000 characters, 4464 had no room, more than one message holds.');
  });

  test('of a draft that is too long offers the same, but for leaving it out', () => {
    const drive = online(160, 48);
    drive.tab().draft = { text: 'x'.repeat(9000), cursor: 9000 };
    drive.key('enter');
    expect(below(drive)[0]?.trim()).toBe(
      'this is 1 line, 9000 characters, more than one message holds.  s sends 2 messages to #lobby  e edits on',
    );
  });

  test('to a command that would be too long offers no s', () => {
    const drive = online(160, 48);
    drive.type('/topic ');
    drive.paste('x'.repeat(9000));
    expect(below(drive)[0]).not.toMatch(/\bs send/);
    expect(below(drive)[0]).toContain('e edits first  n drops it');
  });

  test.each(SIZES)('fits %ix%i, with all its keys', (columns, rows) => {
    const drive = online(columns, rows);
    drive.paste(numbered(30));
    const made = frame(drive);
    expect(made.rows).toHaveLength(rows);
    for (const row of made.rows) expect(textWidth(row.map(({ text }) => text).join(''))).toBeLessThanOrEqual(columns);
    const text = renderFrame(made).replaceAll(/\s+/g, ' ');
    expect(text).toMatch(/\bs send/);
    expect(text).toMatch(/\be edit/);
    expect(text).toMatch(/\bn drop/);
  });

  test('stays while something else is told, which stands above it', () => {
    const drive = online();
    drive.paste(numbered(6));
    drive.state.hint = { text: 'something else', bad: false };
    expect(below(drive).slice(0, 2)).toEqual([
      ' something else',
      ' 6 lines, 41 characters:  s sends it to #lobby  e edits first  n drops it',
    ]);
  });
});

describe('the candidates', () => {
  test('of emoji are shown with their names, also where the terminal has none of them', () => {
    const drive = online();
    drive.event({
      type: 'emoji',
      table: new Map([
        ['thumbsup', '👍'],
        ['thumbsdown', '👎'],
      ]),
    });
    drive.type(':thu');
    drive.key('tab');
    expect(below(drive)).toEqual([' 👍 :thumbsup:  👎 :thumbsdown:', '> 👍']);
    expect(renderFrame(frame(drive, true))).toContain(':thumbsup:');
  });

  test('turn their page with the one that is chosen', () => {
    const drive = online(40, 12);
    for (let i = 10; i < 40; i += 1)
      drive.get({ type: 'presence', user: user(`zed${i}`), state: 'online', since: at(START) });
    drive.type('ask zed');
    drive.key('tab');
    expect(below(drive)).toEqual([' zed10  zed11  zed12  zed13  +26 more', '> ask zed10']);
    drive.key('tab', 'tab', 'tab', 'tab');
    expect(below(drive)).toEqual([' zed14  zed15  zed16  zed17  +26 more', '> ask zed14']);
    drive.key('shift-tab', 'shift-tab', 'shift-tab', 'shift-tab', 'shift-tab');
    expect(below(drive)[0]).toContain('zed39');
  });
});

describe('a hint that has no room', () => {
  const long = `config.toml:2:1: "mous" is no setting; known are ${'this one and '.repeat(40)}the last (and 2 more, in the lobby)`;

  test.each([
    [80, 24],
    [40, 10],
    [24, 12],
  ])(
    'ends in the sign that something is left out, and keeps what stands in brackets at its end, at %ix%i',
    (columns, rows) => {
      const drive = online(columns, rows);
      drive.state.hint = { text: long, bad: true };
      const shown = below(drive).slice(0, -1);
      expect(shown[0]).toMatch(/^ config\.toml:2:1:/);
      if (columns >= 40) expect(shown.at(-1)).toMatch(/… \(and 2 more, in the lobby\)$/);
      else expect(shown.at(-1)).toMatch(/…$/);
      for (const row of shown) expect(textWidth(row)).toBeLessThanOrEqual(columns);
    },
  );

  test('has another sign for it without UTF-8', () => {
    const drive = online(40, 10);
    drive.state.hint = { text: 'word '.repeat(60), bad: false };
    const rows = renderFrame(frame(drive, true)).split('\n');
    expect(rows.some((row) => row.endsWith('word>'))).toBe(true);
  });

  test('that fits is not touched', () => {
    const drive = online();
    drive.state.hint = { text: 'there is one pane: split it first', bad: false };
    expect(below(drive)[0]).toBe(' there is one pane: split it first');
  });
});
