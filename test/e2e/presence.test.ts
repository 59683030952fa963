import { expect, test } from 'vitest';
import { openStage } from './harness/open-stage.ts';
import { ONLINE } from './harness/stage.ts';

test('who presses no key is away after the set time, and back at the next key', async () => {
  const stage = openStage();
  const server = await stage.server('--guests', '--away-after', '1s');
  const [alice, bob] = await stage.guests(server, ['alice', 'bob']);
  await bob.waitFor('◐ ~alice');
  await alice.waitFor('◐ ~bob');
  await alice.waitFor('away 2');
  alice.press('left');
  await bob.waitFor('● ~alice');
  await alice.waitFor('● ~alice');
  await bob.waitFor('◐ ~alice');
});

test('a message brings its writer back as well', async () => {
  const stage = openStage();
  const server = await stage.server('--guests', '--away-after', '1s');
  const [bob] = await stage.guests(server, ['bob']);
  await bob.waitFor('◐ ~bob');
  bob.say('here again');
  await bob.waitFor('● ~bob');
});

test('who is away too long is logged off, is told why, and a key brings them back to where they were', async () => {
  const stage = openStage();
  const server = await stage.server('--guests', '--away-after', '1s', '--log-off-after', '2s');
  const [alice] = await stage.guests(server, ['alice']);
  alice.say('/join #dev');
  await alice.waitFor('2:#dev');
  alice.say('the last words in here').type('half a sentence');
  await alice.waitFor(/logged off.*Any key brings you back/i);
  expect(alice.modes.screen).toBe('alternate');
  // The others see it too.
  const { stdout } = await stage.run(server, ['who', '--since', '1h', '--json'], { as: 'observer' });
  expect(stdout.split('\n')[0]).toMatch(/"name":"~alice","state":"offline"/);
  const written = await stage.run(server, ['send', '#dev', 'said meanwhile'], { as: 'bob' });
  expect(written).toMatchObject({ status: 0, stderr: '' });

  alice.press('x');
  const screen = await alice.waitFor(ONLINE);
  expect(screen.find((line) => line.startsWith('> '))).toBe('> half a sentence');
  // What was said meanwhile is there, once, behind what was said before.
  await alice.waitFor(/~alice +the last words in here(.*\n)+.*~bob +said meanwhile/);
});
