import { describe, expect, test } from 'vitest';
import { needRoot } from './harness/host.ts';
import { openStage } from './harness/open-stage.ts';
import { ONLINE, OWN_NAME } from './harness/stage.ts';

test('a message typed in one terminal appears in the other, and the answer in the first', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const [alice, bob] = await stage.guests(server, ['alice', 'bob']);
  alice.say('hello from a real terminal');
  await bob.waitFor(/~alice +hello from a real terminal/);
  bob.say('seen, and answered');
  await alice.waitFor(/~bob +seen, and answered/);
  // Each once, and acknowledged: nothing is on its way.
  await alice.waitUntilGone('sending');
  expect(alice.screen().filter((line) => line.includes('hello from a real terminal'))).toHaveLength(1);
});

test('uchat without a name or a password is whom the host knows, and two of their terminals are one person', async () => {
  const stage = openStage();
  const server = await stage.server();
  const first = stage.client(server);
  await first.waitFor(ONLINE);
  const second = stage.client(server);
  await second.waitFor(ONLINE);
  await first.waitFor('here 1');
  first.say('to myself, over there');
  await second.waitFor(new RegExp(`${OWN_NAME} +to myself, over there`));
  await second.waitFor(new RegExp(`here 1.*\\n.*● ${OWN_NAME} +you`));
  // Only when the last has gone is the person gone.
  first.press('ctrl-c');
  expect(await first.ended()).toEqual({ status: 0, signal: undefined });
  second.say('still here');
  await second.waitFor(new RegExp(`● ${OWN_NAME} +you`));
});

test('the list shows at once who comes and who leaves', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const [alice] = await stage.guests(server, ['alice']);
  const [bob] = await stage.guests(server, ['bob']);
  await alice.waitFor('here 2');
  await alice.waitFor('● ~bob');
  bob.say('/quit');
  await bob.ended();
  await alice.waitFor('○ ~bob');
  await alice.waitFor('here 1');
});

describe.runIf(needRoot())('two users of this host', () => {
  test('talk under the names that the kernel knows them by, without a password', async () => {
    const stage = openStage('alice', 'bob');
    const server = await stage.server();
    const [alice, bob] = await stage.logins(server, ['alice', 'bob']);
    alice.say('lunch?');
    await bob.waitFor(/ alice +lunch\?/);
    bob.say('in ten minutes');
    await alice.waitFor(/ bob +in ten minutes/);
    await alice.waitFor(/here 2.*\n.*● alice +you.*\n.*● bob/);
    await bob.waitFor(/here 2.*\n.*● alice.*\n.*● bob +you/);
  });

  test('can’t be each other', async () => {
    const stage = openStage('alice', 'bob');
    const server = await stage.server('--guests');
    const [alice] = await stage.logins(server, ['alice']);
    const other = await stage.run(server, ['send', 'lobby', '--user', 'alice', 'it is me'], { login: 'bob' });
    expect(other).toMatchObject({ status: 2, stdout: '' });
    expect(other.stderr).toContain('alice needs a password');
    const guest = await stage.run(server, ['send', 'lobby', 'it is me'], { login: 'bob', as: 'alice' });
    expect(guest).toMatchObject({ status: 1, stdout: '' });
    expect(alice.screen().join('\n')).not.toContain('it is me');
  });

  test('keep their membership of a room when they come back, wherever they come from', async () => {
    const stage = openStage('alice', 'bob');
    const server = await stage.server();
    const [alice, bob] = await stage.logins(server, ['alice', 'bob']);
    alice.say('/join #dev');
    await alice.waitFor('2:#dev');
    bob.say('/join #dev');
    await bob.waitFor('2:#dev');
    bob.press('ctrl-c');
    await bob.ended();
    alice.say('while you were out');
    const [again] = await stage.logins(server, ['bob'], { term: 'vt220' });
    await again.waitFor('2:#dev');
    again.press('alt-2');
    await again.waitFor(/alice +while you were out/);
  });
});
