/** Looking at a hit where it stands: that it is seen, whose keys are whose, and the way back. */
import { describe, expect, test } from 'vitest';
import { logOf } from '../../../src/client/core/lookup.ts';
import { view } from '../../../src/client/view/view.ts';
import type { ClientMessage, ClientMessages } from '../../../src/protocol/client-messages.ts';
import { at, clientId, Drive, info, only, room, START, seq, types, user } from './drive.ts';

const LAST = 900;

const entry = (n: number) => ({ seq: seq(n), from: user('bob'), text: `the build ${n}`, time: at(START + n * 60_000) });

function page(drive: Drive, { id }: ClientMessages['history'], from: number, to: number): ClientMessage[] {
  const messages = Array.from({ length: to - from + 1 }, (_, i) => entry(from + i));
  const answer = { type: 'history', room: room('#lobby'), messages, more: true, moreOlder: true } as const;
  return drive.get({ ...answer, ...(id === undefined ? {} : { id }) });
}

/** Of the lobby only the newest page is here. */
function online(columns = 80, rows = 24): Drive {
  const drive = new Drive({ columns, rows });
  page(drive, only(drive.login([info('#lobby', LAST), info('#dev')]), 'history'), LAST - 199, LAST);
  return drive;
}

function find(drive: Drive, ...places: number[]): void {
  const id = only(drive.enter('/search build'), 'search').id ?? clientId('none');
  const messages = places.map((n) => ({ ...entry(n), room: room('#lobby') }));
  drive.get({ type: 'found', id, messages, more: false });
}

const shown = (drive: Drive): string[] =>
  view(drive.state, { now: at(START), mono: drive.mono }).rows.map((row) => row.map(({ text }) => text).join(''));
const rowOf = (drive: Drive, n: number): number => shown(drive).findIndex((row) => row.includes(`the build ${n} `));

describe('a hit that is looked at', () => {
  test('stands with what was said before it above it, and what followed below', () => {
    const drive = online();
    find(drive, 350);
    page(drive, only(drive.key('enter'), 'history'), 250, 449);
    const row = rowOf(drive, 350);
    expect(row).toBeGreaterThan(4);
    expect(row).toBeLessThan(12);
    expect(rowOf(drive, 349)).toBe(row - 1);
    expect(rowOf(drive, 351)).toBe(row + 1);
  });

  test('is seen in every window, and stays so when that changes and when a row comes above the input', () => {
    for (const [columns, rows] of [
      [20, 5],
      [30, 6],
      [40, 10],
      [80, 24],
      [160, 48],
    ] as const) {
      const drive = online(columns, rows);
      find(drive, 880, 350, 3);
      drive.key('enter');
      expect(rowOf(drive, 880), `${columns}x${rows}`).toBeGreaterThanOrEqual(0);
      page(drive, only(drive.type('n'), 'history'), 250, 449);
      expect(rowOf(drive, 350), `${columns}x${rows}`).toBeGreaterThanOrEqual(0);
      page(drive, only(drive.type('n'), 'history'), 1, 100);
      expect(rowOf(drive, 3), `${columns}x${rows}`).toBeGreaterThanOrEqual(0);
      // `the last hit` takes a row.
      drive.type('n');
      expect(drive.state.hint).toBeDefined();
      // Of five rows none is left for messages until the hint goes.
      if (rows > 5) expect(rowOf(drive, 3), `${columns}x${rows}`).toBeGreaterThanOrEqual(0);
      drive.key('ctrl-l');
      drive.event({ type: 'resize', columns: 20, rows: 5 });
      expect(rowOf(drive, 3), `${columns}x${rows}`).toBeGreaterThanOrEqual(0);
    }
  });

  test('near the end stays in sight while others write', () => {
    const drive = online();
    find(drive, 899);
    drive.key('enter');
    for (let n = 901; n < 960; n++) drive.get({ type: 'message', to: room('#lobby'), ...entry(n) });
    expect(rowOf(drive, 899)).toBeGreaterThan(0);
  });

  test('is left where one scrolls away from it', () => {
    const drive = online();
    find(drive, 880);
    drive.key('enter', 'pageup', 'pageup', 'pageup');
    const before = shown(drive);
    drive.get({ type: 'presence', user: user('carol'), state: 'online', since: at(START) });
    expect(rowOf(drive, 880)).toBe(-1);
    expect(before.length).toBe(24);
  });
});

