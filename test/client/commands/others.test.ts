import { describe, expect, test } from 'vitest';
import type { PresenceState, ServerMessages } from '../../../src/protocol/server-messages.ts';
import { at, Drive, info, only, START, types, user } from '../core/drive.ts';

const online = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby'), info('#dev')]);
  for (const name of ['bob', 'carol', '~dan']) is(drive, name, 'online');
  return drive;
};
const is = (drive: Drive, name: string, state: PresenceState, ago = 0) =>
  drive.get({ type: 'presence', user: user(name), state, since: at(START + drive.mono - ago) });
const answerTo = (id: string | undefined) => (id === undefined ? {} : { id: id as never });
const done = (drive: Drive, id: string | undefined, text: string) => drive.get({ type: 'done', ...answerTo(id), text });

/** What Tab makes of a line. */
function completed(drive: Drive, line: string): string {
  drive.key('ctrl-u');
  drive.type(line);
  drive.key('tab');
  return drive.input();
}

describe('/block and /mute', () => {
  test('ask the server, whose answer is shown where it was asked', () => {
    const drive = online();
    drive.key('alt-2');
    const { id, user: name } = only(drive.enter('/block bob'), 'block');
    expect(name).toBe('bob');
    drive.key('alt-1');
    done(drive, id, 'you block bob');
    expect(drive.notices('#dev')).toEqual(['you block bob']);
    expect(drive.state.inner.requests.has(id as never)).toBe(false);
  });

  test.each([
    ['/mute bob', undefined],
    ['/mute bob 90', 90_000],
    ['/mute @bob 15m', 900_000],
    ['/mute bob: 1h', 3_600_000],
    ['/ignore bob 2d', 172_800_000],
  ])('%s is for %s ms', (line, ms) => {
    expect(only(online().enter(line), 'mute')).toMatchObject({ user: 'bob', ...(ms === undefined ? {} : { for: ms }) });
  });

  test.each([
    ['/block', 'whom? Write /block bob'],
    ['/block alice', 'that is you: nobody blocks themselves'],
    ['/block bob carol', 'one name is enough: /block bob'],
    ['/block b*b', '"b*b" is no name'],
    ['/mute', 'whom? Write /mute bob, or /mute bob 15m'],
    ['/mute bob 0', '"0" is no time at all'],
    ['/mute bob soon', '"soon" is not a duration'],
    ['/unblock bob', "you don't block bob: see /blocked"],
    ['/unmute bob', "you don't mute bob: see /muted"],
  ])('%s is mended: %s', (line, words) => {
    const drive = online();
    expect(drive.enter(line)).toEqual([]);
    expect(drive.state.hint?.bad).toBe(true);
    expect(drive.state.hint?.text).toContain(words);
    expect(drive.input()).toBe(line);
  });

  test('/unblock and /unmute end what there is', () => {
    const drive = online();
    drive.ignored(['bob'], [{ user: user('carol') }]);
    expect(only(drive.enter('/unblock bob'), 'unblock').user).toBe('bob');
    expect(only(drive.enter('/unmute carol'), 'unmute').user).toBe('carol');
    drive.enter('/block bob');
    expect(drive.state.hint?.text).toBe('you block bob already: /unblock ends it');
  });

  test('/blocked and /muted list them', () => {
    const drive = online();
    drive.enter('/blocked');
    drive.enter('/muted');
    const until = at(START + drive.mono + 900_000);
    drive.ignored(['dave', 'bob'], [{ user: user('carol') }, { user: user('erin'), until }]);
    drive.enter('/blocked');
    drive.enter('/muted');
    expect(drive.notices()).toEqual([
      'you block nobody',
      'you mute nobody',
      'you block 2: bob, dave',
      'you mute 2: carol, erin (15m left)',
    ]);
  });

  test('a refusal of the server is shown', () => {
    const drive = online();
    const { id } = only(drive.enter('/block nobody'), 'block');
    const text = 'nobody here is called nobody';
    drive.get({ type: 'error', ...answerTo(id), code: 'no_such_user', text, closes: false });
    expect(drive.state.hint).toEqual({ text, bad: true });
  });

  test('without a connection they say so, and when it breaks before the answer too', () => {
    const drive = online();
    drive.enter('/block bob');
    drive.event({ type: 'linkDown', text: 'gone' });
    expect(drive.state.hint?.text).toContain('give the command again');
    drive.enter('/block bob');
    expect(drive.state.hint?.text).toContain('there is no connection now');
  });
});

