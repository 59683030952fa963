import { describe, expect, test } from 'vitest';
import { BELL_EVERY_MS } from '../../../src/client/core/telling.ts';
import { view } from '../../../src/client/view/view.ts';
import { at, Drive, info, only, room, START, seq, user } from './drive.ts';

const two = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby'), info('#dev')]);
  return drive;
};
const hear = (drive: Drive, name: string, from: number, to: number, text = 'line'): void => {
  for (let i = from; i <= to; i++) drive.hear(name, i, `${text} ${i}`);
};
const bells = (drive: Drive): number => drive.effects.filter((effect) => effect.do === 'bell').length;

describe('messages that nobody has seen', () => {
  test('a message in the tab that is open, at its end, is seen', () => {
    const drive = two();
    hear(drive, '#lobby', 1, 3);
    expect(drive.tab()).toMatchObject({ unread: 0, mentioned: false, unreadFrom: undefined });
  });

  test('messages in another tab are counted, and the line stands above the first of them', () => {
    const drive = two();
    hear(drive, '#dev', 1, 3);
    expect(drive.tab('#dev')).toMatchObject({ unread: 3, mentioned: false, unreadFrom: 1 });
  });

  test('one that names us marks the tab', () => {
    const drive = two();
    drive.hear('#dev', 1, 'Alice: look');
    expect(drive.tab('#dev').mentioned).toBe(true);
  });

  test('messages below the screen count while one reads back', () => {
    const drive = two();
    hear(drive, '#lobby', 1, 60);
    drive.key('pageup');
    hear(drive, '#lobby', 61, 62);
    expect(drive.tab()).toMatchObject({ unread: 2, unreadFrom: 61 });
    drive.key('alt-end');
    expect(drive.tab()).toMatchObject({ unread: 0, unreadFrom: 61 });
  });

  test('our own messages never count, from whichever terminal', () => {
    const drive = two();
    drive.hear('#dev', 1, 'alice, this is me', 'alice');
    expect(drive.tab('#dev')).toMatchObject({ unread: 0, mentioned: false, unreadFrom: undefined });
    expect(bells(drive)).toBe(0);
  });
});

describe('the unread line', () => {
  test('stays in the tab that one looks at until one writes', () => {
    const drive = two();
    hear(drive, '#dev', 1, 3);
    drive.key('alt-2');
    expect(drive.tab('#dev')).toMatchObject({ unread: 0, unreadFrom: 1 });
    hear(drive, '#dev', 4, 5);
    expect(drive.tab('#dev').unreadFrom).toBe(1);
    drive.enter('I see');
    expect(drive.tab('#dev').unreadFrom).toBeUndefined();
  });

  test('goes when one leaves the tab after having seen what is under it', () => {
    const drive = two();
    hear(drive, '#dev', 1, 3);
    drive.key('alt-2', 'alt-1');
    expect(drive.tab('#dev').unreadFrom).toBeUndefined();
    hear(drive, '#dev', 4, 4);
    expect(drive.tab('#dev')).toMatchObject({ unread: 1, unreadFrom: 4 });
  });

  test('stays where its beginning has not been on the screen, and Alt-U leads there', () => {
    const drive = two();
    hear(drive, '#dev', 1, 100);
    drive.key('alt-2', 'alt-1');
    expect(drive.tab('#dev').unreadFrom).toBe(1);
    drive.key('alt-2', 'alt-u');
    expect(drive.tab('#dev').scroll.kind).toBe('at');
    drive.key('alt-1', 'alt-2');
    expect(drive.tab('#dev').unreadFrom).toBe(1);
    drive.key('alt-end', 'alt-1');
    expect(drive.tab('#dev').unreadFrom).toBeUndefined();
  });

  test('Alt-U where nothing is unread says so and moves nothing', () => {
    const drive = two();
    drive.key('alt-u');
    expect(drive.state.hint?.text).toBe('nothing here is unread');
    expect(drive.tab().scroll).toEqual({ kind: 'tail' });
  });

  test('after the connection was away it stands above what came meanwhile, even in the open tab', () => {
    const drive = two();
    hear(drive, '#lobby', 1, 2);
    drive.event({ type: 'linkDown', text: 'gone' });
    drive.pass(500);
    drive.tick();
    const { id } = only(drive.login([info('#lobby', 4), info('#dev')]), 'history');
    const entry = (n: number) => ({ seq: seq(n), from: user('bob'), text: `alice ${n}`, time: at(START) });
    const messages = [entry(3), entry(4)];
    drive.get({ type: 'history', ...(id ? { id } : {}), room: room('#lobby'), messages, more: false });
    expect(drive.tab()).toMatchObject({ unread: 0, unreadFrom: 3 });
    expect(bells(drive)).toBe(0);
    drive.enter('back again');
    expect(drive.tab().unreadFrom).toBeUndefined();
  });

  test('after so long that only the newest page is fetched it counts all that was missed', () => {
    const drive = two();
    hear(drive, '#lobby', 1, 2);
    drive.event({ type: 'linkDown', text: 'gone' });
    drive.pass(500);
    drive.tick();
    const { id } = only(drive.login([info('#lobby', 3000), info('#dev')]), 'history');
    const entry = (n: number) => ({ seq: seq(n), from: user('bob'), text: `line ${n}`, time: at(START) });
    const messages = Array.from({ length: 200 }, (_, i) => entry(2801 + i));
    drive.get({ type: 'history', ...(id ? { id } : {}), room: room('#lobby'), messages, more: true });
    expect(drive.tab().log.first).toBe(2801);
    expect(drive.tab().unreadFrom).toBe(3);
  });

  test('what was said before we first came is not unread', () => {
    const drive = new Drive();
    const { id } = only(drive.login([info('#lobby', 1)]), 'history');
    const messages = [{ seq: seq(1), from: user('bob'), text: 'alice', time: at(START) }];
    drive.get({ type: 'history', ...(id ? { id } : {}), room: room('#lobby'), messages, more: false });
    expect(drive.tab()).toMatchObject({ unread: 0, mentioned: false, unreadFrom: undefined });
  });
});

