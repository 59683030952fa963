import { describe, expect, test } from 'vitest';
import { Drive, info, only, user } from './drive.ts';

/** Here: alice (us), bob, carol, mike; gone: zoe. */
function online(columns = 80, name = 'alice'): Drive {
  const drive = new Drive({ columns });
  const { id } = only(drive.login([info('#lobby'), info('#dev')], name), 'who');
  if (id === undefined) throw new Error('who has an id');
  const person = (name: string, state: 'online' | 'offline') => ({ name: user(name), state, since: drive.env.now });
  const here = ['alice', 'bob', 'carol', 'mike'].map((name) => person(name, 'online'));
  drive.get({ type: 'users', id, users: [...here, person('zoe', 'offline')], more: false });
  return drive;
}

const selected = (drive: Drive): string | undefined => drive.state.selected;

/** Where somebody's row of the list is. */
function rowOf(drive: Drive, name: string): { x: number; y: number } {
  for (let y = 0; y < 24; y++) {
    drive.state.selected = undefined;
    drive.event({ type: 'click', x: 75, y });
    if (drive.state.selected === name) {
      drive.state.selected = undefined;
      return { x: 75, y };
    }
  }
  throw new Error(`${name} is not in the list`);
}

describe('Alt-p', () => {
  test('in a room walks the list of people', () => {
    const drive = online();
    drive.key('alt-p');
    expect(selected(drive)).toBe('bob');
    expect(drive.state.hint?.text).toContain('Enter asks for a private chat');
    drive.key('down', 'up', 'up');
    // Above is only ourselves.
    expect(selected(drive)).toBe('bob');
    drive.key('end');
    expect(selected(drive)).toBe('zoe');
    drive.key('down');
    expect(selected(drive)).toBe('zoe');
    drive.key('home', 'pagedown', 'up');
    expect(selected(drive)).toBe('mike');
    drive.type('c');
    expect(selected(drive)).toBe('carol');
    drive.type('x');
    expect(selected(drive)).toBe('carol');
    expect(drive.state.hint?.text).toBe('nobody here begins with x');
    expect(drive.input()).toBe('');
  });

  test('and Enter ask for a private chat', () => {
    const drive = online();
    drive.key('alt-p');
    drive.type('b');
    drive.key('enter');
    expect(drive.told('ask')).toMatchObject([{ to: 'bob', plain: false }]);
    expect(drive.active()).toBe('=bob');
    expect(selected(drive)).toBeUndefined();
  });

  test('never stands on oneself, neither by moving nor by a letter', () => {
    const drive = online();
    drive.key('alt-p');
    drive.type('a');
    expect(selected(drive)).toBe('bob');
    drive.key('down', 'home');
    expect(selected(drive)).toBe('bob');
    const alone = new Drive();
    const { id } = only(alone.login([info('#lobby')]), 'who');
    const self = { name: user('alice'), state: 'online', since: alone.env.now } as const;
    alone.get({ type: 'users', ...(id === undefined ? {} : { id }), users: [self], more: false });
    alone.key('alt-p');
    expect(selected(alone)).toBeUndefined();
    expect(alone.state.hint?.text).toBe('nobody else is in the list');
    alone.type('b');
    expect(alone.input()).toBe('b');
  });

  test('passes over oneself in the middle of the list, both ways', () => {
    const drive = online(80, 'bob');
    drive.key('alt-p');
    expect(selected(drive)).toBe('alice');
    drive.key('down');
    expect(selected(drive)).toBe('carol');
    drive.key('up');
    expect(selected(drive)).toBe('alice');
  });

  test('ends where the window becomes too narrow for the list', () => {
    const drive = online();
    drive.key('alt-p');
    drive.event({ type: 'resize', columns: 50, rows: 24 });
    expect([selected(drive), drive.state.hint]).toEqual([undefined, undefined]);
    drive.key('enter');
    expect(drive.told('ask')).toEqual([]);
  });

  test.each(['m', ' '])('and "%s" begin a message', (letter) => {
    const drive = online();
    drive.key('alt-p');
    drive.type(letter);
    expect(drive.input()).toBe('/msg bob ');
    expect(selected(drive)).toBeUndefined();
    drive.key('alt-p');
    drive.type(letter);
    // What is being written stays.
    expect(drive.active()).toBe('bob');
    expect(drive.tab().draft.text).toBe('/msg bob ');
  });

  test.each(['escape', 'alt-p'])('is left by %s, which does no more', (key) => {
    const drive = online();
    drive.key('alt-p', key);
    expect(selected(drive)).toBeUndefined();
    drive.type('b');
    expect(drive.input()).toBe('b');
  });

  test('is left by any key with another meaning, which it keeps', () => {
    const drive = online();
    drive.key('alt-p', 'alt-2');
    expect(selected(drive)).toBeUndefined();
    expect(drive.active()).toBe('#dev');
  });

  test('shows the list where it was put away, and where there is no room for it asks for a name', () => {
    const drive = online();
    drive.key('f7', 'alt-p');
    expect(drive.state.showList).toBe(true);
    expect(selected(drive)).toBe('bob');
    const narrow = online(50);
    narrow.key('alt-p');
    expect(selected(narrow)).toBeUndefined();
    expect(narrow.input()).toBe('/private ');
    narrow.type('b');
    narrow.key('tab');
    expect(narrow.input()).toBe('/private bob ');
  });

  test("on a person's tab asks that person", () => {
    const drive = online();
    drive.enter('/msg carol');
    drive.key('alt-p');
    expect(drive.told('ask')).toMatchObject([{ to: 'carol' }]);
    expect(drive.active()).toBe('=carol');
    drive.key('alt-p');
    expect(drive.told('ask')).toHaveLength(1);
  });
});