describe('the keys of a hit', () => {
  test('are those of its tab alone: another one that comes to the front takes its own letters', () => {
    const drive = online();
    find(drive, 880, 870);
    drive.key('enter');
    // What the server, or a click, brings forward.
    drive.state.active = 1;
    drive.type('n');
    expect(drive.input()).toBe('n');
    expect(drive.state.search).toMatchObject({ shows: 'left', index: 0 });
  });
});

describe('keys that are pressed fast', () => {
  test('and come together go as far as one after the other', () => {
    const drive = online();
    find(drive, 880, 870, 860, 850);
    drive.type('nj');
    expect(drive.state.search?.index).toBe(2);
    drive.type('kN');
    drive.key('enter');
    drive.type('nnn');
    expect(drive.state.search?.index).toBe(3);
    expect(rowOf(drive, 850)).toBeGreaterThan(0);
    drive.type('nice');
    expect([drive.input(), drive.state.search?.shows]).toEqual(['nice', 'left']);
  });
});

describe('the way back from a hit', () => {
  test('leads to the same lines', () => {
    const drive = online();
    drive.key('pageup', 'pageup');
    const before = shown(drive).slice(2, 20);
    find(drive, 350);
    page(drive, only(drive.key('enter'), 'history'), 250, 449);
    drive.key('escape');
    expect(shown(drive).slice(2, 20)).toEqual(before);
    expect(drive.tab().far).toBeUndefined();
  });

  test('into a window that is no longer held asks for it anew', () => {
    const drive = online();
    find(drive, 350);
    page(drive, only(drive.key('enter'), 'history'), 250, 449);
    drive.key('pageup');
    const old = drive.tab().far;
    find(drive, 3);
    page(drive, only(drive.key('enter'), 'history'), 1, 100);
    const asked = only(drive.key('escape'), 'history');
    expect(drive.tab().far).not.toBe(old);
    page(drive, asked, Number(asked.around) - 100, Number(asked.around) + 99);
    expect(rowOf(drive, Number(asked.around))).toBeGreaterThanOrEqual(0);
    expect(Number(asked.around)).toBeGreaterThan(300);
    expect(Number(asked.around)).toBeLessThan(351);
    expect(drive.tab().far).not.toBe(old);
  });

  test('leads to the end where the room has begun anew: what had that number is another message now', () => {
    const drive = online();
    drive.key('pageup', 'pageup');
    find(drive, 880);
    drive.key('enter');
    drive.event({ type: 'linkDown', text: 'gone' });
    drive.pass(60_000);
    drive.tick();
    const asked = drive.login([info('#lobby', 5), info('#dev')]);
    page(drive, only(asked, 'history'), 1, 5);
    expect(types(drive.key('escape'))).not.toContain('history');
    expect(drive.tab().scroll).toEqual({ kind: 'tail' });
    expect(drive.tab().far).toBeUndefined();
  });

  test('a window whose page comes while another is shown can be read on', () => {
    const drive = online();
    find(drive, 350, 3);
    page(drive, only(drive.key('enter'), 'history'), 250, 449);
    let asked: ClientMessage[] = [];
    for (let i = 0; i < 20 && !types(asked).includes('history'); i++) asked = drive.key('pageup');
    const far = drive.tab().far;
    expect(far?.log.older).toBe('loading');
    drive.key('alt-end');
    page(drive, only(asked, 'history'), 50, 249);
    expect(far?.log.older).toBe('more');
    expect(logOf(drive.tab())).toBe(drive.tab().log);
  });
});
