import { describe, expect, test } from 'vitest';
import type { Memory } from '../../../src/client/core/memory.ts';
import { BELL_EVERY_MS, NOTIFY_EVERY_MS } from '../../../src/client/core/telling.ts';
import { TELLING } from '../../../src/client/core/telling-options.ts';
import { nextWake } from '../../../src/client/core/wake.ts';
import { view } from '../../../src/client/view/view.ts';
import { at, Drive, info, START } from './drive.ts';

interface Options {
  readonly memory?: Memory;
  readonly telling?: Partial<typeof TELLING>;
  readonly focused?: boolean;
}

function online({ memory, telling = {}, focused = false }: Options = {}): Drive {
  const drive = new Drive({ ...(memory === undefined ? {} : { memory }), telling: { ...TELLING, ...telling } });
  drive.event({ type: 'start' });
  drive.login([info('#lobby'), info('#dev')]);
  drive.event({ type: 'focus', on: focused });
  drive.effects.length = 0;
  return drive;
}

/** What has rung and what was told since this was asked last, and what the time that passes brings. */
function told(drive: Drive, pass = 0): string[] {
  drive.pass(pass);
  if (pass > 0) drive.tick();
  const all = drive.effects.splice(0);
  return all.flatMap((effect) => {
    if (effect.do === 'bell') return ['bell'];
    return effect.do === 'notify' ? [`${effect.title}: ${effect.text}`] : [];
  });
}

const title = (drive: Drive): string => view(drive.state, { now: at(START), mono: drive.mono }).title;
const screen = (drive: Drive): string =>
  view(drive.state, { now: at(START), mono: drive.mono })
    .rows.map((row) => row.map(({ text }) => text).join(''))
    .join('\n');

describe('while nobody is before the terminal', () => {
  test('what names us rings and is told, and nothing else', () => {
    const drive = online();
    drive.hear('#lobby', 1, 'good morning');
    expect(told(drive)).toEqual([]);
    drive.hear('#lobby', 2, 'alice: look');
    expect(told(drive)).toEqual(['bell', 'bob in #lobby: alice: look']);
  });

  test('what stands on the screen counts as unread, and the line stands above it when one comes back', () => {
    const drive = online();
    drive.hear('#lobby', 1, 'one');
    drive.hear('#lobby', 2, 'two');
    expect(drive.tab().unread).toBe(2);
    expect(title(drive)).toBe('(2) #lobby - uchat');
    drive.event({ type: 'focus', on: true });
    expect(drive.tab().unread).toBe(0);
    expect(title(drive)).toBe('#lobby - uchat');
    expect(screen(drive)).toContain('2 new');
    drive.hear('#lobby', 3, 'three');
    expect(screen(drive)).toContain('3 new');
    drive.enter('I am back');
    expect(screen(drive)).not.toContain('new');
  });

  test('a message in private is told without its text, unless one wants that', () => {
    for (const [privateText, text] of [
      [false, 'a private message'],
      [true, 'secret'],
    ] as const) {
      const drive = online({ telling: { privateText } });
      drive.mail(1, 'secret');
      expect(told(drive)).toEqual(['bell', `bob: ${text}`]);
    }
  });

  test('many are told as one, a little later', () => {
    const drive = online();
    drive.hear('#lobby', 1, 'alice: one');
    drive.hear('#lobby', 2, 'alice: two');
    drive.hear('#dev', 1, 'alice: three');
    expect(told(drive)).toEqual(['bell', 'bob in #lobby: alice: one']);
    expect(nextWake(drive.state)).toBeLessThanOrEqual(drive.mono + NOTIFY_EVERY_MS);
    expect(told(drive, NOTIFY_EVERY_MS)).toEqual(['2 new messages: from bob in #lobby, bob in #dev']);
    expect(told(drive, NOTIFY_EVERY_MS)).toEqual([]);
  });

  test('bells are not rung in a row', () => {
    const drive = online({ telling: { notifications: false } });
    for (let i = 1; i <= 5; i++) drive.hear('#lobby', i, 'alice!');
    expect(told(drive)).toEqual(['bell']);
    drive.pass(BELL_EVERY_MS);
    drive.hear('#lobby', 6, 'alice!');
    expect(told(drive)).toEqual(['bell']);
  });
});

describe('while somebody is', () => {
  test('what they look at is neither rung nor told, and what is elsewhere is', () => {
    const drive = online({ focused: true });
    drive.hear('#lobby', 1, 'alice: here');
    expect(told(drive)).toEqual([]);
    drive.hear('#dev', 1, 'alice: there');
    expect(told(drive)).toEqual(['bell', 'bob in #dev: alice: there']);
  });

  test('what they have looked at meanwhile is not told later', () => {
    const drive = online();
    drive.hear('#dev', 1, 'alice: one');
    drive.hear('#lobby', 1, 'alice: two');
    drive.hear('#dev', 2, 'alice: three');
    told(drive);
    drive.event({ type: 'focus', on: true });
    expect(told(drive, NOTIFY_EVERY_MS)).toEqual(['bob in #dev: alice: three']);
  });

  test.each(['key', 'click'] as const)('a %s says that somebody is, whatever the terminal says', (how) => {
    const drive = online();
    drive.hear('#lobby', 1, 'one');
    expect(drive.tab().unread).toBe(1);
    if (how === 'key') drive.key('left');
    else drive.event({ type: 'click', x: 20, y: 10 });
    expect(drive.state.focused).toBe(true);
    expect(drive.tab().unread).toBe(0);
  });

  test('no key says it of a terminal that never has', () => {
    const drive = new Drive();
    drive.login();
    drive.type('x');
    expect(drive.state.focused).toBeUndefined();
  });

  test('where the terminal never says so, what is on the screen rings', () => {
    const drive = new Drive();
    drive.login();
    drive.hear('#lobby', 1, 'alice: here');
    expect(told(drive)).toEqual(['bell']);
    expect(drive.tab().unread).toBe(0);
  });
});

