import { describe, expect, test } from 'vitest';
import { MAX_TYPISTS, TYPING_LASTS_MS } from '../../../src/client/core/typing.ts';
import { nextWake } from '../../../src/client/core/wake.ts';
import { TYPING_EVERY_MS } from '../../../src/protocol/limits.ts';
import { clientId, Drive, info, room, user } from './drive.ts';

function online(): Drive {
  const drive = new Drive();
  drive.login([info('#lobby'), info('#dev')]);
  return drive;
}

/** Where it was said that we are writing. */
const told = (drive: Drive, act: () => void): string[] => {
  const from = drive.effects.length;
  act();
  return drive.effects
    .slice(from)
    .flatMap((one) => (one.do === 'send' && one.message.type === 'typing' ? [one.message.to] : []));
};
const typed = (drive: Drive, ...texts: readonly string[]): string[] =>
  told(drive, () => {
    for (const text of texts) drive.type(text);
  });
const writes = (drive: Drive, from: string, to = '#lobby') =>
  drive.get({ type: 'typing', to: to.startsWith('#') ? room(to) : user(to), from: user(from) });
const names = (drive: Drive, tab = '#lobby'): string[] => drive.tab(tab).typing.map(({ name }) => name);

describe('that we are writing', () => {
  test('is told when a message is typed, and not more often than others need it', () => {
    const drive = online();
    expect(typed(drive, 'h', 'e', 'l')).toEqual(['#lobby']);
    drive.pass(TYPING_EVERY_MS - 1);
    expect(typed(drive, 'l')).toEqual([]);
    drive.pass(1);
    expect(typed(drive, 'o', '!')).toEqual(['#lobby']);
    drive.pass(TYPING_EVERY_MS);
    expect(told(drive, () => drive.key('backspace'))).toEqual(['#lobby']);
  });

  test('is told to the room where it is written', () => {
    const drive = online();
    drive.key('alt-2');
    expect(typed(drive, 'h')).toEqual(['#dev']);
  });

  test.each([
    ['a command', (drive: Drive) => typed(drive, '/', 't', 'o')],
    ['what was pasted', (drive: Drive) => told(drive, () => drive.paste('a long text'))],
    ['what comes from the history', (drive: Drive) => told(drive, () => drive.key('up'))],
    ['moving in the line', (drive: Drive) => told(drive, () => drive.key('left', 'home', 'ctrl-e'))],
    ['a line that was emptied', (drive: Drive) => told(drive, () => drive.key('ctrl-u', 'backspace'))],
    ['blanks', (drive: Drive) => typed(drive, ' ')],
  ])('is not told by %s', (_, act) => {
    const drive = online();
    drive.enter('said before');
    drive.pass(TYPING_EVERY_MS);
    expect(act(drive)).toEqual([]);
  });

  test('is told where two slashes begin a message', () => {
    const drive = online();
    expect(typed(drive, '/', '/', 'd')).toEqual(['#lobby']);
  });

  test('is not told of a correction, nor of a password, nor of the letters of message mode', () => {
    const drive = online();
    const { id } = drive.enter('hello')[0] as { id?: string };
    drive.get({ type: 'ack', id: clientId(id ?? ''), to: room('#lobby'), seq: 1 as never, time: 1 as never });
    drive.pass(TYPING_EVERY_MS);
    drive.key('alt-m');
    expect(typed(drive, 'x', 'e', 'y', 'z')).toEqual([]);
    drive.key('escape');
    drive.enter('/password');
    drive.pass(TYPING_EVERY_MS);
    expect(typed(drive, 's', 'e')).toEqual([]);
  });

  test('is told nobody without a connection, or in private', () => {
    const drive = online();
    drive.mail(1, 'hello');
    drive.key('alt-3');
    expect(typed(drive, 'h')).toEqual([]);
    drive.key('alt-1');
    drive.event({ type: 'linkDown', text: 'the line broke' });
    expect(typed(drive, 'h')).toEqual([]);
  });

  test('is told nobody where that is switched off, which is kept for the next start', () => {
    const drive = online();
    drive.enter('/typing off');
    expect(drive.state.memory.typing).toBe(false);
    expect(drive.state.hint?.text).toBe('nobody sees that you are writing');
    expect(typed(drive, 'h', 'e')).toEqual([]);
    drive.key('ctrl-u');
    drive.enter('/typing on');
    drive.pass(TYPING_EVERY_MS);
    expect(typed(drive, 'h')).toEqual(['#lobby']);
    drive.key('ctrl-u');
    drive.enter('/typing maybe');
    expect(drive.state.hint).toEqual({ text: 'write /typing on, or /typing off', bad: true });
  });
});

describe('that others are writing', () => {
  test('is known of the room, until their message comes', () => {
    const drive = online();
    writes(drive, 'bob');
    writes(drive, 'carol');
    writes(drive, 'dave', '#dev');
    expect([names(drive), names(drive, '#dev')]).toEqual([['bob', 'carol'], ['dave']]);
    drive.hear('#lobby', 1, 'hello', 'bob');
    expect(names(drive)).toEqual(['carol']);
  });

  test('is over when no more is heard of it, at the moment that the timer is set to', () => {
    const drive = online();
    writes(drive, 'bob');
    drive.pass(1000);
    writes(drive, 'carol');
    drive.pass(TYPING_LASTS_MS - 1000 - 1);
    drive.tick();
    expect(names(drive)).toEqual(['bob', 'carol']);
    expect(nextWake(drive.state)).toBe(drive.mono + 1);
    drive.pass(1);
    drive.tick();
    expect(names(drive)).toEqual(['carol']);
    // And goes on with each mark that comes.
    writes(drive, 'carol');
    drive.pass(TYPING_LASTS_MS - 1);
    drive.tick();
    expect(names(drive)).toEqual(['carol']);
  });

  test('is not known of ourselves, of people who are left out, or of what we are not in', () => {
    const drive = online();
    drive.ignored(['bob']);
    writes(drive, 'bob');
    writes(drive, 'alice');
    writes(drive, 'carol', '#ops');
    writes(drive, 'carol', 'alice');
    expect(drive.state.tabs.flatMap(({ typing }) => typing)).toEqual([]);
    drive.mail(1, 'hello', 'carol');
    writes(drive, 'carol', 'alice');
    expect(drive.person('carol').typing).toMatchObject([{ name: 'carol' }]);
  });

  test('is counted up to a bound', () => {
    const drive = online();
    for (let i = 0; i < MAX_TYPISTS + 50; i++) writes(drive, `user${i}`);
    expect(names(drive)).toHaveLength(MAX_TYPISTS);
  });
});
