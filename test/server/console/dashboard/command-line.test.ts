import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphemes } from '../../../../src/base/text/graphemes.ts';
import { textWidth } from '../../../../src/base/text/width.ts';
import {
  CommandLine,
  type LineKey,
  MAX_HISTORY,
  MAX_LINE,
} from '../../../../src/server/console/dashboard/command-line.ts';
import { inputRow } from '../../../../src/server/console/dashboard/input-row.ts';

const WORDS = ['/ban', '/bans', '/kick', '/who', '/announce', '/audit'];

/** The line after keys; one that is no key is typed. */
function lineOf(...keys: readonly (LineKey | `'${string}`)[]): CommandLine {
  const line = new CommandLine(WORDS);
  for (const key of keys) press(line, key);
  return line;
}

const press = (line: CommandLine, key: LineKey | `'${string}`) =>
  line.press(typeof key === 'string' && key.startsWith("'") ? { text: key.slice(1) } : (key as LineKey));

/** The line with its cursor. */
const shown = ({ text, cursor }: CommandLine): string => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

describe('editing', () => {
  test.each<[string, (LineKey | `'${string}`)[], string]>([
    ['writes where the cursor stands', ["'ac", 'left', "'b"], 'ab|c'],
    ['deletes whole characters', ["'a👩‍👩‍👧‍👦e\u0301", 'delete-back', 'delete-back'], 'a|'],
    ['deletes forward', ["'abc", 'line-start', 'delete-forward'], '|bc'],
    ['moves over whole characters', ["'a你🙂b", 'left', 'left', 'left', 'right'], 'a你|🙂b'],
    ['deletes a word', ["'/kick bob  ", 'delete-word'], '/kick |'],
    ['deletes to both ends', ["'/kick bob", 'word-left', 'delete-to-start'], '|bob'],
    ['deletes to the end', ["'/kick bob", 'word-left', 'delete-to-end'], '/kick |'],
    ['goes to both ends', ["'abc", 'line-start', 'line-end', 'word-left', 'word-right'], 'abc|'],
    [
      'cuts the word behind, and pastes it',
      ["'/kick bob", 'line-start', 'delete-word-forward', 'line-end', 'paste-cut'],
      ' bob/kick|',
    ],
    ['pastes nothing before anything was cut', ["'abc", 'paste-cut'], 'abc|'],
    ['swaps the characters around the cursor, at the end the last two', ["'ab🙂", 'swap'], 'a🙂b|'],
    ['swaps nothing at the start', ["'ab", 'line-start', 'swap'], '|ab'],
    ['takes changes back, one by one', ["'/kick", "' bob", 'delete-word', 'clear', 'undo', 'undo'], '/kick bob|'],
    ['has nothing to take back at first', ['undo'], '|'],
    ['clears', ["'abc", 'left', 'clear'], '|'],
    ['makes one line of many, and leaves controls out', ["'a\r\nb\x1b[2J\tc\u2028d\x07"], 'a b[2J c d|'],
  ])('%s', (_, keys, line) => {
    expect(shown(lineOf(...keys))).toBe(line);
  });

  test('has an end', () => {
    const line = lineOf(`'${'x'.repeat(MAX_LINE)}`, "'more", 'line-start', "'y");
    expect(line.text).toBe('x'.repeat(MAX_LINE));
    expect(lineOf(`'${'x'.repeat(MAX_LINE - 1)}`, "'🙂").text.isWellFormed()).toBe(true);
  });
});

describe('Tab', () => {
  const names = () => ({ people: ['bob', 'boris', 'alice'], rooms: ['#dev', '#lobby'] });
  const typed = (text: string): CommandLine => {
    const line = new CommandLine(WORDS, names);
    line.press({ text });
    return line;
  };

  test('behind a command completes who is here, and rooms behind their sign', () => {
    const [kick, topic, common] = [typed('/kick a'), typed('/topic #d'), typed('/kick b')];
    for (const line of [kick, topic]) line.press('complete');
    expect([shown(kick), shown(topic)]).toEqual(['/kick alice |', '/topic #dev |']);
    expect(common.press('complete')).toEqual({ kind: 'none' });
    expect(common.press('complete')).toEqual({ kind: 'words', words: ['bob', 'boris'] });
  });

  test('tells some of very many', () => {
    const many = Array.from({ length: 5000 }, (_, i) => `u${i}`);
    const line = new CommandLine(WORDS, () => ({ people: many, rooms: [] }));
    line.press({ text: '/kick u' });
    const told = line.press('complete');
    expect(told.kind === 'words' && [told.words.length, told.words.at(-1)]).toEqual([41, '…']);
  });

  test('completes a command of which there is one', () => {
    expect(shown(lineOf("'/k", 'complete', "'bob"))).toBe('/kick bob|');
    expect(shown(lineOf("' bob", 'line-start', "'/k", 'complete'))).toBe('/kick |bob');
  });

  test('goes as far as all agree, then tells them', () => {
    const line = lineOf("'/b", 'complete');
    expect(shown(line)).toBe('/ban|');
    expect(line.press('complete')).toEqual({ kind: 'words', words: ['/ban', '/bans'] });
    expect(shown(line)).toBe('/ban|');
    expect(lineOf("'/").press('complete')).toEqual({ kind: 'words', words: WORDS });
  });

  test('does nothing behind a command, or where there is none', () => {
    expect(shown(lineOf("'/kick bo", 'complete'))).toBe('/kick bo|');
    expect(shown(lineOf("'/z", 'complete'))).toBe('/z|');
  });
});

