import { describe, expect, test } from 'vitest';
import type { Palette } from '../../../src/client/core/palette-state.ts';
import type { ClientMessage } from '../../../src/protocol/client-messages.ts';
import { at, clientId, Drive, info, only, room, START, sent, types, user } from './drive.ts';

const CTRL_K = 'ctrl-k';

/** With #dev and #ops, bob here, carol away, erin gone. */
const online = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby'), info('#dev'), info('#ops')]);
  seen(drive, 'alice', 'online');
  seen(drive, 'bob', 'online');
  seen(drive, 'carol', 'away');
  seen(drive, 'erin', 'offline');
  return drive;
};

function seen(drive: Drive, name: string, state: 'online' | 'away' | 'offline'): void {
  drive.get({ type: 'presence', user: user(name), state, since: at(START) });
}

function palette({ state: { overlay } }: Drive): Palette {
  if (overlay?.kind !== 'palette') throw new Error(`no palette, but ${overlay?.kind ?? 'nothing'}`);
  return overlay;
}

const names = (drive: Drive): string[] => palette(drive).hits.map(({ item }) => item.name);
const kinds = (drive: Drive): string[] => palette(drive).hits.map(({ item }) => item.kind);
const isOpen = (drive: Drive): boolean => drive.state.overlay?.kind === 'palette';
const line = (name: string, members = 1, topic = '') => ({ name: room(name), members, topic, joined: false });

/** The answer to the question for the rooms. */
function answer(drive: Drive, asked: readonly ClientMessage[], rooms: ReturnType<typeof line>[], more = false): void {
  drive.get({ type: 'rooms', id: only(asked, 'rooms').id ?? clientId('none'), rooms, more });
}

describe('what it lists', () => {
  test('with nothing written: the tabs one came from, then those with news, then where one is, then people', () => {
    const drive = online();
    drive.key('alt-3', 'alt-1');
    drive.hear('#dev', 1, 'hi');
    drive.key(CTRL_K);
    expect(names(drive)).toEqual(['#ops', '#dev', '#lobby', 'bob', 'carol', 'erin']);
  });

  test('so that with Enter one goes to the last tab, and back', () => {
    const drive = online();
    drive.key('alt-3', 'alt-2', CTRL_K, 'enter');
    expect(drive.active()).toBe('#ops');
    drive.key(CTRL_K, 'enter');
    expect([drive.active(), isOpen(drive)]).toEqual(['#dev', false]);
  });

  test('with a single tab nothing is done by that', () => {
    const drive = new Drive();
    drive.login();
    seen(drive, 'bob', 'online');
    drive.key(CTRL_K, 'enter');
    expect([drive.tabs(), isOpen(drive)]).toEqual([['#lobby'], false]);
  });

  test('a few letters find tabs, people and rooms; what fits better comes first', () => {
    const drive = online();
    const asked = drive.key(CTRL_K);
    answer(drive, asked, [line('#bookclub'), line('#obscure')]);
    drive.type('bo');
    expect(names(drive)[0]).toBe('bob');
    expect(names(drive)).toContain('#bookclub');
    expect(names(drive)).not.toContain('carol');
    drive.type('okclub');
    expect(names(drive)).toEqual(['#bookclub']);
  });

  test('ourselves, and those whose messages are left out, are nobody to go to', () => {
    const drive = online();
    drive.ignored(['bob']);
    drive.key(CTRL_K);
    expect(names(drive)).not.toContain('alice');
    expect(names(drive)).not.toContain('bob');
  });

  test('commands after a slash, and where nothing else fits', () => {
    const drive = online();
    drive.key(CTRL_K);
    drive.type('/jo');
    expect(names(drive)[0]).toBe('/join');
    drive.key('ctrl-u');
    drive.type('topi');
    expect(names(drive)).toEqual(['/topic', '#topi']);
    drive.key('ctrl-u');
    drive.type('zzz!');
    expect(names(drive)).toEqual([]);
  });

  test('a name that nobody has is last of all a room that can be made', () => {
    const drive = online();
    drive.key(CTRL_K);
    drive.type('car');
    expect(names(drive)).toEqual(['carol', '#car']);
    drive.type('ol');
    expect(names(drive)).toEqual(['carol']);
    drive.key('ctrl-u');
    drive.type('garden');
    expect(palette(drive).hits).toMatchObject([{ item: { kind: 'room', name: '#garden', fresh: true } }]);
    expect(only(drive.key('enter'), 'join').room).toBe('#garden');
  });

  test('letters that are added, changed and taken away find what they would have found at once', () => {
    const drive = online();
    const asked = drive.key(CTRL_K);
    answer(drive, asked, [line('#bookclub'), line('#obscure'), line('#Ärger'), line('#a-b-c')]);
    const typed = (text: string): string[] => {
      drive.key('ctrl-u');
      drive.type(text);
      return names(drive);
    };
    const words = ['b', 'bo', 'boo', 'o', 'ob', 'a', 'ab', 'abc', 'a c', 'c', '/j', 'ca', 'e', 'er'];
    const alone = words.map(typed);
    for (const [index, word] of words.entries()) {
      drive.key('ctrl-u');
      for (const letter of word) drive.type(letter);
      expect(names(drive), word).toEqual(alone[index]);
      drive.type('q');
      drive.key('backspace');
      expect(names(drive), word).toEqual(alone[index]);
    }
  });

  test('a person who has a tab is that tab, once', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.key(CTRL_K);
    drive.type('bob');
    expect([names(drive), kinds(drive)]).toEqual([['bob'], ['tab']]);
  });
});

