import { describe, expect, test } from 'vitest';
import { nextWake } from '../../../src/client/core/wake.ts';
import { view } from '../../../src/client/view/view.ts';
import { renderFrame } from '../../screen/frame.ts';
import { at, Drive, info, START, user } from './drive.ts';

const online = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby'), info('#dev')]);
  const [id] = [...drive.state.inner.requests].find(([, { purpose }]) => purpose.kind === 'who') ?? [];
  drive.get({ type: 'users', ...(id ? { id } : {}), users: [], more: false });
  return drive;
};

const screen = (drive: Drive): string => renderFrame(view(drive.state, { now: drive.env.now, mono: drive.mono }));

const comes = (drive: Drive, name: string) =>
  drive.get({ type: 'presence', user: user(name), state: 'online', since: at(START + drive.mono) });

describe.each(['blocked', 'muted'] as const)('somebody who is %s', (how) => {
  const ignore = (drive: Drive): void =>
    void (how === 'blocked' ? drive.ignored(['bob']) : drive.ignored([], [{ user: user('bob') }]));

  test('vanishes from what is shown, and is back when that ends', () => {
    const drive = online();
    drive.hear('#lobby', 1, 'a word of bob');
    drive.hear('#lobby', 2, 'a word of carol', 'carol');
    ignore(drive);
    drive.hear('#lobby', 3, 'another of bob');
    expect(screen(drive)).not.toContain('of bob');
    expect(screen(drive)).toContain('a word of carol');
    drive.ignored([]);
    expect(screen(drive)).toMatch(/a word of bob[^]*a word of carol[^]*another of bob/);
  });

  test('neither counts as unread nor calls us', () => {
    const drive = online();
    ignore(drive);
    drive.hear('#dev', 1, 'alice! alice!');
    expect(drive.tab('#dev')).toMatchObject({ unread: 0, mentioned: false, unreadFrom: undefined });
    expect(drive.effects.some((effect) => effect.do === 'bell')).toBe(false);
  });

  test('is taken out of what is unread already', () => {
    const drive = online();
    drive.hear('#dev', 1, 'alice!');
    drive.hear('#dev', 2, 'hello', 'carol');
    drive.hear('#dev', 3, 'alice?');
    expect(drive.tab('#dev')).toMatchObject({ unread: 3, mentioned: true });
    ignore(drive);
    expect(drive.tab('#dev')).toMatchObject({ unread: 1, mentioned: false });
    drive.key('alt-2');
    expect(screen(drive)).toContain(' 1 new ');
    expect(screen(drive)).toMatch(/1 new.*\n.*carol +hello/);
  });

  test('leaves no line without a message under it', () => {
    const drive = online();
    drive.hear('#dev', 1, 'old', 'carol');
    drive.key('alt-2', 'alt-1');
    drive.hear('#dev', 2, 'hey');
    ignore(drive);
    expect(drive.tab('#dev').unreadFrom).toBeUndefined();
    drive.key('alt-2');
    expect(screen(drive)).not.toContain('new');
  });

  test('is offered by Tab neither as one who spoke nor as one who is here', () => {
    const drive = online();
    comes(drive, 'bob');
    drive.hear('#lobby', 1, 'hi');
    ignore(drive);
    drive.type('bo');
    drive.key('tab');
    expect(drive.input()).toBe('bo');
  });

  test('comes and goes unseen', () => {
    const drive = online();
    ignore(drive);
    comes(drive, 'bob');
    comes(drive, 'carol');
    expect(screen(drive)).toContain('+ carol came');
    expect(screen(drive)).not.toContain('bob came');
    drive.ignored([]);
    expect(screen(drive)).toContain('+ bob, carol came');
  });

  test('is marked in the list', () => {
    const drive = online();
    comes(drive, 'bob');
    ignore(drive);
    expect(screen(drive)).toMatch(new RegExp(`● bob +${how}`));
  });

  test('moves nothing when one reads back', () => {
    const drive = online();
    for (let i = 1; i <= 120; i++) drive.hear('#lobby', i, `line ${i}`, i % 2 === 0 ? 'bob' : 'carol');
    ignore(drive);
    drive.key('pageup', 'pageup');
    const before = screen(drive);
    expect(before).not.toMatch(/line \d*[02468]\b/);
    drive.hear('#lobby', 121, 'line 1210');
    expect(screen(drive)).toBe(before);
    drive.hear('#lobby', 122, 'line 1221', 'carol');
    expect(screen(drive)).toContain('1 new below');
  });
});

describe('a mute with an end', () => {
  test('ends by itself, by the server’s clock', () => {
    const drive = online();
    drive.state.clockOffset = 5000;
    const until = at(START + drive.mono + 5000 + 60_000);
    drive.ignored([], [{ user: user('bob'), until }]);
    drive.hear('#lobby', 1, 'shh');
    expect(screen(drive)).not.toContain('shh');
    const wakes: number[] = [];
    while (drive.state.ignored.muted.size > 0 && wakes.length < 50) {
      const wake = nextWake(drive.state) ?? 0;
      wakes.push(wake);
      drive.mono = Math.max(drive.mono, wake);
      drive.tick();
      drive.get({ type: 'pong', n: drive.state.inner.ping.n });
    }
    expect(drive.mono).toBe(50_000 + 60_000);
    expect(screen(drive)).toContain('shh');
  });

  test('that is over when it is told of is none', () => {
    const drive = online();
    drive.ignored([], [{ user: user('bob'), until: at(START + drive.mono - 1) }]);
    expect(drive.state.ignored.muted.size).toBe(0);
    expect(drive.state.inner.muteEndsAt).toBeUndefined();
  });
});

describe('after a reconnect', () => {
  const again = (drive: Drive) => {
    drive.event({ type: 'linkDown', text: 'gone' });
    drive.event({ type: 'start' });
    drive.event({ type: 'linkUp' });
    drive.welcome([info('#lobby'), info('#dev')]);
  };
  const who = (drive: Drive) => {
    const [id] = [...drive.state.inner.requests].find(([, { purpose }]) => purpose.kind === 'who') ?? [];
    drive.get({ type: 'users', ...(id ? { id } : {}), users: [], more: false });
  };

  test('those who were ignored stay so until the server has said more', () => {
    const drive = online();
    drive.ignored(['bob']);
    again(drive);
    expect(drive.state.ignored.blocked.has(user('bob'))).toBe(true);
    drive.ignored(['bob']);
    who(drive);
    expect(drive.state.ignored.blocked.has(user('bob'))).toBe(true);
  });

  test('a server that says nothing of it knows of nobody', () => {
    const drive = online();
    drive.ignored(['bob']);
    again(drive);
    who(drive);
    expect(drive.state.ignored.blocked.size).toBe(0);
  });
});

test('a hundred who come and go are a line or two, not a hundred names', () => {
  const drive = online();
  for (let i = 0; i < 100; i++) comes(drive, `user${i}`);
  const shown = screen(drive)
    .split('\n')
    .map((line) => line.slice(0, 62).trim())
    .filter((line) => line.includes('user') || line.includes('others'));
  expect(shown.length).toBeLessThan(6);
  expect(shown.join(' ')).toMatch(/\+ user0, user1, user2, user3, user4, user5 and \d+ others came/);
});
