import { describe, expect, test } from 'vitest';
import { judgeTerminal, type TerminalFacts } from '../../../../src/client/doctor/judge/terminal.ts';

const facts = (given: Partial<TerminalFacts>): TerminalFacts => ({
  term: 'xterm-256color',
  entry: { file: '/usr/share/terminfo/x/xterm-256color', colors: 256, bits: 16 },
  colorTerm: undefined,
  noColor: false,
  colors: 256,
  inside: undefined,
  surely: false,
  input: true,
  output: true,
  size: { columns: 80, rows: 24 },
  ...given,
});
const judged = (given: Partial<TerminalFacts>) =>
  judgeTerminal(facts(given)).map(({ level, says }) => `${level}: ${says}`);
const worst = (given: Partial<TerminalFacts>) => judgeTerminal(facts(given)).filter(({ level }) => level !== 'ok');

test('a usual one has nothing wrong with it', () => {
  expect(judged({})).toEqual([
    'ok: xterm-256color (/usr/share/terminfo/x/xterm-256color)',
    'ok: 256 colours',
    'ok: 80x24',
  ]);
});

describe('TERM', () => {
  test('that is dumb is a problem: there is no full screen', () => {
    expect(worst({ term: 'dumb', entry: undefined, colors: 0 })[0]).toMatchObject({ level: 'problem' });
  });

  test.each(['', undefined])('that is not set (%j) is a note', (term) => {
    expect(worst({ term, entry: undefined })).toEqual([expect.objectContaining({ level: 'note' })]);
  });

  test('that this host knows nothing of is a note', () => {
    expect(worst({ term: 'xterm-new', entry: undefined })).toEqual([
      expect.objectContaining({ level: 'note', says: expect.stringContaining('no description of xterm-new') }),
    ]);
  });

  test('whose description has 32-bit numbers is well', () => {
    expect(judged({ term: 'tmux-256color', entry: { file: '/t', colors: 256, bits: 32 } })[0]).toBe(
      'ok: tmux-256color (/t, with 32-bit numbers)',
    );
  });

  test('of the terminal around is a problem inside of tmux, and none where only TERM speaks of it', () => {
    const [finding] = worst({ inside: 'tmux', surely: true });
    expect(finding).toMatchObject({ level: 'problem', mend: expect.stringContaining('tmux-256color') });
    expect(worst({ term: 'screen.xterm-256color', inside: 'screen', surely: true })).toEqual([]);
    expect(worst({ term: 'xterm-256color', inside: 'tmux', surely: false })).toEqual([]);
  });
});

describe('colours', () => {
  test('that nobody wants are well', () => {
    expect(judged({ noColor: true, colors: 0 })[1]).toMatch(/^ok: no colours, because NO_COLOR is set/);
  });

  test.each([
    [8, '8 colours'],
    [0, 'no colours'],
  ])('that are %i are a note', (colors, words) => {
    expect(worst({ term: 'xterm', colors })).toEqual([
      expect.objectContaining({ level: 'note', says: `${words}, as xterm says`, mend: expect.any(String) }),
    ]);
  });

  test('of the Linux console are all that it has', () => {
    expect(worst({ term: 'linux', colors: 8 })[0]).not.toHaveProperty('mend');
  });
});

describe('the size', () => {
  test.each<readonly [columns: number, rows: number, level: string]>([
    [80, 24, 'ok'],
    [160, 48, 'ok'],
    [59, 24, 'note'],
    [80, 23, 'note'],
    [20, 5, 'note'],
    [19, 24, 'problem'],
    [80, 4, 'problem'],
    [0, 0, 'problem'],
  ])('%ix%i: %s', (columns, rows, level) => {
    expect(judgeTerminal(facts({ size: { columns, rows } })).at(-1)).toMatchObject({ level });
  });
});

test('without a terminal there is one note, and nothing is said of its colours and size', () => {
  expect(judged({ output: false, size: undefined }).map((line) => line.slice(0, 24))).toEqual([
    'ok: xterm-256color (/usr',
    'note: output is not a te',
  ]);
  expect(judged({ input: false }).at(-1)).toContain('input is not a terminal');
});
