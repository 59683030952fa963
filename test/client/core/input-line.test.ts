import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphemes } from '../../../src/base/text/graphemes.ts';
import {
  cleared,
  EMPTY_LINE,
  edit,
  type InputLine,
  insert,
  lineDown,
  lineUp,
  MAX_INPUT,
  MAX_UNDO,
  replaceText,
  withCutOf,
} from '../../../src/client/core/input-line.ts';
import type { EditAction } from '../../../src/client/keys/action.ts';

const EDITS: readonly EditAction[] = [
  ...(['left', 'right', 'wordLeft', 'wordRight', 'lineStart', 'lineEnd', 'deleteBack', 'deleteForward'] as const),
  ...(['killWordBack', 'killBlankWordBack', 'killWordForward', 'killToStart', 'killToEnd', 'yank'] as const),
  ...(['transpose', 'undo', 'newline'] as const),
];

/** `ab|c` is the text abc with the cursor before c. */
const line = (shown: string): InputLine => ({ text: shown.replace('|', ''), cursor: shown.indexOf('|') });
const show = ({ text, cursor }: InputLine): string => `${text.slice(0, cursor)}|${text.slice(cursor)}`;
const after = (shown: string, ...edits: readonly EditAction[]): string =>
  show(edits.reduce((current, each) => edit(current, each), line(shown)));
const typed = (text: string): InputLine => graphemes(text).reduce((current, each) => insert(current, each), EMPTY_LINE);

const MAN = '👨';
const FAMILY = '👨‍👩‍👧‍👦';

describe('the cursor', () => {
  test('moves by characters as a reader sees them', () => {
    expect(after(`a${FAMILY}|b`, 'left')).toBe(`a|${FAMILY}b`);
    expect(after(`|${FAMILY}b`, 'right')).toBe(`${FAMILY}|b`);
    expect(after('e\u0301|', 'left')).toBe('|e\u0301');
    expect(after('中|文', 'left', 'left')).toBe('|中文');
  });

  test('moves by words as in readline: letters and digits are a word', () => {
    expect(after('one, two|', 'wordLeft')).toBe('one, |two');
    expect(after('one|, two', 'wordRight')).toBe('one, two|');
    expect(after('one|, two', 'wordLeft', 'wordLeft')).toBe('|one, two');
  });

  test('goes to the ends of the written line, not of the text', () => {
    expect(after('one\ntw|o\nthree', 'lineStart')).toBe('one\n|two\nthree');
    expect(after('one\ntw|o\nthree', 'lineEnd')).toBe('one\ntwo|\nthree');
    expect(after('|one\ntwo', 'lineStart')).toBe('|one\ntwo');
  });

  test('goes up and down in its column, and says where there is no further line', () => {
    const up = lineUp(line('one\n中文字x|'));
    expect(up && show(up)).toBe('one|\n中文字x');
    const down = lineDown(line('on|e\nx'));
    expect(down && show(down)).toBe('one\nx|');
    expect(lineUp(line('one|'))).toBeUndefined();
    expect(lineDown(line('one\nt|wo'))).toBeUndefined();
  });
});

describe('deleting', () => {
  test('takes a whole emoji, mark and all', () => {
    expect(after(`a${FAMILY}|`, 'deleteBack')).toBe('a|');
    expect(after(`|${FAMILY}b`, 'deleteForward')).toBe('|b');
    expect(after('|', 'deleteBack', 'deleteForward')).toBe('|');
  });

  test('joins lines', () => {
    expect(after('one\n|two', 'deleteBack')).toBe('one|two');
  });
});

describe('cutting and yanking', () => {
  test('Ctrl-W cuts back to a blank, Alt-Backspace a word', () => {
    expect(after('see https://box/log|', 'killBlankWordBack')).toBe('see |');
    expect(after('see https://box/log|', 'killWordBack')).toBe('see https://box/|');
    expect(after('a b  |', 'killBlankWordBack')).toBe('a |');
  });

  test('cuts in a row are yanked as one, in the order of the text', () => {
    expect(after('one two three|', 'killBlankWordBack', 'killBlankWordBack', 'yank')).toBe('one two three|');
    expect(after('|one two', 'killWordForward', 'killWordForward', 'yank', 'yank')).toBe('one twoone two|');
    expect(after('one |two', 'killToStart', 'killToEnd', 'yank')).toBe('one two|');
  });

  test('a movement between two cuts makes the second one new', () => {
    expect(after('one two|', 'killBlankWordBack', 'left', 'right', 'killBlankWordBack', 'yank')).toBe('one |');
  });

  test('Ctrl-K at the end of a line takes the newline', () => {
    expect(after('o|ne\ntwo', 'killToEnd', 'killToEnd')).toBe('o|two');
  });

  test('what was cut survives sending, and can be taken to another tab', () => {
    const cut = edit(typed('hello'), 'killToStart');
    expect(edit(cleared(cut), 'yank').text).toBe('hello');
    expect(edit(withCutOf(typed('x '), cut), 'yank').text).toBe('x hello');
    expect(edit(EMPTY_LINE, 'yank')).toEqual(EMPTY_LINE);
  });
});

