import { describe, expect, test } from 'vitest';
import { MAX_SENT } from '../../../src/client/core/input-history.ts';
import { MAX_PENDING } from '../../../src/client/core/outbox.ts';
import { nextWake } from '../../../src/client/core/wake.ts';
import type { ErrorCode } from '../../../src/protocol/errors.ts';
import { MAX_TEXT_BYTES } from '../../../src/protocol/limits.ts';
import { at, Drive, info, only, room, START, seq, types } from './drive.ts';

const online = (): Drive => {
  const drive = new Drive();
  drive.login();
  return drive;
};
const states = (drive: Drive) => drive.tab().pending.map(({ text, state }) => `${state.kind}: ${text}`);
const idOf = (drive: Drive, text: string) => {
  const found = drive.tab().pending.find((pending) => pending.text === text);
  if (found === undefined) throw new Error(`${text} is not pending`);
  return found.id;
};
const ack = (drive: Drive, text: string, place: number) =>
  drive.get({ type: 'ack', id: idOf(drive, text), to: room('#lobby'), seq: seq(place), time: at(START) });
const refuse = (drive: Drive, text: string, code: ErrorCode, words = 'words of the server') =>
  drive.get({ type: 'error', id: idOf(drive, text), code, text: words, closes: false });

describe('what is said', () => {
  test('Enter sends the line with an id and empties the input; the acknowledgement gives it its place', () => {
    const drive = online();
    const say = only(drive.enter('hello all'), 'say');
    expect(say).toMatchObject({ to: '#lobby', text: 'hello all' });
    expect(drive.input()).toBe('');
    expect(states(drive)).toEqual(['sending: hello all']);
    expect(drive.texts()).toEqual([]);
    ack(drive, 'hello all', 1);
    expect(drive.tab().pending).toEqual([]);
    expect(drive.messages()).toMatchObject([{ seq: 1, from: 'alice', text: 'hello all' }]);
  });

  test('a paste of several lines is one message', () => {
    const drive = online();
    drive.paste('one\ntwo\nthree\n');
    expect(only(drive.key('enter'), 'say').text).toBe('one\ntwo\nthree');
  });

  test('two slashes say one', () => {
    expect(only(online().enter('//etc/passwd'), 'say').text).toBe('/etc/passwd');
  });

  test('an empty line and one of blanks are not sent', () => {
    const drive = online();
    expect([...drive.enter(''), ...drive.enter('   ')]).toEqual([]);
  });

  test('a text that is too long stays in the input, and is asked about; one character less is sent', () => {
    const drive = online();
    const long = 'ü'.repeat(MAX_TEXT_BYTES / 2);
    expect(types(drive.enter(`${long}x`))).not.toContain('say');
    expect(drive.input()).toBe(`${long}x`);
    expect(drive.tab().mode).toMatchObject({ kind: 'ask', messages: 2 });
    drive.key('backspace');
    expect(only(drive.key('enter'), 'say').text).toBe(long);
  });

  test('a command whose text is too long stays in the input, and the words say by how much', () => {
    const drive = online();
    drive.enter(`/broadcast ${'ü'.repeat(MAX_TEXT_BYTES / 2)}x`);
    expect(drive.input()).toContain('/broadcast');
    expect(drive.state.hint).toEqual({
      text: 'too long: a message has at most 8192 bytes, and this one 8193',
      bad: true,
    });
  });

  test('writing goes back to the newest line', () => {
    const drive = online();
    for (let i = 1; i <= 60; i++) drive.hear('#lobby', i, `line ${i}`);
    drive.key('pageup');
    expect(drive.tab().scroll.kind).toBe('at');
    drive.enter('and I');
    expect(drive.tab().scroll.kind).toBe('tail');
  });
});

