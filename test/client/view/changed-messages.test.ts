import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Seq } from '../../../src/base/ids.ts';
import { textWidth } from '../../../src/base/text/width.ts';
import type { Changeable } from '../../../src/client/core/message-log.ts';
import type { State, Tab } from '../../../src/client/core/state.ts';
import { geometryOf } from '../../../src/client/view/geometry.ts';
import { blockAt, layoutFor } from '../../../src/client/view/log-rows.ts';
import { ASCII_SIGNS, UNICODE_SIGNS } from '../../../src/client/view/signs.ts';
import { view } from '../../../src/client/view/view.ts';
import { inRole, renderFrame } from '../../screen/frame.ts';
import { at, emptyState, ignore, lobby, NOW, pending, person, say, user } from '../../screen/scene.ts';

const draw = (state: State, ascii = false) => view(state, { now: NOW, mono: 0, ascii });
const lines = (state: State, ascii = false): string[] => renderFrame(draw(state, ascii)).split('\n');
/** The rows of messages, without the list beside them. */
const pane = (state: State, ascii = false): string[] => {
  const { paneWidth } = geometryOf(state);
  const cells = (line: string): string => {
    let kept = '';
    for (const character of line) if (textWidth(kept + character) <= paneWidth) kept += character;
    return kept.trimEnd();
  };
  return lines(state, ascii)
    .slice(2, -3)
    .map(cells)
    .filter((line) => line !== '');
};

function answer(tab: Tab, from: string, text: string, re: Seq): Seq {
  const seq = (tab.log.last + 1) as Seq;
  tab.log.append({ seq, from: user(from), text, time: at(9, 15), re });
  return seq;
}

const change = (tab: Tab, seq: Seq, now: Partial<Changeable>): boolean =>
  tab.log.change(seq, { text: tab.log.find(seq)?.text ?? '', ...now });

const put = (emoji: string, ...users: readonly string[]) => ({ emoji, users: users.map(user) });

/** What carol says, to be answered and changed. */
function room(columns = 80, rows = 24): { state: State; tab: Tab; carols: Seq } {
  const state = emptyState(columns, rows);
  const tab = lobby(state);
  tab.log.older = 'more';
  for (const name of ['alice', 'bob', 'carol']) person(state, name);
  const carols = say(tab, 'carol', 'looks like the disk', at(9, 14));
  return { state, tab, carols };
}

