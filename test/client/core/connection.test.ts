import { describe, expect, test } from 'vitest';
import { CONNECT_WITHIN_MS, QUIT_WITHIN_MS, STABLE_AFTER_MS } from '../../../src/client/core/connection.ts';
import { nextWake } from '../../../src/client/core/wake.ts';
import { DEAD_AFTER_MS, PING_EVERY_MS } from '../../../src/protocol/limits.ts';
import { at, Drive, info, only, room, START, sent, seq, types, user } from './drive.ts';

const down = (drive: Drive, text = 'ECONNREFUSED'): void => {
  drive.event({ type: 'linkDown', text });
};
const bye = (reason: 'logged-out' | 'idle' | 'shutdown', text = '') => ({ type: 'bye', reason, text }) as const;
const refusal = (code: 'name_taken' | 'server_full' | 'too_slow') =>
  ({ type: 'error', code, text: 'words of the server', closes: true }) as const;

describe('coming in', () => {
  test('the link first, then hello by the host, then welcome makes us online', () => {
    const drive = new Drive();
    expect(drive.event({ type: 'start' })).toEqual([{ do: 'connect' }]);
    expect(drive.state.connection).toEqual({ kind: 'connecting', attempt: 1, since: drive.mono });
    expect(drive.event({ type: 'linkUp' })).toEqual([
      { do: 'send', message: { type: 'hello', version: 1, auth: { method: 'host' } } },
    ]);
    const messages = drive.welcome([info('#lobby', 3, 'be kind')]);
    expect(drive.state.connection.kind).toBe('online');
    expect(drive.state.self).toEqual({ name: 'alice', awayAfter: 10_000, logOffAfter: 900_000 });
    expect(drive.tab().topic).toBe('be kind');
    expect(only(messages, 'who').follow).toBe(true);
    expect(only(messages, 'history')).toMatchObject({ room: '#lobby', limit: 200 });
  });

  test('a guest says their name', () => {
    const drive = new Drive({ login: { method: 'guest', name: 'gast' } });
    drive.event({ type: 'start' });
    expect(only(sent(drive.event({ type: 'linkUp' })), 'hello')).toMatchObject({
      name: 'gast',
      auth: { method: 'guest' },
    });
  });

  test('every room of the welcome has a tab and a list of members, the lobby first', () => {
    const drive = new Drive();
    const messages = drive.login([info('#lobby'), info('#dev'), info('#ops')]);
    expect(drive.tabs()).toEqual(['#lobby', '#dev', '#ops']);
    expect(messages.flatMap((message) => (message.type === 'members' ? [message.room] : []))).toEqual(['#dev', '#ops']);
  });

  test("the server's clock is compared with ours", () => {
    const drive = new Drive();
    drive.event({ type: 'start' });
    drive.event({ type: 'linkUp' });
    const common = {
      type: 'welcome',
      version: 1,
      server: 'box',
      user: user('alice'),
      awayAfter: 1,
      logOffAfter: 1,
    } as const;
    drive.get({ ...common, time: at(START + drive.mono + 5000), rooms: [info('#lobby')] });
    expect(drive.state.clockOffset).toBe(5000);
  });

  test('a link that comes about after it was given up is dropped', () => {
    const drive = new Drive();
    drive.event({ type: 'start' });
    drive.pass(CONNECT_WITHIN_MS);
    expect(drive.tick()).toEqual([{ do: 'disconnect' }]);
    expect(drive.state.connection).toMatchObject({ kind: 'waiting', reason: 'no answer from box:2428 for 10 s' });
    expect(drive.event({ type: 'linkUp' })).toEqual([{ do: 'disconnect' }]);
  });

  test('a server that takes the link and never answers hello is given up', () => {
    const drive = new Drive();
    drive.event({ type: 'start' });
    drive.event({ type: 'linkUp' });
    expect(nextWake(drive.state)).toBe(drive.mono + CONNECT_WITHIN_MS);
    drive.pass(CONNECT_WITHIN_MS);
    drive.tick();
    expect(drive.state.connection.kind).toBe('waiting');
  });
});