describe('the other keys', () => {
  test('transpose swaps the character before the cursor with the one under it', () => {
    expect(after('a|b', 'transpose')).toBe('ba|');
    expect(after(`a${FAMILY}|`, 'transpose')).toBe(`${FAMILY}a|`);
    expect(after('a|', 'transpose')).toBe('a|');
    expect(after('|ab', 'transpose')).toBe('|ab');
  });

  test('undo takes back a word at a time, and every other change by itself', () => {
    const written = typed('one two');
    expect(edit(written, 'undo').text).toBe('one');
    expect(edit(edit(written, 'undo'), 'undo').text).toBe('');
    expect(edit(edit(written, 'killToStart'), 'undo').text).toBe('one two');
    expect(edit(insert(written, 'a long paste'), 'undo').text).toBe('one two');
  });

  test('a text from the history can be undone', () => {
    const replaced = replaceText(typed('draft'), 'older');
    expect(show(replaced)).toBe('older|');
    expect(edit(replaced, 'undo').text).toBe('draft');
  });
});

describe('inserting', () => {
  test('happens at the cursor', () => {
    expect(show(insert(line('a|c'), 'b'))).toBe('ab|c');
  });

  test('a joiner typed after an emoji leaves the cursor behind the whole of it', () => {
    const joined = insert(insert(line(`${MAN}|x`), '\u200d'), '👩');
    expect(show(joined)).toBe('👨‍👩|x');
  });

  test('keeps newlines and tabs, turns CR LF and CR into newlines, and drops other controls and halves of characters', () => {
    expect(insert(EMPTY_LINE, 'a\r\nb\rc\td\u001b[31m\u0007\u0085').text).toBe('a\nb\nc\td[31m');
    expect(insert(EMPTY_LINE, 'a\ud83d').text).toBe('a\ufffd');
  });

  test('beyond the limit is cut off, never in the middle of a character', () => {
    const full = insert(EMPTY_LINE, 'x'.repeat(MAX_INPUT - 1));
    expect(insert(full, '😀').text.length).toBe(MAX_INPUT - 1);
    expect(insert(full, 'yz').text.endsWith('xy')).toBe(true);
    expect(replaceText(EMPTY_LINE, 'x'.repeat(MAX_INPUT + 5)).text.length).toBe(MAX_INPUT);
  });

  test('steps to undo are limited', () => {
    let current = EMPTY_LINE;
    for (let i = 0; i < MAX_UNDO + 50; i += 1) current = insert(current, ' ');
    expect(current.memory?.undo.length).toBe(MAX_UNDO);
  });
});

describe('whatever is done to a line', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.string({ unit: 'binary', maxLength: 4 }),
    fc.constantFrom(FAMILY, '\u200d', '\u0301', '🇩', '🇪', '\n', ' ', '中', '한', 'ᄀ', '\ud83d', '👍🏽'),
  );
  const step = fc.oneof(
    fc.constantFrom(...EDITS).map((each) => (current: InputLine) => edit(current, each)),
    text.map((each) => (current: InputLine) => insert(current, each)),
    text.map((each) => (current: InputLine) => replaceText(current, each)),
    fc.constantFrom(lineUp, lineDown).map((move) => (current: InputLine) => move(current) ?? current),
  );

  function boundaries(whole: string): Set<number> {
    const found = new Set([0]);
    let at = 0;
    for (const cluster of graphemes(whole)) found.add((at += cluster.length));
    return found;
  }

  test('the cursor stands between characters, and no half of one is left', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let current = EMPTY_LINE;
        for (const each of steps) {
          current = each(current);
          expect(boundaries(current.text).has(current.cursor)).toBe(true);
          expect(current.text.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('undo leads back to the empty line', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let current = steps.reduce((each, next) => next(each), EMPTY_LINE);
        for (let i = 0; i < 40; i += 1) current = edit(current, 'undo');
        expect(current.text).toBe('');
      }),
      { numRuns: 100 },
    );
  });
});