describe('without a connection', () => {
  test('messages wait, and go out in order under the ids that they had', () => {
    const drive = online();
    drive.enter('one');
    const id = idOf(drive, 'one');
    drive.event({ type: 'linkDown', text: 'gone' });
    expect(drive.enter('two')).toEqual([]);
    expect(states(drive)).toEqual(['waiting: one', 'waiting: two']);
    drive.pass(500);
    drive.tick();
    const says = drive.login().filter((message) => message.type === 'say');
    expect(says.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(says[0]?.id).toBe(id);
  });

  test('a full queue takes no more, and the text stays in the input', () => {
    const drive = online();
    drive.event({ type: 'linkDown', text: 'gone' });
    for (let i = 0; i < MAX_PENDING; i++) drive.enter(`${i}`);
    drive.enter('one too many');
    expect(drive.tab().pending).toHaveLength(MAX_PENDING);
    expect(drive.input()).toBe('one too many');
    expect(drive.state.hint).toMatchObject({ bad: true });
  });

  test('a message that was stored though its acknowledgement was lost comes back with the history, once', () => {
    const drive = online();
    drive.enter('one');
    const id = idOf(drive, 'one');
    drive.event({ type: 'linkDown', text: 'gone' });
    drive.pass(500);
    drive.tick();
    drive.login([info('#lobby', 1)]);
    drive.hear('#lobby', 1, 'one', 'alice', id);
    const asked = drive.effects.findLast((effect) => effect.do === 'send' && effect.message.type === 'history');
    if (asked?.do !== 'send' || asked.message.type !== 'history') throw new Error('no history was asked for');
    const entry = { seq: seq(1), from: drive.state.self?.name ?? ('' as never), text: 'one', time: at(START), id };
    drive.get({
      type: 'history',
      ...(asked.message.id ? { id: asked.message.id } : {}),
      room: room('#lobby'),
      messages: [entry],
      more: false,
    });
    drive.get({ type: 'ack', id, to: room('#lobby'), seq: seq(1), time: at(START) });
    expect(drive.tab().pending).toEqual([]);
    expect(drive.texts()).toEqual(['one']);
  });
});

describe('refused for now', () => {
  test('messages go out again one by one, in order, each after the one before', () => {
    const drive = online();
    drive.chance = 1;
    for (const text of ['one', 'two', 'three']) drive.enter(text);
    for (const text of ['one', 'two', 'three']) refuse(drive, text, 'rate_limited', 'too many messages');
    expect(states(drive)).toEqual(['waiting: one', 'waiting: two', 'waiting: three']);
    expect(drive.state.hint).toEqual({
      text: 'too many messages: it is sent again by itself, nothing is lost',
      bad: false,
    });
    expect(drive.enter('four')).toEqual([]);
    expect(nextWake(drive.state)).toBeLessThanOrEqual(drive.mono + 1000);
    drive.pass(1000);
    const said = (): string[] =>
      drive
        .tick()
        .flatMap((effect) => (effect.do === 'send' && effect.message.type === 'say' ? [effect.message.text] : []));
    expect(said()).toEqual(['one']);
    expect(said()).toEqual([]);
    expect(types(ack(drive, 'one', 1))).toEqual(['say']);
    refuse(drive, 'two', 'rate_limited');
    drive.pass(999);
    expect(said()).toEqual([]);
    drive.pass(1);
    expect(said()).toEqual(['two']);
    refuse(drive, 'two', 'not_stored');
    drive.pass(1999);
    expect(said()).toEqual([]);
    drive.pass(1);
    expect(said()).toEqual(['two']);
    ack(drive, 'two', 2);
    ack(drive, 'three', 3);
    ack(drive, 'four', 4);
    expect(drive.texts()).toEqual(['one', 'two', 'three', 'four']);
    expect(types(drive.enter('five'))).toEqual(['say']);
    expect(types(drive.enter('six'))).toEqual(['say']);
  });
});

describe('refused for good', () => {
  test('the text goes back into an empty input, with the reason', () => {
    const drive = online();
    drive.enter('hello');
    refuse(drive, 'hello', 'not_a_member', 'you are not in this room');
    expect(drive.input()).toBe('hello');
    expect(drive.tab().pending).toEqual([]);
    expect(drive.state.hint).toEqual({ text: 'not sent: you are not in this room', bad: true });
  });

  test('it stays below the log while something else is being written; /retry sends it under a new id', () => {
    const drive = online();
    drive.enter('hello');
    const id = idOf(drive, 'hello');
    drive.type('something else');
    refuse(drive, 'hello', 'not_a_member', 'you are not in this room');
    expect(drive.input()).toBe('something else');
    expect(drive.tab().pending).toMatchObject([{ state: { kind: 'refused', text: 'you are not in this room' } }]);
    drive.key('ctrl-u');
    const say = only(drive.enter('/retry'), 'say');
    expect(say.text).toBe('hello');
    expect(say.id).not.toBe(id);
  });

  test('/discard forgets it, and it does not hold up quitting', () => {
    const drive = online();
    drive.enter('hello');
    drive.type('x');
    refuse(drive, 'hello', 'not_a_member');
    drive.key('ctrl-u');
    drive.enter('/discard');
    expect(drive.tab().pending).toEqual([]);
    expect(types(drive.key('ctrl-c'))).toContain('bye');
  });
});

describe('the input history', () => {
  test('goes back through what was sent, and forward to the draft', () => {
    const drive = online();
    for (const text of ['one', 'two', 'two']) drive.enter(text);
    drive.type('draft');
    drive.key('up');
    expect(drive.input()).toBe('two');
    drive.key('up');
    expect(drive.input()).toBe('one');
    drive.key('up');
    expect(drive.input()).toBe('one');
    drive.key('down', 'down');
    expect(drive.input()).toBe('draft');
    drive.key('down');
    expect(drive.input()).toBe('draft');
  });

  test('keeps the newest, and a walk in another tab stays where it stands', () => {
    const drive = new Drive();
    drive.login([info('#lobby'), info('#dev')]);
    for (let i = 1; i <= MAX_SENT; i++) {
      drive.enter(`text ${i}`);
      drive.get({ type: 'ack', id: idOf(drive, `text ${i}`), to: room('#lobby'), seq: seq(i), time: at(START) });
    }
    drive.key('alt-2', 'up', 'up');
    expect(drive.input()).toBe(`text ${MAX_SENT - 1}`);
    drive.key('alt-1');
    drive.enter('one more');
    expect(drive.state.inner.sent).toHaveLength(MAX_SENT);
    drive.key('alt-2', 'up');
    expect(drive.input()).toBe(`text ${MAX_SENT - 2}`);
  });

  test('in a text of several lines the arrows move between the lines first', () => {
    const drive = online();
    drive.enter('sent');
    drive.paste('one\ntwo');
    drive.key('up');
    expect(drive.input()).toBe('one\ntwo');
    drive.key('up');
    expect(drive.input()).toBe('sent');
  });

  test('a tab keeps its draft while one is in another', () => {
    const drive = new Drive();
    drive.login([info('#lobby'), info('#dev')]);
    drive.type('for the lobby');
    drive.key('alt-2');
    expect(drive.input()).toBe('');
    drive.type('for dev');
    drive.key('alt-1');
    expect(drive.input()).toBe('for the lobby');
  });
});
