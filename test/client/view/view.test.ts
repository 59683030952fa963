import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClientId, DeviceId, Seq, UnixMs } from '../../../src/base/ids.ts';
import { graphemes } from '../../../src/base/text/graphemes.ts';
import { clusterWidth, textWidth } from '../../../src/base/text/width.ts';
import type { ChatTab, Connection, State, Tab } from '../../../src/client/core/state.ts';
import type { Frame } from '../../../src/client/view/cells.ts';
import { scrollBy } from '../../../src/client/view/scroll.ts';
import { view } from '../../../src/client/view/view.ts';
import { inRole, renderFrame } from '../../screen/frame.ts';
import {
  addChat,
  addPerson,
  addTab,
  asked,
  at,
  emptyState,
  ignore,
  lobby,
  morning,
  NOW,
  OPEN,
  pending,
  person,
  say,
  user,
} from '../../screen/scene.ts';

const draw = (state: State, mono = 0): Frame => view(state, { now: NOW, mono });
const text = (state: State, mono = 0): string => renderFrame(draw(state, mono));
const lines = (state: State): string[] => text(state).split('\n');

describe('a room', () => {
  test('at 80x24', () => {
    expect(text(morning())).toBe(
      [
        ' 1:#lobby  2:#dev+3  3:#ops+1*                                   alice@box:2428',
        ' #lobby  Welcome to the box. Be kind.                         │ here 4',
        ' ──────────────────── Friday 20 November ──────────────────── │ ● alice     you',
        ' 09:12  alice  morning all                                    │ ● bob',
        '          bob  the build is green again, and the log is here: │ ● frank',
        '               https://box/log/4012                           │ ● ~mira',
        ' 09:14         + dave, frank came  - erin left                │',
        ' ────────────────────────── 3 new ─────────────────────────── │ away 2',
        ' 09:15  carol  @alice can you look at 4012?                   │ ◐ carol      3m',
        '          bob  4012: looks like the disk, /var is at 97 % and │ ◐ dave      12m',
        '               the nightly backup has not run since Tuesday   │',
        '        ~mira  早上好! the family 👨‍👩‍👧‍👦 says hello from Zürich   │ gone 1',
        '               🇨🇭 👍🏽                                          │ ○ erin    09:14',
        '        alice  on it                                 ⋯sending │',
        ...Array.from({ length: 7 }, () => `${' '.repeat(62)}│`),
        '──────────────────────────────────────────────────────────────┴─────────────────',
        '> the disk is full of co',
        ' online 2 ms   #lobby 6            F1 keys  Ctrl-K go to  Alt-p private   09:16',
      ].join('\n'),
    );
  });

  test('at 40x10: no list, no times', () => {
    expect(text(morning(40, 10))).toBe(
      [
        ' 1:#lobby  2:#dev+3  3:#ops+1*',
        ' #lobby  Welcome to the box. Be kind.',
        '   bob  backup has not run since',
        '        Tuesday',
        ' ~mira  早上好! the family 👨‍👩‍👧‍👦 says',
        '        hello from Zürich 🇨🇭 👍🏽',
        ' alice  on it                  ⋯sending',
        '────────────────────────────────────────',
        '> the disk is full of co',
        ' online 2 ms   #lobby 6 F1 keys   09:16',
      ].join('\n'),
    );
  });

  test('at 30x10: names stand before the text', () => {
    expect(lines(morning(30, 10)).slice(4, 7)).toEqual([
      '~mira: 早上好! the family 👨‍👩‍👧‍👦',
      'says hello from Zürich 🇨🇭 👍🏽',
      'alice: on it         ⋯sending',
    ]);
  });

  test('who speaks, and when, is said at the top of the pane, whatever is out of sight', () => {
    const state = emptyState();
    const tab = lobby(state);
    for (let i = 1; i <= 30; i += 1) say(tab, 'bob', `line ${i}`, at(9, 10));
    expect(
      lines(state)
        .slice(2, 4)
        .map((line) => line.slice(0, 40).trimEnd()),
    ).toEqual([' 09:10    bob  line 12', '               line 13']);
    // A message that is cut in two as well.
    say(tab, 'bob', Array.from({ length: 25 }, (_, i) => `row ${i + 1}`).join('\n'), at(9, 10));
    expect(lines(state)[2]?.slice(0, 40).trimEnd()).toBe(' 09:10    bob  row 7');
  });

  test('an answer of several lines has the whole width of the pane', () => {
    const state = emptyState();
    lobby(state).log.older = 'more';
    lobby(state).log.notice(
      at(9, 16),
      `/topic [text]    this room's topic, or a new one; - takes it away\n/quit`,
      false,
    );
    expect(lines(state).slice(3, 6)).toEqual([
      ` /topic [text]    this room's topic, or a new one; - takes it │`,
      '                  away                                        │',
      ' /quit                                                        │',
    ]);
  });

  test('an answer of several short lines stands where every other answer does', () => {
    const state = emptyState();
    person(state, 'alice');
    lobby(state).log.older = 'more';
    lobby(state).log.notice(at(9, 16), 'this device: 0a1b 2c3d\n  alice: 4e5f 6071', false);
    expect(lines(state).slice(3, 5)).toEqual([
      ' 09:16      ·  this device: 0a1b 2c3d                         │',
      '                 alice: 4e5f 6071                             │',
    ]);
  });

  test('with signs of ASCII only, every line is as long as with the others', () => {
    const ascii = renderFrame(view(morning(), { now: NOW, mono: 0, ascii: true }));
    expect(ascii).not.toMatch(/[─│●◐○⋯┴]/);
    const width = (row: string): number => textWidth(row);
    expect(ascii.split('\n').map(width)).toEqual(lines(morning()).map(width));
  });

  test('the cursor stands behind what is written', () => {
    expect(draw(morning()).cursor).toEqual({ x: 24, y: 22 });
  });

  test('the title names the tab and counts what is unread', () => {
    expect(draw(morning()).title).toBe('(4*) #lobby - uchat');
  });
});

