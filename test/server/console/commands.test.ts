import { userInfo } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import type { Commands } from '../../../src/server/console/commands.ts';
import { type RunningServer, startServer } from '../../../src/server/main.ts';
import { WireClient } from '../client.ts';
import { temporaryFolder } from '../running.ts';

async function setUp(): Promise<{
  server: RunningServer;
  commands: Commands;
  guest: (name: string) => Promise<WireClient>;
}> {
  let commands: Commands | undefined;
  const started = await startServer(
    {
      host: '127.0.0.1',
      port: 0,
      dataFolder: temporaryFolder(),
      awayAfter: 10_000,
      logOffAfter: 900_000,
      guests: true,
      // The console needs none.
      hostLogin: false,
      registration: 'invite',
      lockoutAfter: 3,
      lockoutFor: 60_000,
      rateLimit: true,
      durability: 'process',
    },
    { show: () => undefined, operate: (given) => void (commands = given) },
  );
  if (!started.ok || commands === undefined) throw new Error('no server with commands');
  const server = started.value;
  const clients: WireClient[] = [];
  onTestFinished(async () => {
    for (const client of clients) client.close();
    await server.stop();
  });
  const guest = async (name: string): Promise<WireClient> => {
    const client = await WireClient.guest(server.address.port, name);
    clients.push(client);
    return client;
  };
  return { server, commands, guest };
}

const me = userInfo().username;

test('an operator at the console keeps order, as over the wire', async () => {
  const { commands, guest } = await setUp();
  const bob = await guest('bob');
  expect(await commands.run('/who')).toEqual([expect.stringMatching(/^~bob {2}online {2}\d+s$/)]);
  bob.send({ type: 'join', room: '#dev' });
  await bob.expect('room');
  expect(await commands.run('/topic #dev be kind')).toEqual(['#dev has the topic: be kind']);
  expect(await bob.expect('topic')).toMatchObject({ text: 'be kind', by: me });
  expect(await commands.run('/slow #dev 10s')).toEqual(['everybody may write to #dev once in 10 s']);
  expect(await bob.expect('room')).toMatchObject({ room: { slow: 10_000 } });
  expect(await commands.run('/close #dev')).toEqual(['#dev is closed; 1 were in it']);
  expect(await bob.expect('left')).toMatchObject({ room: '#dev', user: '~bob' });
  expect(await commands.run('/rooms')).toEqual(['#lobby  1', '#dev  0  be kind']);
  expect(await commands.run('/kick ~bob too loud')).toEqual(['~bob is put out']);
  expect(await bob.expect('error')).toMatchObject({ code: 'kicked', text: `${me} has put you out: too loud` });
  expect(await commands.run('/ban ~bob 1h')).toEqual(['~bob is banned for 1 h']);
  expect(await commands.run('/bans')).toEqual([
    expect.stringMatching(new RegExp(`^~bob {2}by ${me}, for (59m|1h) more$`)),
  ]);
  expect(await commands.run('/unban ~bob')).toEqual(['~bob may come back']);
  expect(await commands.run('/bans')).toEqual(['none']);
  const audit = await commands.run('/audit 3');
  expect(audit.map((line) => line.replace(/^[-\d]+ [\d:]+ /, ''))).toEqual([
    `${me} kick ~bob too loud`,
    `${me} ban ~bob for 1 h`,
    `${me} unban ~bob`,
  ]);
});

test('what is refused or mistyped is one line that says so', async () => {
  const { commands } = await setUp();
  expect(await commands.run('/kick nobody')).toEqual(['! nobody is not here (no_such_user)']);
  expect(await commands.run(`/ban ${me}`)).toEqual([expect.stringContaining('(protected_user)')]);
  expect(await commands.run('/kick')).toEqual(['! write /kick USER [REASON]']);
  expect(await commands.run('   ')).toEqual([]);
  expect((await commands.run('/help')).length).toBeGreaterThan(10);
});

test('the console puts nobody online, and what others write says nothing to its terminal', async () => {
  const { commands, guest } = await setUp();
  await commands.run('/bans');
  const bob = await guest('bob');
  bob.send({ type: 'who' });
  expect((await bob.expect('users')).users.map(({ name }) => name)).toEqual(['~bob']);
  bob.send({ type: 'join', room: '#x' }, { type: 'topic', room: '#x', text: 'a\u009b31m\u202eb' });
  await bob.until('topic');
  const lines = await commands.run('/rooms');
  expect(lines.join('')).not.toMatch(/[\0-\x1f\x7f-\x9f]/);
});

test('commands after the server has stopped are answered too', async () => {
  const { server, commands } = await setUp();
  await commands.run('/bans');
  await server.stop();
  expect(await commands.run('/bans')).toEqual([expect.stringMatching(/^! /)]);
});
