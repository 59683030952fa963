import { describe, expect, test } from 'vitest';
import { logOf } from '../../../src/client/core/lookup.ts';
import { MAX_LOG_ENTRIES } from '../../../src/client/core/message-log.ts';
import { PAGE } from '../../../src/client/core/past.ts';
import { at, clientId, Drive, info, user } from './drive.ts';

const online = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby')]);
  return drive;
};

/** Messages of bob's as the log on this device keeps them, from a place on. */
const records = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    at: from + i,
    id: clientId(`old-${from + i}`),
    from: user('bob'),
    text: `m${from + i}`,
    time: at(1000 + from + i),
  }));

const page = (drive: Drive, from: number, count: number, more = from > 0): void =>
  void drive.tell({ type: 'history', person: user('bob'), records: records(from, count), more });

/** PgUp until so many pages have been asked for. */
function back(drive: Drive, pages: number): void {
  while (drive.told('history').length < pages) drive.key('pageup');
}

describe('what was written before', () => {
  test('is asked for once, when the tab of a person is opened, with how far their keys are trusted', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.key('alt-1', 'alt-2', 'pageup');
    expect(drive.told('history')).toEqual([{ do: 'history', user: 'bob', limit: PAGE }]);
    expect(drive.told('trust')).toEqual([{ do: 'trust', user: 'bob' }]);
  });

  test('stands in front of what has come meanwhile, and neither twice', () => {
    const drive = online();
    drive.mail(1, 'news');
    drive.tell({
      type: 'history',
      person: user('bob'),
      records: [...records(7, 2), { at: 9, id: clientId('bob-1'), from: user('bob'), text: 'news', time: at(2000) }],
      more: true,
    });
    expect(drive.texts('bob')).toEqual(['m7', 'm8', 'news']);
    expect(drive.person('bob').unread).toBe(1);
  });

  test('is paged in by PgUp, and by the wheel, until there is no more', () => {
    const drive = online();
    drive.enter('/msg bob');
    page(drive, 150, 100);
    back(drive, 2);
    expect(drive.told('history').at(-1)).toEqual({ do: 'history', user: 'bob', before: 150, limit: PAGE });
    page(drive, 50, 100);
    back(drive, 3);
    page(drive, 0, 50);
    expect(drive.texts('bob')).toHaveLength(250);
    expect(drive.texts('bob')[0]).toBe('m0');
    drive.key('alt-home');
    drive.event({ type: 'wheel', up: true, x: 5, y: 5 });
    expect(drive.told('history')).toHaveLength(3);
  });

  test('that has come since this program began is passed over in search of what is older', () => {
    const drive = online();
    drive.enter('/msg bob');
    page(drive, 3, 2);
    drive.enter('/clear');
    for (let i = 3; i < 5; i++) drive.mail(i, `m${i}`, 'bob', { id: clientId(`old-${i}`) });
    drive.key('pageup');
    expect(drive.told('history').at(-1)?.before).toBeUndefined();
    page(drive, 3, 2);
    expect(drive.told('history').at(-1)?.before).toBe(3);
    page(drive, 0, 3);
    expect(drive.texts('bob')).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
  });

  test('does not come where it no longer fits, since the oldest lines have been dropped meanwhile', () => {
    const drive = online();
    drive.enter('/msg bob');
    page(drive, 150, 100);
    back(drive, 2);
    drive.key('alt-end');
    for (let i = 1; i <= MAX_LOG_ENTRIES; i++) drive.mail(i, 'flood');
    page(drive, 50, 100);
    expect(drive.texts('bob').every((text) => text === 'flood')).toBe(true);
    back(drive, 3);
    expect(drive.told('history').at(-1)?.before).toBeUndefined();
  });

  test('leaves out what of ours is still on its way', () => {
    const drive = online();
    drive.enter('/msg bob hello');
    const { id } = drive.told('mail')[0] ?? {};
    if (id === undefined) throw new Error('no mail');
    const record = { at: 0, id, from: user('alice'), text: 'hello', time: at(1) };
    drive.tell({ type: 'history', person: user('bob'), records: [record], more: false });
    expect(drive.texts('bob')).toEqual([]);
    drive.mailed(id);
    expect(drive.texts('bob')).toEqual(['hello']);
  });

  test('and comes again in part stands in the order in which it was written', () => {
    const drive = online();
    drive.mail(8, 'm1', 'bob', { id: clientId('old-1'), time: at(0) });
    drive.mail(9, 'm3', 'bob', { id: clientId('old-3'), time: at(0) });
    page(drive, 0, 5);
    drive.mail(10, 'm9', 'bob');
    expect(drive.texts('bob')).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm9']);
    // The unread line stands where it stood.
    expect(drive.person('bob')).toMatchObject({ unread: 3, unreadFrom: 2 });
    page(drive, 0, 5);
    expect(drive.texts('bob')).toHaveLength(6);
  });

  test('and comes again in part leaves out what of ours is still on its way', () => {
    const drive = online();
    drive.mail(8, 'm1', 'bob', { id: clientId('old-1'), time: at(0) });
    drive.enter('/msg bob hello');
    const { id = clientId('none') } = drive.told('mail')[0] ?? {};
    const ours = { at: 3, id, from: user('alice'), text: 'hello', time: at(2000) };
    drive.tell({ type: 'history', person: user('bob'), records: [...records(0, 3), ours], more: false });
    expect(drive.texts('bob')).toEqual(['m0', 'm1', 'm2']);
    drive.mailed(id);
    expect(drive.texts('bob')).toEqual(['m0', 'm1', 'm2', 'hello']);
  });

  test('and had not been looked at is unread when it comes again', () => {
    const drive = online();
    drive.enter('/msg bob');
    page(drive, 0, 3);
    drive.key('alt-1');
    drive.mail(8, 'm2', 'bob', { id: clientId('old-2'), time: at(0) });
    expect(drive.texts('bob')).toEqual(['m0', 'm1', 'm2']);
    expect(drive.person('bob')).toMatchObject({ unread: 1, mentioned: true, unreadFrom: 3 });
  });

  test('is not asked for before private chats are there, or while the log is locked', () => {
    const drive = new Drive();
    drive.event({ type: 'start' });
    drive.event({ type: 'linkUp' });
    drive.welcome();
    drive.enter('/msg bob');
    expect(drive.told('history')).toEqual([]);
    drive.tell({ type: 'locked', locked: true, waiting: 2 });
    drive.tell({ type: 'available', available: true, text: '' });
    expect(drive.told('history')).toEqual([]);
    drive.key('pageup');
    expect(drive.state.hint?.text).toBe('the log is locked: /unlock asks for its passphrase');
    drive.tell({ type: 'locked', locked: false, waiting: 0 });
    expect(drive.told('history')).toHaveLength(1);
  });

  test('is asked for again when private chats are back, and not again and again where it can not be had', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.tell({ type: 'told', person: user('bob'), text: 'the log can not be read', bad: true });
    drive.key('alt-1');
    expect(drive.told('history')).toHaveLength(1);
    drive.tell({ type: 'available', available: false, text: 'they are in your other uchat' });
    drive.tell({ type: 'available', available: true, text: '' });
    expect(drive.told('history')).toHaveLength(2);
    expect(drive.told('trust')).toHaveLength(2);
  });

  test('that nobody has asked for, or of somebody without a tab, changes nothing', () => {
    const drive = online();
    page(drive, 0, 3);
    expect(drive.tabs()).toEqual(['#lobby']);
    drive.enter('/msg bob');
    page(drive, 5, 3);
    page(drive, 2, 3);
    expect(drive.texts('bob')).toEqual(['m5', 'm6', 'm7']);
  });
});

