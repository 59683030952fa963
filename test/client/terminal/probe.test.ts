import { describe, expect, test } from 'vitest';
import { KeyDecoder } from '../../../src/client/terminal/decode.ts';
import { kindOf } from '../../../src/client/terminal/kind.ts';
import { type Findings, Probe } from '../../../src/client/terminal/probe.ts';

const COLUMNS = 80;

/** What is found where a terminal answers so. */
function found(answers: string, env: Readonly<Record<string, string>> = { TERM: 'xterm-256color' }): Findings {
  const probe = new Probe(kindOf(env));
  probe.ask(COLUMNS, true, 0);
  new KeyDecoder((answer) => void probe.take(answer)).feed(new TextEncoder().encode(answers));
  return probe.findings;
}

/** How many signs it is asked about. */
const signs = (): number => /\x1b\[2;1H {2}([^\x1b]*)\x1b\[6n\x1b\[2;1H\x1b\[\?/.exec(asked())?.[1]?.length ?? 0;
const asked = (unicode = true, columns = COLUMNS): string =>
  new Probe(kindOf({ TERM: 'xterm' })).ask(columns, unicode, 0);
/** Reports of the cursor behind family, skin tone, heart, keycap, flag, and the signs. */
const reports = (widths: readonly number[], perSign = 1): string =>
  [...widths, signs() * perSign].map((width) => `\x1b[2;${width + 3}R`).join('');

test('it is asked in one piece, and nothing of that is left', () => {
  expect(asked()).toMatch(/^\x1b\[2;1H .*\x1b\[c\x1b\[2;1H\x1b\[2K$/s);
});

describe('what terminals have been seen to answer', () => {
  test.each([
    [
      'xterm of today',
      reports([2, 2, 2, 2, 2]),
      { pictures: true, tones: true, styles: true, keycaps: true, flags: true },
    ],
    [
      'tmux 3.3',
      reports([2, 4, 1, 1, 2]),
      { pictures: true, tones: false, styles: false, keycaps: false, flags: true },
    ],
    [
      'GNU screen 4.9',
      reports([8, 4, 1, 1, 2]),
      { pictures: false, tones: false, styles: false, keycaps: false, flags: true },
    ],
    [
      'two cells a letter',
      reports([2, 2, 2, 2, 4]),
      { pictures: true, tones: true, styles: true, keycaps: true, flags: false },
    ],
    [
      'no emoji at all',
      reports([4, 2, 1, 1, 2]),
      { pictures: false, tones: false, styles: false, keycaps: false, flags: true },
    ],
  ])('%s', (_name, answers, joins) => {
    expect(found(answers)).toMatchObject({ joins, wideSigns: false });
  });

  test('where signs are two cells wide, that is known', () => {
    expect(found(reports([2, 2, 2, 2, 2], 2)).wideSigns).toBe(true);
  });

  test('synchronized output counts only where it is known', () => {
    for (const [value, together] of [
      [0, false],
      [1, true],
      [2, true],
      [3, true],
      [4, false],
    ] as const)
      expect(found(`\x1b[?2026;${value}$y`).together).toBe(together);
    expect(found('\x1b[?2027;2$y').together).toBe(false);
  });

  test('the ground is dark or light', () => {
    expect(found('\x1b]11;rgb:1c1c/1c1c/1c1c\x07').dark).toBe(true);
    expect(found('\x1b]11;rgb:fdfd/f6f6/e3e3\x1b\\').dark).toBe(false);
    expect(found('\x1b]11;nonsense\x07').dark).toBeUndefined();
  });

  test('tmux and GNU screen say who they are', () => {
    const TERM = 'screen-256color';
    expect(found('\x1bP>|tmux 3.4\x1b\\\x1b[>84;0;0c\x1b[?1;2c', { TERM }).kind).toMatchObject({ inside: 'tmux' });
    expect(found('\x1b[>83;40900;0c\x1b[?1;2c', { TERM }).kind).toMatchObject({ inside: 'screen' });
  });
});

test('answers are under way until the last one has come', () => {
  const probe = new Probe(kindOf({ TERM: 'xterm' }));
  expect(probe.pendingFor(5)).toBeUndefined();
  probe.ask(COLUMNS, true, 100);
  expect(probe.pendingFor(150)).toBe(50);
  probe.take({ kind: 'device', level: 1, numbers: [1, 2] });
  expect(probe.pendingFor(200)).toBeUndefined();
});

test('who reads no commands is asked for its measures only, and where there is no room for them, for nothing', () => {
  const console = new Probe(kindOf({ TERM: 'vt220' })).ask(COLUMNS, true, 0);
  expect(console).toMatch(/\[6n/);
  expect(console).not.toMatch(/\$p|\[>|\x1b\]/);
  expect(asked(true, 10)).toBe('');
  expect(asked(false)).not.toMatch(/\[6n/);
});