describe('messages', () => {
  const body = (state: State): string[] =>
    lines(state)
      .slice(2, 21)
      .map((line) => line.slice(0, 62).trimEnd())
      .filter(Boolean);

  test('of one sender are named once, until some minutes pass or somebody else speaks', () => {
    const state = emptyState();
    const tab = lobby(state);
    say(tab, 'bob', 'one', at(9, 0));
    say(tab, 'bob', 'two', at(9, 0, 30));
    say(tab, 'bob', 'three', at(9, 1));
    say(tab, 'bob', 'much later', at(9, 10));
    say(tab, 'alice', 'yes', at(9, 10));
    say(tab, 'bob', 'no', at(9, 10));
    expect(body(state).slice(1)).toEqual([
      ' 09:00    bob  one',
      '               two',
      ' 09:01         three',
      ' 09:10    bob  much later',
      '        alice  yes',
      '          bob  no',
    ]);
  });

  test('of another day stand under its name', () => {
    const state = emptyState();
    say(lobby(state), 'bob', 'late', (at(23, 59) - 86_400_000) as UnixMs);
    say(lobby(state), 'bob', 'early', at(0, 1));
    expect(
      body(state)
        .filter((line) => line.includes('─'))
        .map((line) => line.replaceAll('─', '').trim()),
    ).toEqual(['Thursday 19 November', 'Friday 20 November']);
    expect(body(state).at(-1)).toBe(' 00:01    bob  early');
  });

  test('keep their own line breaks and blanks', () => {
    const state = emptyState();
    say(lobby(state), 'bob', 'for x:\n  print(x)', at(9, 0));
    expect(body(state).slice(1)).toEqual([' 09:00    bob  for x:', '                 print(x)']);
  });

  test('with names that are too long for the column are cut, and say so', () => {
    const state = emptyState();
    say(lobby(state), 'a-very-long-name-of-a-person', 'hi', at(9, 0));
    expect(body(state).at(-1)).toBe(' 09:00  a-very-lo…  hi');
  });

  test('that name us are marked, and only where they do', () => {
    const state = emptyState();
    say(lobby(state), 'bob', 'Alice, @alice! alice-b alicia malice alice.', at(9, 0));
    expect(inRole(draw(state), 'mention')).toEqual(['Alice', '@alice', 'alice']);
  });

  test('hostile text cannot leave its place', () => {
    const state = emptyState();
    say(lobby(state), 'bob', '\u001b[2Jx\u202ey\u0007\r\nz\u200b', at(9, 0));
    const shown = text(state);
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u200b]/);
    expect(shown).toContain('xy');
  });

  test('the unread line stays with its message', () => {
    const state = emptyState();
    const tab = lobby(state);
    for (let i = 0; i < 5; i += 1) say(tab, 'bob', `m${i}`, at(9, i));
    tab.unreadFrom = 3 as Seq;
    const shown = body(state);
    expect(shown[shown.findIndex((line) => line.includes(' 3 new ')) + 1]).toContain('m2');
  });
});

