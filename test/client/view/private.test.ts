import { describe, expect, test } from 'vitest';
import type { Seq, UnixMs } from '../../../src/base/ids.ts';
import { OWN_PLACES_FROM } from '../../../src/client/core/message-log.ts';
import type { PersonTab, State } from '../../../src/client/core/state.ts';
import { view } from '../../../src/client/view/view.ts';
import { inRole, renderFrame } from '../../screen/frame.ts';
import {
  addPerson,
  at,
  emptyState,
  ignore,
  lobby,
  morning,
  NOW,
  pending,
  person,
  say,
  user,
} from '../../screen/scene.ts';

const draw = (state: State, ascii = false) => view(state, { now: NOW, mono: 0, ascii });
const lines = (state: State): string[] => renderFrame(draw(state)).split('\n');
const head = (state: State): string => lines(state)[1]?.slice(0, 62).trim() ?? '';

function inPrivate(name = 'bob'): { state: State; tab: PersonTab } {
  const state = morning(80, 16);
  const tab = addPerson(state, name);
  tab.trust = 'first';
  state.active = state.tabs.length - 1;
  return { state, tab };
}

describe('the tab of a person', () => {
  test('at 80x16', () => {
    const { state, tab } = inPrivate();
    say(tab, 'bob', 'are you there?', at(9, 10));
    say(tab, 'alice', 'yes', at(9, 11));
    tab.log.notice(at(9, 11), 'bob is not here: what you write is kept until bob is back', false);
    pending(tab, 'one more');
    expect(lines(state)).toEqual([
      ' 1:#lobby  2:#dev+3  3:#ops+1*  4:bob                            alice@box:2428',
      ' bob  end-to-end encrypted · kept until read · not verified: /verify bob',
      ' ──────────────────── Friday 20 November ──────────────────── │ here 2',
      ' 09:10    bob  are you there?                                 │ ● alice     you',
      ' 09:11  alice  yes                                            │ ● bob',
      '            ·  bob is not here: what you write is kept until  │',
      '               bob is back                                    │',
      ' 09:16  alice  one more                              ⋯sending │',
      ...Array.from({ length: 5 }, () => `${' '.repeat(62)}│`),
      '──────────────────────────────────────────────────────────────┴─────────────────',
      '>',
      ' online 2 ms   bob: here           F1 keys  Ctrl-K go to  Alt-p private   09:16',
    ]);
  });

  test('says whom one doesn’t hear', () => {
    const { state, tab } = inPrivate();
    say(tab, 'bob', 'nobody hears me', at(9, 10));
    ignore(state, 'bob');
    expect(lines(state)[1]).toBe(' bob  end-to-end encrypted · kept until read · not verified · you block bob');
    expect(lines(state).join('\n')).not.toContain('nobody hears me');
  });

  test('is marked in the tab bar and counted in the title while it is unread', () => {
    const state = emptyState();
    Object.assign(addPerson(state, 'bob'), { unread: 2, mentioned: true });
    expect(lines(state)[0]).toContain('1:#lobby  2:bob+2*');
    expect(draw(state).title).toBe('(2*) #lobby - uchat');
    state.active = 1;
    expect(draw(state).title).toBe('(2*) bob - uchat');
  });

  test('of somebody of whom nothing is known has nobody but us in the list', () => {
    const { state } = inPrivate('zoe');
    expect(lines(state)[2]).toContain('│ here 1');
    expect(lines(state).at(-1)).toContain('online 2 ms   zoe ');
  });
});

