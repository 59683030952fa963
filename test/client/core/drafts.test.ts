import { describe, expect, test } from 'vitest';
import { keepDrafts } from '../../../src/client/core/drafts.ts';
import { withDrafts } from '../../../src/client/core/kept-drafts.ts';
import { MEMORY, type Memory } from '../../../src/client/core/memory.ts';
import { nextWake } from '../../../src/client/core/wake.ts';
import { parse } from '../../../src/protocol/schema.ts';
import { Drive, info } from './drive.ts';

const ROOMS = [info('#lobby'), info('#dev')];

function online(memory?: Memory): Drive {
  const drive = new Drive();
  if (memory !== undefined) drive.state.memory = memory;
  drive.login(ROOMS);
  return drive;
}
/** What is kept, as it is read at the next start. */
function kept({ state }: Drive): Record<string, string> {
  const read = parse(MEMORY, JSON.parse(JSON.stringify(state.memory)));
  if (!read.ok) throw new Error(read.error);
  return Object.fromEntries((read.value.drafts ?? []).map(({ tab, text }) => [tab, text]));
}
/** Nobody presses a key for a while. */
function rest(drive: Drive): void {
  drive.pass(2000);
  drive.tick();
}

describe('drafts', () => {
  test('are kept when one pauses, and are there at the next start', () => {
    const drive = online();
    drive.type('for the lobby');
    expect(kept(drive)).toEqual({});
    expect(nextWake(drive.state)).toBeLessThanOrEqual(drive.mono + 2000);
    rest(drive);
    drive.key('alt-2');
    drive.type('for dev\nin two lines');
    rest(drive);
    expect(kept(drive)).toEqual({ '#lobby': 'for the lobby', '#dev': 'for dev\nin two lines' });
    const next = online(drive.state.memory);
    next.key('alt-1');
    expect(next.input()).toBe('for the lobby');
    next.type('!');
    expect(next.input()).toBe('for the lobby!');
    next.key('alt-2');
    expect(next.input()).toBe('for dev\nin two lines');
  });

  test('are not written while one types on, but after half a minute all the same', () => {
    const drive = online();
    for (let i = 0; i < 29; i += 1) {
      drive.type('x');
      drive.pass(1000);
      drive.tick();
    }
    expect(kept(drive)).toEqual({});
    drive.type('x');
    drive.pass(1000);
    drive.tick();
    expect(kept(drive)).toEqual({ '#lobby': 'x'.repeat(30) });
  });

  test('are kept at once when the program ends', () => {
    const drive = online();
    drive.type('unfinished');
    keepDrafts(drive.state);
    expect(kept(drive)).toEqual({ '#lobby': 'unfinished' });
  });

  test('are gone at once when they are sent, so that nothing comes back twice', () => {
    const drive = online();
    drive.type('hello');
    rest(drive);
    drive.key('enter');
    expect(kept(drive)).toEqual({});
  });

  test('of private tabs are never kept, nor any command', () => {
    const drive = online();
    drive.talk('carol');
    drive.type('between us two');
    drive.key('alt-1');
    drive.enter('/msg bob');
    drive.type('between us');
    drive.key('alt-1');
    for (const command of ['/password hunter2', '/msg bob between us', '/pas']) {
      drive.key('ctrl-u');
      drive.type(command);
      rest(drive);
      keepDrafts(drive.state);
      expect(JSON.stringify(drive.state.memory)).not.toMatch(/between|hunter|pas/);
    }
    drive.key('ctrl-u');
    drive.type('//pasta');
    rest(drive);
    expect(kept(drive)).toEqual({ '#lobby': '//pasta' });
  });

  test('nor what is typed while a password is asked for', () => {
    const drive = online();
    drive.type('a draft');
    rest(drive);
    drive.key('ctrl-u');
    drive.enter('/password');
    expect(drive.state.prompt).toBeDefined();
    drive.type('hunter2');
    rest(drive);
    keepDrafts(drive.state);
    expect(kept(drive)).toEqual({});
  });

  test('another text for a message is no draft; what it stands in the place of is', () => {
    const drive = online();
    drive.type('a draft');
    const tab = drive.tab();
    tab.writing = { kind: 'correct', seq: 1 as never, before: tab.draft };
    tab.draft = { text: 'corrected', cursor: 0 };
    rest(drive);
    expect(kept(drive)).toEqual({ '#lobby': 'a draft' });
  });

  test('of a room that one has left stay until one comes back', () => {
    const drive = online({ version: 1, drafts: [{ tab: '#ops', text: 'where was I' }] });
    drive.type('x');
    rest(drive);
    expect(kept(drive)).toEqual({ '#ops': 'where was I', '#lobby': 'x' });
  });

  test('that somebody has tampered with bring no control characters into the line', () => {
    const drive = online({ version: 1, drafts: [{ tab: '#lobby', text: 'a\u001b[2Jb' }] });
    expect(drive.input()).toBe('a[2Jb');
  });
});

describe('what is kept of them', () => {
  test('is bounded: those that were kept first go first', () => {
    const many = Array.from({ length: 60 }, (_, i) => ({ tab: `#room${i}`, text: 'x' }));
    expect(withDrafts(many, new Map([['#lobby', 'y']])).map(({ tab }) => tab)).toEqual([
      ...Array.from({ length: 49 }, (_, i) => `#room${i + 11}`),
      '#lobby',
    ]);
    const long = [
      { tab: '#a', text: 'x'.repeat(65_536) },
      { tab: '#b', text: 'x'.repeat(65_536) },
    ];
    expect(withDrafts(long, new Map([['#c', 'y']])).map(({ tab }) => tab)).toEqual(['#b', '#c']);
  });
});
