import { describe, expect, test } from 'vitest';
import type { ClientMessage, ClientMessages } from '../../../src/protocol/client-messages.ts';
import type { HistoryEntry } from '../../../src/protocol/server-messages.ts';
import { at, clientId, Drive, info, only, room, START, seq, types, user } from './drive.ts';

const LOST = 'the server has lost messages that were here: this is what it has now';

const entry = (place: number, text: string, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  seq: seq(place),
  from: user('bob'),
  text,
  time: at(START + 1000 * place),
  id: clientId(`bob-${text}`),
  ...more,
});

function page(drive: Drive, { id }: ClientMessages['history'], ...messages: readonly HistoryEntry[]): ClientMessage[] {
  const named = id === undefined ? {} : { id };
  return drive.get({ type: 'history', ...named, room: room('#lobby'), messages, more: false });
}

/** In the lobby, with what bob has said there. */
function online(...texts: readonly string[]): Drive {
  const drive = new Drive();
  const entries = texts.map((text, i) => entry(i + 1, text));
  page(drive, only(drive.login([info('#lobby', texts.length)]), 'history'), ...entries);
  expect(drive.texts()).toEqual(texts);
  return drive;
}

/** The line breaks some time after the start, and comes back. @returns what is asked then. */
function again(drive: Drive, last: number, after = 10_000): ClientMessage[] {
  drive.pass(after);
  drive.event({ type: 'linkDown', text: 'the line broke' });
  drive.pass(60_000);
  drive.tick();
  return drive.login([info('#lobby', last)]);
}

describe('a server that has lost its newest messages', () => {
  test('and says so by its count: what is here goes, what it has comes, and that is said', () => {
    const drive = online('one', 'two', 'three');
    const asked = only(again(drive, 2), 'history');
    expect(asked).not.toHaveProperty('since');
    page(drive, asked, entry(1, 'one'), entry(2, 'two'));
    expect(drive.texts()).toEqual(['one', 'two']);
    expect(drive.notices()).toEqual([LOST]);
  });

  test('and has given their places anew: the newest message here is compared, and the room is read again', () => {
    const drive = online('one', 'two', 'three');
    const asked = only(again(drive, 4), 'history');
    expect(asked).toMatchObject({ since: 2 });
    const next = only(page(drive, asked, entry(3, 'another three'), entry(4, 'four')), 'history');
    expect(next).not.toHaveProperty('since');
    expect(drive.notices()).toEqual([LOST]);
    page(drive, next, entry(1, 'one'), entry(2, 'two'), entry(3, 'another three'), entry(4, 'four'));
    expect(drive.texts()).toEqual(['one', 'two', 'another three', 'four']);
  });

  test('and has as many again: that is found out, where they were said just before the end', () => {
    const drive = online('one', 'two');
    const asked = only(again(drive, 2), 'history');
    expect(asked).toMatchObject({ since: 1 });
    const next = only(page(drive, asked, entry(2, 'another two')), 'history');
    page(drive, next, entry(1, 'one'), entry(2, 'another two'));
    expect(drive.texts()).toEqual(['one', 'another two']);
  });

  test('keeps nothing of ours from being sent once more', () => {
    const drive = online('one', 'two');
    drive.event({ type: 'linkDown', text: 'gone' });
    drive.enter('mine');
    drive.pass(60_000);
    drive.tick();
    const sent = drive.login([info('#lobby', 1)]);
    const said = only(sent, 'say');
    drive.get({ type: 'ack', id: said.id ?? clientId(''), to: room('#lobby'), seq: seq(2), time: at(START) });
    page(drive, only(sent, 'history'), entry(1, 'one'));
    expect(drive.tab().pending).toEqual([]);
    expect(drive.texts()).toEqual(['one', 'mine']);
  });

  test('of messages without ids, the time tells them apart', () => {
    const drive = new Drive();
    const { id: _, ...bare } = entry(1, 'one');
    page(drive, only(drive.login([info('#lobby', 1)]), 'history'), bare);
    page(drive, only(again(drive, 2), 'history'), { ...bare, time: at(START + 5) }, entry(2, 'two'));
    expect(drive.notices()).toEqual([LOST]);
  });
});

describe('a server that has all that it had', () => {
  test('is believed from the first page on, and nothing is shown twice', () => {
    const drive = online('one', 'two');
    const asked = only(again(drive, 4), 'history');
    const edited = entry(2, 'two, mended', { id: clientId('bob-two'), rev: 1, edited: at(START) });
    expect(page(drive, asked, edited, entry(3, 'three'), entry(4, 'four'))).toEqual([]);
    expect(drive.texts().slice(-2)).toEqual(['three', 'four']);
    expect(drive.texts()).toHaveLength(4);
    expect(drive.notices()).toEqual([]);
  });

  test('is asked nothing where nothing is new and the newest message is old', () => {
    const drive = online('one', 'two');
    expect(types(again(drive, 2, 200_000))).not.toContain('history');
  });

  test('is not doubted when it no longer keeps what is here, and not asked without end when it says nothing', () => {
    const drive = online('one', 'two');
    page(drive, only(again(drive, 4), 'history'), entry(3, 'three'), entry(4, 'four'));
    expect(drive.texts()).toEqual(['one', 'two', 'three', 'four']);
    const other = online('one', 'two');
    const asked = only(again(other, 2), 'history');
    expect(types(page(other, asked))).not.toContain('history');
    expect(other.texts()).toEqual(['one', 'two']);
  });

  test('is not asked again when it refuses to say', () => {
    const drive = online('one', 'two');
    const { id } = only(again(drive, 2), 'history');
    const named = id === undefined ? {} : { id };
    const sent = drive.get({ type: 'error', ...named, code: 'not_a_member', text: 'no', closes: false });
    expect(types(sent)).not.toContain('history');
  });
});
