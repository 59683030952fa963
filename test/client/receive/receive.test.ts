import { describe, expect, test } from 'vitest';
import type { PrivateEvent } from '../../../src/peer/private.ts';
import type { ErrorCode } from '../../../src/protocol/errors.ts';
import { ERROR_CODES } from '../../../src/protocol/errors.ts';
import type { ServerMessage } from '../../../src/protocol/server-messages.ts';
import { at, clientId, Drive, deviceId, groupId, info, only, room, START, seq, user } from '../core/drive.ts';

const online = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby'), info('#dev')]);
  return drive;
};
const time = at(START);
const nowhere = room('#nowhere');

describe('what the server says of what we do not have', () => {
  const strangers: ServerMessage[] = [
    { type: 'message', to: nowhere, seq: seq(1), from: user('bob'), text: 'hi', time },
    { type: 'ack', id: clientId('none'), to: nowhere, seq: seq(1), time },
    { type: 'joined', room: nowhere, user: user('bob'), time },
    { type: 'left', room: nowhere, user: user('bob'), time },
    { type: 'topic', room: nowhere, text: 'x', by: user('bob'), time },
    { type: 'rooms', id: clientId('none'), rooms: [], more: false },
    { type: 'members', room: nowhere, members: [], more: false },
    { type: 'users', users: [], more: false },
    { type: 'history', id: clientId('none'), room: nowhere, messages: [], more: false },
    { type: 'pong', n: 77 },
    // The messenger's, who has taken them before.
    { type: 'mailed', id: clientId('none'), to: user('bob'), time, kept: true },
    { type: 'device', device: deviceId('ours'), packages: 0 },
    { type: 'devices', user: user('bob'), devices: [{ device: deviceId('theirs') }] },
    {
      type: 'private',
      from: user('bob'),
      device: deviceId('theirs'),
      frame: { kind: 'gone', chat: groupId('none') },
      time,
    },
  ];
  test.each(strangers)('$type changes nothing', (message) => {
    const drive = online();
    const shot = (): string => JSON.stringify([drive.state, drive.tab().log.entries, [...drive.state.people]]);
    const before = shot();
    expect(drive.get(message)).toEqual([]);
    expect(shot()).toBe(before);
  });

  const chat = groupId('none');
  const bob = user('bob');
  const tells: PrivateEvent[] = [
    { type: 'chat', chat, person: bob, plain: false, status: { kind: 'opening' }, trust: 'first' },
    { type: 'chat', chat, person: bob, plain: false, status: { kind: 'ended', text: 'bob has left' }, trust: 'first' },
    { type: 'said', chat, id: clientId('none'), text: 'hi', time },
    { type: 'delivered', chat, id: clientId('none'), time },
    { type: 'chatNote', chat, text: 'the chat is direct now', bad: false },
    { type: 'mailed', id: clientId('none'), to: bob, time, kept: true },
    { type: 'notMailed', id: clientId('none'), to: bob, code: 'mailbox_full', text: 'full', wait: false },
    { type: 'trust', person: bob, trust: 'changed' },
    { type: 'safetyNumber', person: bob, device: deviceId('theirs'), digits: '1', more: 0 },
    { type: 'history', person: bob, records: [], more: false },
    { type: 'locked', locked: false, waiting: 0 },
  ];
  test.each(tells)('nor does what the messenger tells of it ($type)', (event) => {
    const drive = online();
    const shot = (): string => JSON.stringify([drive.state, drive.tab().log.entries, drive.tabs()]);
    const before = shot();
    expect(drive.event({ type: 'private', event })).toEqual([]);
    expect(shot()).toBe(before);
  });

  test('an acknowledgement of a message that we do not know tells of its place, and a page brings it', () => {
    const drive = online();
    const messages = drive.get({ type: 'ack', id: clientId('none'), to: room('#lobby'), seq: seq(1), time });
    expect(only(messages, 'history')).toMatchObject({ room: '#lobby', since: 0 });
  });
});

describe('errors', () => {
  test('one about nothing in particular is shown', () => {
    const drive = online();
    drive.get({ type: 'error', code: 'bad_message', text: 'words', closes: false });
    expect(drive.state.hint).toEqual({ text: 'words', bad: true });
    expect(drive.state.connection.kind).toBe('online');
  });

  test.each(Object.keys(ERROR_CODES) as ErrorCode[])(
    '%s that closes leads out of online, never to a loop without a pause',
    (code) => {
      const drive = online();
      drive.get({ type: 'error', code, text: 'words', closes: true });
      const { connection } = drive.state;
      expect(['waiting', 'refused']).toContain(connection.kind);
      if (connection.kind === 'waiting') expect(connection.retryAt).toBeGreaterThan(drive.mono);
      expect(drive.effects.at(-1)).toEqual({ do: 'disconnect' });
    },
  );

  test.each(Object.keys(ERROR_CODES) as ErrorCode[])('%s about a message of ours never loses it', (code) => {
    const drive = online();
    const { id } = only(drive.enter('precious'), 'say');
    drive.get({ type: 'error', ...(id ? { id } : {}), code, text: 'words', closes: false });
    const kept = drive.tab().pending.map(({ text }) => text);
    expect([...kept, drive.input()]).toContain('precious');
  });

  test.each(['who', 'members'] as const)('a list that a busy server refused is asked for again: %s', (type) => {
    const drive = new Drive();
    drive.chance = 1;
    const asked = only(drive.login([info('#lobby'), info('#dev')]), type);
    drive.get({
      type: 'error',
      ...(asked.id ? { id: asked.id } : {}),
      code: 'rate_limited',
      text: 'no',
      closes: false,
    });
    expect(drive.state.hint).toBeUndefined();
    drive.pass(1000);
    expect(drive.tick()).toContainEqual({ do: 'send', message: asked });
  });
});
