import { describe, expect, test } from 'vitest';
import { MAX_HELD, MAX_PAGES_AT_ONCE } from '../../../src/client/core/backfill.ts';
import { MAX_LOG_ENTRIES, MAX_LOG_ENTRIES_READING } from '../../../src/client/core/message-log.ts';
import { view } from '../../../src/client/view/view.ts';
import type { ClientMessages } from '../../../src/protocol/client-messages.ts';
import { at, Drive, info, only, room, START, seq, types, user } from './drive.ts';

const entry = (n: number) => ({ seq: seq(n), from: user('bob'), text: `line ${n}`, time: at(START + n) });
const answer = (drive: Drive, { id, room: to }: ClientMessages['history'], from: number, end: number, more: boolean) =>
  drive.get({
    type: 'history',
    ...(id ? { id } : {}),
    room: to,
    messages: Array.from({ length: end - from + 1 }, (_, i) => entry(from + i)),
    more,
  });
const span = (drive: Drive) => [drive.tab().log.first, drive.tab().log.last, drive.tab().log.older];

describe('a room that is entered', () => {
  test('asks for its newest page, and says whether there are older ones', () => {
    const drive = new Drive();
    const asked = only(drive.login([info('#lobby', 500)]), 'history');
    expect(asked).toMatchObject({ room: '#lobby', limit: 200 });
    expect(asked).not.toHaveProperty('since');
    answer(drive, asked, 301, 500, true);
    expect(span(drive)).toEqual([301, 500, 'more']);
  });

  test('what the program had to say before its page came stands behind the page', () => {
    const drive = new Drive();
    const asked = only(drive.login([info('#lobby', 2)]), 'history');
    drive.event({ type: 'notice', text: 'config.toml:3:1: "mous" is no setting', bad: true });
    answer(drive, asked, 1, 2, false);
    expect(drive.notices()).toEqual(['config.toml:3:1: "mous" is no setting']);
    expect(drive.tab().log.entries.map(({ kind }) => kind)).toEqual(['message', 'message', 'notice']);
  });

  test('an empty room asks for nothing', () => {
    const drive = new Drive();
    expect(types(drive.login())).not.toContain('history');
    expect(drive.tab().log.older).toBe('none');
  });

  test('messages that come before the page wait for it', () => {
    const drive = new Drive();
    const asked = only(drive.login([info('#lobby', 2)]), 'history');
    drive.hear('#lobby', 3, 'line 3');
    drive.hear('#lobby', 4, 'line 4');
    expect(drive.texts()).toEqual([]);
    answer(drive, asked, 1, 3, false);
    expect(drive.texts()).toEqual(['line 1', 'line 2', 'line 3', 'line 4']);
  });

  test('a hundred rooms are not asked for at once, and the open one comes first', () => {
    const drive = new Drive();
    const rooms = Array.from({ length: 30 }, (_, i) => info(i === 0 ? '#lobby' : `#r${i}`, 5));
    const first = drive.login(rooms).filter((message) => message.type === 'history');
    expect(first).toHaveLength(MAX_PAGES_AT_ONCE);
    expect(first[0]?.room).toBe('#lobby');
    let asked = first;
    const seen = new Set<string>();
    while (asked.length > 0) {
      asked = asked.flatMap((message) => {
        seen.add(message.room);
        return answer(drive, message, 1, 5, false).filter((next) => next.type === 'history');
      });
    }
    expect(seen.size).toBe(30);
  });
});

