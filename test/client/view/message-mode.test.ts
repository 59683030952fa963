import { describe, expect, test } from 'vitest';
import type { RoomName, Seq } from '../../../src/base/ids.ts';
import type { Pick, State, Tab } from '../../../src/client/core/state.ts';
import { view } from '../../../src/client/view/view.ts';
import { inRole, renderFrame } from '../../screen/frame.ts';
import { addTab, at, emptyState, ignore, lobby, NOW, person, say, user } from '../../screen/scene.ts';
import { Drive, info } from '../core/drive.ts';

const draw = (state: State, ascii = false) => view(state, { now: NOW, mono: 0, ascii });
const lines = (state: State, ascii = false): string[] => renderFrame(draw(state, ascii)).split('\n');

function room(columns = 80, rows = 24): { state: State; tab: Tab } {
  const state = emptyState(columns, rows);
  const tab = lobby(state);
  tab.log.older = 'more';
  for (const name of ['alice', 'bob', 'carol']) person(state, name);
  say(tab, 'carol', 'looks like the disk: https://box/log', at(9, 14));
  say(tab, 'alice', 'on it', at(9, 15));
  return { state, tab };
}

const stand = (tab: Tab, seq: number, more: Partial<Pick> = {}): void => {
  tab.pick = { seq: seq as Seq, step: 'walk', typed: '', offered: [], links: 0, ...more };
};

describe('message mode', () => {
  test('marks the message with a sign and a bar, and says above the input what its keys do', () => {
    const { state, tab } = room();
    stand(tab, 1);
    expect(lines(state).slice(3, 5)).toEqual([
      '▸09:14  carol  looks like the disk: https://box/log           │ ● bob',
      ' 09:15  alice  on it                                          │ ● carol',
    ]);
    const [bar] = draw(state).rows.slice(3);
    expect(bar?.filter(({ role }) => role === 'selection').reduce((sum, { width }) => sum + width, 0)).toBe(62);
    expect(lines(state).slice(-4)).toEqual([
      '──────────────────────────────────────────────────────────────┴─────────────────',
      ' r reply  + react  c copy  o copy link  Up Down  Esc back',
      '>',
      expect.stringContaining('online'),
    ]);
    expect(lines(state, true)[3]).toMatch(/^>09:14 {2}carol/);
  });

  test('says what can be done with ours, and with everybody’s where we keep order', () => {
    const { state, tab } = room();
    stand(tab, 2);
    expect(lines(state).at(-3)).toBe(' r reply  + react  e correct  d delete  c copy  Up Down  Esc back');
    stand(tab, 1);
    state.operator = true;
    expect(lines(state).at(-3)).toBe(' r reply  + react  d delete  c copy  o copy link  Up Down  Esc back');
    tab.log.append({ seq: 3 as Seq, from: user('bob'), text: 'yes', time: at(9, 16), re: 1 as Seq });
    stand(tab, 3);
    expect(lines(state).at(-3)).toBe(' r reply  + react  d delete  c copy  u what it answers  Up Down  Esc back');
    tab.log.change(3 as Seq, { text: '', deleted: true });
    expect(lines(state).at(-3)).toBe(' u what it answers  Up Down  Esc back');
  });

  test('says as much as a narrow window has room for, and always how to leave', () => {
    const { state, tab } = room(30, 10);
    stand(tab, 1);
    expect(lines(state).at(-3)).toBe(' r reply  + react  Esc back');
    state.size = { columns: 20, rows: 5 };
    expect(lines(state).at(-3)).toBe(' r reply  Esc back');
    stand(tab, 2);
    expect(inRole(draw(state), 'selection')).toEqual(['alice:', 'on it']);
  });

  test('asks before it deletes, and with what to react', () => {
    const { state, tab } = room();
    stand(tab, 2, { step: 'delete' });
    expect(lines(state).at(-3)).toBe(' delete this message?  y deletes it  n keeps it');
    stand(tab, 2, { step: 'react' });
    expect(lines(state).at(-3)).toBe(' 1 👍  2 ❤️  3 😂  4 🎉  5 😮  6 😢  7 👀  8 ✅  or a name');
    expect(lines(state, true).at(-3)).toBe(' 1 :+1:  2 :heart:  3 :joy:  4 :tada:  5 :open_mouth:  6 :cry:  or a name');
    stand(tab, 2, { step: 'react', typed: 'ta', offered: [{ name: 'tada', emoji: '🎉' }] });
    expect(lines(state).at(-3)).toBe(' react with: ta   🎉 tada');
  });

  test('of another tab is not shown', () => {
    const { state, tab } = room();
    stand(tab, 2);
    addTab(state, '#dev');
    state.active = 1;
    expect(lines(state).join()).not.toContain('Esc back');
  });

  test('leaves the last row of messages its room in the smallest window', () => {
    const { state, tab } = room(40, 4);
    stand(tab, 2);
    expect(lines(state)).toEqual([
      '▸alice  on it',
      ' r reply  + react  e correct  Esc back',
      '>',
      expect.stringContaining('online'),
    ]);
    state.size = { columns: 40, rows: 3 };
    expect(lines(state).slice(0, 2)).toEqual(['▸alice  on it', '>']);
  });
});