describe('the mouse', () => {
  test('a click on a name chooses it, the next one asks', () => {
    const drive = online();
    const spot = rowOf(drive, 'bob');
    drive.event({ type: 'click', ...spot });
    expect(selected(drive)).toBe('bob');
    expect(drive.told('ask')).toEqual([]);
    drive.event({ type: 'click', ...spot });
    expect(drive.told('ask')).toMatchObject([{ to: 'bob' }]);
  });

  test('a click that was none of intent is forgotten by writing on', () => {
    const drive = online();
    drive.event({ type: 'click', ...rowOf(drive, 'bob') });
    for (const letter of 'cmc') drive.type(letter);
    drive.key('enter');
    expect(drive.told('ask')).toEqual([]);
    expect(selected(drive)).toBeUndefined();
    expect(drive.tab().pending).toMatchObject([{ text: 'cmc' }]);
    drive.event({ type: 'click', ...rowOf(drive, 'bob') });
    drive.key('escape', 'enter');
    expect(drive.told('ask')).toEqual([]);
    drive.event({ type: 'click', ...rowOf(drive, 'bob') });
    drive.key('enter');
    expect(drive.told('ask')).toMatchObject([{ to: 'bob' }]);
  });

  test('a click elsewhere ends that', () => {
    const drive = online();
    drive.event({ type: 'click', ...rowOf(drive, 'bob') });
    drive.event({ type: 'click', x: 3, y: 12 });
    expect(selected(drive)).toBeUndefined();
  });

  test('a click on a tab goes there', () => {
    const drive = online();
    drive.event({ type: 'click', x: 14, y: 0 });
    expect(drive.active()).toBe('#dev');
  });

  test('the wheel scrolls, down to the newest line', () => {
    const drive = online();
    drive.enter('/help');
    drive.event({ type: 'wheel', up: true, x: 5, y: 5 });
    expect(drive.tab().scroll.kind).toBe('at');
    drive.event({ type: 'wheel', up: false, x: 5, y: 5 });
    expect(drive.tab().scroll).toEqual({ kind: 'tail' });
  });

  test('does nothing while a password is asked for, or numbers are compared', () => {
    const drive = online();
    drive.enter('/password');
    drive.event({ type: 'click', x: 14, y: 0 });
    drive.key('escape');
    drive.state.overlay = { kind: 'verify', person: user('bob'), device: 'd' as never, digits: '', more: 0 };
    drive.event({ type: 'click', x: 14, y: 0 });
    expect(drive.active()).toBe('#lobby');
  });

  test('is told of by the terminal as /mouse says', () => {
    const drive = online();
    drive.enter('/mouse on');
    expect(drive.state.hint?.text).toContain('Shift');
    drive.enter('/mouse off');
    drive.enter('/mouse perhaps');
    expect(drive.effects.filter((effect) => effect.do === 'mouse')).toEqual([
      { do: 'mouse', on: true },
      { do: 'mouse', on: false },
    ]);
  });
});