describe('Alt-Home in the tab of a person', () => {
  test('while a page is under way is done when that has come', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.key('alt-home');
    expect(drive.told('history')).toHaveLength(1);
    page(drive, 900, 100);
    expect(drive.told('history')).toHaveLength(2);
    page(drive, 0, 50, false);
    expect(logOf(drive.person('bob')).entries[0]).toMatchObject({ text: 'm0' });
    expect(drive.person('bob').seeking).toBeUndefined();
  });

  test('goes to the first line where that page has it, or there is none', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.key('alt-home');
    page(drive, 0, 60, false);
    expect(drive.told('history')).toHaveLength(1);
    expect(drive.person('bob').scroll.kind).toBe('at');
    drive.enter('/msg carol');
    drive.key('alt-home');
    drive.tell({ type: 'history', person: user('carol'), records: [], more: false });
    expect(drive.state.hint).toBeUndefined();
    expect(drive.person('carol').seeking).toBeUndefined();
  });

  test('that could not be done is forgotten', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.key('alt-home');
    drive.tell({ type: 'available', available: false, text: 'elsewhere' });
    drive.tell({ type: 'available', available: true, text: '' });
    page(drive, 900, 100);
    expect(drive.person('bob').scroll).toEqual({ kind: 'tail' });
  });
});