describe('above the input', () => {
  test('stands whom one answers', () => {
    const { state, tab } = room();
    tab.writing = { kind: 'reply', to: 1 as Seq };
    expect(lines(state).at(-3)).toBe(' replying to carol: looks like the disk: https://box/log  (Esc drops it)');
    state.hint = { text: 'a hint', bad: false };
    expect(lines(state).slice(-4, -2)).toEqual([
      ' a hint',
      ' replying to carol: looks like the disk: https://box/log  (Esc drops it)',
    ]);
    ignore(state, 'carol');
    expect(lines(state).at(-3)).toBe(' replying to a message that is left out  (Esc drops it)');
  });

  test('stands what one corrects', () => {
    const { state, tab } = room();
    tab.writing = { kind: 'correct', seq: 2 as Seq, before: { text: '', cursor: 0 } };
    expect(lines(state).at(-3)).toBe(' correcting: on it  (Enter changes it, Esc gives it up)');
    tab.log.change(2 as Seq, { text: 'long '.repeat(40) });
    expect(lines(state).at(-3)).toMatch(/^ correcting: long long .*…  \(Enter changes it, Esc gives it up\)$/);
    state.size = { columns: 30, rows: 12 };
    expect(lines(state).at(-3)).toBe(' correcting: long lon…  (Esc)');
    state.size = { columns: 20, rows: 12 };
    expect(lines(state).at(-3)).toBe(' correcting: long …');
  });

  test('nothing of it stands while a password is asked for', () => {
    const { state, tab } = room();
    tab.writing = { kind: 'reply', to: 1 as Seq };
    state.prompt = { text: 'password', bad: false, length: 0 };
    expect(lines(state).join()).not.toContain('replying');
  });
});

describe('that others are writing', () => {
  const writing = (tab: Tab, ...names: readonly string[]): void => {
    tab.typing = names.map((name) => ({ name: user(name), until: 1000 }));
  };

  test('stands in the rule above the input, where it moves nothing', () => {
    const { state, tab } = room();
    const before = lines(state);
    const rule = (): string | undefined => lines(state).at(-3);
    writing(tab, 'carol');
    expect(rule()).toBe('─ carol is typing ────────────────────────────────────────────┴─────────────────');
    expect(lines(state).filter((_, i) => i !== 21)).toEqual(before.filter((_, i) => i !== 21));
    writing(tab, 'carol', 'dave');
    expect(rule()).toBe('─ carol and dave are typing ──────────────────────────────────┴─────────────────');
    writing(tab, 'carol', 'dave', 'erin', 'frank', 'gina');
    expect(rule()).toBe('─ 5 people are typing ────────────────────────────────────────┴─────────────────');
    expect(lines(state, true).at(-3)).toMatch(/^- 5 people are typing -+\+-+$/);
  });

  test('does not speak of people who are left out', () => {
    const { state, tab } = room();
    writing(tab, 'carol', 'dave');
    ignore(state, 'carol');
    expect(lines(state).at(-3)).toMatch(/^─ dave is typing ─/);
    ignore(state, 'carol', 'dave');
    expect(lines(state).at(-3)).toMatch(/^─{62}┴/);
  });

  test('is cut in a narrow window, and left out where there is no rule', () => {
    const { state, tab } = room(24, 10);
    writing(tab, 'somebody-with-a-long-name', 'carol');
    expect(lines(state).at(-3)).toBe('─ somebody-with-a-lon… ─');
    state.size = { columns: 20, rows: 5 };
    expect(lines(state).join()).not.toContain('typing');
  });

  test('stands in the heads of panes, which have no rule', () => {
    const drive = new Drive({ columns: 120 });
    drive.login([{ ...info('#lobby'), topic: 'Be kind. '.repeat(20) }, info('#dev')]);
    drive.key('ctrl-]');
    drive.type('%');
    drive.get({ type: 'typing', to: '#dev' as RoomName, from: user('carol') });
    drive.get({ type: 'typing', to: '#lobby' as RoomName, from: user('dave') });
    const heads = lines(drive.state)[1];
    expect(heads).toMatch(/#lobby {2}Be kind\. .* {2}dave is typing /);
    expect(heads).toMatch(/#dev {2,}carol is typing/);
    expect(lines(drive.state).slice(2).join()).not.toContain('typing');
  });
});