describe('a gap', () => {
  const withGap = (): { drive: Drive; asked: ClientMessages['history'] } => {
    const drive = new Drive();
    drive.login();
    drive.hear('#lobby', 1, 'line 1');
    return { drive, asked: only(drive.hear('#lobby', 4, 'line 4'), 'history') };
  };

  test('is filled from the last message that is there, and then what came too early follows', () => {
    const { drive, asked } = withGap();
    expect(asked.since).toBe(1);
    expect(drive.texts()).toEqual(['line 1']);
    expect(types(drive.hear('#lobby', 5, 'line 5'))).toEqual([]);
    answer(drive, asked, 2, 3, true);
    expect(drive.texts()).toEqual(['line 1', 'line 2', 'line 3', 'line 4', 'line 5']);
  });

  test('is filled page by page', () => {
    const { drive, asked } = withGap();
    const next = only(answer(drive, asked, 2, 2, true), 'history');
    expect(next.since).toBe(2);
    answer(drive, next, 3, 3, true);
    expect(span(drive)).toEqual([1, 4, 'none']);
  });

  test('that the server can not fill is left, and nothing is asked for ever', () => {
    const { drive, asked } = withGap();
    expect(types(answer(drive, asked, 1, 0, false))).toEqual([]);
    expect(drive.texts()).toEqual(['line 1', 'line 4']);
  });

  test('that the server refuses to fill is left with its words', () => {
    const { drive, asked } = withGap();
    const { id } = asked;
    drive.get({ type: 'error', ...(id ? { id } : {}), code: 'not_a_member', text: 'no', closes: false });
    expect(drive.texts()).toEqual(['line 1', 'line 4']);
    expect(drive.state.hint).toEqual({ text: 'the history of #lobby: no', bad: true });
  });

  test('a busy server is asked again, later, for the same', () => {
    const { drive, asked } = withGap();
    drive.chance = 1;
    const { id } = asked;
    drive.get({ type: 'error', ...(id ? { id } : {}), code: 'rate_limited', text: 'no', closes: false });
    drive.pass(999);
    expect(JSON.stringify(drive.tick())).not.toContain('history');
    drive.pass(1);
    expect(drive.tick()).toContainEqual({ do: 'send', message: asked });
    answer(drive, asked, 2, 3, false);
    expect(drive.texts()).toHaveLength(4);
  });

  test('a page whose order is broken does not break ours', () => {
    const { drive, asked } = withGap();
    const messages = [entry(2), entry(3), entry(2), entry(3)];
    drive.get({ type: 'history', ...(asked.id ? { id: asked.id } : {}), room: room('#lobby'), messages, more: false });
    expect(drive.texts()).toEqual(['line 1', 'line 2', 'line 3', 'line 4']);
  });

  test('what is kept aside is bounded; the rest is fetched with the pages', () => {
    const { drive, asked } = withGap();
    for (let i = 5; i < MAX_HELD + 500; i++) drive.hear('#lobby', i, `line ${i}`);
    expect(drive.state.inner.rooms.get(room('#lobby'))?.held.size).toBe(MAX_HELD);
    const next = only(answer(drive, asked, 2, 3, true), 'history');
    expect(next.since).toBe(MAX_HELD + 3);
    answer(drive, next, MAX_HELD + 4, MAX_HELD + 499, false);
    expect(drive.texts()).toEqual(Array.from({ length: MAX_HELD + 499 }, (_, i) => `line ${i + 1}`));
  });

  test('a page that nobody asked for is not taken', () => {
    const { drive } = withGap();
    drive.get({ type: 'history', room: room('#lobby'), messages: [entry(2), entry(3)], more: false });
    expect(drive.texts()).toEqual(['line 1']);
  });
});

describe('reading back', () => {
  const long = (): Drive => {
    const drive = new Drive();
    answer(drive, only(drive.login([info('#lobby', 900)]), 'history'), 701, 900, true);
    return drive;
  };

  test('the older page is asked for before its place is reached, once', () => {
    const drive = long();
    let asked: ClientMessages['history'] | undefined;
    let pages = 0;
    while (asked === undefined) {
      pages++;
      asked = drive.key('pageup').find((message) => message.type === 'history');
    }
    expect(pages).toBeLessThan(10);
    expect(asked.before).toBe(701);
    expect(types(drive.key('pageup'))).toEqual([]);
    const { scroll } = drive.tab();
    answer(drive, asked, 501, 700, true);
    expect(span(drive)).toEqual([501, 900, 'more']);
    expect(drive.tab().scroll).toEqual(scroll);
  });

  test('at the beginning there is no more to ask for', () => {
    const drive = long();
    answer(drive, only(drive.key('alt-home'), 'history'), 1, 700, false);
    expect(span(drive)).toEqual([1, 900, 'none']);
    expect(types(drive.key('alt-home'))).toEqual([]);
  });

  test('without a connection it says so; a page that was under way can be asked for again', () => {
    const drive = long();
    while (drive.tab().log.older !== 'loading') drive.key('pageup');
    drive.event({ type: 'linkDown', text: 'gone' });
    expect(drive.tab().log.older).toBe('more');
    drive.key('pageup');
    expect(drive.state.hint?.text).toContain('older messages are on the server');
  });

  test('at the end the log stays within its limit, while one reads back it keeps what one reads', () => {
    const drive = new Drive();
    drive.login();
    for (let i = 1; i <= MAX_LOG_ENTRIES + 100; i++) drive.hear('#lobby', i, `line ${i}`);
    expect(drive.tab().log.entries).toHaveLength(MAX_LOG_ENTRIES);
    expect(span(drive)).toEqual([101, MAX_LOG_ENTRIES + 100, 'more']);
    drive.key('pageup');
    for (let i = 1; i <= 100; i++) drive.hear('#lobby', MAX_LOG_ENTRIES + 100 + i, 'more');
    expect(drive.tab().log.entries).toHaveLength(MAX_LOG_ENTRIES + 100);
    drive.key('alt-end');
    drive.hear('#lobby', MAX_LOG_ENTRIES + 201, 'one more');
    expect(drive.tab().log.entries).toHaveLength(MAX_LOG_ENTRIES);
    expect(MAX_LOG_ENTRIES_READING).toBeGreaterThan(MAX_LOG_ENTRIES);
  });
});