describe('/notify', () => {
  const heard = (drive: Drive): string[] => {
    drive.hear('#dev', 1, 'a word');
    const word = told(drive, NOTIFY_EVERY_MS).length > 0 ? ['word'] : [];
    drive.hear('#dev', 2, 'alice: a call');
    const call = told(drive, NOTIFY_EVERY_MS).length > 0 ? ['call'] : [];
    drive.mail(1, 'psst');
    return [...word, ...call, ...(told(drive, NOTIFY_EVERY_MS).length > 0 ? ['private'] : [])];
  };

  test.each([
    ['off', []],
    ['mentions', ['call', 'private']],
    ['private', ['private']],
    ['all', ['word', 'call', 'private']],
  ] as const)('default %s tells of %j', (level, expected) => {
    const drive = online();
    drive.enter(`/notify default ${level}`);
    told(drive, NOTIFY_EVERY_MS);
    expect(heard(drive)).toEqual(expected);
  });

  test('is for the chat one is in, says how it is, and goes back to what all have', () => {
    const drive = online();
    drive.key('alt-2');
    drive.enter('/notify off');
    expect(drive.state.hint?.text).toMatch(/^#dev off: nothing rings; in others mentions/);
    drive.key('alt-1');
    expect(heard(drive)).toEqual(['private']);
    expect(title(drive)).toBe('(1*) #lobby - uchat');
    drive.key('alt-2');
    drive.enter('/notify same');
    drive.enter('/notify');
    expect(drive.state.hint?.text).toMatch(/^#dev mentions: .* as in all chats$/);
  });

  test('is remembered, for each chat', () => {
    const first = online();
    first.enter('/notify all');
    first.enter('/notify default private');
    const drive = online({ memory: JSON.parse(JSON.stringify(first.state.memory)) });
    drive.hear('#lobby', 1, 'a word');
    expect(told(drive)).toEqual(['bell', 'bob in #lobby: a word']);
    expect(heard(drive)).toEqual(['private']);
  });

  test('of a live chat is not remembered: nothing on the disk names who one talks to', () => {
    const drive = online();
    drive.talk('bob');
    drive.key('alt-3');
    expect(drive.active()).toBe('=bob');
    drive.enter('/notify off');
    expect(drive.state.hint?.text).toMatch(/^=bob off/);
    expect(JSON.stringify(drive.state.memory)).not.toContain('bob');
    drive.enter('/notify same');
    expect(drive.state.hint?.text).toMatch(/^=bob mentions/);
  });

  test('wants one of its words', () => {
    const drive = online();
    drive.enter('/notify loud');
    expect(drive.state.hint).toMatchObject({ bad: true });
    expect(drive.state.memory.telling).toBeUndefined();
  });
});

describe('/dnd', () => {
  test('nothing rings for a while, what comes is counted, and the status bar says so', () => {
    const drive = online();
    drive.enter('/dnd 5s');
    expect(screen(drive)).toContain('do not disturb');
    drive.event({ type: 'focus', on: false });
    drive.hear('#lobby', 1, 'alice!');
    expect(told(drive)).toEqual([]);
    expect(title(drive)).toBe('(1*) #lobby - uchat');
    expect(told(drive, 5000)).toEqual([]);
    expect(screen(drive)).not.toContain('do not disturb');
    drive.hear('#lobby', 2, 'alice!');
    expect(told(drive)).toContain('bell');
  });

  test('what waits to be told when it begins is not told', () => {
    const drive = online();
    drive.hear('#dev', 1, 'alice: one');
    drive.hear('#dev', 2, 'alice: two');
    told(drive);
    drive.enter('/dnd');
    expect(told(drive, NOTIFY_EVERY_MS)).toEqual([]);
    drive.enter('/dnd off');
    expect(told(drive, NOTIFY_EVERY_MS)).toEqual([]);
  });

  test('lasts until off, over a restart, too', () => {
    const first = online();
    first.enter('/dnd');
    const drive = online({ memory: JSON.parse(JSON.stringify(first.state.memory)) });
    drive.hear('#lobby', 1, 'alice!');
    expect(told(drive, 5000)).toEqual([]);
    drive.enter('/dnd off');
    drive.event({ type: 'focus', on: false });
    drive.hear('#lobby', 2, 'alice!');
    expect(told(drive)).toContain('bell');
  });

  test('ends at its time after a restart', () => {
    const first = online();
    first.enter('/dnd 1h');
    const drive = new Drive({ memory: JSON.parse(JSON.stringify(first.state.memory)) });
    drive.mono = first.mono + 2 * 3_600_000;
    drive.event({ type: 'start' });
    drive.login();
    drive.hear('#lobby', 1, 'alice!');
    expect(told(drive)).toContain('bell');
  });
});

describe('words of one’s own', () => {
  test('call as the name does, as whole words, and are marked', () => {
    const drive = online({ telling: { words: ['deploy', 'café'] } });
    drive.hear('#lobby', 1, 'redeployed');
    expect(told(drive)).toEqual([]);
    drive.hear('#lobby', 2, 'who will Deploy?');
    expect(told(drive)).toContain('bell');
    const runs = view(drive.state, { now: at(START), mono: drive.mono }).rows.flat();
    expect(runs.filter(({ role }) => role === 'mention').map(({ text }) => text)).toEqual(['Deploy']);
  });
});