describe('an answer', () => {
  test('has the beginning of what it answers above it', () => {
    const { state, tab, carols } = room();
    answer(tab, 'bob', 'it is: /var is at 97 %', carols);
    expect(pane(state).slice(1)).toEqual([
      ' 09:14  carol  looks like the disk',
      ' 09:15    bob  ↳ carol: looks like the disk',
      '               it is: /var is at 97 %',
    ]);
    expect(inRole(draw(state), 'dim')).toContain('carol: looks like the disk');
    expect(pane(state, true)[2]).toBe(' 09:15    bob  ^ carol: looks like the disk');
  });

  test('to us has our name marked, as where it is said', () => {
    const { state, tab, carols } = room();
    answer(tab, 'bob', 'not for us', carols);
    expect(inRole(draw(state), 'mention')).toEqual([]);
    answer(tab, 'bob', 'thanks', say(tab, 'alice', 'on it', at(9, 14)));
    expect(pane(state).at(-2)).toBe(' 09:15    bob  ↳ alice: on it');
    expect(inRole(draw(state), 'mention')).toEqual(['alice']);
  });

  test('of a long text, or one of several lines, has one line of it', () => {
    const { state, tab } = room();
    const long = say(tab, 'carol', `first line\nsecond ${'and more '.repeat(20)}`, at(9, 14));
    answer(tab, 'bob', 'yes', long);
    expect(pane(state).at(-2)).toBe(' 09:15    bob  ↳ carol: first line second and more and more …');
  });

  test('quotes what the answered message says now', () => {
    const { state, tab, carols } = room();
    answer(tab, 'bob', 'yes', carols);
    change(tab, carols, { text: 'looks like the network', edited: NOW });
    expect(pane(state)).toContain(' 09:15    bob  ↳ carol: looks like the network');
    change(tab, carols, { text: '', deleted: true });
    expect(pane(state)).toContain(' 09:15    bob  ↳ a deleted message of carol');
  });

  test('to what is no longer here, or is left out, says so', () => {
    const { state, tab, carols } = room();
    tab.log.append({ seq: 100 as Seq, from: user('bob'), text: 'yes', time: at(9, 15), re: 1 as Seq });
    tab.log.trim(1);
    expect(pane(state)).toContain(' 09:15    bob  ↳ an older message');
    const other = room();
    answer(other.tab, 'bob', 'yes', carols);
    ignore(other.state, 'carol');
    expect(pane(other.state)).toContain(' 09:15    bob  ↳ a message that is left out');
    expect(pane(other.state).join()).not.toContain('disk');
  });

  test('quotes nothing that harms the screen', () => {
    const { state, tab } = room();
    const evil = say(tab, 'carol', '\u001b]0;x\u0007\u202eevil\r\nmore', at(9, 14));
    answer(tab, 'bob', 'yes', evil);
    expect(pane(state).at(-2)).toBe(' 09:15    bob  ↳ carol: �]0;x�evil more');
  });

  test('of ours has it also while it is on its way', () => {
    const { state, tab, carols } = room();
    pending(tab, 'on it', 'sending', at(9, 15));
    tab.pending = tab.pending.map((one) => ({ ...one, re: carols }));
    expect(pane(state).slice(-2)).toEqual([
      ' 09:15  alice  ↳ carol: looks like the disk          ⋯sending',
      '               on it',
    ]);
  });

  test('folds in a narrow window', () => {
    const { state, tab, carols } = room(30, 12);
    answer(tab, 'bob', 'it is: /var', carols);
    expect(lines(state).slice(3, 6)).toEqual([
      'carol: looks like the disk',
      '↳ carol: looks like the disk',
      'bob: it is: /var',
    ]);
    state.size = { columns: 20, rows: 5 };
    expect(lines(state).slice(1, 3)).toEqual(['↳ carol: looks like…', 'bob: it is: /var']);
  });
});

describe('a message that was edited', () => {
  test('says so behind its text, or below it where that is full', () => {
    const { state, tab, carols } = room();
    change(tab, carols, { text: 'looks like the network', edited: NOW });
    expect(pane(state)[1]).toBe(' 09:14  carol  looks like the network (edited)');
    change(tab, carols, { text: 'x'.repeat(40), edited: NOW });
    expect(pane(state).slice(1)).toEqual([` 09:14  carol  ${'x'.repeat(40)}`, '               (edited)']);
  });
});

describe('a message that was deleted', () => {
  test('keeps its place, and says who has deleted it where that is known', () => {
    const { state, tab, carols } = room();
    change(tab, carols, { text: '', deleted: true, deletedBy: user('root') });
    expect(pane(state)[1]).toBe(' 09:14  carol  (deleted by root)');
    expect(inRole(draw(state), 'dim')).toContain('(deleted by root)');
    change(tab, carols, { text: '', deleted: true });
    expect(pane(state)[1]).toBe(' 09:14  carol  (deleted)');
  });

  test('no longer shows what it answered', () => {
    const { state, tab, carols } = room();
    const bobs = answer(tab, 'bob', 'yes', carols);
    change(tab, bobs, { text: '', deleted: true, deletedBy: user('bob') });
    expect(pane(state).at(-1)).toBe(' 09:15    bob  (deleted by bob)');
  });
});