describe('what covers the room', () => {
  const COVERS: readonly (readonly [string, (drive: Drive) => void, (drive: Drive) => void])[] = [
    ['the page of keys', (drive) => drive.key('f1'), (drive) => drive.key('f1')],
    ['the palette', (drive) => drive.key('ctrl-k'), (drive) => drive.key('escape')],
    ['the bare view', (drive) => drive.key('alt-l'), (drive) => drive.key('escape')],
    [
      'an editor',
      (drive) => drive.key('alt-e'),
      (drive) => drive.event({ type: 'edited', tab: room('#lobby'), result: { ok: true, value: '' } }),
    ],
  ];

  test.each(COVERS)('%s: what comes meanwhile is unread until it is gone', (_, open, close) => {
    const drive = two();
    hear(drive, '#lobby', 1, 2);
    open(drive);
    hear(drive, '#lobby', 3, 4);
    expect(drive.tab()).toMatchObject({ unread: 2, unreadFrom: 3 });
    close(drive);
    expect(drive.tab()).toMatchObject({ unread: 0, unreadFrom: 3 });
  });

  test('mail that nobody can see yet stays in the mailbox', () => {
    const drive = two();
    drive.mail(1, 'hi');
    drive.key('alt-3', 'f1');
    expect(drive.active()).toBe('bob');
    drive.mail(2, 'are you there');
    expect(drive.person('bob').inner.unseenAfter).toBe(1);
    drive.key('f1');
    expect(drive.person('bob').inner.unseenAfter).toBeUndefined();
  });
});

describe('new lines below', () => {
  const shown = (drive: Drive): string =>
    view(drive.state, { now: at(START), mono: drive.mono })
      .rows.map((row) => row.map(({ text }) => text).join(''))
      .join('\n');

  test('are those that have not been seen: what stood at the end before one scrolled up is not', () => {
    const drive = two();
    drive.event({ type: 'focus', on: false });
    hear(drive, '#lobby', 1, 60);
    drive.event({ type: 'focus', on: true });
    drive.key('alt-u', 'alt-end', 'pageup');
    expect(drive.tab().inner.line).toBe('seen');
    expect(shown(drive)).not.toContain('new below');
    hear(drive, '#lobby', 61, 62);
    expect(shown(drive)).toContain('2 new below');
  });
});

describe('the bell', () => {
  test('rings when somebody names us, and once for ten who do so at once', () => {
    const drive = two();
    drive.hear('#dev', 1, 'nothing');
    expect(bells(drive)).toBe(0);
    for (let i = 2; i < 12; i++) drive.hear('#dev', i, 'alice!');
    expect(bells(drive)).toBe(1);
    drive.pass(BELL_EVERY_MS);
    drive.hear('#lobby', 1, '@alice');
    expect(bells(drive)).toBe(2);
  });
});
