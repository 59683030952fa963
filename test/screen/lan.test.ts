import { describe, expect, test } from 'vitest';
import type { State } from '../../src/client/core/state.ts';
import type { Frame } from '../../src/client/view/cells.ts';
import { view } from '../../src/client/view/view.ts';
import { inRole, renderFrame } from './frame.ts';
import { nearScenes } from './lan-scene.ts';
import { at, NOW, user } from './scene.ts';

const draw = (state: State, ascii = false): Frame => view(state, { now: NOW, mono: 0, ascii });
const text = (state: State): string => renderFrame(draw(state));

describe('without a server, at 80x24', () => {
  test('at the first start it says who hears what, and what one’s own key is', () => {
    expect(text(nearScenes.firstStart())).toBe(
      [
        ' 1:#lobby                                                             alice@lan',
        ' #lobby                                                       │ here 3',
        '                                                              │ ● alice     you',
        '   Welcome to the local network, alice: there is no server.   │ ● bob      21fe',
        '                                                              │ ● bob-39f7',
        '   #lobby     is heard by everybody on this network           │',
        '   /msg       writes to one person: encrypted, and direct     │ away 1',
        '   Alt-p      on a name: a private chat, likewise             │ ◐ carol      3m',
        '   your key   begins 5917 b0e8 7d3e 7cb6: /dhkey shows it     │',
        '   /verify    is it really them? A name is no proof           │',
        '   Alt-1      the first tab, Alt-2 the second, and so on      │',
        '   F1         all keys                                        │',
        '   /help      all commands                                    │',
        '   /quit      leaves                                          │',
        ...Array.from({ length: 7 }, () => `${' '.repeat(62)}│`),
        '──────────────────────────────────────────────────────────────┴─────────────────',
        '>',
        ' lan 3 others   #lobby 4           F1 keys  Ctrl-K go to  Alt-p private   09:16',
      ].join('\n'),
    );
  });

  test('messages that came late stand in their place, and one line at the end tells of them', () => {
    expect(text(nearScenes.late())).toBe(
      [
        ' 1:#lobby                                                             alice@lan',
        ' #lobby                                                       │ here 3',
        ' ──────────────────── Friday 20 November ──────────────────── │ ● alice     you',
        ' 09:00       bob  it is 9:0                                   │ ● bob      21fe',
        ' 09:01     carol  it is 9:1                                   │ ● bob-39f7',
        ' 09:02       bob  it is 9:2                                   │',
        ' 09:03     carol  it is 9:3                                   │ away 1',
        '        bob-39f7  I was cut off here                          │ ◐ carol      3m',
        ' 09:04       bob  it is 9:4                                   │',
        '        bob-39f7  and am back now                             │',
        ' 09:05     carol  it is 9:5                                   │',
        ' 09:06       bob  it is 9:6                                   │',
        ' 09:07     carol  it is 9:7                                   │',
        ' 09:08       bob  it is 9:8                                   │',
        ' 09:09     carol  it is 9:9                                   │',
        ' 09:10       bob  it is 9:10                                  │',
        ' 09:11     carol  it is 9:11                                  │',
        ' 09:16         ·  2 messages came late and stand above, from  │',
        '                  bob-39f7, 09:03 to 09:04                    │',
        ' 09:15     carol  welcome back                                │',
        '                                                              │',
        '──────────────────────────────────────────────────────────────┴─────────────────',
        '>',
        ' lan 3 others   #lobby 4           F1 keys  Ctrl-K go to  Alt-p private   09:16',
      ].join('\n'),
    );
  });

  test('what is written to somebody who is not heard waits, and a line says so', () => {
    expect(text(nearScenes.waits())).toBe(
      [
        ' 1:#lobby  2:carol                                                    alice@lan',
        ' carol  end-to-end encrypted · direct · not verified: /verify carol',
        ' ──────────────────── Friday 20 November ──────────────────── │ here 1',
        ' 09:16      ·  carol is not heard: what you write waits here, │ ● alice     you',
        '               encrypted, and goes when carol is heard again  │',
        '               (/discard forgets it)                          │ away 1',
        ' 09:15  alice  are you there? the key is under the   ⋯waiting │ ◐ carol      3m',
        '               mat                                            │',
        ...Array.from({ length: 13 }, () => `${' '.repeat(62)}│`),
        '──────────────────────────────────────────────────────────────┴─────────────────',
        '>',
        ' lan 3 others   carol: away        F1 keys  Ctrl-K go to  Alt-p private   09:16',
      ].join('\n'),
    );
  });

  test('/lan status is a table', () => {
    expect(text(nearScenes.status())).toBe(
      [
        ' 1:#lobby                                                             alice@lan',
        ' #lobby                                                       │ here 3',
        ' ──────────────────── Friday 20 November ──────────────────── │ ● alice     you',
        ' the local network:                                           │ ● bob      21fe',
        ' port          2428, UDP                                      │ ● bob-39f7',
        ' announced on  eth0 10.0.0.7/24                               │',
        '               wlan0 192.168.1.7/24                           │ away 1',
        ' peers         10.1.0.9:2428                                  │ ◐ carol      3m',
        ' people        3 others, 2 links                              │',
        ' heard         4,120 announcements                            │',
        ' dropped       9,000 too many at once                         │',
        '               3 with a wrong signature                       │',
        ' problems      wlan0 takes no broadcast: only those who are   │',
        '               named as --lan-peer hear you there             │',
        ...Array.from({ length: 7 }, () => `${' '.repeat(62)}│`),
        '──────────────────────────────────────────────────────────────┴─────────────────',
        '>',
        ' lan 3 others   #lobby 4           F1 keys  Ctrl-K go to  Alt-p private   09:16',
      ].join('\n'),
    );
  });

  test('a chat in plain text says so over the whole head', () => {
    expect(text(nearScenes.plain())).toBe(
      [
        ' 1:#lobby  2:=bob                                                     alice@lan',
        ' =bob  NOT ENCRYPTED: anyone between you can read this · direct   /end to leave',
        '                                                              │ here 2',
        '                                                              │ ● alice     you',
        '                                                              │ ● bob      21fe',
        ...Array.from({ length: 16 }, () => `${' '.repeat(62)}│`),
        '──────────────────────────────────────────────────────────────┴─────────────────',
        '>',
        ' lan 3 others   =bob: here         F1 keys  Ctrl-K go to  Alt-p private   09:16',
      ].join('\n'),
    );
  });

  test('an encrypted chat is direct, whatever carries it', () => {
    expect(text(nearScenes.encrypted())).toBe(
      [
        ' 1:#lobby  2:=bob-39f7                                                alice@lan',
        ' =bob-39f7  end-to-end encrypted · direct · not verified: /verify bob-39f7',
        '                                                              │ here 2',
        '                                                              │ ● alice     you',
        '                                                              │ ● bob-39f7',
        ...Array.from({ length: 16 }, () => `${' '.repeat(62)}│`),
        '──────────────────────────────────────────────────────────────┴─────────────────',
        '>',
        ' lan 3 others   =bob-39f7: here    F1 keys  Ctrl-K go to  Alt-p private   09:16',
      ].join('\n'),
    );
  });

  test('a request offers no choice about an address that is seen anyway', () => {
    expect(text(nearScenes.request())).toBe(
      [
        ' 1:#lobby  2:=bob?                                                    alice@lan',
        ' =bob  asks for a private chat · will be end-to-end encrypted · not verified',
        '                                                              │ here 2',
        '   bob asks for a private chat.                               │ ● alice     you',
        '   It will be end-to-end encrypted, and direct: there is no   │ ● bob      21fe',
        '   server.                                                    │',
        '   [a] accept   [r] reject                                    │',
        '   Ends by itself in 1:48.                                    │',
        ...Array.from({ length: 13 }, () => `${' '.repeat(62)}│`),
        '──────────────────────────────────────────────────────────────┴─────────────────',
        '>',
        ' lan 3 others   =bob: here         F1 keys  Ctrl-K go to  Alt-p private   09:16',
      ].join('\n'),
    );
  });

  test('beside a server a sign is at those who are on the network, too', () => {
    expect(text(nearScenes.both())).toBe(
      [
        ' 1:#lobby  2:#lan+2                                              alice@box:2428',
        ' #lobby                                                       │ here 4',
        ' ──────────────────── Friday 20 November ──────────────────── │ ● alice     you',
        ' 09:12       bob  morning                                     │ ● bob         ⌂',
        '                                                              │ ● dora.lan',
        '                                                              │ ● erin',
        '                                                              │',
        '                                                              │ away 1',
        '                                                              │ ◐ carol    ⌂ 3m',
        ...Array.from({ length: 12 }, () => `${' '.repeat(62)}│`),
        '──────────────────────────────────────────────────────────────┴─────────────────',
        '>',
        ' online 2 ms   #lobby 5            F1 keys  Ctrl-K go to  Alt-p private   09:16',
      ].join('\n'),
    );
  });

  test('where the list is narrow, names are whole and the key isn’t told', () => {
    const state = nearScenes.firstStart(60, 20);
    const bob = state.people.get(user('bob'));
    if (bob !== undefined) state.people.set(bob.name, { ...bob, state: 'away', since: at(9, 5) });
    expect(text(state)).toMatch(/◐ bob {5}11m$/m);
    expect(text(nearScenes.firstStart(60, 20))).toMatch(/● bob {4}21fe$/m);
  });

  test('while the server is away it is known who is on the network, and who was on the server', () => {
    const state = nearScenes.both();
    const lan = state.tabs.find((tab) => tab.kind === 'room' && tab.room === '#lan');
    if (lan?.kind !== 'room') throw new Error('no tab #lan');
    lan.members = new Set(['alice', 'bob', 'dora.lan'].map(user));
    state.beside = { room: lan.room, isUp: true };
    state.connection = { kind: 'waiting', attempt: 1, reason: 'no answer', since: 0, retryAt: 1000 };
    expect(text(state)).toMatch(/was here 4[^]*\? dora\.lan/);
    state.active = state.tabs.indexOf(lan);
    expect(text(state)).toMatch(/│ here 3[^]*● dora\.lan/);
    state.beside = { room: lan.room, isUp: false };
    expect(text(state)).toMatch(/was here 3[^]*\? dora\.lan/);
  });

  test('all of the head of a plain chat calls', () => {
    expect(inRole(draw(nearScenes.plain()), 'alarm').join(' ')).toContain('NOT ENCRYPTED');
  });

  test('where there is only ASCII the sign has a stand-in', () => {
    const screen = renderFrame(draw(nearScenes.both(), true));
    expect(screen).toMatch(/\* bob +&$/m);
    expect(screen).not.toContain('⌂');
  });

  test('the page of keys says what the sign means', () => {
    const state = nearScenes.both(160, 48);
    state.overlay = { kind: 'keys' };
    expect(text(state)).toMatch(/⌂ +on your local network, too/);
    state.lanAlso = false;
    expect(text(state)).not.toContain('local network');
  });
});

describe.each(Object.entries(nearScenes))('%s', (_, make) => {
  test.each([
    [20, 5],
    [40, 10],
    [80, 24],
    [160, 48],
  ])('is no wider than a screen of %ix%i', (columns, rows) => {
    for (const ascii of [false, true]) {
      const frame = draw(make(columns, rows), ascii);
      expect(frame.rows).toHaveLength(rows);
      for (const row of frame.rows) expect(row.reduce((sum, { width }) => sum + width, 0)).toBeLessThanOrEqual(columns);
    }
  });
});