describe('an announcement', () => {
  const announced = (said: UnixMs): State => {
    const state = emptyState(80, 12);
    lobby(state).log.announcement(at(9, 15), said, user('root'), 'restart at noon\nbe ready');
    person(state, 'alice');
    return state;
  };

  test('stands out, by its sign, its words and its role', () => {
    const state = announced(at(9, 15));
    expect(
      lines(state)
        .slice(3, 5)
        .map((line) => line.slice(0, 62).trimEnd()),
    ).toEqual([' 09:15      ◆  Announcement by root: restart at noon', '               be ready']);
    expect(inRole(draw(state), 'mention')).toEqual(['◆', 'Announcement by root: restart at noon', 'be ready']);
    expect(renderFrame(draw(state, true))).toContain('  #  Announcement by root');
  });

  test('that waited says since when', () => {
    expect(lines(announced(at(8, 2)))[3]).toContain('Announcement by root, 08:02: restart');
    const days = (at(9, 15) - 2 * 86_400_000) as UnixMs;
    expect(lines(announced(days)).join(' ')).toContain('Announcement by root, Wednesday 18 November');
  });

  test('takes control of nothing', () => {
    const state = emptyState();
    lobby(state).log.announcement(NOW, NOW, user('root'), '\u001b[2J\u202eabc');
    expect(renderFrame(draw(state))).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});

test('a room that is slow says so in its head', () => {
  const state = morning();
  lobby(state).slow = 90_000;
  expect(head(state)).toBe('#lobby  slow: once in 90 s  Welcome to the box. Be kind.');
});

describe('the unread line', () => {
  test('stands above the first message that is shown, and counts those alone', () => {
    const state = emptyState();
    const tab = lobby(state);
    say(tab, 'carol', 'seen', at(9, 10));
    tab.unreadFrom = say(tab, 'bob', 'not heard', at(9, 11));
    say(tab, 'carol', 'first', at(9, 12));
    say(tab, 'bob', 'not heard either', at(9, 13));
    say(tab, 'carol', 'second', at(9, 14));
    ignore(state, 'bob');
    expect(lines(state).join('\n')).toMatch(/seen.*\n.* 2 new .*\n.*carol +first.*\n.*second/);
  });

  test('does not count what we answer', () => {
    const { state, tab } = inPrivate();
    tab.unreadFrom = say(tab, 'bob', 'a question', at(9, 10));
    expect(lines(state).join('\n')).toContain(' 1 new ');
    say(tab, 'alice', 'an answer', at(9, 11));
    expect(lines(state).join('\n')).toMatch(/ 1 new .*\n.*a question/);
    say(tab, 'bob', 'another', at(9, 12));
    expect(lines(state).join('\n')).toContain(' 2 new ');
  });

  test('does not stand above our own words alone', () => {
    const { state, tab } = inPrivate();
    tab.unreadFrom = say(tab, 'alice', 'from my other terminal', at(9, 10));
    expect(lines(state).join('\n')).not.toContain('new');
  });

  test('counts messages, not the places between those of earlier days and those of today', () => {
    const { state, tab } = inPrivate();
    const earlier = ['read', 'not read'].map((text, seq) => ({ seq: seq as Seq, from: user('bob'), text, time: NOW }));
    tab.log.append({ seq: OWN_PLACES_FROM, from: user('bob'), text: 'of today', time: NOW });
    tab.log.append({ seq: (OWN_PLACES_FROM + 1) as Seq, from: user('bob'), text: 'of today', time: NOW });
    tab.log.prepend(earlier);
    tab.unreadFrom = 1 as Seq;
    expect(lines(state).join('\n')).toContain(' 2 new ');
    tab.unread = 2;
    tab.scroll = { kind: 'at', bottom: tab.log.entries[1]?.key ?? 0, hidden: 0 };
    state.size = { columns: 80, rows: 8 };
    expect(lines(state).join('\n')).toContain('↓ 1 new below');
  });

  test('in a room counts also what is no longer held here', () => {
    const state = emptyState();
    const tab = lobby(state);
    tab.unreadFrom = say(tab, 'bob', 'first', at(9, 10));
    for (let i = 0; i < 9; i += 1) say(tab, 'bob', `line ${i}`, at(9, 11));
    tab.log.trim(4);
    expect(lines(state).join('\n')).toContain(' 10 new ');
  });
});
