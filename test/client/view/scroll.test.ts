import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Seq, UnixMs } from '../../../src/base/ids.ts';
import type { State } from '../../../src/client/core/state.ts';
import { pageRows, scrollBy, scrollToMessage, scrollToTop, visibleSpan } from '../../../src/client/view/scroll.ts';
import { view } from '../../../src/client/view/view.ts';
import { renderFrame } from '../../screen/frame.ts';
import { at, emptyState, lobby, NOW, pending, say, user } from '../../screen/scene.ts';

/** Rows of the screen that aren't the pane's: tabs, topic, rule, input, status. */
const AROUND = 5;

function withMessages(count: number, rows = 15): State {
  const state = emptyState(80, rows);
  state.showList = false;
  for (let i = 1; i <= count; i += 1) say(lobby(state), 'bob', `m${i}`, at(9, 0));
  return state;
}

/** The rows of messages, and below them what says that there is more. */
const pane = (state: State): string[] =>
  renderFrame(view(state, { now: NOW, mono: 0 }))
    .split('\n')
    .slice(2, state.size.rows - 3);
const words = (state: State): string[] => pane(state).map((row) => row.trim().split(/\s+/).at(-1) ?? '');

function scroll(state: State, rows: number): void {
  lobby(state).scroll = scrollBy(state, lobby(state), rows);
}

