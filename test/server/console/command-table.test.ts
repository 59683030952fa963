import { expect, test } from 'vitest';
import { helpLines, readCommand, WORDS } from '../../../src/server/console/command-table.ts';

const asks = (line: string): object => {
  const read = readCommand(line, 'c1');
  if (!read.ok) throw new Error(read.error);
  return 'ask' in read.value ? read.value.ask : read.value;
};
const says = (line: string): string => {
  const read = readCommand(line, 'c1');
  if (read.ok) throw new Error(`${line} was taken`);
  return read.error;
};

test.each([
  ['/who', { type: 'who' }],
  ['/who 1h', { type: 'who', since: 3_600_000 }],
  ['/rooms', { type: 'rooms' }],
  ['/topic #dev be  kind', { type: 'topic', room: '#dev', text: 'be  kind' }],
  ['/topic DEV -', { type: 'topic', room: '#dev', text: '' }],
  ['/announce  restart at noon', { type: 'announce', text: 'restart at noon' }],
  ['/invite', { type: 'invite' }],
  ['/kick ~bob', { type: 'kick', user: '~bob' }],
  ['/kick ~bob too loud', { type: 'kick', user: '~bob', reason: 'too loud' }],
  ['/ban ~bob', { type: 'ban', target: '~bob' }],
  ['/ban uid 1009 2h spam, again', { type: 'ban', target: 'uid 1009', for: 7_200_000, reason: 'spam, again' }],
  ['/ban 1009 spam', { type: 'ban', target: 'uid 1009', reason: 'spam' }],
  ['/ban 2001:db8::1 90', { type: 'ban', target: '2001:db8::1', for: 90_000 }],
  ['/unban 10.0.0.7', { type: 'unban', target: '10.0.0.7' }],
  ['/unban uid 1009', { type: 'unban', target: 'uid 1009' }],
  ['/bans', { type: 'bans' }],
  ['/op alice', { type: 'op', user: 'alice' }],
  ['/deop alice', { type: 'deop', user: 'alice' }],
  ['/slow #dev 10s', { type: 'slow', room: '#dev', every: 10_000 }],
  ['/slow dev off', { type: 'slow', room: '#dev', every: 0 }],
  ['/keep #dev', { type: 'keep', room: '#dev' }],
  ['/keep dev 90d, 1GB', { type: 'keep', room: '#dev', keep: { age: 7_776_000_000, bytes: 1e9 } }],
  ['/keep #dev forever', { type: 'keep', room: '#dev', keep: {} }],
  ['/keep #dev default', { type: 'keep', room: '#dev', default: true }],
  ['/close #dev moved to #new', { type: 'close', room: '#dev', reason: 'moved to #new' }],
])('%s', (line, message) => {
  expect(asks(line)).toEqual({ ...message, id: 'c1' });
});

test('the console’s own commands ask nothing of the server', () => {
  expect(asks('/help')).toEqual({ own: 'help' });
  expect(asks('  /stop ')).toEqual({ own: 'stop' });
  expect(asks('/audit')).toEqual({ audit: 20 });
  expect(asks('/audit 100')).toEqual({ audit: 100 });
});

test('what is wrong is said, with how to write it', () => {
  expect(says('hello all')).toBe('commands begin with /, such as /who; /help lists them');
  expect(says('/')).toContain('/help');
  expect(says('/nonsense')).toBe('there is no command /nonsense; /help lists them');
  expect(says('/constructor')).toBe('there is no command /constructor; /help lists them');
  expect(says('/kick')).toBe('write /kick USER [REASON]');
  expect(says('/ban bob 1w spam')).toContain('"1w" is not a duration');
  expect(says('/kick bob!')).toContain('write /kick USER [REASON]');
  expect(says('/slow #dev')).toBe('write /slow ROOM DURATION|off');
  expect(says('/slow #dev x')).toContain('is not a duration');
  // Whoever wants to see a topic doesn't lose it.
  expect(says('/topic #dev')).toBe('write /topic ROOM TEXT');
  expect(says('/keep #dev 90')).toContain('write 90d');
  expect(says('/keep')).toBe('write /keep ROOM [90d|1GB|forever|default]');
  expect(says('/close d$v')).toContain("a room's name");
  expect(says('/audit -1')).toContain('a number');
  expect(says(`/announce ${'x'.repeat(9000)}`)).toContain('8192 bytes');
});

test('each line of the help fits the dashboard at 80 columns', () => {
  for (const line of helpLines()) expect(line.length).toBeLessThanOrEqual(80 - '│20:46:24 │'.length);
});

test('every command has its word for completion', () => {
  expect(WORDS).toEqual(expect.arrayContaining(['/ban', '/who', '/help', '/stop', '/audit']));
});