describe('Enter', () => {
  test('runs what stands there, and empties the line; an empty one runs nothing', () => {
    const line = lineOf("' /kick bob ", 'left', 'left');
    expect(line.press('enter')).toEqual({ kind: 'run', line: '/kick bob' });
    expect(shown(line)).toBe('|');
    expect(line.press('enter')).toEqual({ kind: 'none' });
    expect(lineOf("'  ").press('enter')).toEqual({ kind: 'none' });
  });

  test('is the only key that runs anything', () => {
    const keys = fc.oneof(
      fc.constantFrom<LineKey>('up', 'down', 'left', 'right', 'delete-word', 'delete-to-end', 'complete', 'clear'),
      fc.record({ text: fc.string({ unit: 'binary' }) }),
    );
    fc.assert(
      fc.property(fc.array(keys), (pressed) => {
        const line = lineOf("'/who", 'enter', "'/stop", 'enter');
        for (const key of pressed) expect(line.press(key).kind).not.toBe('run');
      }),
    );
  });
});

describe('the arrows', () => {
  test('walk through what was run, and give back what was being written', () => {
    const line = lineOf("'/who", 'enter', "'/bans", 'enter', "'/bans", 'enter', "'/kick b");
    const walked = (['up', 'up', 'up', 'down', 'down', 'down'] as const).map((key) => {
      line.press(key);
      return line.text;
    });
    expect(walked).toEqual(['/bans', '/who', '/who', '/bans', '/kick b', '/kick b']);
  });

  test('are not the only way back: Ctrl-R finds what holds what stands there, further and further', () => {
    const line = lineOf("'/kick bob", 'enter', "'/who", 'enter', "'/ban bob", 'enter', "'bob");
    const found = (['find-older', 'find-older', 'find-older', 'down', 'down', 'down'] as const).map((key) => {
      line.press(key);
      return line.text;
    });
    expect(found).toEqual(['/ban bob', '/kick bob', '/kick bob', '/who', '/ban bob', 'bob']);
  });

  test('reach as far back as is kept', () => {
    const line = lineOf();
    for (let i = 1; i <= MAX_HISTORY + 5; i += 1) {
      line.press({ text: `/who ${i}` });
      line.press('enter');
    }
    for (let i = 0; i < MAX_HISTORY + 50; i += 1) line.press('up');
    expect(line.text).toBe('/who 6');
  });
});

const textOf = (line: CommandLine, width: number): string =>
  inputRow(line, width)
    .row.map(({ text }) => text)
    .join('');

describe('its row', () => {
  test('has the prompt, the text, and what the keys are', () => {
    const line = lineOf("'/announce restart at noon");
    expect(textOf(line, 80)).toBe(' operator> /announce restart at noon'.padEnd(63) + 'F1 help  ^C stop ');
    expect(inputRow(line, 80).cursor).toBe(36);
  });

  test('leaves the keys out where there is no room', () => {
    expect(textOf(lineOf("'/announce restart at noon"), 54)).toBe(' operator> /announce restart at noon');
  });

  test('shows the part of a long text that is being written', () => {
    const line = lineOf(`'/announce ${'0123456789'.repeat(10)}`);
    expect(textOf(line, 40)).toBe(` operator> …${'0123456789'.repeat(3).slice(-27)}`);
    expect(inputRow(line, 40).cursor).toBe(39);
    line.press('line-start');
    expect(textOf(line, 40)).toMatch(/^ operator> \/announce 0123456789.*…$/);
    expect(inputRow(line, 40).cursor).toBe(11);
  });

  test('is never wider than the screen, and its cursor always on it, before the character it is at', () => {
    const anyText = fc.string({
      unit: fc.constantFrom('a', '你', '👩‍👩‍👧‍👦', 'e\u0301', ' ', '\u202e', '🙂'),
      maxLength: 80,
    });
    fc.assert(
      fc.property(anyText, fc.nat(80), fc.integer({ min: 24, max: 100 }), (text, back, width) => {
        const line = lineOf(`'${text}`);
        for (let i = 0; i < back; i += 1) line.press('left');
        const { cursor } = inputRow(line, width);
        const row = textOf(line, width);
        expect(textWidth(row)).toBeLessThanOrEqual(width);
        expect(cursor).toBeLessThan(width);
        const under = graphemes(line.text.slice(line.cursor))[0];
        if (under === undefined || under === '\u202e') return;
        let cells = 0;
        const at = graphemes(row).find((cluster) => {
          const found = cells >= cursor && textWidth(cluster) > 0;
          cells += textWidth(cluster);
          return found;
        });
        expect([under, '…']).toContain(at);
      }),
    );
  });
});