describe('scrolling', () => {
  test('a page up keeps two rows of the one before, and the last row says what is below', () => {
    const state = withMessages(40);
    expect(words(state)).toEqual(['m31', 'm32', 'm33', 'm34', 'm35', 'm36', 'm37', 'm38', 'm39', 'm40']);
    scroll(state, pageRows(state, lobby(state)));
    expect(words(state)).toEqual(['m24', 'm25', 'm26', 'm27', 'm28', 'm29', 'm30', 'm31', 'm32', 'below']);
    scroll(state, -pageRows(state, lobby(state)));
    expect(lobby(state).scroll).toEqual({ kind: 'tail' });
  });

  test('ends at the oldest row, which stands at the top', () => {
    const state = withMessages(40);
    scroll(state, 1000);
    expect(pane(state)[0]).toContain('Friday 20 November');
    expect(words(state).slice(1, -1)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8']);
    expect(lobby(state).scroll).toEqual(scrollToTop(state, lobby(state)));
  });

  test('has nowhere to go where everything is in sight', () => {
    const state = withMessages(3);
    scroll(state, 5);
    expect(lobby(state).scroll).toEqual({ kind: 'tail' });
    scroll(state, -5);
    expect(lobby(state).scroll).toEqual({ kind: 'tail' });
    expect(scrollToTop(emptyState(), lobby(emptyState()))).toEqual({ kind: 'tail' });
  });

  test('stays where it is while others write, and counts what is new below', () => {
    const state = withMessages(40);
    scroll(state, 20);
    const before = pane(state).slice(0, -1);
    lobby(state).unreadFrom = say(lobby(state), 'carol', 'news', at(9, 30));
    say(lobby(state), 'carol', 'more', at(9, 30));
    lobby(state).unread = 2;
    expect(pane(state).slice(0, -1)).toEqual(before);
    expect(pane(state).at(-1)).toMatch(/^ +↓ 2 new below$/);
  });

  test('stays where it is when an older page comes', () => {
    const state = emptyState(80, 15);
    const tab = lobby(state);
    for (let i = 50; i < 90; i += 1)
      tab.log.append({ seq: i as Seq, from: user('bob'), text: `m${i}`, time: at(9, 0) });
    scroll(state, 15);
    const before = words(state);
    tab.log.prepend(
      Array.from({ length: 20 }, (_, i) => ({
        seq: (30 + i) as Seq,
        from: user('bob'),
        text: `m${30 + i}`,
        time: at(9, 0),
      })),
    );
    expect(words(state)).toEqual(before);
  });

  test('a window of another width keeps the place', () => {
    const state = withMessages(40, 15);
    say(lobby(state), 'bob', 'long '.repeat(100), at(9, 0));
    for (let i = 0; i < 20; i += 1) say(lobby(state), 'bob', `n${i}`, at(9, 0));
    scroll(state, 15);
    const [, last] = [words(state), words(state).at(-2)];
    state.size = { columns: 50, rows: 15 };
    expect(words(state).at(-2)).toBe(last);
  });

  test('our unsent lines are scrolled over as well', () => {
    const state = withMessages(5);
    for (let i = 0; i < 30; i += 1) pending(lobby(state), `p${i}`, 'waiting');
    scroll(state, 10);
    const shown = pane(state).map((row) => /[mp]\d+/.exec(row)?.[0] ?? '');
    expect(shown).toEqual(['p11', 'p12', 'p13', 'p14', 'p15', 'p16', 'p17', 'p18', 'p19', '']);
    scroll(state, -10);
    expect(lobby(state).scroll).toEqual({ kind: 'tail' });
  });

  test('to a message puts it at the top with its line above it', () => {
    const state = withMessages(40);
    lobby(state).unreadFrom = 12 as Seq;
    lobby(state).scroll = scrollToMessage(state, lobby(state), 12 as Seq);
    expect(pane(state)[0]).toContain('29 new');
    expect(words(state)[1]).toBe('m12');
    lobby(state).scroll = scrollToMessage(state, lobby(state), 39 as Seq);
    expect(lobby(state).scroll).toEqual({ kind: 'tail' });
  });
});

describe('what is in sight', () => {
  test('are the messages of which a row shows', () => {
    const state = withMessages(40);
    expect(visibleSpan(state, lobby(state))).toEqual({ first: 31, last: 40, above: 30, below: 0 });
    scroll(state, 20);
    expect(visibleSpan(state, lobby(state))).toEqual({ first: 12, last: 20, above: 11, below: 20 });
    scroll(state, 1000);
    expect(visibleSpan(state, lobby(state))?.above).toBe(0);
  });

  test('is nothing in an empty log', () => {
    const state = emptyState();
    expect(visibleSpan(state, lobby(state))).toBeUndefined();
  });
});

describe('any log, any place', () => {
  const entry = fc.record({
    kind: fc.constantFrom('say', 'event', 'notice'),
    from: fc.constantFrom('bob', 'carol', 'dave'),
    text: fc.constantFrom(
      'short',
      'a longer text that surely needs some rows on a narrow screen',
      'one\ntwo\nthree',
      '',
    ),
    minutes: fc.integer({ min: 0, max: 900 }),
  });

  test('the pane is a window on the same rows', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 120 }),
        fc.array(fc.integer({ min: -30, max: 30 }), { maxLength: 8 }),
        fc.integer({ min: 10, max: 20 }),
        fc.integer({ min: 0, max: 4 }),
        fc.constantFrom(80, 40, 30),
        (entries, moves, rows, unsent, columns) => {
          const state = emptyState(columns, rows);
          state.showList = false;
          const tab = lobby(state);
          for (const { kind, from, text, minutes } of entries) {
            const time = (NOW + minutes * 60_000) as UnixMs;
            if (kind === 'say') say(tab, from, text || '-', time);
            else if (kind === 'event') tab.log.event(time, '+', user(from), 'came');
            else tab.log.notice(time, text || '-', false);
          }
          for (let i = 0; i < unsent; i += 1) pending(tab, `p${i}`, 'waiting');
          state.size = { columns, rows: 2000 };
          const all = pane(state).join('\n').trimEnd().split('\n');
          state.size = { columns, rows };
          const height = rows - AROUND;
          /** Rows below the lower edge, by plain counting. */
          let below = 0;
          for (const move of moves) {
            scroll(state, move);
            below += move;
            below = Math.max(0, Math.min(below, all.length - (height - 1)));
            if (all.length <= height - 1) below = 0;
            const expected =
              below === 0 ? all.slice(-height) : all.slice(all.length - below - (height - 1), all.length - below);
            const shown = pane(state);
            expect(shown.slice(1, expected.length)).toEqual(expected.slice(1));
            // The first says again, before the same text, who wrote it and when.
            const said = expected[0]?.replace(/^ \d\d:\d\d(?= {2})/, '').trim() ?? '';
            expect(shown[0]?.endsWith(said)).toBe(true);
            expect(tab.scroll.kind).toBe(below === 0 ? 'tail' : 'at');
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