describe('comings and goings', () => {
  const events = (...told: [string, '+' | '-' | '*', string][]): string[] => {
    const state = emptyState();
    for (const [name, sign, words] of told) lobby(state).log.event(at(9, 0), sign, user(name), words);
    return lines(state)
      .slice(3, 8)
      .map((line) => line.slice(15, 62).trim())
      .filter(Boolean);
  };

  test('are folded into one line', () => {
    expect(events(['dave', '+', 'came'], ['erin', '-', 'left'], ['frank', '+', 'came'])).toEqual([
      '+ dave, frank came  - erin left',
    ]);
  });

  test('of one person tell the last only', () => {
    expect(events(['dave', '+', 'came'], ['dave', '-', 'left'], ['dave', '+', 'came'])).toEqual(['+ dave came']);
  });

  test('leave what is no coming or going alone', () => {
    expect(events(['dave', '+', 'came'], ['erin', '*', 'set the topic'], ['bob', '+', 'came'])).toEqual([
      '+ dave came',
      '* erin set the topic',
      '+ bob came',
    ]);
  });
});

describe('what is ours', () => {
  test('says why it was refused', () => {
    const state = emptyState();
    lobby(state).pending = [
      { id: 'p1' as ClientId, text: 'hello', time: at(9, 0), state: { kind: 'refused', text: 'you are not a member' } },
    ];
    const shown = text(state);
    expect(shown).toContain('✗refused');
    expect(shown).toContain('not sent: you are not a member');
  });

  test('waits while there is no connection, and is counted', () => {
    const state = emptyState();
    state.connection = { kind: 'waiting', attempt: 2, reason: 'no answer from box:2428', since: 0, retryAt: 4000 };
    pending(lobby(state), 'one', 'waiting');
    pending(lobby(state), 'two', 'waiting');
    const shown = lines(state);
    expect(shown.filter((line) => line.includes('⋯waiting')).length).toBe(2);
    expect(shown.at(-1)).toContain('2 unsent');
  });
});

describe('the status bar', () => {
  const status = (connection: Connection, mono: number): { line: string; warns: boolean } => {
    const state = emptyState(120);
    state.connection = connection;
    const frame = draw(state, mono);
    return { line: renderFrame(frame).split('\n').at(-1) ?? '', warns: inRole(frame, 'statusWarn').length > 0 };
  };

  test.each<[Connection, number, string, boolean]>([
    [{ kind: 'connecting', attempt: 1, since: 0 }, 0, 'connecting to box:2428', false],
    [{ kind: 'connecting', attempt: 3, since: 0 }, 0, 'connecting to box:2428, try 3', true],
    [{ kind: 'online', latency: 2.4, lastHeard: 0 }, 1000, 'online 2 ms', false],
    [{ kind: 'online', latency: undefined, lastHeard: 0 }, 1000, 'online', false],
    [{ kind: 'online', latency: 2, lastHeard: 0 }, 14_000, 'no answer for 14 s', true],
    [
      { kind: 'waiting', attempt: 1, reason: 'no answer from box:2428', since: 0, retryAt: 2000 },
      100,
      'offline: no answer from box:2428, trying again in 2 s (Enter: now)',
      true,
    ],
    [
      { kind: 'loggedOff', text: 'logged off after 15 min away' },
      0,
      'logged off after 15 min away. Any key brings you back; nothing is lost.',
      true,
    ],
    [{ kind: 'refused', code: 'name_taken', text: 'bob is taken' }, 0, 'bob is taken (Enter: try again)', true],
  ])('%o', (connection, mono, words, warns) => {
    const shown = status(connection, mono);
    expect(shown.line).toContain(` ${words} `);
    expect(shown.line.endsWith('09:16')).toBe(true);
    expect(shown.warns).toBe(warns);
  });
});

