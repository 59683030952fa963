import { describe, expect, test } from 'vitest';
import { openStage } from './harness/open-stage.ts';
import { freePort, OWN_NAME } from './harness/stage.ts';

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

interface Line {
  readonly [field: string]: unknown;
}

const jsonLines = (stdout: string): Line[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const value: Line = JSON.parse(line);
      return value;
    });

test('uchat send says something in a room, silently, and history and tail --json read it', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const tail = stage.script(server, ['tail', 'lobby', '--json'], { as: 'reader' });
  const [alice] = await stage.guests(server, ['alice']);
  // Wherever the tail begins, from there on it misses nothing.
  await stage.run(server, ['send', 'lobby', 'first'], { as: 'deploy' });
  const sent = await stage.run(server, ['send', '#lobby', 'the', 'build', 'is', 'green'], { as: 'deploy' });
  expect(sent).toEqual({ status: 0, stdout: '', stderr: '' });
  await alice.waitFor(/~deploy +first(.*\n)+.*the build is green/);

  const { stdout } = await stage.run(server, ['history', 'lobby', '--json'], { as: 'reader' });
  const entries = jsonLines(stdout);
  expect(entries).toEqual([
    { room: '#lobby', seq: 1, from: '~deploy', text: 'first', time: expect.stringMatching(ISO_TIME) },
    { room: '#lobby', seq: 2, from: '~deploy', text: 'the build is green', time: expect.stringMatching(ISO_TIME) },
  ]);
  const followed = await tail.waitFor('both', () => (tail.stdout.includes('green') ? tail.stdout : undefined));
  expect(jsonLines(followed).at(-1)).toEqual(entries[1]);
  expect((await stage.run(server, ['history', 'lobby', '--limit', '1'], { as: 'reader' })).stdout).toMatch(
    /^\d\d:\d\d ~deploy: the build is green\n$/,
  );
});

test('a host log-in needs no name in a script either', async () => {
  const stage = openStage();
  const server = await stage.server();
  expect(await stage.run(server, ['send', 'lobby', 'from cron'])).toEqual({ status: 0, stdout: '', stderr: '' });
  expect((await stage.run(server, ['history', 'lobby'])).stdout).toContain(` ${OWN_NAME}: from cron\n`);
});

test('each line of standard input is a message', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const input = 'one\n\ntwo\r\nthree, without an end';
  expect((await stage.run(server, ['send', 'lobby'], { as: 'log', input })).status).toBe(0);
  const { stdout } = await stage.run(server, ['history', 'lobby', '--json'], { as: 'log' });
  expect(jsonLines(stdout).map(({ text }) => text)).toEqual(['one', 'two', 'three, without an end']);
});

test('tail goes on through a restart of the server, without a gap and without a repetition', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const tail = stage.script(server, ['tail', '--limit', '5'], { as: 'reader' });
  await stage.run(server, ['send', 'lobby', 'one'], { as: 'log' });
  await tail.waitFor('one', () => tail.stdout.includes('one') || undefined);
  await server.kill('SIGKILL');
  await tail.waitFor('a word about it', () => tail.stderr.includes('trying again') || undefined);
  await server.startAgain();
  await stage.run(server, ['send', 'lobby'], { as: 'log', input: 'two\nthree\n' });
  await tail.waitFor('three', () => tail.stdout.includes('three') || undefined);
  expect(tail.lines().map((line) => line.replace(/^.*: /, ''))).toEqual(['one', 'two', 'three']);
});

test('uchat who --json says who is here and since when, and scripts are nobody', async () => {
  const stage = openStage();
  const server = await stage.server('--guests', '--away-after', '1s');
  const [alice] = await stage.guests(server, ['alice']);
  await alice.waitFor('◐ ~alice');
  const { stdout, status } = await stage.run(server, ['who', '--json'], { as: 'script' });
  expect(status).toBe(0);
  expect(jsonLines(stdout)).toEqual([{ name: '~alice', state: 'away', since: expect.stringMatching(ISO_TIME) }]);
  expect((await stage.run(server, ['who'], { as: 'script' })).stdout).toMatch(/^~alice +away +\d+s\n$/);
  // The reading of it has not shown in anybody's list.
  expect(alice.screen().join('\n')).not.toContain('script');
});

describe('the exit status', () => {
  test('is 1 where the server refuses', async () => {
    const stage = openStage();
    const server = await stage.server();
    const { status, stdout, stderr } = await stage.run(server, ['send', 'lobby', 'hi'], { as: 'alice' });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^uchat: .*--guests\n$/);
  });

  test.each([
    ['an option that there isn’t', ['send', 'lobby', '--loudly', 'hi']],
    ['no target', ['send']],
    ['a target that is no room', ['history', 'two words']],
    ['a number that is none', ['history', 'lobby', '--limit', 'many']],
    ['a command that there isn’t', ['shout', 'lobby', 'hi']],
  ])('is 2 for %s', async (_, args) => {
    const stage = openStage();
    const { status, stdout, stderr } = await stage.run(undefined, args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^uchat: [^\n]+\n$/);
  });

  test.each([['send', 'lobby', 'hi'], ['tail'], ['who'], ['history', 'lobby']])(
    'is 3 where nothing listens: %s',
    async (command, ...args) => {
      const stage = openStage();
      const address = `127.0.0.1:${await freePort()}`;
      const { status, stdout, stderr } = await stage.run(undefined, [command, '--server', address, ...args]);
      expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
      expect(stderr).toMatch(new RegExp(`^uchat: [^\\n]*${address}[^\\n]*\\n$`));
    },
  );

  test('is 2 for the full screen without a terminal', async () => {
    const stage = openStage();
    const { status, stderr } = await stage.run(undefined, []);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^uchat: [^\n]*terminal[^\n]*\n$/);
  });
});
