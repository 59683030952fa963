import { describe, expect, test } from 'vitest';
import { clockTime } from '../../../src/base/text/time.ts';
import type { Command } from '../../../src/client/commands/command.ts';
import { COMMANDS } from '../../../src/client/commands/index.ts';
import { MAX_PEOPLE_SHOWN } from '../../../src/client/core/people-list.ts';
import { MAX_ROOMS_SHOWN } from '../../../src/client/receive/rooms.ts';
import { MAX_TOPIC_BYTES } from '../../../src/protocol/limits.ts';
import type { PresenceState } from '../../../src/protocol/server-messages.ts';
import { at, Drive, info, only, room, START, types, user } from '../core/drive.ts';

const online = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby', 0, 'be kind'), info('#dev')]);
  return drive;
};
const answerTo = (id: string | undefined) => (id === undefined ? {} : { id: id as never });

describe('the table', () => {
  test('no two commands have a name in common, and all are in lower case', () => {
    const names = COMMANDS.flatMap(({ name, aliases }: Command) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name !== name.toLowerCase())).toEqual([]);
  });

  test('the words of the older systems work', () => {
    const names: string[] = COMMANDS.flatMap(({ name, aliases }: Command) => [name, ...aliases]);
    expect(
      'users whoelse list logout help quit exit part names who message broadcast whoelsesince block unblock send mute'
        .split(' ')
        .filter((name) => !names.includes(name)),
    ).toEqual([]);
  });
});

describe('a line with a slash', () => {
  test('an unknown command is not sent, stays in the input, and the nearest one is offered', () => {
    const drive = online();
    expect(drive.enter('/jon #ops')).toEqual([]);
    expect(drive.input()).toBe('/jon #ops');
    expect(drive.state.hint).toEqual({
      text: 'no command /jon: did you mean /join?  (to say it, write //)',
      bad: true,
    });
  });

  test('what other programs have is told why not, and an operator’s command is offered to operators only', () => {
    const drive = online();
    const said = (line: string): string | undefined => {
      drive.key('ctrl-u');
      drive.enter(line);
      return drive.state.hint?.text.replace('  (to say it, write //)', '');
    };
    expect(['/me waves', '/away', '/NICK bob', '/kic bob'].map(said)).toEqual([
      'there is no /me here: say it in words',
      'there is no /away here: it is told by itself while you press no key',
      'there is no /nick here: your name is your login',
      'no command /kic',
    ]);
    drive.state.operator = true;
    expect(said('/kic bob')).toBe('no command /kic: did you mean /kick?');
  });

  test('where nothing is near, nothing is offered', () => {
    const drive = online();
    drive.enter('/usr/bin/env');
    expect(drive.state.hint?.text).toBe('no command /usr/bin/env  (to say it, write //)');
  });

  test('the case of a command does not matter', () => {
    const drive = online();
    expect(types(drive.enter('/ROOMS'))).toEqual(['rooms']);
  });
});

describe('/help', () => {
  test('lists every command with what it does', () => {
    const drive = online();
    drive.state.operator = true;
    drive.enter('/help');
    const [text = ''] = drive.notices();
    for (const { name, help } of COMMANDS) {
      expect(text).toContain(`/${name}`);
      expect(text).toContain(help);
    }
  });

  test('shows what only operators may do to operators, and to others when they ask for it', () => {
    const drive = online();
    drive.enter('/help');
    expect(drive.notices()[0]).not.toMatch(/^\/kick|For operators/m);
    drive.enter('/help kick');
    expect(drive.notices()[1]).toBe('/kick name [reason]  put somebody out, who may come back (operators only)');
    drive.type('/kic');
    drive.key('tab');
    expect(drive.input()).toBe('/kic');
    drive.state.operator = true;
    drive.key('tab');
    expect(drive.input()).toBe('/kick ');
  });

  test('of one command says its other names, with or without the slash', () => {
    const drive = online();
    drive.enter('/help /leave');
    expect(drive.notices()).toEqual(['/leave [#room]  leave this room, or another; close a tab\nThe same: /part']);
    drive.enter('/help nothing');
    expect(drive.state.hint?.text).toBe('no command /nothing');
  });
});