test('where the room is scarce the status bar still says what can be done', () => {
  const state = emptyState(80);
  pending(lobby(state), 'one', 'waiting');
  state.connection = { kind: 'waiting', attempt: 1, reason: 'no answer from box:2428', since: 0, retryAt: 2000 };
  expect(lines(state).at(-1)).toBe(' offline: no answer from box:2428, again in 2 s (Enter: now)    1 unsent  09:16');
  state.size = { columns: 60, rows: 24 };
  expect(lines(state).at(-1)).toBe(' offline: no a…, again in 2 s (Enter: now)  1 unsent  09:16');
});

describe('the list', () => {
  const list = (state: State): string[] =>
    lines(state)
      .slice(1, 21)
      .map((line) => line.slice(63).trim());

  test('of a room shows its members, with what is known of them', () => {
    const state = morning();
    state.active = 1;
    const dev = state.tabs[1];
    if (dev?.kind === 'room') dev.members = new Set([user('bob'), user('carol')]);
    expect(list(state).filter(Boolean)).toEqual(['here 1', '● bob', 'away 1', '◐ carol      3m']);
  });

  test('says how many there is no room for', () => {
    const state = emptyState(80, 12);
    for (let i = 0; i < 30; i += 1) person(state, `user${String(i).padStart(2, '0')}`);
    const shown = lines(state)
      .slice(1, 9)
      .map((line) => line.slice(63).trim());
    expect(shown).toEqual(['here 30', ...[0, 1, 2, 3, 4, 5].map((i) => `● user0${i}`), '+24 more']);
  });

  test('puts the latest first among those who are gone, and a day later counts days', () => {
    const state = emptyState();
    person(state, 'early', 'offline', at(8, 0));
    person(state, 'late', 'offline', at(9, 0));
    person(state, 'ancient', 'offline', (NOW - 50 * 3_600_000) as UnixMs);
    expect(list(state).filter(Boolean)).toEqual(['gone 3', '○ late    09:00', '○ early   08:00', '○ ancient    2d']);
  });

  test('can be put away', () => {
    const state = morning();
    state.showList = false;
    expect(text(state)).not.toContain('│');
  });
});

describe('the line being written', () => {
  test('grows, and keeps the cursor in sight', () => {
    const state = emptyState(40, 12);
    const written = 'one\ntwo\n' + 'x'.repeat(100);
    lobby(state).draft = { text: written, cursor: written.length };
    expect(lines(state).slice(-5, -1)).toEqual([
      '> two',
      `  ${'x'.repeat(38)}`,
      `  ${'x'.repeat(38)}`,
      `  ${'x'.repeat(24)}`,
    ]);
    expect(draw(state).cursor).toEqual({ x: 26, y: 10 });
    lobby(state).draft = { text: written, cursor: 0 };
    expect(lines(state).at(-5)).toBe('> one');
    expect(draw(state).cursor).toEqual({ x: 2, y: 7 });
  });

  test('a full row puts the cursor on the next', () => {
    const state = emptyState(40, 12);
    lobby(state).draft = { text: 'x'.repeat(38), cursor: 38 };
    expect(draw(state).cursor).toEqual({ x: 2, y: 10 });
  });

  test('has hints, errors and candidates above it', () => {
    const state = emptyState(40, 12);
    state.completions = ['alice', 'alan', 'albert', 'alfred', 'alina', 'almut', 'alwin'];
    expect(lines(state).at(-3)).toBe(' alice  alan  albert  alfred  +3 more');
    state.hint = { text: 'no such command: /frobnicate; /help shows all of them', bad: true };
    expect(inRole(draw(state), 'error')).toEqual(['no such command: /frobnicate; /help', 'shows all of them']);
  });
});