describe('Enter', () => {
  test('goes to the tab', () => {
    const drive = online();
    drive.type('a draft');
    drive.key(CTRL_K);
    drive.type('op');
    drive.key('enter');
    expect([drive.active(), isOpen(drive)]).toEqual(['#ops', false]);
    drive.key('alt-1');
    expect(drive.input()).toBe('a draft');
  });

  test('joins a room that one is not in', () => {
    const drive = online();
    answer(drive, drive.key(CTRL_K), [line('#golang', 4)]);
    drive.type('golang');
    expect(drive.key('enter')).toContainEqual(expect.objectContaining({ type: 'join', room: '#golang' }));
    expect(isOpen(drive)).toBe(false);
  });

  test('opens the tab of a person', () => {
    const drive = online();
    drive.key(CTRL_K);
    drive.type('car');
    drive.key('enter');
    expect([drive.active(), drive.input()]).toEqual(['carol', '']);
  });

  test('runs a command that needs nothing more, and leaves the draft alone', () => {
    const drive = online();
    drive.type('half a thought');
    drive.key(CTRL_K);
    drive.type('/who');
    drive.key('enter');
    expect(drive.notices().join()).toContain('bob');
    expect([drive.input(), isOpen(drive)]).toEqual(['half a thought', false]);
  });

  test('begins a command that needs more; what is written behind it is run', () => {
    const drive = online();
    drive.key(CTRL_K);
    drive.type('/joi');
    drive.key('enter');
    expect(palette(drive).input.text).toBe('/join ');
    drive.type('#new');
    expect(drive.key('enter')).toContainEqual(expect.objectContaining({ type: 'join', room: '#new' }));
  });

  test('runs what is written, not the first word that fits behind it', () => {
    const drive = online();
    drive.key(CTRL_K);
    drive.type('/msg bo');
    drive.key('down', 'enter');
    expect(drive.active()).toBe('bob');
    drive.key(CTRL_K);
    drive.type('/msg bo');
    expect(names(drive)[0]).toBe('bob');
    drive.key('enter');
    expect(drive.active()).toBe('bo');
  });

  test('what can’t be done is said, and the palette stays', () => {
    const drive = online();
    drive.key(CTRL_K);
    drive.type('/nothing');
    drive.key('enter');
    expect(drive.state.hint).toMatchObject({ bad: true, text: expect.stringContaining('no command /nothing') });
    expect(isOpen(drive)).toBe(true);
    drive.key('ctrl-u');
    drive.type('zzz!');
    drive.key('enter');
    expect(drive.state.hint?.text).toContain('nothing fits');
  });

  test('a tab that was closed meanwhile is opened again', () => {
    const drive = online();
    drive.key(CTRL_K);
    drive.type('ops');
    drive.get({ type: 'left', room: room('#ops'), user: user('alice'), time: at(START) });
    expect(drive.tabs()).not.toContain('#ops');
    expect(drive.key('enter')).toContainEqual(expect.objectContaining({ type: 'join', room: '#ops' }));
  });
});

