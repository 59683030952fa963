import { describe, expect, test } from 'vitest';
import type { ClientId } from '../../../../src/base/ids.ts';
import { tabName } from '../../../../src/client/core/lookup.ts';
import { MEMORY, type Memory } from '../../../../src/client/core/memory.ts';
import { actOnPanes, type PaneAction } from '../../../../src/client/core/panes/actions.ts';
import { tabOfPane } from '../../../../src/client/core/panes/panes.ts';
import { paneIds } from '../../../../src/client/core/panes/tree.ts';
import { moveTab } from '../../../../src/client/core/tabs.ts';
import { paneLayout } from '../../../../src/client/view/pane-layout.ts';
import type { ClientMessage } from '../../../../src/protocol/client-messages.ts';
import { parse } from '../../../../src/protocol/schema.ts';
import { at, Drive, info, room, START, user } from '../drive.ts';

const RIGHT: PaneAction = { kind: 'splitPane', side: 'right' };
const BELOW: PaneAction = { kind: 'splitPane', side: 'below' };

const act = (drive: Drive, ...actions: readonly PaneAction[]): void => {
  for (const action of actions) actOnPanes(drive.state, action);
  drive.event({ type: 'tick' });
};

const answerTo = (id: ClientId | undefined) => (id === undefined ? {} : { id });

/** A program that starts with what another one has kept: by way of the disk. */
function next(memory: Memory): Drive {
  const drive = new Drive({ columns: 161, rows: 48 });
  const read = parse(MEMORY, JSON.parse(JSON.stringify(memory)));
  if (!read.ok) throw new Error(read.error);
  drive.state.memory = read.value;
  return drive;
}

const ROOMS = ['#lobby', '#dev', '#ops', '#tea'];
const login = (drive: Drive, rooms: readonly string[] = ROOMS): void => {
  drive.login(rooms.map((name) => info(name)));
};

function first(): Drive {
  const drive = new Drive({ columns: 161, rows: 48 });
  login(drive);
  return drive;
}

/** What the panes show, as one reads, with the width of each; the focused one in brackets. */
function shown({ state }: Drive): string {
  return paneIds(state.panes.tree)
    .map((id) => {
      const tab = tabOfPane(state, id);
      const text = `${tab === undefined ? '?' : tabName(tab)} ${paneLayout(state)?.panes.get(id)?.width ?? 'all'}`;
      return id === state.panes.focused ? `[${text}]` : text;
    })
    .join(', ');
}

