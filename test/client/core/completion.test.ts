import { describe, expect, test } from 'vitest';
import { ok } from '../../../src/base/result.ts';
import type { Command } from '../../../src/client/commands/command.ts';
import { COMMANDS } from '../../../src/client/commands/index.ts';
import { MAX_PAGE, PAGE } from '../../../src/client/core/past.ts';
import { at, Drive, info, only, room, START, types, user } from './drive.ts';

const ready = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby'), info('#dev'), info('#deploy')]);
  for (const name of ['alice', 'alan', '~alf', 'bob', 'carol']) {
    drive.get({ type: 'presence', user: user(name), state: name === 'carol' ? 'offline' : 'online', since: at(START) });
  }
  return drive;
};
const tab = (drive: Drive, text: string, keys = ['tab']): string => {
  drive.key('ctrl-u');
  if (text !== '') drive.type(text);
  drive.key(...keys);
  return drive.input();
};

describe('names', () => {
  test('at the start of the line a name is an address, in it a word; ourselves we do not call', () => {
    const drive = ready();
    expect(tab(drive, 'bo')).toBe('bob: ');
    expect(tab(drive, 'ask bo')).toBe('ask bob ');
    expect(tab(drive, 'ali')).toBe('ali');
  });

  test('in any case, with the @, and a guest with or without the ~', () => {
    const drive = ready();
    expect(tab(drive, 'BO')).toBe('bob: ');
    expect(tab(drive, '@bo')).toBe('@bob ');
    expect(tab(drive, 'see @bo')).toBe('see @bob ');
    expect(tab(drive, 'see (@bo')).toBe('see (@bob ');
    expect(tab(drive, '"#de')).toBe('"#dev ');
    expect(tab(drive, 'alf')).toBe('~alf: ');
    expect(tab(drive, '~al')).toBe('~alf: ');
  });

  test('who spoke last comes first', () => {
    const drive = ready();
    expect(tab(drive, 'al')).toBe('alan: ');
    drive.hear('#lobby', 1, 'hi', 'alan');
    drive.hear('#lobby', 2, 'hi', '~alf');
    expect(tab(drive, 'al')).toBe('~alf: ');
  });

  test('Tab goes on through the candidates, Shift-Tab back, Esc gives back what was typed', () => {
    const drive = ready();
    expect(tab(drive, 'al')).toBe('alan: ');
    expect(drive.state.completions).toEqual(['alan:', '~alf:']);
    drive.key('tab');
    expect(drive.input()).toBe('~alf: ');
    drive.key('tab');
    expect(drive.input()).toBe('alan: ');
    drive.key('shift-tab');
    expect(drive.input()).toBe('~alf: ');
    drive.key('escape');
    expect(drive.input()).toBe('al');
    expect(drive.state.completions).toEqual([]);
  });

  test('Shift-Tab first begins at the end; another key ends it', () => {
    const drive = ready();
    expect(tab(drive, 'al', ['shift-tab'])).toBe('~alf: ');
    drive.type('x');
    expect(drive.state.completions).toEqual([]);
    expect(drive.input()).toBe('~alf: x');
  });

  test('is its own tab’s: one that comes to the front meanwhile gets no word of the draft', () => {
    const drive = ready();
    drive.type('secret al');
    drive.key('tab');
    expect(drive.state.completions.length).toBeGreaterThan(1);
    drive.state.active = 1;
    drive.tick();
    expect(drive.state.completions).toEqual([]);
    drive.key('tab');
    expect(drive.input()).toBe('');
    drive.key('escape');
    expect(drive.input()).toBe('');
    drive.key('alt-1');
    expect(drive.input()).toBe('secret alan ');
  });

  test('ends where the line is changed by something else', () => {
    const drive = ready();
    drive.type('al');
    drive.key('tab');
    drive.key('alt-e');
    drive.type('al');
    drive.key('tab');
    drive.event({ type: 'edited', tab: drive.tab().room, result: ok('a letter') });
    drive.key('escape');
    expect(drive.input()).toBe('a letter');
  });

  test('in the middle of a line what follows stays, and the cursor is after the word', () => {
    const drive = ready();
    drive.type('ask bo now');
    drive.key('left', 'left', 'left', 'left', 'tab');
    expect(drive.input()).toBe('ask bob  now');
    drive.type('X');
    expect(drive.input()).toBe('ask bob X now');
  });

  test('what fits nothing, and nothing at all, changes nothing', () => {
    const drive = ready();
    expect(tab(drive, 'zzz')).toBe('zzz');
    expect(tab(drive, '')).toBe('');
    expect(drive.state.completions).toEqual([]);
  });
});

describe('rooms and commands', () => {
  test('rooms after #', () => {
    const drive = ready();
    expect(tab(drive, 'see #de')).toBe('see #dev ');
    drive.key('tab');
    expect(drive.input()).toBe('see #deploy ');
  });

  test('commands after / at the start of the line only', () => {
    const drive = ready();
    expect(tab(drive, '/jo')).toBe('/join ');
    expect(tab(drive, '/par')).toBe('/part ');
    expect(tab(drive, 'a /jo')).toBe('a /jo');
    expect(tab(drive, '//jo')).toBe('//jo');
  });

  test('the words that a command takes', () => {
    const drive = ready();
    expect(tab(drive, '/help top')).toBe('/help topic ');
    expect(tab(drive, '/leave ')).toBe('/leave #dev ');
    expect(tab(drive, '/part #dep')).toBe('/part #deploy ');
    expect(tab(drive, '/topic bo')).toBe('/topic bob ');
  });
});