describe('the first start', () => {
  const first = (columns = 80, rows = 24) => {
    const state = emptyState(columns, rows);
    state.serverName = 'box';
    state.welcoming = true;
    return state;
  };

  test('tells what to press, above the newest lines, however many there are', () => {
    const state = first();
    lobby(state).log.event(NOW, '+', user('alice'), 'came');
    expect(text(state)).toContain('Welcome to box, alice: this host says who you are');
    expect(text(state)).toContain('/quit   leaves');
    for (let i = 1; i <= 100; i++) say(lobby(state), 'bob', `line ${i}`);
    expect(text(state)).toMatch(/Welcome to box[^]*\/quit {3}leaves[^]*line 99[^]*line 100/);
  });

  test('takes no row from the newest lines where there are few', () => {
    const state = first(80, 14);
    for (let i = 1; i <= 100; i++) say(lobby(state), 'bob', `line ${i}`);
    expect(text(state)).not.toContain('Welcome');
    expect(text(state)).toContain('line 93');
  });

  test('is over while one reads back, and in other tabs', () => {
    const state = first();
    for (let i = 1; i <= 100; i++) say(lobby(state), 'bob', `line ${i}`);
    lobby(state).scroll = { kind: 'at', bottom: lobby(state).log.entries[50]?.key ?? 0, hidden: 0 };
    expect(text(state)).not.toContain('Welcome');
  });

  test('tells a guest what the tilde means', () => {
    const state = first();
    state.self = { name: user('~mira'), awayAfter: 1, logOffAfter: 1 };
    expect(text(state)).toContain('~mira: you are a guest');
  });
});

test('more tabs than fit: the active one is in sight', () => {
  const state = emptyState(60, 24);
  for (let i = 0; i < 20; i += 1) addTab(state, `#room-${i}`);
  state.active = 10;
  const [bar = ''] = lines(state);
  expect(bar).toContain('11:#room-9');
  expect(bar.startsWith('…')).toBe(true);
});