describe('Tab after a command about people', () => {
  test('offers whom the command can be about', () => {
    const drive = online();
    drive.ignored(['bob'], [{ user: user('carol') }]);
    expect(completed(drive, '/unblock ')).toBe('/unblock bob ');
    expect(completed(drive, '/unmute ')).toBe('/unmute carol ');
    expect(completed(drive, '/block bo')).toBe('/block bo');
    expect(completed(drive, '/block ca')).toBe('/block carol ');
    expect(completed(drive, '/kick bo')).toBe('/kick bob ');
  });

  test('offers nobody to write to whom one ignores, a guest without the sign, and not oneself', () => {
    const drive = online();
    is(drive, 'alice', 'online');
    drive.ignored(['bob']);
    expect(completed(drive, '/msg b')).toBe('/msg b');
    expect(completed(drive, '/msg d')).toBe('/msg ~dan ');
    expect(completed(drive, '/msg a')).toBe('/msg a');
  });

  test('offers those with a tab of their own, here or not', () => {
    const drive = online();
    drive.enter('/msg zoe');
    expect(completed(drive, '/msg z')).toBe('/msg zoe ');
  });
});

describe('/since and /who', () => {
  test.each(['/since 1h', '/whoelsesince 3600', '/who 60m'])('%s asks who was here in this time', (line) => {
    const drive = online();
    const { id, since } = only(drive.enter(line), 'who');
    expect(since).toBe(3_600_000);
    const now = START + drive.mono;
    drive.get({
      type: 'users',
      ...answerTo(id),
      users: [{ name: user('bob'), state: 'online', since: at(now - 5000) }],
      more: true,
    });
    expect(drive.notices()).toEqual([]);
    drive.get({
      type: 'users',
      ...answerTo(id),
      users: [{ name: user('erin'), state: 'offline', since: at(now - 1_200_000) }],
      more: false,
    });
    expect(drive.notices()[0]?.split('\n')).toEqual([
      'in the last 1 h: 1 online, 0 away, 1 offline',
      'bob   online   since 5s',
      'erin  offline  since 20m',
    ]);
    // What is known of everybody is not replaced by it.
    expect(drive.state.people.has(user('carol'))).toBe(true);
  });

  test.each([
    ['/since', 'since when? Write /since 1h'],
    ['/since yesterday', '"yesterday" is not a duration: write 90, 90s, 15m, 1h or 2d'],
    ['/who 5x', '"5x" is not a duration'],
    ['/who nobody', 'nobody is not here, and was not of late'],
    ['/who a b', 'one name is enough: /who bob, or /who 1h'],
  ])('%s is mended: %s', (line, words) => {
    const drive = online();
    expect(drive.enter(line)).toEqual([]);
    expect(drive.state.hint?.text).toContain(words);
  });
});

describe('/broadcast', () => {
  test('speaks to the lobby from any tab, and stays there', () => {
    const drive = online();
    drive.key('alt-2');
    expect(only(drive.enter('/broadcast  lunch is here'), 'say')).toMatchObject({
      to: '#lobby',
      text: 'lunch is here',
    });
    expect(drive.active()).toBe('#dev');
    expect(drive.state.hint?.text).toBe('said in #lobby (Alt-1)');
    expect(drive.tab().pending).toHaveLength(1);
  });
});

