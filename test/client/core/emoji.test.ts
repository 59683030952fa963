import { describe, expect, test } from 'vitest';
import type { Effect } from '../../../src/client/core/event.ts';
import { createState } from '../../../src/client/core/update.ts';
import { Drive } from './drive.ts';

const TABLE = new Map([
  ['thumbsup', '👍'],
  ['+1', '👍'],
  ['thumbsdown', '👎'],
  ['tada', '🎉'],
  ['key', '🔑'],
  ['x', '❌'],
  ['100', '💯'],
  ['arrow_up', '⬆️'],
  ['up', '🆙'],
]);

const asks = (effects: readonly Effect[]): number => effects.filter((effect) => effect.do === 'loadEmoji').length;

/** Somebody who is online, with the table at hand unless `none`. */
function online(table: 'here' | 'none' = 'here'): Drive {
  const drive = new Drive();
  drive.login();
  if (table === 'here') drive.event({ type: 'emoji', table: TABLE });
  return drive;
}
/** What the line has after this was typed, key by key. */
function typed(text: string, drive = online()): string {
  drive.key('ctrl-u');
  for (const character of text) drive.type(character);
  return drive.input();
}

describe('a name between colons', () => {
  test('becomes its emoji when the second colon is typed, and is sent as such', () => {
    const drive = online();
    expect(typed('well done :tada:', drive)).toBe('well done 🎉');
    expect(drive.enter(' all')).toContainEqual(expect.objectContaining({ type: 'say', text: 'well done 🎉 all' }));
  });

  test('does so at the start, after a blank, a bracket, a quotation mark, and another emoji', () => {
    expect(typed(':tada:')).toBe('🎉');
    expect(typed('a :+1: b')).toBe('a 👍 b');
    expect(typed('(:tada:)')).toBe('(🎉)');
    expect(typed('":tada:"')).toBe('"🎉"');
    expect(typed(':tada::tada::+1:')).toBe('🎉🎉👍');
  });

  test('also where all of it came at once, as over a slow line', () => {
    const drive = online();
    drive.type('yes :+1: :tada:');
    expect(drive.input()).toBe('yes 👍 🎉');
    drive.key('ctrl-u');
    drive.type('nice :tada: ok');
    expect(drive.input()).toBe('nice 🎉 ok');
  });

  test.each([
    'a:tada:c',
    'key:tada:',
    'http://host:tada:',
    'http://box/:tada:',
    'at 12:30:00',
    'std::key::value',
    ':100:',
    'port :8080:',
    ':x:',
    '`:tada:`',
    'see `a ? :tada: b`',
    ':nothing:',
    ': tada :',
    '::tada:',
    '[:tada:]',
  ])('stays what it is in %s', (text) => {
    expect(typed(text)).toBe(text);
  });

  test('stays what it is in a block of code of several lines', () => {
    const drive = online();
    drive.paste('```\na');
    drive.type(' :tada:');
    expect(drive.input()).toBe('```\na :tada:');
  });

  test('is put back where letters follow at once: it was code', () => {
    expect(typed(':key:value')).toBe(':key:value');
    expect(typed('a :key:1')).toBe('a :key:1');
    expect(typed(':key:/x')).toBe(':key:/x');
    expect(typed(':key: value')).toBe('🔑 value');
    expect(typed(':key:!')).toBe('🔑!');
  });

  test('is not read into a word that follows the cursor', () => {
    const drive = online();
    drive.type('value');
    drive.key('ctrl-a');
    expect(drive.type(':key:')).toBeDefined();
    expect(drive.input()).toBe(':key:value');
  });

  test('comes back by undo, and then stays', () => {
    const drive = online();
    typed('so :tada:', drive);
    drive.key('ctrl-_');
    expect(drive.input()).toBe('so :tada:');
    drive.type(' ');
    expect(drive.input()).toBe('so :tada: ');
  });

  test('stays as it is in a paste, and in what comes from the history', () => {
    const drive = online();
    drive.paste(':tada:');
    expect(drive.input()).toBe(':tada:');
    drive.key('enter', 'up');
    expect(drive.input()).toBe(':tada:');
  });

  test('stays as it is where that was switched off, but for Tab', () => {
    const drive = online();
    const { inner } = createState({
      address: '',
      size: { columns: 80, rows: 24 },
      login: { method: 'host' },
      emoji: false,
    });
    drive.state.inner.emoji = inner.emoji;
    expect(typed(':tada:', drive)).toBe(':tada:');
    expect(asks(drive.effects)).toBe(0);
    drive.key('ctrl-u');
    drive.type(':tad');
    drive.key('tab');
    expect(asks(drive.effects)).toBe(1);
  });
});