describe('whatever the state and the size', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      '中文字幕',
      '👨‍👩‍👧‍👦👍🏽🇩🇪',
      'a\n\n\tb',
      'x'.repeat(200),
      'https://example.org/a/b/c',
      '\u202eabc',
      'नमस्ते',
      'e\u0301\u0301',
    ),
  );
  const name = fc.constantFrom('alice', 'bob', '~mira', 'a-very-long-name-of-somebody-32ch', 'x');
  const entry = fc.oneof(
    fc.record({
      kind: fc.constant('say' as const),
      from: name,
      text: anyText,
      time: fc.integer({ min: 0, max: 3000 }),
    }),
    fc.record({
      kind: fc.constant('event' as const),
      from: name,
      text: anyText,
      time: fc.integer({ min: 0, max: 3000 }),
    }),
    fc.record({
      kind: fc.constant('announcement' as const),
      from: name,
      text: anyText,
      time: fc.integer({ min: 0, max: 3000 }),
    }),
    fc.record({
      kind: fc.constant('notice' as const),
      from: name,
      text: anyText,
      time: fc.integer({ min: 0, max: 3000 }),
    }),
  );
  const scene = fc.record({
    columns: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 200 })),
    rows: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 60 })),
    entries: fc.array(entry, { maxLength: 30 }),
    pendings: fc.array(anyText, { maxLength: 3 }),
    draft: anyText,
    topic: anyText,
    hint: fc.option(anyText, { nil: undefined }),
    people: fc.array(fc.tuple(name, fc.constantFrom('online', 'away', 'offline')), { maxLength: 5 }),
    unread: fc.integer({ min: 0, max: 30 }),
    scroll: fc.integer({ min: -10, max: 80 }),
    overlay: fc.constantFrom('keys', 'verify', undefined),
    tab: fc.constantFrom('room', 'person', 'chat'),
    status: fc.constantFrom('asked', 'ours', 'opening', 'open', 'ended'),
    plain: fc.boolean(),
    selected: fc.option(name, { nil: undefined }),
    slow: fc.constantFrom(0, 10_000),
    ignored: fc.option(name, { nil: undefined }),
    ascii: fc.boolean(),
    reason: anyText,
    kind: fc.constantFrom('online', 'waiting', 'refused'),
  });

  interface Made {
    readonly tab: string;
    readonly status: string;
    readonly plain: boolean;
    readonly reason: string;
  }

  function tabOf(state: State, { tab, status, plain, reason }: Made): Tab {
    if (tab === 'room') return lobby(state);
    if (tab === 'person') return addPerson(state, 'bob');
    const statuses: Readonly<Record<string, ChatTab['status']>> = {
      asked: asked(false, '10.0.0.7', reason),
      ours: asked(true),
      opening: { kind: 'opening' },
      ended: { kind: 'ended', text: reason },
    };
    return addChat(state, 'bob', { status: statuses[status] ?? OPEN, plain });
  }

  test('the frame is exactly as large as the screen, and its widths are true', () => {
    fc.assert(
      fc.property(scene, (made) => {
        const state = emptyState(made.columns, made.rows);
        const tab = tabOf(state, made);
        state.active = state.tabs.indexOf(tab);
        if (tab.kind === 'room') Object.assign(tab, { topic: made.topic, slow: made.slow });
        if (made.ignored !== undefined) ignore(state, made.ignored);
        for (const [each, presence] of made.people) person(state, each, presence, at(9, 0));
        for (const { kind, from, text: words, time } of made.entries) {
          const when = (NOW - 10_000_000 + time * 60_000) as UnixMs;
          if (kind === 'say') say(tab, from, words, when);
          else if (kind === 'event') tab.log.event(when, '+', user(from), words);
          else if (kind === 'announcement') tab.log.announcement(NOW, when, user(from), words);
          else tab.log.notice(when, words, false);
        }
        for (const words of made.pendings) pending(tab, words, 'waiting');
        tab.draft = { text: made.draft, cursor: made.draft.length };
        if (made.unread > 0) tab.unreadFrom = made.unread as Seq;
        if (made.hint !== undefined) state.hint = { text: made.hint, bad: true };
        state.selected = made.selected === undefined ? undefined : user(made.selected);
        if (made.overlay === 'keys') state.overlay = { kind: 'keys' };
        if (made.overlay === 'verify') {
          const device = 'a-device' as DeviceId;
          state.overlay = { kind: 'verify', person: user('bob'), device, digits: made.reason, more: made.unread };
        }
        if (made.kind === 'waiting')
          state.connection = { kind: 'waiting', attempt: 1, reason: made.reason, since: 0, retryAt: 1 };
        if (made.kind === 'refused') state.connection = { kind: 'refused', code: 'x', text: made.reason };
        tab.scroll = scrollBy(state, tab, made.scroll);
        const frame = view(state, { now: NOW, mono: 0, ascii: made.ascii });
        expect(frame.rows.length).toBe(made.rows);
        for (const row of frame.rows) {
          let total = 0;
          for (const run of row) {
            expect(run.text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
            expect(run.width).toBe(textWidth(run.text));
            expect(graphemes(run.text).reduce((sum, cluster) => sum + clusterWidth(cluster), 0)).toBe(run.width);
            total += run.width;
          }
          expect(total).toBeLessThanOrEqual(made.columns);
        }
        expect(frame.cursor?.x).toBeLessThan(made.columns);
        expect(frame.cursor?.y).toBeLessThan(made.rows);
      }),
      { numRuns: 400 },
    );
  });
});

test('on any screen a blank stands before what the status bar says of the keys', () => {
  const state = emptyState();
  person(state, 'carol');
  addChat(state, 'carol');
  state.connection = { kind: 'online', latency: 13, lastHeard: 0 };
  for (let columns = 20; columns <= 100; columns += 1) {
    state.size = { columns, rows: 24 };
    expect(lines(state).at(-1)).not.toMatch(/\SF1/);
  }
});