describe('trying again', () => {
  test('the waits double from half a second to half a minute, and chance takes any part of them', () => {
    const drive = new Drive();
    drive.chance = 1;
    drive.event({ type: 'start' });
    const waits: number[] = [];
    for (let i = 0; i < 9; i++) {
      down(drive);
      const { connection } = drive.state;
      if (connection.kind !== 'waiting') throw new Error(connection.kind);
      expect(connection).toMatchObject({ attempt: i + 1, reason: 'ECONNREFUSED', since: drive.mono });
      waits.push(connection.retryAt - drive.mono);
      drive.mono = connection.retryAt;
      expect(nextWake(drive.state)).toBe(drive.mono);
      expect(drive.tick()).toEqual([{ do: 'connect' }]);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    drive.chance = 0.25;
    down(drive);
    expect(nextWake(drive.state)).toBe(drive.mono + 7500);
  });

  test('a tick before its time changes nothing', () => {
    const drive = new Drive();
    drive.event({ type: 'start' });
    down(drive);
    expect(drive.tick()).toEqual([]);
    expect(drive.state.connection.kind).toBe('waiting');
  });

  test('Enter on an empty line tries at once', () => {
    const drive = new Drive();
    drive.event({ type: 'start' });
    down(drive);
    drive.key('enter');
    expect(drive.effects.at(-1)).toEqual({ do: 'connect' });
    expect(drive.state.connection.kind).toBe('connecting');
  });

  test('a connection that lasted starts the count anew, one that did not goes on with it', () => {
    const drive = new Drive();
    drive.chance = 1;
    drive.event({ type: 'start' });
    down(drive);
    drive.pass(500);
    drive.tick();
    drive.login();
    down(drive);
    expect(drive.state.connection).toMatchObject({ attempt: 2 });
    drive.pass(1000);
    drive.tick();
    drive.login();
    drive.pass(STABLE_AFTER_MS);
    down(drive);
    expect(drive.state.connection).toMatchObject({ attempt: 1 });
  });

  test('what is no message of the protocol ends the connection', () => {
    const drive = new Drive();
    drive.login();
    expect(drive.event({ type: 'nonsense', text: 'this line is not JSON' })).toEqual([{ do: 'disconnect' }]);
    expect(drive.state.connection).toMatchObject({
      kind: 'waiting',
      reason: "box:2428 does not speak uchat's protocol: this line is not JSON",
    });
  });
});

describe('a heartbeat', () => {
  test('a ping at once, another after a second, and then every 8 s; a pong says how far the server is', () => {
    const drive = new Drive();
    drive.login();
    expect(only(sent(drive.tick()), 'ping').n).toBe(1);
    // It comes with all that a start is made of.
    drive.pass(350);
    drive.get({ type: 'pong', n: 1 });
    expect(drive.state.connection).toMatchObject({ latency: undefined });
    drive.pass(1000);
    expect(only(sent(drive.tick()), 'ping').n).toBe(2);
    drive.pass(7);
    drive.get({ type: 'pong', n: 2 });
    expect(drive.state.connection).toMatchObject({ latency: 7 });
    drive.pass(PING_EVERY_MS - 8);
    expect(drive.tick()).toEqual([]);
    drive.pass(1);
    expect(only(sent(drive.tick()), 'ping').n).toBe(3);
    drive.get({ type: 'pong', n: 2 });
    expect(drive.state.connection).toMatchObject({ latency: 7 });
  });

  test('one answer that was late is not how far the server is', () => {
    const drive = new Drive();
    drive.login();
    for (const late of [350, 7, 9, 400, 8]) {
      const { n } = only(sent(drive.tick()), 'ping');
      drive.pass(late);
      drive.get({ type: 'pong', ...(n === undefined ? {} : { n }) });
      drive.pass(PING_EVERY_MS);
    }
    expect(drive.state.connection).toMatchObject({ latency: 9 });
  });

  test('a server that is silent for 25 s is dead, whatever the system says of the link', () => {
    const drive = new Drive();
    drive.login();
    for (let ms = 0; ms < DEAD_AFTER_MS; ms += 1000) {
      expect(drive.tick().every((effect) => effect.do === 'send')).toBe(true);
      drive.pass(1000);
    }
    expect(drive.tick()).toEqual([{ do: 'disconnect' }]);
    expect(drive.state.connection).toMatchObject({ kind: 'waiting', reason: 'no answer from box:2428 for 25 s' });
  });

  test('anything that is heard keeps it alive', () => {
    const drive = new Drive();
    drive.login();
    drive.pass(DEAD_AFTER_MS - 1);
    drive.hear('#lobby', 1, 'hi');
    drive.pass(DEAD_AFTER_MS - 1);
    drive.tick();
    expect(drive.state.connection.kind).toBe('online');
  });
});

describe('what the server ends', () => {
  test('logged off for being away: the words stay, no retry, and the next key of any kind comes back without being typed', () => {
    const drive = new Drive();
    drive.login();
    drive.type('half a li');
    expect(drive.get(bye('idle', 'logged off after 15 min away'))).toEqual([]);
    expect(drive.effects.at(-1)).toEqual({ do: 'disconnect' });
    expect(drive.state.connection).toEqual({ kind: 'loggedOff', text: 'logged off after 15 min away' });
    // What is being written is kept for the next start all the same, and then there is nothing to wake for.
    drive.pass(2000);
    drive.tick();
    expect(drive.state.memory.drafts).toEqual([{ tab: '#lobby', text: 'half a li' }]);
    expect(nextWake(drive.state)).toBeUndefined();
    down(drive);
    expect(drive.state.connection.kind).toBe('loggedOff');
    drive.type('n');
    expect(drive.effects.at(-1)).toEqual({ do: 'connect' });
    expect(drive.input()).toBe('half a li');
  });

  test('logged off, Ctrl-C still quits', () => {
    const drive = new Drive();
    drive.login();
    drive.get(bye('idle'));
    drive.key('ctrl-c');
    expect(drive.effects.at(-1)).toEqual({ do: 'quit' });
  });

  test('what still arrives after that changes nothing', () => {
    const drive = new Drive();
    drive.login();
    drive.get(bye('idle', 'away'));
    drive.get(refusal('too_slow'));
    drive.event({ type: 'nonsense', text: 'x' });
    drive.hear('#lobby', 1, 'late');
    drive.welcome();
    expect(drive.state.connection).toEqual({ kind: 'loggedOff', text: 'away' });
    expect(drive.texts()).toEqual([]);
  });

  test('a shutdown is waited out', () => {
    const drive = new Drive();
    drive.login();
    drive.get(bye('shutdown'));
    expect(drive.state.connection).toMatchObject({ kind: 'waiting', reason: 'the server is restarting' });
  });

  test.each(['name_taken'] as const)('%s is not tried again by itself, but Enter tries', (code) => {
    const drive = new Drive();
    drive.event({ type: 'start' });
    drive.event({ type: 'linkUp' });
    drive.get(refusal(code));
    expect(drive.state.connection).toEqual({ kind: 'refused', code, text: 'words of the server' });
    expect(nextWake(drive.state)).toBeUndefined();
    drive.key('enter');
    expect(drive.effects.at(-1)).toEqual({ do: 'connect' });
    drive.event({ type: 'linkUp' });
    drive.get(refusal(code));
    drive.enter('for later');
    expect(drive.effects.at(-1)).toEqual({ do: 'connect' });
    expect(drive.tab().pending).toHaveLength(1);
  });

  test.each([
    ['server_full', 'words of the server'],
    ['too_slow', 'cut off, as this program had stopped reading'],
  ] as const)('%s is tried again', (code, reason) => {
    const drive = new Drive();
    drive.login();
    drive.get(refusal(code));
    expect(drive.state.connection).toMatchObject({ kind: 'waiting', reason });
  });
});

describe('coming back', () => {
  test('a guest joins again what the restarted server forgot, and what waits there goes out only after that', () => {
    const drive = new Drive({ login: { method: 'guest', name: 'gast' } });
    drive.login([info('#lobby'), info('#dev')], '~gast');
    drive.key('alt-2');
    down(drive);
    drive.enter('still here');
    drive.pass(500);
    drive.tick();
    drive.event({ type: 'linkUp' });
    const messages = drive.welcome([info('#lobby')], '~gast');
    const join = only(messages, 'join');
    expect(join.room).toBe('#dev');
    expect(types(messages)).not.toContain('say');
    const after = drive.get({ type: 'room', ...(join.id ? { id: join.id } : {}), room: info('#dev') });
    expect(only(after, 'say').text).toBe('still here');
  });

  test('a room that an account has left in another terminal is closed', () => {
    const drive = new Drive();
    drive.login([info('#lobby'), info('#dev')]);
    drive.key('alt-2');
    down(drive);
    drive.pass(500);
    drive.tick();
    drive.login([info('#lobby')]);
    expect(drive.tabs()).toEqual(['#lobby']);
    expect(drive.active()).toBe('#lobby');
  });

  test('a room that is not known any more, with something to say to it: the words say why they were refused', () => {
    const drive = new Drive();
    drive.login([info('#lobby'), info('#dev')]);
    drive.key('alt-2');
    down(drive);
    drive.enter('for dev');
    drive.pass(500);
    drive.tick();
    drive.event({ type: 'linkUp' });
    const { id } = only(drive.welcome([info('#lobby')]), 'join');
    drive.get({ type: 'error', ...(id ? { id } : {}), code: 'too_many_rooms', text: 'too many rooms', closes: false });
    expect(drive.tab('#dev').pending.map((pending) => pending.state)).toEqual([
      { kind: 'refused', text: 'too many rooms' },
    ]);
  });

  test('the log of a server that has begun a new life is begun anew', () => {
    const drive = new Drive();
    drive.login();
    for (let i = 1; i <= 5; i++) drive.hear('#lobby', i, `old ${i}`);
    down(drive);
    drive.pass(500);
    drive.tick();
    const { id } = only(drive.login([info('#lobby', 2)]), 'history');
    const entry = (n: number) => ({ seq: seq(n), from: user('bob'), text: `new ${n}`, time: at(START) });
    drive.get({
      type: 'history',
      ...(id ? { id } : {}),
      room: room('#lobby'),
      messages: [entry(1), entry(2)],
      more: false,
    });
    expect(drive.texts()).toEqual(['new 1', 'new 2']);
  });

  test('a command without its answer is owned up to', () => {
    const drive = new Drive();
    drive.login();
    drive.enter('/rooms');
    down(drive);
    expect(drive.state.hint).toEqual({
      text: 'the connection ended before the server had answered: give the command again',
      bad: true,
    });
  });
});

describe('leaving', () => {
  test('quit says bye and leaves with the answer', () => {
    const drive = new Drive();
    drive.login();
    expect(types(drive.key('ctrl-c'))).toContain('bye');
    drive.get(bye('logged-out'));
    expect(drive.effects.slice(-2)).toEqual([{ do: 'disconnect' }, { do: 'quit' }]);
  });

  test('a server that does not answer bye holds nobody up', () => {
    const drive = new Drive();
    drive.login();
    drive.key('ctrl-c');
    expect(nextWake(drive.state)).toBe(drive.mono + QUIT_WITHIN_MS);
    drive.pass(QUIT_WITHIN_MS);
    expect(drive.tick()).toEqual([{ do: 'disconnect' }, { do: 'quit' }]);
  });

  test('a link that ends after our bye ends the program', () => {
    const drive = new Drive();
    drive.login();
    drive.key('ctrl-c');
    down(drive);
    expect(drive.effects.at(-1)).toEqual({ do: 'quit' });
  });

  test('without a connection quit quits', () => {
    const drive = new Drive();
    drive.event({ type: 'start' });
    drive.key('ctrl-d');
    expect(drive.effects.at(-1)).toEqual({ do: 'quit' });
  });

  test('what is unsent is asked about once; another key takes the question back', () => {
    const drive = new Drive();
    drive.login();
    drive.enter('not acknowledged');
    expect(types(drive.key('ctrl-c'))).not.toContain('bye');
    expect(drive.state.hint?.text).toBe('1 message has not been sent: quit once more to leave all the same');
    drive.key('pageup');
    expect(types(drive.key('ctrl-c'))).not.toContain('bye');
    expect(types(drive.key('ctrl-c'))).toContain('bye');
  });

  test('/quit twice counts as twice, though it takes keys to write', () => {
    const drive = new Drive();
    drive.login();
    drive.enter('not acknowledged');
    expect(types(drive.enter('/quit'))).not.toContain('bye');
    drive.type('/');
    drive.type('quit');
    expect(types(drive.key('enter'))).toContain('bye');
  });
});