describe('the table', () => {
  test('is asked for once, when a name is begun, and not by a colon of another kind', () => {
    const drive = online('none');
    typed('note: at 12:30, see http://x', drive);
    expect(asks(drive.effects)).toBe(0);
    typed('so :t', drive);
    expect(asks(drive.effects)).toBe(1);
    typed('so :ta :x', drive);
    expect(asks(drive.effects)).toBe(1);
  });

  test('that comes after the second colon finds its name', () => {
    const drive = online('none');
    typed('so :tada:', drive);
    expect(drive.input()).toBe('so :tada:');
    drive.event({ type: 'emoji', table: TABLE });
    expect(drive.input()).toBe('so 🎉');
  });

  test('that comes later still finds the names that were typed meanwhile, and leaves the cursor where it is', () => {
    const drive = online('none');
    drive.type('so :tada: and :+1: x');
    drive.key('left');
    expect(asks(drive.effects)).toBe(1);
    drive.event({ type: 'emoji', table: TABLE });
    expect(drive.input()).toBe('so 🎉 and 👍 x');
    drive.type('|');
    expect(drive.input()).toBe('so 🎉 and 👍 |x');
  });

  test('changes nothing else: not what was changed since, nor what was pasted', () => {
    const drive = online('none');
    typed(':tada: :key:', drive);
    drive.key('backspace');
    drive.type('x ');
    drive.paste(':+1:');
    drive.event({ type: 'emoji', table: TABLE });
    expect(drive.input()).toBe('🎉 :keyx :+1:');
  });

  test('whose name was sent before it came changes nothing', () => {
    const drive = online('none');
    drive.enter(':tada:');
    drive.type('next');
    drive.event({ type: 'emoji', table: TABLE });
    expect(drive.input()).toBe('next');
  });
});

describe('Tab behind a colon', () => {
  test('offers the emoji with their names, and puts the emoji into the line', () => {
    const drive = online();
    drive.type('nice :thu');
    drive.key('tab');
    expect(drive.input()).toBe('nice 👍');
    expect(drive.state.completions).toEqual(['👍 :thumbsup:', '👎 :thumbsdown:']);
    drive.key('tab');
    expect(drive.input()).toBe('nice 👎');
    drive.key('escape');
    expect(drive.input()).toBe('nice :thu');
  });

  test('finds names of one letter and of digits, which nothing else replaces', () => {
    const drive = online();
    for (const [name, emoji] of [
      [':x', '❌'],
      [':100', '💯'],
    ] as const) {
      drive.key('ctrl-u');
      drive.type(name);
      drive.key('tab');
      expect(drive.input()).toBe(emoji);
    }
  });

  test('finds a later part of a name after those that begin so', () => {
    const drive = online();
    drive.type(':up');
    drive.key('tab');
    expect(drive.state.completions).toEqual(['🆙 :up:', '⬆️ :arrow_up:']);
  });

  test('says that the names are being read, and asks for them', () => {
    const drive = online('none');
    drive.paste(':thu');
    drive.key('tab');
    expect(asks(drive.effects)).toBe(1);
    expect(drive.state.hint?.text).toBe('the names of emoji are being read: Tab once more');
    drive.event({ type: 'emoji', table: TABLE });
    drive.key('tab');
    expect(drive.input()).toBe('👍');
  });

  test('is for names of people where no shortcode can be', () => {
    const drive = online();
    drive.type('a:thu');
    drive.key('tab');
    expect(drive.input()).toBe('a:thu');
  });
});
