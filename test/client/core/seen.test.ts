import { describe, expect, test } from 'vitest';
import type { Memory } from '../../../src/client/core/memory.ts';
import { createLog } from '../../../src/client/core/message-log.ts';
import { noteSeen } from '../../../src/client/core/seen.ts';
import { view } from '../../../src/client/view/view.ts';
import type { ClientMessage } from '../../../src/protocol/client-messages.ts';
import { MAX_ROOMS_OF_USER } from '../../../src/protocol/server-messages.ts';
import { at, clientId, Drive, info, only, room, START, seq, user } from './drive.ts';

/** The newest page of a room that ends at `last`. */
function page(drive: Drive, sent: readonly ClientMessage[], last: number): void {
  const asked = only(sent, 'history');
  const first = Math.max(1, last - 199);
  drive.get({
    type: 'history',
    id: asked.id ?? clientId('none'),
    room: room('#lobby'),
    messages: Array.from({ length: last - first + 1 }, (_, i) => ({
      seq: seq(first + i),
      from: user('bob'),
      text: `line ${first + i}`,
      time: at(START + first + i),
    })),
    more: first > 1,
  });
}

/** A client that has been left, and one that is started with what it has kept. */
function again(first: Drive, last: number): Drive {
  noteSeen(first.state);
  const memory: Memory = JSON.parse(JSON.stringify(first.state.memory));
  const drive = new Drive({ memory });
  page(drive, drive.login([info('#lobby', last)]), last);
  return drive;
}

function begun(last: number): Drive {
  const drive = new Drive();
  page(drive, drive.login([info('#lobby', last)]), last);
  return drive;
}

const screen = (drive: Drive): string =>
  view(drive.state, { now: at(START), mono: drive.mono })
    .rows.map((row) => row.map(({ text }) => text).join(''))
    .join('\n');

describe('at the next start', () => {
  test('the unread line stands above what came meanwhile', () => {
    const drive = again(begun(10), 15);
    expect(drive.tab().unreadFrom).toBe(11);
    expect(screen(drive)).toContain('5 new');
  });

  test('nothing is new where nothing came, and at the first start of all', () => {
    expect(again(begun(10), 10).tab().unreadFrom).toBeUndefined();
    expect(begun(10).tab().unreadFrom).toBeUndefined();
  });

  test('what was unread when one left is still', () => {
    const first = begun(10);
    first.event({ type: 'focus', on: false });
    first.hear('#lobby', 11, 'nobody looks');
    expect(again(first, 12).tab().unreadFrom).toBe(11);
  });

  test('rooms without a tab are as far read as before: who starts while the server is down and quits loses nothing', () => {
    const memory: Memory = {
      version: 1,
      seen: [
        { room: room('#lobby'), seq: seq(7) },
        { room: room('#dev'), seq: seq(9) },
      ],
    };
    const drive = new Drive({ memory });
    drive.event({ type: 'start' });
    noteSeen(drive.state);
    expect(drive.state.memory.seen).toEqual(memory.seen);
    drive.login([info('#lobby', 7)]);
    noteSeen(drive.state);
    expect(drive.state.memory.seen?.toSorted((a, b) => a.seq - b.seq)).toEqual(memory.seen);
  });

  test('of too many rooms those stay that were read last', () => {
    const seen = Array.from({ length: MAX_ROOMS_OF_USER }, (_, i) => ({ room: room(`#r${i}`), seq: seq(1) }));
    const drive = new Drive({ memory: { version: 1, seen } });
    page(drive, drive.login([info('#lobby', 5)]), 5);
    noteSeen(drive.state);
    expect(drive.state.memory.seen).toHaveLength(MAX_ROOMS_OF_USER);
    expect(drive.state.memory.seen?.at(-1)).toEqual({ room: '#lobby', seq: 5 });
    expect(drive.state.memory.seen?.[0]?.room).toBe('#r1');
  });

  test('a room that has begun anew on the server is read from its beginning', () => {
    const drive = begun(10);
    noteSeen(drive.state);
    drive.event({ type: 'linkDown', text: 'gone' });
    drive.pass(1000);
    drive.tick();
    page(drive, drive.login([info('#lobby', 3)]), 3);
    expect(drive.state.memory.seen ?? []).toEqual([]);
    noteSeen(drive.state);
    expect(drive.state.memory.seen).toEqual([{ room: '#lobby', seq: 3 }]);
  });

  test('and one key leads there, however far back it is', () => {
    const drive = again(begun(10), 5000);
    expect(drive.tab().unreadFrom).toBe(11);
    const asked = only(drive.key('alt-u'), 'history');
    expect(asked.around).toBe(11);
  });

  test('the pane stands where one left, where more has come than fits on the screen, and nothing counts as read', () => {
    const drive = again(begun(10), 100);
    expect(screen(drive)).toContain('90 new');
    expect(screen(drive)).toMatch(/ line 11 /);
    expect(drive.tab().unread).toBe(90);
    const below = Number(/(\d+) new below/.exec(screen(drive))?.[1]);
    expect(below).toBeLessThan(90);
    drive.key('pagedown');
    expect(Number(/(\d+) new below/.exec(screen(drive))?.[1])).toBeLessThan(below);
    drive.key('alt-end');
    expect(drive.tab()).toMatchObject({ unread: 0, inner: { line: 'seen' } });
  });

  test('what is not held here is said with its number and the key that leads there', () => {
    const drive = again(begun(10), 10_014);
    expect(drive.tab().scroll.kind).toBe('tail');
    expect(drive.state.hint?.text).toMatch(/^9,98\d unread above: Alt-u$/);
    drive.key('alt-home', 'alt-end');
    drive.tab().scroll = { kind: 'at', bottom: drive.tab().log.entries[10]?.key ?? 0, hidden: 0 };
    expect(screen(drive)).toContain(' 10,004 new ');
    drive.tab().scroll = { kind: 'tail' };
    noteSeen(drive.state);
    expect(drive.state.memory.seen).toEqual([{ room: '#lobby', seq: 10 }]);
  });

  test('a window over messages of today, between the line and the end, leaves the line where it is', () => {
    const drive = again(begun(10), 10_014);
    const tab = drive.tab();
    const log = createLog();
    const text = { from: user('bob'), text: 'there', time: at(START) };
    log.open(Array.from({ length: 50 }, (_, i) => ({ ...text, seq: seq(5000 + i) })));
    log.older = 'more';
    tab.far = { log, newer: 'more' };
    tab.scroll = { kind: 'at', bottom: log.entries[5]?.key ?? 0, hidden: 0 };
    drive.key('left');
    expect(screen(drive)).toContain('there');
    expect(screen(drive)).not.toMatch(/ new ─/);
    expect(tab).toMatchObject({ unreadFrom: 11, inner: { line: 'unseen' } });
  });

  test('a page that fits on the screen is not all that is unread', () => {
    const first = begun(10);
    noteSeen(first.state);
    const drive = new Drive({ memory: first.state.memory });
    const asked = only(drive.login([info('#lobby', 500)]), 'history');
    const text = { from: user('bob'), text: 'long', time: at(START) };
    const messages = [499, 500].map((n) => ({ ...text, seq: seq(n) }));
    drive.get({ type: 'history', id: asked.id ?? clientId('none'), room: room('#lobby'), messages, more: true });
    expect(drive.tab().inner.line).toBe('unseen');
    expect(screen(drive)).toContain(' 490 new ');
  });

  test('what one wrote elsewhere meanwhile rings no bell', () => {
    const drive = again(begun(10), 15);
    expect(drive.effects.some((effect) => effect.do === 'bell')).toBe(false);
  });
});