describe('reactions', () => {
  test('stand at the right of the text, with how many there are; ours in brackets', () => {
    const { state, tab, carols } = room();
    change(tab, carols, { reactions: [put('👍', 'alice', 'bob'), put('❤️', 'bob')] });
    expect(pane(state)[1]).toBe(' 09:14  carol  looks like the disk               [👍 2]  ❤️ 1');
    expect(inRole(draw(state), 'self')).toContain('[👍 2]');
  });

  test('have stand-ins of the same width where there are no pictures', () => {
    const { state, tab, carols } = room();
    change(tab, carols, { reactions: [put('👍', 'alice', 'bob')] });
    expect(pane(state, true)[1]).toBe(' 09:14  carol  looks like the disk                     [+1 2]');
  });

  test('stand below a text that leaves no room for them', () => {
    const { state, tab, carols } = room();
    change(tab, carols, { text: 'x'.repeat(44), reactions: [put('🎉', 'bob')] });
    expect(pane(state).slice(1)).toEqual([` 09:14  carol  ${'x'.repeat(44)}`, '               🎉 1']);
  });

  test('that are too many for a row are counted', () => {
    const { state, tab, carols } = room(40, 12);
    const many = ['👍', '🎉', '😂', '😮', '😢', '👀', '✅', '🚀'].map((emoji) => put(emoji, 'bob'));
    change(tab, carols, { reactions: many });
    expect(pane(state).at(-1)).toBe('        👍 1  🎉 1  😂 1  😮 1  +4');
  });

  test('of people who are left out do not count', () => {
    const { state, tab, carols } = room();
    change(tab, carols, { reactions: [put('👍', 'bob', 'carol'), put('🎉', 'bob')] });
    ignore(state, 'bob');
    expect(pane(state)[1]).toBe(' 09:14  carol  looks like the disk                       👍 1');
    ignore(state, 'bob', 'carol');
    expect(lines(state).join()).not.toContain('👍');
  });

  test('that are no emoji are harmless', () => {
    const { state, tab, carols } = room();
    change(tab, carols, { reactions: [put('\u001b[2J\u202e', 'bob')] });
    expect(pane(state)[1]).toBe(' 09:14  carol  looks like the disk                     �[2J 1');
  });
});

describe('whatever has become of a message', () => {
  const emoji = fc.constantFrom('👍', '❤️', '👨‍👩‍👧‍👦', 'x', '\u001b', '漢字漢字', '');
  const users = fc.subarray(['alice', 'bob', 'carol'].map(user), { minLength: 1 });
  const made = fc.record({
    text: fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 80 }),
      fc.constantFrom('https://box/log', 'a\n\nb', '漢字'.repeat(30)),
    ),
    re: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    edited: fc.boolean(),
    deleted: fc.boolean(),
    reactions: fc.array(fc.record({ emoji, users }), { maxLength: 20 }),
    picked: fc.boolean(),
  });

  test('its rows are as wide as the pane at most, and as many with every set of signs', () => {
    fc.assert(
      fc.property(fc.array(made, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 120 }), (all, columns) => {
        const state = emptyState(columns, 24);
        const tab = lobby(state);
        for (const [index, { text, re, edited, deleted, reactions, picked }] of all.entries()) {
          const seq = (index + 1) as Seq;
          const answers = re === undefined ? {} : { re: re as Seq };
          tab.log.append({ seq, from: user('bob'), text: text || '?', time: at(9, 0), ...answers });
          change(tab, seq, {
            ...(edited ? { edited: NOW } : {}),
            ...(deleted ? { text: '', deleted: true as const } : { reactions }),
          });
          if (picked) tab.pick = { seq, step: 'walk', typed: '', offered: [], links: 0 };
        }
        const geometry = geometryOf(state, tab);
        for (const index of all.keys()) {
          const [one, other] = [UNICODE_SIGNS, ASCII_SIGNS].map(
            (signs) => blockAt(layoutFor(state, tab, geometry, signs), index)?.rows ?? [],
          );
          expect(one?.length).toBe(other?.length);
          for (const row of [...(one ?? []), ...(other ?? [])]) {
            const width = row.reduce((sum, run) => sum + run.width, 0);
            expect(width).toBeLessThanOrEqual(Math.max(2, geometry.paneWidth));
            for (const run of row) expect(run.width).toBe(textWidth(run.text));
          }
        }
        expect(draw(state).rows).toHaveLength(24);
      }),
      { numRuns: 300 },
    );
  });
});