describe('a reconnect', () => {
  const again = (drive: Drive, last: number) => {
    drive.event({ type: 'linkDown', text: 'gone' });
    drive.pass(1000);
    drive.tick();
    return drive.login([info('#lobby', last)]).filter((message) => message.type === 'history');
  };
  const reading = (): Drive => {
    const drive = new Drive();
    answer(drive, only(drive.login([info('#lobby', 200)]), 'history'), 1, 200, false);
    drive.key('pageup', 'pageup', 'pageup');
    return drive;
  };
  const screen = (drive: Drive): string =>
    view(drive.state, { now: at(START), mono: drive.mono })
      .rows.map((row) => row.map(({ text }) => text).join(''))
      .join('\n');
  const top = (drive: Drive): string | undefined => /line \d+/.exec(screen(drive))?.[0];

  test('over a gap that is not filled leaves whoever reads back where they are, and the gap is read on', () => {
    const drive = reading();
    const before = top(drive);
    const [asked] = again(drive, 5000);
    if (asked === undefined) throw new Error('nothing was asked for');
    answer(drive, asked, 4801, 5000, true);
    expect(drive.tab().log.first).toBe(4801);
    expect(top(drive)).toBe(before);
    expect(screen(drive)).toContain('4,800 new below');
    const [next] = drive.key('pagedown', 'pagedown').filter((message) => message.type === 'history');
    expect(next?.since).toBe(200);
    drive.key('alt-end');
    expect(screen(drive)).toContain('line 5000');
    expect(drive.tab().far).toBeUndefined();
  });

  test('over such a gap, a window over older messages stays', () => {
    const drive = reading();
    drive.key('alt-end');
    const [first] = again(drive, 5000);
    if (first !== undefined) answer(drive, first, 4801, 5000, true);
    drive.key('alt-home');
    const there = drive.effects.flatMap((effect) =>
      effect.do === 'send' && effect.message.type === 'history' ? [effect.message] : [],
    );
    const start = there.at(-1);
    if (start !== undefined) answer(drive, start, 1, 200, true);
    const { far } = drive.tab();
    expect(far?.log.first).toBe(1);
    const before = top(drive);
    const [asked] = again(drive, 10_000);
    if (asked !== undefined) answer(drive, asked, 9801, 10_000, true);
    expect(drive.tab().log.first).toBe(9801);
    expect(drive.tab().far).toBe(far);
    expect(top(drive)).toBe(before);
  });

  test('to a room that has begun anew leaves nothing unread of what is no more', () => {
    const drive = reading();
    drive.hear('#lobby', 201, 'alice: look');
    expect(drive.tab()).toMatchObject({ unread: 1, mentioned: true });
    const [asked] = again(drive, 2);
    expect(drive.tab()).toMatchObject({ unread: 0, mentioned: false, unreadFrom: undefined });
    if (asked !== undefined) answer(drive, asked, 1, 2, false);
    expect(drive.tab()).toMatchObject({ unread: 0, mentioned: false, unreadFrom: undefined });
  });

  test('counts the whole gap while nobody is before the terminal', () => {
    const drive = reading();
    drive.key('alt-end');
    drive.event({ type: 'focus', on: false });
    const [asked] = again(drive, 5000);
    if (asked !== undefined) answer(drive, asked, 4801, 5000, true);
    expect(drive.tab()).toMatchObject({ unread: 4800, unreadFrom: 201 });
    drive.event({ type: 'focus', on: true });
    expect(drive.tab().unread).toBe(0);
    expect(drive.state.hint?.text).toMatch(/^4,78\d unread above: /);
  });
});