describe('/join', () => {
  test('asks, and the answer leads to the tab', () => {
    const drive = online();
    const join = only(drive.enter('/join Ops'), 'join');
    expect(join.room).toBe('#ops');
    expect(drive.active()).toBe('#lobby');
    drive.get({ type: 'room', ...answerTo(join.id), room: info('#ops') });
    expect(drive.active()).toBe('#ops');
    expect(drive.state.hint).toBeUndefined();
  });

  test('of a room that is open goes there without asking', () => {
    const drive = online();
    expect(drive.enter('/j dev')).toEqual([]);
    expect(drive.active()).toBe('#dev');
  });

  test('a refusal is shown, and no tab opens', () => {
    const drive = online();
    const { id } = only(drive.enter('/join ops'), 'join');
    drive.get({ type: 'error', ...answerTo(id), code: 'too_many_rooms', text: 'too many rooms', closes: false });
    expect(drive.state.hint).toEqual({ text: '#ops: too many rooms', bad: true });
    expect(drive.state.tabs).toHaveLength(2);
  });

  test.each(['/join', '/join #a b', '/join #ümlaut'])('%s is mended, not sent', (line) => {
    const drive = online();
    expect(drive.enter(line)).toEqual([]);
    expect(drive.state.hint?.bad).toBe(true);
    expect(drive.input()).toBe(line);
  });

  test('without a connection it says so', () => {
    const drive = online();
    drive.event({ type: 'linkDown', text: 'gone' });
    expect(drive.enter('/join #ops')).toEqual([]);
    expect(drive.state.hint?.text).toContain('there is no connection now');
  });
});

describe('/leave', () => {
  test('leaves the room of the tab, and its answer closes it', () => {
    const drive = online();
    drive.key('alt-2');
    const leave = only(drive.enter('/leave'), 'leave');
    expect(leave.room).toBe('#dev');
    drive.get({ type: 'left', ...answerTo(leave.id), room: room('#dev'), user: user('alice'), time: at(START) });
    expect(drive.tabs()).toEqual(['#lobby']);
  });

  test('another room by its name; not the lobby, and not one that we are not in', () => {
    const drive = online();
    expect(only(drive.enter('/part dev'), 'leave').room).toBe('#dev');
    drive.enter('/leave');
    expect(drive.state.hint?.text).toBe('nobody leaves #lobby: /quit leaves the chat');
    drive.key('ctrl-u');
    drive.enter('/leave #ops');
    expect(drive.state.hint?.text).toBe('you are not in #ops');
  });

  test('of a room that was left in another terminal closes the tab all the same', () => {
    const drive = online();
    const { id } = only(drive.enter('/leave dev'), 'leave');
    drive.get({
      type: 'error',
      ...answerTo(id),
      code: 'not_a_member',
      text: 'you are not in this room',
      closes: false,
    });
    expect(drive.state.tabs).toHaveLength(1);
  });
});

describe('/rooms', () => {
  const line = (name: string, members: number, joined: boolean, topic = '') => ({
    name: room(name),
    members,
    joined,
    topic,
  });

  test('prints the rooms when the last frame has come, the largest first, where it was asked', () => {
    const drive = online();
    const { id } = only(drive.enter('/rooms'), 'rooms');
    drive.key('alt-2');
    drive.get({ type: 'rooms', ...answerTo(id), rooms: [line('#ops', 2, false, 'pagers')], more: true });
    expect(drive.notices()).toEqual([]);
    drive.get({ type: 'rooms', ...answerTo(id), rooms: [line('#lobby', 12, true)], more: false });
    expect(drive.notices()[0]?.split('\n')).toEqual([
      '2 rooms (*: you are in it; /join #name to enter, or to make a new one)',
      '* #lobby   12',
      '  #ops      2  pagers',
    ]);
  });
});

describe('a long answer of /rooms', () => {
  test('is cut where nobody would read on', () => {
    const drive = online();
    const { id } = only(drive.enter('/rooms'), 'rooms');
    const many = Array.from({ length: 200 }, (_, i) => ({
      name: room(`#r${i}`),
      members: 1,
      joined: false,
      topic: '',
    }));
    for (let i = 0; i < 5; i++) drive.get({ type: 'rooms', ...answerTo(id), rooms: many, more: i < 4 });
    expect(drive.notices()[0]?.split('\n')).toHaveLength(MAX_ROOMS_SHOWN + 1);
  });
});

