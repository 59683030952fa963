import { describe, expect, test } from 'vitest';
import {
  judgeRemote,
  judgeScreen,
  judgeTmux,
  type TmuxFacts,
} from '../../../../src/client/doctor/judge/multiplexer.ts';

const GOOD: Readonly<Record<string, string>> = {
  'allow-passthrough': 'on',
  'set-clipboard': 'on',
  'focus-events': '1',
  'escape-time': '20',
  'default-terminal': 'tmux-256color',
};
const tmux = (options: Readonly<Record<string, string | undefined>>, given: Partial<TmuxFacts> = {}) =>
  judgeTmux({
    version: '3.4',
    options: new Map(
      Object.entries({ ...GOOD, ...options }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    clientUtf8: true,
    ...given,
  });
const wrong = (...args: Parameters<typeof tmux>) => tmux(...args).filter(({ level }) => level !== 'ok');

describe('tmux', () => {
  test('as it should be has nothing wrong with it', () => {
    expect(tmux({})).toEqual([{ check: 'tmux', level: 'ok', says: 'inside of tmux 3.4' }]);
    expect(wrong({ 'allow-passthrough': 'all' })).toEqual([]);
  });

  test.each<readonly [option: string, value: string, mend: string]>([
    ['allow-passthrough', '0', 'set -g allow-passthrough on'],
    ['allow-passthrough', 'off', 'set -g allow-passthrough on'],
    ['focus-events', '0', 'set -g focus-events on'],
    ['escape-time', '500', 'set -s escape-time'],
    ['default-terminal', 'screen', 'set -g default-terminal'],
  ])('%s %s is a note with what mends it', (option, value, mend) => {
    expect(wrong({ [option]: value })).toEqual([
      expect.objectContaining({
        level: 'note',
        says: expect.stringContaining(option),
        mend: expect.stringContaining(mend),
      }),
    ]);
  });

  test('what is copied goes one way or the other, so only both of them shut are worth a note', () => {
    expect(wrong({ 'set-clipboard': 'external' })).toEqual([]);
    expect(wrong({ 'set-clipboard': 'external', 'allow-passthrough': 'off' }).map(({ says }) => says)).toEqual([
      expect.stringContaining('allow-passthrough is off'),
      expect.stringContaining('set-clipboard is external'),
    ]);
  });

  test('an old one, which has no such option, lets all through', () => {
    expect(wrong({ 'allow-passthrough': undefined, 'set-clipboard': 'external' })).toEqual([]);
  });

  test('that takes the terminal for one without UTF-8 is a problem', () => {
    expect(wrong({}, { clientUtf8: false })).toEqual([expect.objectContaining({ level: 'problem' })]);
  });

  test('that does not answer is a note', () => {
    expect(judgeTmux(undefined)).toEqual([expect.objectContaining({ level: 'note' })]);
  });
});

describe('screen', () => {
  const screen = (given: Partial<Parameters<typeof judgeScreen>[0]>) =>
    judgeScreen({ version: '4.09.00', utf8: true, altScreen: true, ...given });

  test('tells no focus, which is a note', () => {
    expect(screen({}).map(({ level }) => level)).toEqual(['ok', 'note']);
  });

  test('without UTF-8 is a problem, and without another screen a note', () => {
    expect(screen({ utf8: false })).toContainEqual(
      expect.objectContaining({ level: 'problem', mend: expect.stringContaining('defutf8 on') }),
    );
    expect(screen({ altScreen: false })).toContainEqual(
      expect.objectContaining({ level: 'note', mend: 'altscreen on, in ~/.screenrc' }),
    );
    expect(screen({ utf8: undefined }).some(({ level }) => level === 'problem')).toBe(false);
  });
});

describe('from elsewhere', () => {
  test('nothing is said on the machine itself', () => {
    expect(judgeRemote({ ssh: undefined, mosh: undefined })).toEqual([]);
  });

  test('ssh is well, and mosh passes less on', () => {
    expect(judgeRemote({ ssh: '10.0.0.7', mosh: undefined })).toEqual([
      { check: 'ssh', level: 'ok', says: 'over ssh from 10.0.0.7' },
    ]);
    const levels = (version: string | undefined) =>
      judgeRemote({ ssh: '10.0.0.7', mosh: { version } }).map(({ check, level }) => `${check} ${level}`);
    expect(levels('1.4')).toEqual(['mosh ok', 'mosh note']);
    expect(levels(undefined)).toEqual(['mosh ok', 'mosh note']);
    expect(levels('1.3')).toEqual(['mosh ok', 'mosh note', 'mosh note']);
  });
});