describe('its keys', () => {
  test('Ctrl-N and Down go down, Ctrl-P and Up go up, and around; Ctrl-K again goes down', () => {
    const drive = online();
    drive.key(CTRL_K);
    const count = names(drive).length;
    drive.key('ctrl-n', 'down', CTRL_K);
    expect(palette(drive).index).toBe(3);
    drive.key('up', 'ctrl-p', 'up', 'up');
    expect(palette(drive).index).toBe(count - 1);
    drive.key('down');
    expect(palette(drive).index).toBe(0);
    drive.key('pagedown', 'pagedown');
    expect(palette(drive).index).toBe(count - 1);
    drive.key('pageup', 'pageup');
    expect(palette(drive).index).toBe(0);
  });

  test('another letter begins at the top', () => {
    const drive = online();
    drive.key(CTRL_K, 'down', 'down');
    drive.type('o');
    expect(palette(drive).index).toBe(0);
  });

  test('Tab writes what is chosen', () => {
    const drive = online();
    drive.key(CTRL_K);
    drive.type('op');
    drive.key('tab');
    expect(palette(drive).input).toMatchObject({ text: '#ops', cursor: 4 });
    drive.key('ctrl-u');
    drive.type('/msg bo');
    drive.key('tab');
    expect(palette(drive).input.text).toBe('/msg bob ');
  });

  test('the line is edited as any other', () => {
    const drive = online();
    drive.key(CTRL_K);
    drive.type('xdev');
    drive.key('ctrl-a', 'delete', 'ctrl-e', 'backspace', 'alt-enter');
    expect(palette(drive).input.text).toBe('de');
    drive.paste('v\nops');
    expect(palette(drive).input.text).toBe('dev ops');
  });

  test('Esc, Ctrl-C, and Ctrl-D on nothing close it and do no more', () => {
    const drive = online();
    for (const key of ['escape', 'ctrl-c', 'ctrl-d']) {
      drive.key(CTRL_K);
      expect(types(drive.key(key))).not.toContain('bye');
      expect(isOpen(drive)).toBe(false);
    }
    expect(drive.active()).toBe('#lobby');
  });

  test('what leads elsewhere closes it and does its work', () => {
    const drive = online();
    drive.key(CTRL_K, 'alt-2');
    expect([drive.active(), isOpen(drive)]).toEqual(['#dev', false]);
    drive.key(CTRL_K, 'f1');
    expect(drive.state.overlay?.kind).toBe('keys');
  });

  test('Alt-p asks whoever is chosen for a private chat; with a room there is none', () => {
    const drive = online();
    drive.key(CTRL_K);
    drive.type('bob');
    drive.key('alt-p');
    expect([drive.active(), isOpen(drive)]).toEqual(['=bob', false]);
    drive.key(CTRL_K);
    drive.type('ops');
    drive.key('alt-p');
    expect(drive.state.hint?.text).toBe('a private chat is with a person: choose one');
    expect(isOpen(drive)).toBe(true);
  });

  test('a /quit that is asked for twice quits, with something unsent', () => {
    const drive = online();
    drive.enter('unsent');
    for (let i = 0; i < 2; i++) {
      drive.key(CTRL_K);
      drive.type('/quit');
      drive.key('enter');
    }
    expect(types(sent(drive.effects))).toContain('bye');
  });
});

describe('for something new', () => {
  const open = (drive: Drive): void => {
    drive.key('ctrl-]');
    drive.type('c');
  };

  test('what has a tab is not in the list', () => {
    const drive = online();
    open(drive);
    expect(names(drive)).toEqual(['bob', 'carol', 'erin']);
  });

  test('a room that nobody has can be made, and somebody be written to whom nobody has seen', () => {
    const drive = online();
    open(drive);
    drive.type('zed');
    expect(palette(drive).hits.map(({ item }) => `${item.kind} ${item.name}`)).toEqual(['room #zed', 'person zed']);
    expect(drive.key('enter')).toContainEqual(expect.objectContaining({ type: 'join', room: '#zed' }));
    drive.key(CTRL_K);
    drive.type('#zedd');
    expect(palette(drive).hits).toMatchObject([{ item: { kind: 'room', name: '#zedd', fresh: true } }]);
  });
});