describe('/history', () => {
  test('opens the tab of somebody and loads as many as are wanted', () => {
    const drive = online();
    drive.enter('/history bob 7');
    expect(drive.active()).toBe('bob');
    expect(drive.told('history')).toEqual([{ do: 'history', user: 'bob', limit: 7 }]);
    page(drive, 10, 7);
    expect(drive.state.hint?.text).toBe('7 older messages: PgUp shows them');
    drive.enter('/history 500000');
    expect(drive.told('history').at(-1)).toEqual({ do: 'history', user: 'bob', before: 10, limit: 500 });
    page(drive, 0, 10);
    drive.enter('/history');
    expect(drive.state.hint?.text).toBe('there is nothing older with bob');
  });

  test('in a room pages its messages in, as PgUp does', () => {
    const drive = new Drive();
    const asked = drive.login([info('#lobby', 500)]).find(({ type }) => type === 'history');
    const { id } = asked?.type === 'history' ? asked : {};
    if (id === undefined) throw new Error('no page was asked for');
    const messages = Array.from({ length: 3 }, (_, i) => ({ seq: 498 + i, from: 'bob', text: 'x', time: 1 }));
    drive.get({ type: 'history', id, room: '#lobby', messages, more: true } as never);
    expect(drive.enter('/history')).toMatchObject([{ type: 'history', room: '#lobby', before: 498 }]);
  });

  test.each([
    ['/history bob x', '"x" is no number'],
    ['/history bob 0', '"0" is no number'],
    ['/history b@b', 'is no name'],
  ])('%s is mended', (line, words) => {
    const drive = online();
    drive.enter(line);
    expect(drive.state.hint?.text).toContain(words);
    expect(drive.input()).toBe(line);
  });
});

describe('/forget', () => {
  test('wants to hear that it is meant, and empties the tab once it is done', () => {
    const drive = online();
    drive.enter('/msg bob');
    page(drive, 0, 3);
    drive.enter('/forget bob');
    expect(drive.state.hint?.text).toContain('/forget bob yes');
    expect(drive.told('forget')).toEqual([]);
    drive.type(' yes');
    drive.key('enter');
    expect(drive.told('forget')).toEqual([{ do: 'forget', user: 'bob' }]);
    expect(drive.texts('bob')).toHaveLength(3);
    drive.tell({ type: 'told', person: user('bob'), text: '3 messages with bob are removed', bad: false });
    expect(drive.texts('bob')).toEqual([]);
    expect(drive.notices('bob')).toEqual(['3 messages with bob are removed']);
  });

  test('that has failed leaves all as it is', () => {
    const drive = online();
    drive.enter('/msg bob');
    page(drive, 0, 3);
    drive.enter('/forget bob yes');
    drive.tell({ type: 'told', person: user('bob'), text: 'the file is read-only', bad: true });
    expect(drive.texts('bob')).toHaveLength(3);
  });

  test('without a name forgets nobody, not even in their tab', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.enter('/forget');
    expect(drive.state.hint?.text).toBe('whom? Write /forget bob');
  });
});