describe('the arguments of commands', () => {
  /** Everything that Tab offers for this, without what it is offered for. */
  const offered = (drive: Drive, text: string): string[] => {
    tab(drive, text);
    const { cycle } = drive.state.inner;
    return cycle?.candidates.map((one) => one.text.trimEnd()) ?? [];
  };
  const operator = (): Drive => {
    const drive = ready();
    drive.state.operator = true;
    return drive;
  };
  const TIMES = ['15m', '1h', '8h', '1d', '7d'];

  test('are offered one after the other, each what it can be', () => {
    const drive = operator();
    expect(offered(drive, '/mute al')).toEqual(['alan', '~alf']);
    expect(offered(drive, '/mute alan ')).toEqual(TIMES);
    expect(offered(drive, '/mute alan 1')).toEqual(['15m', '1h', '1d']);
    expect(offered(drive, '/ban bob 7')).toEqual(['7d']);
    expect(offered(drive, '/since ')).toEqual(TIMES);
    expect(offered(drive, '/who 8')).toEqual(['8h']);
    expect(offered(drive, '/history bob ')).toEqual([String(PAGE), String(MAX_PAGE)]);
    expect(offered(drive, '/key re')).toEqual(['remove']);
    expect(offered(drive, '/log o')).toEqual(['on', 'off']);
  });

  test('of two words are two words', () => {
    const drive = operator();
    expect(offered(drive, '/ban ui')).toEqual(['uid']);
    expect(offered(drive, '/ban uid 1001 ')).toEqual(TIMES);
    expect(offered(drive, '/ban uid ')).toEqual([]);
  });

  test('depend on those before them', () => {
    const drive = operator();
    expect(offered(drive, '/slow #dev ')).toEqual(['10s', '30s', '1m', 'off']);
    expect(offered(drive, '/slow 10s ')).toEqual([]);
    expect(offered(drive, '/slow o')).toEqual(['off']);
    drive.state.inner.deviceKeys = ['SHA256:abc', 'SHA256:def'];
    expect(offered(drive, '/key remove ')).toEqual(['SHA256:abc', 'SHA256:def']);
    expect(offered(drive, '/key add ')).toEqual([]);
  });

  test('that are free text take names and rooms, as in any message', () => {
    const drive = operator();
    expect(offered(drive, '/msg bob ask al')).toEqual(['alan', '~alf']);
    expect(offered(drive, '/kick bob see #de')).toEqual(['#dev', '#deploy']);
    expect(offered(drive, '/ban bob 1h ask @bo')).toEqual(['@bob']);
    expect(offered(drive, '/ban bob al')).toEqual(['alan', '~alf']);
  });

  test('the topic that there is can be changed', () => {
    const drive = ready();
    drive.tab().topic = 'Welcome to the box.';
    expect(offered(drive, '/topic ')).toEqual(['Welcome to the box.']);
    expect(tab(drive, '/topic ')).toBe('/topic Welcome to the box. ');
  });

  test('a flag that gives something away is offered to nobody who has not begun it', () => {
    const drive = ready();
    drive.asks('bob');
    expect(offered(drive, '/accept ')).toEqual(['bob', '--hide']);
    expect(offered(drive, '/accept bob ')).toEqual(['--hide']);
    expect(offered(drive, '/accept bob --hide ')).toEqual([]);
    expect(offered(drive, '/private bob ')).toEqual([]);
    expect(offered(drive, '/forget bob ')).toEqual([]);
  });

  test('no command wants a name, a room, a time or a choice that Tab knows nothing of', () => {
    const wants = COMMANDS.filter(({ args }: Command) => /\bname\b|#room|\bon\b|1h|15m/.test(args));
    expect(wants.filter(({ complete }: Command) => complete === undefined).map(({ name }) => name)).toEqual([]);
    const first = COMMANDS.filter(({ complete }: Command) => complete === undefined);
    expect(first.filter(({ completeNext }: Command) => completeNext !== undefined)).toEqual([]);
  });
});

describe('the rooms of the server', () => {
  test('are asked for when a room is to be completed, and are offered when they have come', () => {
    const drive = ready();
    drive.type('/join #sec');
    const ask = only(drive.key('tab'), 'rooms');
    expect(drive.state.hint?.text).toBe("the server's rooms are being asked for: Tab once more");
    drive.get({
      type: 'rooms',
      ...(ask.id === undefined ? {} : { id: ask.id }),
      rooms: [{ name: room('#secret'), topic: '', members: 2, joined: false }],
      more: false,
    });
    expect(types(drive.key('tab'))).not.toContain('rooms');
    expect(drive.input()).toBe('/join #secret ');
  });
});

describe('many candidates', () => {
  test('are no more than a hundred, and which of them is chosen is told', () => {
    const drive = ready();
    for (let i = 0; i < 150; i += 1)
      drive.get({ type: 'presence', user: user(`zed${i}`), state: 'online', since: at(START) });
    drive.type('zed');
    drive.key('tab', 'tab');
    expect(drive.state.completions).toHaveLength(100);
    expect(drive.state.completed).toBe(1);
    drive.key('shift-tab', 'shift-tab');
    expect(drive.state.completed).toBe(99);
  });

  test('of a word as long as a page cost nothing, and there are none', () => {
    const drive = ready();
    drive.tab().draft = { text: 'x'.repeat(60_000), cursor: 60_000 };
    drive.key('tab');
    expect(drive.input()).toHaveLength(60_000);
  });
});
