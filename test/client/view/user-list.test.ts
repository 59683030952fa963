import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UnixMs } from '../../../src/base/ids.ts';
import type { State } from '../../../src/client/core/state.ts';
import { personAt, personBeside } from '../../../src/client/view/user-list.ts';
import { view } from '../../../src/client/view/view.ts';
import { inRole, renderFrame } from '../../screen/frame.ts';
import { addChat, addPerson, addTab, at, emptyState, morning, NOW, person, user } from '../../screen/scene.ts';

const draw = (state: State, ascii = false) => view(state, { now: NOW, mono: 0, ascii });
/** The list beside the pane, without its border. */
const list = (state: State, ascii = false): string[] =>
  renderFrame(draw(state, ascii))
    .split('\n')
    .flatMap((line) => (/[│|]/.test(line) ? [line.replace(/^.*[│|]/, '').trimEnd()] : []));

function crowd(count: number, rows = 14): State {
  const state = emptyState(80, rows);
  for (let i = 0; i < count; i += 1) {
    const name = `user${String(i).padStart(4, '0')}`;
    person(state, name, i < count / 2 ? 'online' : 'away', (NOW - 60_000) as UnixMs);
  }
  return state;
}

const select = (state: State, name: string): State => Object.assign(state, { selected: user(name) });

test('beside the tab of oneself one stands once', () => {
  const state = morning();
  addPerson(state, 'alice');
  state.active = state.tabs.length - 1;
  expect(list(state).filter((row) => row !== '')).toEqual([' here 1', ' ● alice     you']);
});

test('without the server nobody is said to be here: only that they were', () => {
  const state = morning();
  state.connection = { kind: 'waiting', attempt: 1, reason: 'no answer', since: 0, retryAt: 1000 };
  const shown = list(state).filter((row) => row !== '');
  expect(shown[0]).toMatch(/^ was here \d+$/);
  expect(shown.some((row) => /[●◐]/.test(row))).toBe(false);
  expect(shown.some((row) => row.startsWith(' ? frank'))).toBe(true);
});

describe('the selected one', () => {
  test('is marked by a sign and by colour', () => {
    const state = select(morning(), 'frank');
    expect(list(state)).toContain('▸● frank');
    expect(list(state, true)).toContain('>* frank');
    expect(inRole(draw(state), 'selection').join(' ')).toContain('frank');
    expect(inRole(draw(morning()), 'selection')).toEqual([]);
  });

  test('is in sight wherever it stands, below the title of its group', () => {
    const rows = list(select(crowd(40), 'user0012'));
    expect(rows).toEqual([
      ' +9 more',
      ' here 20',
      ' ● user0009',
      ' ● user0010',
      ' ● user0011',
      '▸● user0012',
      ' ● user0013',
      ' ● user0014',
      ' ● user0015',
      ' +24 more',
    ]);
  });

  test('does not move the list while there is room above', () => {
    expect(list(select(crowd(40), 'user0005')).map((row) => row.slice(1))).toEqual(
      list(crowd(40)).map((row) => row.slice(1)),
    );
  });

  test('at the end of a long list', () => {
    const rows = list(select(crowd(40), 'user0039'));
    expect(rows[0]).toBe(' +32 more');
    expect(rows[1]).toBe(' away 20');
    expect(rows.at(-1)).toBe('▸◐ user0039   1m');
  });

  test('where one group ends and the next begins', () => {
    expect(list(select(crowd(40), 'user0020'))).toEqual([
      ' +17 more',
      ' here 20',
      ' ● user0017',
      ' ● user0018',
      ' ● user0019',
      ' away 20',
      '▸◐ user0020   1m',
      ' ◐ user0021   1m',
      ' ◐ user0022   1m',
      ' +17 more',
    ]);
  });

  test('who isn’t in the list is not shown', () => {
    expect(list(select(crowd(40), 'nobody'))).toEqual(list(crowd(40)));
  });
});

describe('walking', () => {
  test('goes through the list as it is drawn', () => {
    const state = morning();
    const walked: string[] = [];
    for (let i = 0; i < 8; i += 1) {
      const next = personBeside(state, 1);
      if (next === undefined) break;
      state.selected = next;
      walked.push(next);
    }
    expect(walked).toEqual(['alice', 'bob', 'frank', '~mira', 'carol', 'dave', 'erin', 'erin']);
    expect(personBeside(state, -2)).toBe('carol');
    expect(personBeside(state, -100)).toBe('alice');
  });

  test('backwards it begins at the end', () => {
    expect(personBeside(morning(), -1)).toBe('erin');
  });

  test('among nobody leads to nobody', () => {
    expect(personBeside(emptyState(), 1)).toBeUndefined();
    expect(personBeside(emptyState(), -1)).toBeUndefined();
  });
});

describe('a click', () => {
  /** The name in the list's row `y`, by what is drawn there. */
  const drawnAt = (state: State, y: number): string | undefined =>
    /[│|].[●◐○] (\S+)/.exec(renderFrame(draw(state)).split('\n')[y] ?? '')?.[1];

  test('on a row of the list means whose row it is', () => {
    const state = morning();
    expect(renderFrame(draw(state)).split('\n')[3]).toContain('● bob');
    expect(personAt(state, 66, 3)).toBe('bob');
    expect(personAt(state, 62, 3)).toBe('bob');
    expect(personAt(state, 79, 3)).toBe('bob');
    expect(personAt(state, 61, 3)).toBeUndefined();
    expect(personAt(state, 80, 3)).toBeUndefined();
    expect(personAt(state, 66, 1)).toBeUndefined();
  });

  test('means nobody where there is no list', () => {
    const state = morning();
    state.overlay = { kind: 'keys' };
    expect(personAt(state, 66, 3)).toBeUndefined();
    state.overlay = undefined;
    state.showList = false;
    expect(personAt(state, 66, 3)).toBeUndefined();
    expect(personAt(morning(40, 24), 39, 3)).toBeUndefined();
  });

  test('means the one who is drawn there, on any screen', () => {
    const tabs = fc.constantFrom('room', 'other', 'person', 'chat');
    const sizes = fc.record({ columns: fc.integer({ min: 1, max: 170 }), rows: fc.integer({ min: 1, max: 50 }) });
    const chosen = fc.option(fc.integer({ min: 0, max: 59 }), { nil: undefined });
    fc.assert(
      fc.property(sizes, tabs, fc.integer({ min: 0, max: 60 }), chosen, (size, tab, count, selected) => {
        const state = crowd(count);
        state.size = size;
        if (tab === 'other') addTab(state, '#dev').members = new Set([user('user0001'), user('user0003')]);
        if (tab === 'person') addPerson(state, 'user0001');
        if (tab === 'chat') addChat(state, 'user0001');
        state.active = state.tabs.length - 1;
        if (selected !== undefined) select(state, `user${String(selected).padStart(4, '0')}`);
        for (let y = -1; y <= size.rows; y += 1) {
          const found = personAt(state, size.columns - 1, y);
          expect(found).toBe(size.columns < 60 ? undefined : drawnAt(state, y));
        }
      }),
      { numRuns: 60 },
    );
  });
});

test('a crowd costs a screen, not a crowd', () => {
  const state = crowd(5000, 24);
  state.people.set(user('late'), { name: user('late'), state: 'offline', since: at(9, 0) });
  expect(list(select(state, 'late')).at(-1)).toBe('▸○ late    09:00');
  expect(list(state)[0]).toMatch(/^ \+49\d\d more$/);
});