describe('what operators may do', () => {
  test.each<[string, object]>([
    ['/announce restart at noon', { type: 'announce', text: 'restart at noon' }],
    ['/kick bob', { type: 'kick', user: 'bob' }],
    ['/kick ~dan  calm   down', { type: 'kick', user: '~dan', reason: 'calm down' }],
    ['/ban bob', { type: 'ban', target: 'bob' }],
    ['/ban bob 1h', { type: 'ban', target: 'bob', for: 3_600_000 }],
    ['/ban bob 3rd time', { type: 'ban', target: 'bob', reason: '3rd time' }],
    ['/ban bob spam, again', { type: 'ban', target: 'bob', reason: 'spam, again' }],
    ['/ban uid 1001 2d spam', { type: 'ban', target: 'uid 1001', for: 172_800_000, reason: 'spam' }],
    ['/ban 10.0.0.7 flood', { type: 'ban', target: '10.0.0.7', reason: 'flood' }],
    ['/ban fe80::1 90', { type: 'ban', target: 'fe80::1', for: 90_000 }],
    ['/unban uid 1001', { type: 'unban', target: 'uid 1001' }],
    ['/bans', { type: 'bans' }],
    ['/op bob', { type: 'op', user: 'bob' }],
    ['/deop bob', { type: 'deop', user: 'bob' }],
    ['/slow #dev 10s', { type: 'slow', room: '#dev', every: 10_000 }],
    ['/slow off', { type: 'slow', room: '#lobby', every: 0 }],
    ['/close #dev', { type: 'close', room: '#dev' }],
    ['/close #dev moved to #ops', { type: 'close', room: '#dev', reason: 'moved to #ops' }],
  ])('%s', (line, message) => {
    const [first, ...more] = online().enter(line);
    expect(first).toEqual({ ...message, id: expect.any(String) as string });
    expect(more).toEqual([]);
  });

  test.each([
    ['/announce', 'what? Write /announce'],
    ['/kick', 'whom? Write /kick bob'],
    ['/kick b/b', '"b/b" is no name'],
    [`/kick bob ${'x'.repeat(300)}`, 'a reason has at most 256 bytes, and this one 300'],
    ['/ban', 'whom? Write /ban bob'],
    ['/ban b/b', '"b/b" is nobody to ban'],
    ['/ban bob 0s', 'a ban of no time is none'],
    ['/ban bob 1w spam', '"1w" is not a duration'],
    ['/unban bob carol', 'one at a time'],
    ['/op', 'whom? Write /op bob'],
    ['/slow #dev', 'how slow? Write /slow #dev 10s, or /slow #dev off'],
    ['/slow #dev soon', '"soon" is not a duration'],
    ['/close', 'which room? Write /close #dev'],
    ['/close #lobby', '#lobby is for all'],
  ])('%s is mended: %s', (line, words) => {
    const drive = online();
    expect(drive.enter(line)).toEqual([]);
    expect(drive.state.hint?.text).toContain(words);
  });

  test('in private a room must be named', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.enter('/slow 10s');
    expect(drive.state.hint?.text).toBe('which room? Name it first, like #dev');
  });

  test('is refused to others by the server, in its words', () => {
    const drive = online();
    const { id } = only(drive.enter('/kick bob'), 'kick');
    const text = 'Only operators may do this.';
    drive.get({ type: 'error', ...answerTo(id), code: 'not_operator', text, closes: false });
    expect(drive.state.hint).toEqual({ text, bad: true });
  });

  test('/bans prints who is kept out when the last frame has come, and /unban completes them', () => {
    const drive = online();
    const { id } = only(drive.enter('/bans'), 'bans');
    const now = START + drive.mono;
    const ban = (target: string, more: object = {}): ServerMessages['bans']['bans'][number] => ({
      target,
      by: user('root'),
      time: at(Date.UTC(2026, 10, 20, 9, 16)),
      reason: '',
      ...more,
    });
    drive.get({ type: 'bans', ...answerTo(id), bans: [ban('bob', { reason: 'spam' })], more: true });
    expect(drive.notices()).toEqual([]);
    const until = at(now + 7_200_000);
    drive.get({ type: 'bans', ...answerTo(id), bans: [ban('uid 1001', { until })], more: false });
    expect(drive.notices()[0]?.split('\n')).toEqual([
      '2 bans',
      'bob       for good   by root, 2026-11-20 09:16: spam',
      'uid 1001  2h left    by root, 2026-11-20 09:16',
    ]);
    expect(completed(drive, '/unban u')).toBe('/unban uid 1001 ');
  });

  test('nobody banned is said too', () => {
    const drive = online();
    const { id } = only(drive.enter('/bans'), 'bans');
    drive.get({ type: 'bans', ...answerTo(id), bans: [], more: false });
    expect(drive.notices()).toEqual(['nobody is banned']);
  });
});

describe('what operators do to us', () => {
  test('to be made one is told, and shows their commands', () => {
    const drive = online();
    drive.key('alt-2');
    drive.get({ type: 'done', text: 'root has made you an operator', operator: true });
    expect(drive.notices('#dev')).toEqual(['root has made you an operator']);
    expect(drive.state.operator).toBe(true);
    drive.get({ type: 'done', text: 'root has ended your being an operator', operator: false });
    expect(drive.state.operator).toBe(false);
  });

  test('the welcome says whether we are one', () => {
    const drive = new Drive();
    drive.event({ type: 'start' });
    drive.event({ type: 'linkUp' });
    drive.welcome([info('#lobby')], 'alice', true);
    expect(drive.state.operator).toBe(true);
  });

  test('a room that is closed is gone, with the reason in the tab that is then open', () => {
    const drive = online();
    drive.key('alt-2');
    const time = at(START);
    const reason = 'root has closed the room: moved';
    drive.get({ type: 'left', room: info('#dev').name, user: user('alice'), time, reason });
    expect(drive.tabs()).toEqual(['#lobby']);
    expect(drive.notices()).toEqual(['you are no longer in #dev: root has closed the room: moved']);
  });

  test.each(['kicked', 'banned'] as const)(
    '%s ends the connection for a person to look at; Enter tries again',
    (code) => {
      const drive = online();
      drive.get({ type: 'error', code, text: 'root has put you out', closes: true });
      expect(drive.state.connection).toMatchObject({ kind: 'refused', text: 'root has put you out' });
      drive.key('enter');
      expect(drive.state.connection.kind).toBe('connecting');
      expect(types(drive.key('a'))).toEqual([]);
    },
  );
});