describe('/topic', () => {
  test('alone says what it is', () => {
    const drive = online();
    drive.enter('/topic');
    expect(drive.notices()).toEqual(['the topic of #lobby: be kind']);
    drive.key('alt-2');
    drive.enter('/topic');
    expect(drive.notices('#dev')).toEqual(['#dev has no topic']);
  });

  test('with a text sets it, and the change is told in the room', () => {
    const drive = online();
    const topic = only(drive.enter('/topic  new   words '), 'topic');
    expect(topic).toMatchObject({ room: '#lobby', text: 'new words' });
    drive.get({
      type: 'topic',
      ...answerTo(topic.id),
      room: room('#lobby'),
      text: 'new words',
      by: user('alice'),
      time: at(START),
    });
    expect(drive.tab().topic).toBe('new words');
    expect(drive.events()).toEqual(['* alice set the topic: new words']);
    expect(drive.state.hint?.text).toBe('the topic of #lobby is set');
  });

  test('- takes it away', () => {
    const drive = online();
    expect(only(drive.enter('/topic -'), 'topic').text).toBe('');
    drive.get({ type: 'topic', room: room('#lobby'), text: '', by: user('bob'), time: at(START) });
    expect(drive.tab().topic).toBe('');
    expect(drive.events()).toEqual(['* bob took the topic away']);
  });

  test('one that is too long stays in the input', () => {
    const drive = online();
    expect(drive.enter(`/topic ${'x'.repeat(MAX_TOPIC_BYTES + 1)}`)).toEqual([]);
    expect(drive.state.hint?.text).toBe('a topic has at most 256 bytes, and this one 257');
  });
});

describe('/users', () => {
  const is = (drive: Drive, name: string, state: PresenceState, ago: number) =>
    drive.get({ type: 'presence', user: user(name), state, since: at(START + drive.mono - ago) });

  test('prints who is here, who is away, who was here, and since when', () => {
    const drive = online();
    is(drive, 'erin', 'offline', 3_600_000);
    is(drive, 'carol', 'away', 180_000);
    is(drive, 'bob', 'online', 5000);
    is(drive, 'alice', 'online', 60_000);
    drive.enter('/whoelse');
    expect(drive.notices()[0]?.split('\n')).toEqual([
      '2 online, 1 away, 1 offline',
      'alice  online   since 1m  (you)',
      'bob    online   since 5s',
      'carol  away     since 3m',
      'erin   offline  since 1h',
    ]);
  });

  test('of one person it says how they are', () => {
    const drive = online();
    is(drive, 'carol', 'away', 180_000);
    drive.enter('/who carol');
    drive.enter('/who @carol:');
    expect(drive.notices()).toEqual(['carol: away since 3m', 'carol: away since 3m']);
  });

  test('without a connection it says of when that is', () => {
    const drive = online();
    is(drive, 'bob', 'online', 5000);
    drive.event({ type: 'linkDown', text: 'gone' });
    const lost = clockTime(drive.env.now);
    drive.pass(600_000);
    drive.enter('/who');
    drive.enter('/who bob');
    const [list = '', one] = drive.notices().filter((text) => text.includes('bob'));
    const when = `as of ${lost}, when the connection was lost`;
    expect(list.split('\n')[0]).toMatch(new RegExp(`^${when}: \\d online, 0 away, 0 offline$`));
    expect(list).toContain('bob  online   since 5s');
    expect(one).toBe(`bob: online since 5s, ${when}`);
  });

  test('of thousands it prints what a person reads', () => {
    const drive = online();
    for (let i = 0; i < MAX_PEOPLE_SHOWN + 7; i++) is(drive, `u${i}`, 'online', 0);
    drive.enter('/users');
    const lines = drive.notices()[0]?.split('\n') ?? [];
    expect(lines).toHaveLength(MAX_PEOPLE_SHOWN + 2);
    expect(lines.at(-1)).toBe('and 7 more');
  });
});

describe('the rest', () => {
  test('/clear empties the screen, and PgUp brings the messages back', () => {
    const drive = online();
    for (let i = 1; i <= 3; i++) drive.hear('#lobby', i, `line ${i}`);
    drive.enter('/clear');
    expect(drive.tab().log.entries).toEqual([]);
    expect(only(drive.key('pageup'), 'history').before).toBe(4);
  });

  test('/keys shows the keys, /quit leaves', () => {
    const drive = online();
    drive.enter('/keys');
    expect(drive.state.overlay).toEqual({ kind: 'keys' });
    expect(types(drive.enter('/exit'))).toEqual(['bye']);
  });

  test('/retry and /discard say when there is nothing to do', () => {
    const drive = online();
    for (const line of ['/retry', '/discard']) {
      drive.enter(line);
      expect(drive.state.hint?.text).toBe('nothing was refused here');
      drive.key('ctrl-u');
    }
  });
});
