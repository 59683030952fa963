import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeviceId } from '../../../src/base/ids.ts';
import { activeTab } from '../../../src/client/core/lookup.ts';
import type { State } from '../../../src/client/core/state.ts';
import { isCounting } from '../../../src/client/view/counting.ts';
import { answersShown, geometryOf } from '../../../src/client/view/geometry.ts';
import { cardLines } from '../../../src/client/view/request-card.ts';
import { view } from '../../../src/client/view/view.ts';
import { inRole, renderFrame } from '../../screen/frame.ts';
import {
  addChat,
  addTab,
  asked,
  at,
  emptyState,
  morning,
  NOW,
  OPEN,
  pending,
  person,
  say,
  user,
} from '../../screen/scene.ts';

const draw = (state: State, { ascii = false, mono = 0 } = {}) => view(state, { now: NOW, mono, ascii });
const lines = (state: State, options = {}): string[] => renderFrame(draw(state, options)).split('\n');
/** What the pane shows, without the list beside it and without empty rows at its end. */
const pane = (state: State, options = {}): string =>
  lines(state, options)
    .slice(2, -3)
    .map((line) => line.split('│')[0]?.trimEnd())
    .join('\n')
    .trimEnd();
const status = (state: State): string => lines(state).at(-1) ?? '';

const ADDRESS = '10.0.0.7';
const DIGITS = '372958100466218905110284675533189204410761392508772364198015';

function together(columns = 80, rows = 24): State {
  const state = emptyState(columns, rows);
  for (const name of ['alice', 'bob', 'carol']) person(state, name);
  return state;
}

describe('a private chat', () => {
  test('at 80x24', () => {
    const state = together();
    const tab = addChat(state, 'bob', { trust: 'verified' });
    tab.log.notice(at(9, 9), 'the chat is direct now', false);
    say(tab, 'bob', 'are you there?', at(9, 10));
    say(tab, 'alice', 'yes', at(9, 11));
    pending(tab, 'one more');
    tab.draft = { text: 'see you th', cursor: 10 };
    expect(lines(state)).toEqual([
      ' 1:#lobby  2:=bob                                                alice@box:2428',
      ' =bob  end-to-end encrypted · direct · verified                   /end to leave',
      ' ──────────────────── Friday 20 November ──────────────────── │ here 2',
      ' 09:09      ·  the chat is direct now                         │ ● alice     you',
      ' 09:10    bob  are you there?                                 │ ● bob',
      ' 09:11  alice  yes                                            │',
      ' 09:16         one more                              ⋯sending │',
      ...Array.from({ length: 14 }, () => `${' '.repeat(62)}│`),
      '──────────────────────────────────────────────────────────────┴─────────────────',
      '> see you th',
      ' online 2 ms   =bob: here          F1 keys  Ctrl-K go to  Alt-p private   09:16',
    ]);
  });

  test('at 160x48 the head has all its words', () => {
    const state = together(160, 48);
    addChat(state, 'bob', { status: { ...OPEN, path: 'none', theirLog: true } });
    expect(lines(state)).toHaveLength(48);
    expect(lines(state)[1]).toBe(
      ` =bob  ${[
        'end-to-end encrypted',
        'unreachable, kept until it is back',
        'not verified: /verify bob',
        'bob keeps a log',
      ].join(' · ')}${' '.repeat(36)}/end to leave`,
    );
  });
});