describe('the rooms of the server', () => {
  test('are asked for when it opens, once in a few seconds, and shown as they come', () => {
    const drive = online();
    const asked = drive.key(CTRL_K);
    answer(drive, asked, [line('#alpha', 1)], true);
    expect(names(drive)).toContain('#alpha');
    answer(drive, asked, [line('#beta', 9)]);
    // The fuller one first.
    expect(names(drive).filter((name) => name.endsWith('a'))).toEqual(['#beta', '#alpha']);
    drive.key('escape');
    expect(types(drive.key(CTRL_K))).not.toContain('rooms');
    expect(names(drive)).toContain('#beta');
    drive.key('escape');
    drive.pass(5000);
    expect(types(drive.key(CTRL_K))).toContain('rooms');
  });

  test('whoever has chosen something stays on it when they come', () => {
    const drive = online();
    const asked = drive.key(CTRL_K);
    drive.key('up', 'up');
    expect(names(drive)[palette(drive).index ?? -1]).toBe('carol');
    answer(drive, asked, [line('#alpha'), line('#beta')]);
    expect(names(drive)[palette(drive).index ?? -1]).toBe('carol');
  });

  test('an answer that comes when it is closed opens nothing, and one to nobody changes nothing', () => {
    const drive = online();
    const asked = drive.key(CTRL_K);
    drive.key('escape');
    answer(drive, asked, [line('#alpha')]);
    expect([drive.state.overlay, drive.notices()]).toEqual([undefined, []]);
    drive.get({ type: 'rooms', id: clientId('somebody-elses'), rooms: [line('#other')], more: false });
    drive.key(CTRL_K);
    expect(names(drive)).toContain('#alpha');
    expect(names(drive)).not.toContain('#other');
  });

  test('what is no more is gone with the next whole answer', () => {
    const drive = online();
    answer(drive, drive.key(CTRL_K), [line('#alpha'), line('#beta')]);
    drive.key('escape');
    drive.pass(5000);
    const asked = drive.key(CTRL_K);
    answer(drive, asked, [line('#beta')]);
    expect(names(drive)).not.toContain('#alpha');
  });

  test('a server that refuses leaves it without them, and says nothing', () => {
    const drive = online();
    const asked = drive.key(CTRL_K);
    drive.get({
      type: 'error',
      id: only(asked, 'rooms').id ?? clientId('x'),
      code: 'bad_message',
      text: 'no',
      closes: false,
    });
    expect([drive.state.hint, isOpen(drive)]).toEqual([undefined, true]);
  });

  test('/rooms is still answered in its tab', () => {
    const drive = online();
    drive.key(CTRL_K, 'escape');
    answer(drive, drive.enter('/rooms'), [line('#alpha', 3, 'letters')]);
    expect(drive.notices().join()).toContain('#alpha');
  });
});

test('a click on a hit goes there, one beside them closes it, and the wheel moves', () => {
  const drive = online();
  drive.key(CTRL_K);
  // The tab bar, the line, and then the hits.
  const at = (name: string) => ({ type: 'click', x: 5, y: 2 + names(drive).indexOf(name) }) as const;
  drive.event({ type: 'wheel', up: false, x: 5, y: 5 });
  expect(palette(drive).index).toBe(3);
  drive.event(at('#ops'));
  expect([drive.active(), isOpen(drive)]).toEqual(['#ops', false]);
  drive.key(CTRL_K);
  drive.event({ type: 'click', x: 5, y: 18 });
  expect([drive.active(), isOpen(drive)]).toEqual(['#ops', false]);
  // A tab in the bar is one all the same.
  drive.key(CTRL_K);
  drive.event({ type: 'click', x: 2, y: 0 });
  expect([drive.active(), isOpen(drive)]).toEqual(['#lobby', false]);
});
