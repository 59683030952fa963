import { describe, expect, test } from 'vitest';
import { needRoot } from './harness/host.ts';
import { openStage } from './harness/open-stage.ts';
import { ONLINE, OWN_NAME } from './harness/stage.ts';

test('a guest is marked in every list, and with every message', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const own = stage.client(server);
  await own.waitFor(ONLINE);
  const [alice] = await stage.guests(server, ['alice']);
  alice.say('hello');
  await own.waitFor(/ ~alice +hello/);
  await own.waitFor('● ~alice');
  await alice.waitFor(new RegExp(`● ${OWN_NAME}`));
  expect((await stage.run(server, ['who'])).stdout).toMatch(/^~alice +online/m);
});

test('a guest can’t have the name of somebody with a log-in on this host, and may take another', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const client = stage.client(server, { as: 'root' });
  await client.waitFor(/login/i);
  await client.waitFor(/Name +root/);
  client.press('ctrl-u').type('not-root').press('enter');
  await client.waitFor(/● ~not-root +you/);
});

test('a server without --guests lets none in, and says what to do', async () => {
  const stage = openStage();
  const server = await stage.server();
  const client = stage.client(server, { as: 'alice' });
  expect((await client.ended()).status).toBe(1);
  expect(client.screen().join('\n')).toMatch(/uchat: [^]*--guests/);
});

describe.runIf(needRoot())('two users of one host', () => {
  test('can’t be a guest of one name at once', async () => {
    const stage = openStage('stranger');
    const server = await stage.server('--guests');
    const [alice] = await stage.guests(server, ['alice']);
    const other = stage.client(server, { as: 'alice', login: 'stranger' });
    await other.waitFor('somebody else is ~alice right now');
    other.press('ctrl-u').type('alice2').press('enter');
    await other.waitFor(/● ~alice2 +you/);
    await alice.waitFor('● ~alice2');
  });
});

test('one user may be the same guest in two terminals', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const [first, second] = await stage.guests(server, ['alice', 'alice']);
  first.say('to my other terminal');
  await second.waitFor(/~alice +to my other terminal/);
  await second.waitFor('here 1');
});