describe('at the next start', () => {
  test('the panes lie as they lay, with what they showed, and the same one has the keyboard', () => {
    const drive = first();
    drive.state.showList = false;
    drive.enter('/msg bob');
    act(drive, RIGHT, { kind: 'resizePane', to: 'left', cells: 20 }, BELOW, { kind: 'focusPane', to: 'up' });
    expect(shown(drive)).toBe('bob 60, [#lobby 100], #dev 100');
    const again = next(drive.state.memory);
    again.state.showList = false;
    login(again);
    expect(shown(again)).toBe('bob 60, [#lobby 100], #dev 100');
    expect(again.active()).toBe('#lobby');
  });

  test('the tabs have their order, and those of persons are open', () => {
    const drive = first();
    drive.enter('/msg bob');
    drive.event({ type: 'key', key: { kind: 'key', name: 'alt-4' } });
    actOnPanes(drive.state, RIGHT);
    drive.enter('/msg carol');
    const order = ['#lobby', '#dev', '#ops', '#tea', 'bob', 'carol'];
    expect(drive.tabs()).toEqual(order);
    const again = next(drive.state.memory);
    login(again, ['#lobby', '#tea', '#new', '#ops', '#dev']);
    expect(again.tabs()).toEqual([...order, '#new']);
    expect(again.active()).toBe('carol');
  });

  test('a private chat is not there, neither its tab nor its pane nor its name on the disk', () => {
    const drive = first();
    drive.talk('bob');
    act(drive, RIGHT);
    expect(shown(drive)).toMatch(/^=bob .*\[#lobby /);
    expect(JSON.stringify(drive.state.memory)).not.toContain('bob');
    const again = next(drive.state.memory);
    login(again);
    expect(shown(again)).toBe('[#lobby all]');
  });

  test('a private chat in front leaves no trace either', () => {
    const drive = first();
    act(drive, RIGHT);
    drive.talk('bob');
    expect(drive.active()).toBe('=bob');
    expect(JSON.stringify(drive.state.memory)).not.toContain('bob');
    const again = next(drive.state.memory);
    login(again);
    expect(shown(again)).toBe('[#lobby all]');
  });

  test('a room that we are no longer in has neither tab nor pane', () => {
    const drive = first();
    act(drive, RIGHT, BELOW);
    const again = next(drive.state.memory);
    login(again, ['#lobby', '#ops']);
    expect(shown(again)).toMatch(/^#lobby \d+, \[#ops \d+\]$/);
    expect(again.tabs()).toEqual(['#lobby', '#ops']);
  });

  test('with nothing kept, everything is as ever', () => {
    const drive = first();
    expect(drive.state.memory.layouts).toBeUndefined();
    expect(shown(drive)).toBe('[#lobby all]');
  });

  test('what was kept with panes that had too little room is kept as it was', () => {
    const drive = first();
    act(drive, RIGHT, BELOW);
    const again = next(drive.state.memory);
    again.event({ type: 'resize', columns: 40, rows: 10 });
    login(again);
    expect(shown(again)).toMatch(/all.*all.*all/);
    again.event({ type: 'resize', columns: 161, rows: 48 });
    expect(shown(again)).not.toContain('all');
  });
});

describe('what a person does meanwhile stays', () => {
  const kept = (): Memory => {
    const drive = first();
    act(drive, RIGHT, BELOW);
    return drive.state.memory;
  };

  test('who writes while the connection comes about goes on writing there, and the panes come all the same', () => {
    const again = next(kept());
    again.event({ type: 'start' });
    again.type('half a sen');
    login(again);
    again.type('tence');
    expect(again.active()).toBe('#lobby');
    expect(again.input()).toBe('half a sentence');
    expect(shown(again)).toMatch(/^\[#lobby \d+\], #dev \d+, #ops \d+$/);
  });

  test('a tab that was opened meanwhile is in front, in the pane that was', () => {
    const again = next(kept());
    again.event({ type: 'start' });
    again.enter('/msg carol');
    expect(again.active()).toBe('carol');
    login(again);
    expect(again.active()).toBe('carol');
    expect(shown(again)).toMatch(/^#lobby \d+, #dev \d+, \[carol \d+\]$/);
  });

  test('what somebody else has kept here stays theirs', () => {
    const drive = next(kept());
    drive.login([info('#lobby'), info('#dev'), info('#ops')], 'bob');
    expect(shown(drive)).toBe('[#lobby all]');
    drive.key('alt-2');
    const again = next(drive.state.memory);
    login(again);
    expect(shown(again)).toMatch(/^#lobby \d+, #dev \d+, \[#ops \d+\]$/);
    expect(again.state.memory.layouts?.map(({ of }) => of)).toEqual(['bob', 'alice']);
  });

  test('a second log-in changes nothing', () => {
    const again = next(kept());
    login(again);
    act(again, { kind: 'onlyPane' });
    again.event({ type: 'linkDown', text: 'gone' });
    again.key('enter');
    login(again);
    expect(again.state.panes.tree.kind).toBe('pane');
  });
});

describe('a guest, who has left all rooms with the connection', () => {
  const guest = (memory: Memory): Drive => {
    const drive = next(memory);
    drive.state.showList = false;
    return drive;
  };
  const kept = (): Memory => {
    const drive = new Drive({ columns: 161, rows: 48 });
    drive.login([info('#lobby'), info('#dev'), info('#ops')], '~mira');
    act(drive, RIGHT, BELOW);
    return drive.state.memory;
  };
  const enter = (drive: Drive): ClientMessage[] =>
    drive.login([info('#lobby')], '~mira').filter(({ type }) => type === 'join');
  const idOf = (message: ClientMessage | undefined) =>
    message !== undefined && 'id' in message ? message.id : undefined;

  test('joins them again, and each finds its pane', () => {
    const drive = guest(kept());
    const [dev, ops] = enter(drive);
    expect([dev, ops]).toMatchObject([
      { type: 'join', room: '#dev' },
      { type: 'join', room: '#ops' },
    ]);
    drive.get({ type: 'room', room: info('#ops'), ...answerTo(idOf(ops)) });
    expect(shown(drive)).toBe('#lobby 80, [#ops 80]');
    drive.get({ type: 'room', room: info('#dev'), ...answerTo(idOf(dev)) });
    expect(shown(drive)).toBe('#lobby 80, #dev 80, [#ops 80]');
    expect(drive.tabs()).toEqual(['#lobby', '#dev', '#ops']);
  });

  test('goes on writing where they write meanwhile', () => {
    const drive = guest(kept());
    const [dev, ops] = enter(drive);
    drive.type('hel');
    for (const [name, message] of [
      ['#dev', dev],
      ['#ops', ops],
    ] as const)
      drive.get({ type: 'room', room: info(name), ...answerTo(idOf(message)) });
    drive.type('lo');
    expect(drive.input()).toBe('hello');
    expect(shown(drive)).toBe('[#lobby 80], #dev 80, #ops 80');
  });

  test('has the panes as they are once they have divided the screen', () => {
    const drive = guest(kept());
    const [dev, ops] = enter(drive);
    drive.get({ type: 'room', room: info('#ops'), ...answerTo(idOf(ops)) });
    act(drive, { kind: 'closePane' });
    drive.get({ type: 'room', room: info('#dev'), ...answerTo(idOf(dev)) });
    expect(shown(drive)).toBe('[#lobby all]');
    expect(drive.tabs()).toEqual(['#lobby', '#ops', '#dev']);
  });

  test('whom a room does not let in has the others, and a room of later has no pane of its own', () => {
    const drive = guest(kept());
    const [dev, ops] = enter(drive);
    drive.get({ type: 'error', code: 'banned', text: 'no', closes: false, ...answerTo(idOf(dev)) });
    drive.get({ type: 'room', room: info('#ops'), ...answerTo(idOf(ops)) });
    expect(shown(drive)).toBe('#lobby 80, [#ops 80]');
    drive.get({ type: 'room', room: info('#dev') });
    expect(shown(drive)).toBe('#lobby 80, [#ops 80]');
  });
});

describe('what is kept', () => {
  test('is written when it changes, and only then', () => {
    const drive = first();
    act(drive, RIGHT);
    const { memory } = drive.state;
    drive.hear('#lobby', 1, 'hello');
    drive.type('a');
    drive.key('pageup');
    expect(drive.state.memory).toBe(memory);
    drive.key('alt-3');
    expect(drive.state.memory).not.toBe(memory);
    expect(drive.state.memory.layouts?.[0]?.front).toBe('#ops');
  });

  test('forgets a tab that was closed', () => {
    const drive = first();
    drive.enter('/msg bob');
    expect(drive.state.memory.layouts?.[0]?.tabs).toContain('bob');
    drive.enter('/leave');
    expect(drive.state.memory.layouts?.[0]?.tabs).toEqual(ROOMS);
    drive.get({ type: 'left', room: room('#dev'), user: user('alice'), time: at(START) });
    expect(drive.state.memory.layouts?.[0]?.tabs).toEqual(['#lobby', '#ops', '#tea']);
  });

  test('nonsense from another version is refused as a whole, and names that are none are left out', () => {
    expect(parse(MEMORY, { version: 1, layouts: [{ of: 'alice', tabs: 'all', panes: [] }] }).ok).toBe(false);
    const tabs = ['#lobby', '#dev', '../etc', 'a b', '=bob', 'bob'];
    const drive = next({
      version: 1,
      layouts: [{ of: 'alice', tabs, panes: [{ kind: 'pane', tab: '=bob' }], front: '=bob' }],
    });
    login(drive, ['#lobby', '#dev']);
    expect(drive.tabs()).toEqual(['#lobby', '#dev', 'bob']);
    expect(drive.active()).toBe('#lobby');
  });
});

describe('somebody whose log was removed', () => {
  const forget = (drive: Drive): void => {
    drive.enter('/forget bob yes');
    drive.tell({ type: 'told', person: user('bob'), text: 'forgotten', bad: false });
  };

  test('is named by no layout, of whichever name of ours, until something is said again', () => {
    const drive = first();
    drive.enter('/msg bob');
    act(drive, RIGHT);
    const { memory } = drive.state;
    const of = (name: string) => memory.layouts?.map((each) => ({ ...each, of: name })) ?? [];
    drive.state.memory = { ...memory, layouts: [...of('alice'), ...of('~mira')] };
    expect(JSON.stringify(drive.state.memory.layouts)).toContain('bob');
    forget(drive);
    expect(JSON.stringify(drive.state.memory.layouts)).not.toContain('bob');
    const again = next(drive.state.memory);
    login(again);
    expect(again.tabs()).toEqual(ROOMS);
    drive.key('alt-2', 'alt-3');
    expect(JSON.stringify(drive.state.memory.layouts)).not.toContain('bob');
    drive.mail(1, 'hi');
    drive.key('alt-2');
    expect(JSON.stringify(drive.state.memory.layouts)).toContain('bob');
  });
});

test('a layout that is as it was changes nothing, so nothing is written', () => {
  const drive = first();
  drive.key('alt-2');
  const { memory } = drive.state;
  // To where it is already.
  moveTab(drive.state, 2);
  expect(drive.state.inner.layout.kind).toBe('changed');
  drive.tick();
  expect(drive.state.inner.layout.kind).toBe('kept');
  expect(drive.state.memory).toBe(memory);
});