describe('a request of theirs', () => {
  test('at 80x24', () => {
    const state = together();
    addChat(state, 'carol', { status: asked(false, ADDRESS) });
    expect(lines(state)).toEqual([
      ' 1:#lobby  2:=carol?                                             alice@box:2428',
      ' =carol  asks for a private chat · will be end-to-end encrypted · not verified',
      '                                                              │ here 2',
      '   carol asks for a private chat.                             │ ● alice     you',
      '   It will be end-to-end encrypted and, if your machines      │ ● carol',
      '   reach each other, direct.                                  │',
      '   carol would then see your address 10.0.0.7.                │',
      '   [a] accept   [o] accept, hide my address   [r] reject      │',
      '   Ends by itself in 1:48.                                    │',
      ...Array.from({ length: 12 }, () => `${' '.repeat(62)}│`),
      '──────────────────────────────────────────────────────────────┴─────────────────',
      '>',
      ' online 2 ms   =carol: here        F1 keys  Ctrl-K go to  Alt-p private   09:16',
    ]);
  });

  test('at 60x20, not encrypted', () => {
    const state = together(60, 20);
    addChat(state, 'carol', { status: asked(false, ADDRESS), plain: true });
    expect(lines(state)[1]).toBe(' =carol  NOT ENCRYPTED · asks');
    expect(pane(state)).toBe(
      [
        '',
        ' carol asks for a private chat.',
        ' NOT ENCRYPTED: the server, and anyone',
        ' between you, will be able to read all of',
        ' it.',
        ' [a] accept, not encrypted   [r] reject',
        ' Ends by itself in 1:48.',
      ].join('\n'),
    );
    expect(inRole(draw(state), 'alarm').join(' ')).toContain('NOT ENCRYPTED: the server, and anyone between you,');
    expect(inRole(draw(state), 'secure')).toEqual([]);
  });

  test('with a key that has changed says what that means, and what comes first', () => {
    const state = together();
    addChat(state, 'carol', { status: asked(false, ADDRESS), trust: 'changed' });
    expect(pane(state)).toBe(
      [
        '',
        '   carol asks for a private chat.',
        "   KEY CHANGED: this comes from a key that you don't know.",
        '   Either carol has a new device, or somebody else pretends',
        '   to be carol.',
        '   Ask carol in another way than this. If it is so,',
        '   /accept-key carol comes first; then you can accept.',
        '   /accept-key carol   [r] reject',
        '   Ends by itself in 1:48.',
      ].join('\n'),
    );
  });

  test('counts down, and is over at nothing', () => {
    const state = together();
    addChat(state, 'carol', { status: asked(false) });
    expect(pane(state, { mono: 48_000 })).toContain('in 1:00.');
    expect(pane(state, { mono: 48_001 })).toContain('in 1:00.');
    expect(pane(state, { mono: 107_500 })).toContain('in 0:01.');
    expect(pane(state, { mono: 500_000 })).toContain('in 0:00.');
  });

  test('where no address of ours is told speaks of none', () => {
    const state = together();
    addChat(state, 'carol', { status: asked(false) });
    expect(pane(state)).toContain('It will be end-to-end encrypted.\n');
    expect(pane(state)).not.toMatch(/address|direct/);
  });

  test('names a few addresses, and none of them can do harm', () => {
    const state = together();
    addChat(state, 'carol', {
      status: asked(false, '10.0.0.7', '\u001b[2J10.0.0.8', 'fe80::1', '10.0.0.9', '10.1.1.1'),
    });
    expect(pane(state).replaceAll(/\s+/g, ' ')).toMatch(/addresses 10\.0\.0\.7, \S+10\.0\.0\.8, fe80::1 and 2 more\./);
    expect(renderFrame(draw(state))).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  test('keeps what one must know where there is little room', () => {
    const state = together(40, 9);
    addChat(state, 'carol', { status: asked(false, ADDRESS), plain: true });
    expect(pane(state)).toContain('[a] accept');
  });

  test('says the keys and what they give away in few words where there is little room', () => {
    const state = together(30, 8);
    const tab = addChat(state, 'carol', { status: asked(false, ADDRESS) });
    expect(pane(state)).toBe(' carol asks:\n they see your address\n [a] accept [o] hidden [r] no');
    expect(answersShown(state)).toBe(true);
    tab.plain = true;
    expect(pane(state)).toBe(' carol asks:\n NOT ENCRYPTED\n [a] accept [r] no');
    tab.plain = false;
    tab.trust = 'changed';
    expect(pane(state)).toBe(' carol asks:\n KEY CHANGED\n /accept-key carol [r] reject');
  });

  test('has no keys that answer where there is no room for what they give away', () => {
    const state = together(30, 6);
    const tab = addChat(state, 'carol', { status: asked(false, ADDRESS) });
    state.hint = { text: 'something else', bad: false };
    expect(lines(state)).toContain(' /accept or /reject');
    expect(lines(state).join('\n')).not.toMatch(/\[[aor]\]/);
    expect(answersShown(state)).toBe(false);
    state.size = { columns: 30, rows: 3 };
    expect(answersShown(state)).toBe(false);
    state.size = { columns: 80, rows: 24 };
    expect(answersShown(state)).toBe(true);
    tab.status = asked(true, ADDRESS);
    expect(answersShown(state)).toBe(false);
  });

  test('on any screen answers to letters where they and all they give away are to be read, and nowhere else', () => {
    const sizes = fc.record({ columns: fc.integer({ min: 1, max: 120 }), rows: fc.integer({ min: 1, max: 30 }) });
    fc.assert(
      fc.property(sizes, fc.constantFrom('address', 'plain', 'changed', 'silent'), (size, kind) => {
        const state = together(size.columns, size.rows);
        addChat(state, 'carol', {
          status: kind === 'silent' ? asked(false) : asked(false, ADDRESS),
          plain: kind === 'plain',
          trust: kind === 'changed' ? 'changed' : 'first',
        });
        const { paneWidth, cardHeight } = geometryOf(state);
        const rows = cardHeight === 0 ? [] : cardLines(state, activeTab(state), paneWidth, cardHeight);
        const shown = rows
          .map((row) => row.map(({ text }) => text).join(''))
          .join(' ')
          .replaceAll(/\s+/g, '');
        const given = { address: 'youraddress', plain: 'NOTENCRYPTED', changed: 'KEYCHANGED', silent: '' }[kind];
        const key = kind === 'changed' ? '/accept-key' : '[a]accept';
        expect(answersShown(state)).toBe(shown.includes(key) && shown.includes('[r]') && shown.includes(given));
        expect(/\[[aor]\]/.test(shown)).toBe(answersShown(state));
      }),
    );
  });

  test('stands below what was said in the chat before', () => {
    const state = together(80, 16);
    const tab = addChat(state, 'carol', { status: asked(false, ADDRESS) });
    for (let i = 1; i <= 20; i += 1) say(tab, 'carol', `line ${i}`);
    const shown = pane(state).split('\n');
    expect(shown[3]).toContain('line 20');
    expect(shown[5]).toContain('carol asks for a private chat.');
    tab.scroll = { kind: 'at', bottom: 5, hidden: 0 };
    expect(pane(state)).toMatch(/more below\n\n {3}carol asks/);
  });
});

test('our own request says how it is taken back', () => {
  const state = together();
  addChat(state, 'bob', { status: asked(true, ADDRESS) });
  expect(lines(state)[0]).not.toContain('?');
  expect(pane(state)).toBe(
    [
      '',
      '   You have asked bob for a private chat, and wait for the',
      '   answer.',
      '   It will be end-to-end encrypted and, if your machines',
      '   reach each other, direct.',
      '   bob would then see your address 10.0.0.7.',
      '   Ends by itself in 1:48. /end takes it back.',
    ].join('\n'),
  );
  addChat(state, 'carol', { status: asked(true), plain: true });
  expect(pane(state)).toContain('NOT ENCRYPTED: the server, and anyone between you, will be');
});

test('a chat that is being opened says so', () => {
  const state = together();
  addChat(state, 'bob', { status: { kind: 'opening' } });
  expect(pane(state)).toBe('\n   The private chat with bob is being opened.\n   The two programs agree on the keys.');
  addChat(state, 'carol', { status: { kind: 'opening' }, plain: true });
  expect(pane(state)).toContain('NOT ENCRYPTED');
});

describe('the safety number', () => {
  function verifying(columns: number, rows: number, more = 0, digits = DIGITS): State {
    const state = together(columns, rows);
    addChat(state, 'bob');
    state.overlay = { kind: 'verify', person: user('bob'), device: 'a-device' as DeviceId, digits, more };
    return state;
  }

  test('at 80x24', () => {
    expect(
      lines(verifying(80, 24, 2))
        .slice(1, -3)
        .join('\n')
        .trimEnd(),
    ).toBe(
      [
        '',
        '   Is it really bob?',
        '',
        '   Read these to each other, in person or by phone, not in a chat. Equal on',
        '   both screens: nobody sits between.',
        '',
        '   Device 1 of 3: a-device',
        '',
        '          37295  81004  66218  90511',
        '          02846  75533  18920  44107',
        '          61392  50877  23641  98015',
        '',
        '   [v]    they are equal: mark bob as verified',
        '   [n]    they differ: end and warn',
        '   [Esc]  later',
      ].join('\n'),
    );
  });

  test('has its digits and its keys in small windows, too', () => {
    expect(lines(verifying(40, 12)).slice(1, -3).join('\n')).toBe(
      [
        '',
        '       37295  81004  66218  90511',
        '       02846  75533  18920  44107',
        '       61392  50877  23641  98015',
        ' [v]    equal: verified',
        ' [n]    differ: warn',
        ' [Esc]  later',
        '',
      ].join('\n'),
    );
    const small = lines(verifying(24, 12)).join(' ');
    for (const group of DIGITS.match(/.{5}/g) ?? []) expect(small).toContain(group);
    expect(small).toMatch(/\[v\].*\[n\]/);
  });

  test('says which device it is about, and of how many, in a small window, too', () => {
    const of = (columns: number, rows: number, more: number): string => {
      const state = verifying(columns, rows, more);
      if (state.overlay?.kind === 'verify')
        state.overlay = { ...state.overlay, device: 'Hk3_xQ9-aB0cDeFgHiJkLmNoPqRsTuVwXyZ012345678' as DeviceId };
      return lines(state).join('\n');
    };
    expect(of(80, 24, 1)).toContain('   Device 1 of 2: Hk3_xQ9-aB0cDeFg\n');
    expect(of(80, 24, 0)).toContain('   Device: Hk3_xQ9-aB0cDeFg\n');
    expect(of(40, 12, 1)).toContain(' Device 1 of 2: Hk3_xQ9-aB0cDeFg\n');
  });

  test('is no way onto the screen for anything but digits', () => {
    const text = renderFrame(draw(verifying(80, 24, 0, `\u001b[2J${'9'.repeat(500)}`)));
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(text.match(/9{5}/g)?.length).toBeLessThanOrEqual(12);
  });

  test('has no sign that ASCII lacks', () => {
    const state = verifying(80, 24, 1);
    expect(renderFrame(draw(state, { ascii: true }))).toMatch(/^[\n -~]*$/);
    state.overlay = undefined;
    expect(renderFrame(draw(state, { ascii: true }))).toMatch(/^[\n -~]*$/);
  });
});

describe('the status bar', () => {
  function asking(columns = 80, ...names: readonly string[]): State {
    const state = morning(columns, 24);
    for (const name of names) addChat(state, name, { status: asked(false) });
    state.active = 0;
    return state;
  }

  test('says who asks, and which key leads there', () => {
    const state = asking(80, 'carol');
    expect(lines(state)[0]).toContain('4:=carol?');
    expect(status(state)).toBe(' online 2 ms   #lobby 6  carol asks for a private chat: Alt-4   F1 keys   09:16');
    expect(status(asking(80, 'carol', 'dave'))).toContain('carol asks for a private chat: Alt-4 (+1)');
    expect(status(asking(40, 'carol'))).toContain('carol asks: Alt-4');
    expect(status(asking(30, 'a-very-long-name-of-somebody-32c'))).toContain('? Alt-4');
  });

  test('says that the chat would not be encrypted', () => {
    const state = asking(100);
    addChat(state, 'carol', { status: asked(false), plain: true });
    state.active = 0;
    expect(status(state)).toContain('carol asks for a private chat, NOT ENCRYPTED: Alt-4');
  });

  test('says so while there is no connection, too', () => {
    const state = asking(80, 'carol');
    state.connection = { kind: 'waiting', attempt: 1, reason: 'no answer from box:2428', since: 0, retryAt: 2000 };
    expect(status(state)).toMatch(/offline: .* again in 2 s .*carol asks/);
  });

  test('has no key for a tab beyond the tenth', () => {
    const state = asking();
    for (let i = 0; i < 8; i += 1) addTab(state, `#room${i}`);
    addChat(state, 'carol', { status: asked(false) });
    state.active = 0;
    expect(status(state)).toContain('carol asks for a private chat: tab 12');
  });

  test('is silent of a request that is looked at, that is ours, or that was answered', () => {
    const state = asking(80, 'carol');
    state.active = 3;
    expect(status(state)).not.toContain('asks');
    const other = asking();
    addChat(other, 'carol', { status: asked(true) });
    addChat(other, 'dave');
    other.active = 0;
    expect(status(other)).not.toContain('ask');
    expect(lines(other)[0]).not.toContain('?');
  });

  test('says what keeps private chats from working', () => {
    const state = asking();
    state.privates = { kind: 'locked', waiting: 3 };
    expect(status(state)).toContain('#lobby 6  log locked, 3 waiting');
    state.privates = { kind: 'locked', waiting: 0 };
    expect(status(state)).toContain('#lobby 6  log locked');
    state.privates = { kind: 'unavailable', text: 'private chats are in your other uchat' };
    expect(status(state)).toContain('#lobby 6  no private chats here');
  });

  test('says what the keys do while they walk the list', () => {
    const state = asking();
    state.selected = user('bob');
    expect(status(state)).toContain('Enter private  Esc back');
  });
});

describe('what counts down is drawn every second', () => {
  test('a request that is looked at', () => {
    const state = together();
    expect(isCounting(state)).toBe(false);
    const tab = addChat(state, 'bob', { status: asked(true) });
    expect(isCounting(state)).toBe(true);
    state.active = 0;
    expect(isCounting(state)).toBe(false);
    state.active = 1;
    tab.status = OPEN;
    expect(isCounting(state)).toBe(false);
  });

  test('the next try to connect', () => {
    const state = together();
    state.connection = { kind: 'waiting', attempt: 1, reason: 'gone', since: 0, retryAt: 1000 };
    expect(isCounting(state)).toBe(true);
  });
});
