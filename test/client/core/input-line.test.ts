import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphemes } from '../../../src/base/text/graphemes.ts';
import {
  cleared,
  EMPTY_LINE,
  edit,
  type InputLine,
  insert,
  killsOf,
  lineDown,
  lineUp,
  MAX_INPUT,
  replacePart,
  replaceText,
  withKills,
} from '../../../src/client/core/input-line.ts';
import { MAX_KILLS, MAX_UNDO } from '../../../src/client/core/input-memory.ts';
import type { EditAction } from '../../../src/client/keys/action.ts';
import { Drive, info } from './drive.ts';

const EDITS: readonly EditAction[] = [
  ...(['left', 'right', 'wordLeft', 'wordRight', 'lineStart', 'lineEnd', 'deleteBack', 'deleteForward'] as const),
  ...(['killWordBack', 'killBlankWordBack', 'killWordForward', 'killToStart', 'killToEnd', 'yank'] as const),
  ...(['transpose', 'undo', 'redo', 'yankPop', 'newline'] as const),
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

  test.each([
    ['a flag', '🇨🇭'],
    ['a tone', '👍🏽'],
    ['a heart that is a picture', '❤️'],
    ['a keycap', '1️⃣'],
    ['a letter with marks', 'e\u0301\u0323'],
    ['a syllable of jamo', '\u1112\u1161\u11ab'],
    ['a Hebrew letter with a point', 'ש\u05c1'],
    ['an Arabic letter with a vowel', 'ب\u064e'],
  ])('takes %s as one, in both directions, and so does Backspace', (_, character) => {
    expect(after(`a${character}|b`, 'left')).toBe(`a|${character}b`);
    expect(after(`a|${character}b`, 'right')).toBe(`a${character}|b`);
    expect(after(`a${character}|b`, 'deleteBack')).toBe('a|b');
    expect(after(`a|${character}b`, 'deleteForward')).toBe('a|b');
  });

  test('two flags side by side are two', () => {
    expect(after('🇨🇭🇩🇪|', 'left')).toBe('🇨🇭|🇩🇪');
    expect(after('🇨🇭🇩🇪|', 'left', 'left')).toBe('|🇨🇭🇩🇪');
  });

  test('in a text from right to left, left goes to the letter that was written before', () => {
    expect(after('שלום עולם|', 'left')).toBe('שלום עול|ם');
    expect(after('שלום עולם|', 'wordLeft', 'wordLeft')).toBe('|שלום עולם');
    expect(after('|مرحبا بالعالم', 'wordRight')).toBe('مرحبا| بالعالم');
  });

  test('moves by words: letters and digits, with what belongs into them', () => {
    expect(after('one, two|', 'wordLeft')).toBe('one, |two');
    expect(after('one|, two', 'wordRight')).toBe('one, two|');
    expect(after('one|, two', 'wordLeft', 'wordLeft')).toBe('|one, two');
    expect(after("I don't|", 'wordLeft')).toBe("I |don't");
    expect(after('|snake_case 3.14', 'wordRight', 'wordRight')).toBe('snake_case 3.14|');
    expect(after('well 👍🏽|', 'wordLeft')).toBe('|well 👍🏽');
    expect(after('   |', 'wordLeft')).toBe('|   ');
    expect(after('|   ', 'wordRight')).toBe('   |');
  });

  test('moves by the words of a dictionary where nobody writes blanks', () => {
    expect(after('|今天天气很好', 'wordRight')).toBe('今天|天气很好');
    expect(after('สวัสดีครับ|', 'wordLeft')).toBe('สวัสดี|ครับ');
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
    const wide = lineUp(line('one two\n中文|'));
    expect(wide && show(wide)).toBe('one |two\n中文');
    expect(lineUp(line('one|'))).toBeUndefined();
    expect(lineDown(line('one\nt|wo'))).toBeUndefined();
  });

  test('keeps its column on the way past a shorter line, until it moves by itself', () => {
    const long = line('one two|\nx\nthree four');
    const past = lineDown(lineDown(long)!)!;
    expect(show(past)).toBe('one two\nx\nthree f|our');
    expect(show(lineUp(lineUp(past)!)!)).toBe(show(long));
    const moved = edit(edit(lineDown(long)!, 'left'), 'right');
    expect(show(lineDown(moved)!)).toBe('one two\nx\nt|hree four');
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
    expect(edit(withKills(typed('x '), killsOf(cut)), 'yank').text).toBe('x hello');
    expect(edit(EMPTY_LINE, 'yank')).toEqual(EMPTY_LINE);
  });

  test('a cut in another tab makes the next one here new', () => {
    const drive = new Drive();
    drive.login([info('#lobby'), info('#dev')]);
    drive.type('one two');
    drive.key('ctrl-w', 'alt-2');
    drive.type('elsewhere');
    drive.key('ctrl-w', 'alt-1', 'ctrl-w', 'ctrl-y');
    expect(drive.input()).toBe('one ');
    drive.key('alt-y');
    expect(drive.input()).toBe('elsewhere');
    drive.key('alt-y');
    expect(drive.input()).toBe('two');
  });

  test('yank-pop puts what was cut before in its place, and after the oldest the newest', () => {
    const cuts: EditAction[] = ['killBlankWordBack', 'left', 'right'];
    const cut = 'one two three|';
    expect(after(cut, ...cuts, ...cuts, ...cuts, 'yank')).toBe('one |');
    expect(after(cut, ...cuts, ...cuts, ...cuts, 'yank', 'yankPop')).toBe('two |');
    expect(after(cut, ...cuts, ...cuts, ...cuts, 'yank', 'yankPop', 'yankPop')).toBe('three|');
    expect(after(cut, ...cuts, ...cuts, ...cuts, 'yank', 'yankPop', 'yankPop', 'yankPop')).toBe('one |');
  });

  test('what was popped to is what the next yank gives, as in readline', () => {
    expect(
      after('one two|', 'killBlankWordBack', 'left', 'right', 'killBlankWordBack', 'yank', 'yankPop', 'yank'),
    ).toBe('twotwo|');
  });

  test('yank-pop does nothing but right after a yank', () => {
    const cuts: EditAction[] = ['killBlankWordBack', 'left', 'right', 'killBlankWordBack'];
    expect(after('one two|', ...cuts, 'yankPop')).toBe('|');
    expect(after('one two|', ...cuts, 'yank', 'left', 'yankPop')).toBe('one| ');
  });

  test('the oldest cuts are forgotten', () => {
    let current = EMPTY_LINE;
    for (let i = 0; i < MAX_KILLS + 5; i += 1)
      current = edit(edit(insert(edit(current, 'lineEnd'), `cut${i}`), 'lineEnd'), 'killToStart');
    expect(killsOf(current).entries).toEqual(Array.from({ length: MAX_KILLS }, (_, i) => `cut${i + 5}`));
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
    expect(after('ab|cd', 'deleteBack', 'lineEnd', 'undo')).toBe('ab|cd');
    expect(edit(insert(written, 'a long paste'), 'undo').text).toBe('one two');
  });

  test('redo does again what undo took back, until something else is written', () => {
    const written = typed('one two');
    const back = edit(edit(written, 'undo'), 'undo');
    expect(show(edit(back, 'redo'))).toBe('one|');
    expect(show(edit(edit(back, 'redo'), 'redo'))).toBe('one two|');
    expect(edit(edit(edit(back, 'redo'), 'redo'), 'redo').text).toBe('one two');
    expect(edit(insert(back, 'x'), 'redo').text).toBe('x');
  });

  test('a part that is replaced is one step', () => {
    const replaced = replacePart(typed('see :tada: there'), 4, 10, '🎉');
    expect(show(replaced)).toBe('see 🎉| there');
    expect(edit(replaced, 'undo').text).toBe('see :tada: there');
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

  const undo = (current: InputLine): InputLine => edit(current, 'undo');
  const redo = (current: InputLine): InputLine => edit(current, 'redo');
  /** Undone, or done again, until there is nothing more; each text on the way. */
  function all(current: InputLine, by: (line: InputLine) => InputLine): InputLine[] {
    const seen = [current];
    for (let next = by(current); next !== seen.at(-1); next = by(next)) seen.push(next);
    return seen;
  }

  test('undo leads back to the empty line, and redo by the same way to where it began', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const current = steps.reduce((each, next) => next(each), EMPTY_LINE);
        const newest = all(current, redo).at(-1) ?? current;
        const back = all(newest, undo);
        const first = back.at(-1) ?? newest;
        expect(first.text).toBe('');
        expect(all(first, redo).map(({ text: each }) => each)).toEqual(back.map(({ text: each }) => each).toReversed());
      }),
      { numRuns: 200 },
    );
  });

  test('undo and redo of one step are each other’s inverse, the cursor included', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const current = all(
          steps.reduce((each, next) => next(each), EMPTY_LINE),
          redo,
        ).at(-1)!;
        const before = undo(current);
        fc.pre(before !== current);
        const again = redo(before);
        expect(again.text).toBe(current.text);
        expect(show(undo(again))).toBe(show(before));
      }),
      { numRuns: 200 },
    );
  });

  test('undo gives back text and cursor as they were before the last change', () => {
    const change = fc.constantFrom<EditAction>('deleteBack', 'deleteForward', 'killWordBack', 'killToEnd', 'transpose');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), change, (steps, action) => {
        // A movement, so that the change is a step of its own.
        const before = edit(
          steps.reduce((each, next) => next(each), EMPTY_LINE),
          'left',
        );
        const after = edit(before, action);
        fc.pre(after.text !== before.text);
        expect(show(undo(after))).toBe(show(before));
      }),
      { numRuns: 200 },
    );
  });

  type Characters = [characters: string[], at: number];
  const start = (characters: string[], at: number): number => (at === 0 ? 0 : characters.lastIndexOf('\n', at - 1) + 1);
  const end = (characters: string[], at: number): number =>
    characters.indexOf('\n', at) < 0 ? characters.length : characters.indexOf('\n', at);
  const without = (characters: string[], from: number, to: number): Characters => [
    characters.toSpliced(from, to - from),
    from,
  ];
  /** The same keys on an array of characters, in the plainest way that there is. */
  const MODEL: Partial<Record<EditAction, (characters: string[], at: number) => Characters>> = {
    left: (characters, at) => [characters, Math.max(0, at - 1)],
    right: (characters, at) => [characters, Math.min(characters.length, at + 1)],
    lineStart: (characters, at) => [characters, start(characters, at)],
    lineEnd: (characters, at) => [characters, end(characters, at)],
    deleteBack: (characters, at) => without(characters, Math.max(0, at - 1), at),
    deleteForward: (characters, at) => without(characters, at, at + 1),
    killToStart: (characters, at) => without(characters, start(characters, at), at),
    killToEnd: (characters, at) => without(characters, at, characters[at] === '\n' ? at + 1 : end(characters, at)),
    newline: (characters, at) => [characters.toSpliced(at, 0, '\n'), at + 1],
  };

  test('the keys do what they do to an array of characters', () => {
    // Characters that don't join with any of the others.
    const unit = fc.constantFrom('a', ' ', '\n', '中', FAMILY, 'e\u0301', '👍🏽', 'ש', '.');
    fc.assert(
      fc.property(
        fc.array(unit, { maxLength: 40 }),
        fc.array(
          fc.oneof(
            unit,
            fc.constantFrom(...EDITS).map((action) => ({ action })),
          ),
          { maxLength: 40 },
        ),
        (first, steps) => {
          let current: InputLine = { text: first.join(''), cursor: 0 };
          let [characters, at]: [string[], number] = [first, 0];
          for (const each of steps) {
            if (typeof each === 'string') {
              current = insert(current, each);
              [characters, at] = [characters.toSpliced(at, 0, each), at + 1];
              continue;
            }
            const model = MODEL[each.action];
            if (model === undefined) continue;
            current = edit(current, each.action);
            [characters, at] = model(characters, at);
            expect(show(current)).toBe(`${characters.slice(0, at).join('')}|${characters.slice(at).join('')}`);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
