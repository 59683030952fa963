import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStage } from './harness/open-stage.ts';
import { freePort, ONLINE, OWN_NAME, ROOT } from './harness/stage.ts';
import type { Typist } from './harness/typist.ts';
import { until } from './harness/wait.ts';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('where nothing listens on this host', () => {
  test('a server is started if one says so, and it outlives who started it', async () => {
    const stage = openStage();
    const address = `127.0.0.1:${await freePort()}`;
    const first = stage.client(address);
    await first.waitFor(`No server answers on ${address}. Start one here?`);
    first.say('y');
    await first.waitFor(ONLINE);
    await first.waitFor(new RegExp(`● ${OWN_NAME} +you`));
    const [, pid = ''] = /Started a server on \S+ \(process (\d+), log /.exec(first.raw) ?? [];
    first.say('is anybody here?');
    await first.waitFor(/is anybody here/);
    await first.waitUntilGone('sending');
    // The whole terminal goes, and with it everything that hangs on it.
    first.hangUp();
    await first.ended();
    expect(isAlive(Number(pid))).toBe(true);

    const second = stage.client(address);
    await second.waitFor(ONLINE);
    await second.waitFor(/is anybody here/);
    // Its log and its data are in its folder, for nobody else's eyes.
    const data = join(stage.environment().XDG_DATA_HOME ?? '', 'uchat-server');
    expect(statSync(data).mode & 0o077).toBe(0);
    expect(statSync(join(data, 'server.log')).mode & 0o077).toBe(0);
    expect(readFileSync(join(data, 'server.log'), 'utf8')).toContain('"event":"started"');
    process.kill(Number(pid), 'SIGTERM');
    await until(
      () => !isAlive(Number(pid)) || undefined,
      () => 'the server did not stop',
    );
  });

  test('else the form says why, and where to', async () => {
    const stage = openStage();
    const address = `127.0.0.1:${await freePort()}`;
    const client = stage.client(address);
    await client.waitFor('Start one here?');
    client.say('n');
    await client.waitFor(`nothing listens on ${address}`);
    const screen = await client.waitFor(/IP address +127\.0\.0\.1/);
    expect(screen.join('\n')).toMatch(/Port +\d+(.*\n)+ +Name/);
    client.press('escape');
    expect((await client.ended()).status).toBe(3);
    expect(client.modes.screen).toBe('normal');
    expect(client.screen().join('\n')).toContain(`uchat: nothing listens on ${address}`);
  });

  test('npm start asks the same', async () => {
    const stage = openStage();
    const address = `127.0.0.1:${await freePort()}`;
    const client = stage.terminal(['npm', 'start', '--silent', '--prefix', ROOT], { env: { UCHAT_SERVER: address } });
    await client.waitFor(`No server answers on ${address}. Start one here?`);
    client.say('y');
    await client.waitFor(ONLINE);
    client.say('/quit');
    expect((await client.ended()).status).toBe(0);
    expect(client.modes.screen).toBe('normal');
  });

  test('no server is offered on another host’s address', async () => {
    const stage = openStage();
    // TEST-NET-1 (RFC 5737), where nobody is: refused, unreachable, or silent until one has enough of it.
    const client = stage.client('192.0.2.1', { as: 'alice' });
    // A terminal that its program hasn't taken yet swallows the key.
    const pressing = setInterval(() => client.press('ctrl-c'), 250);
    await client.ended().finally(() => clearInterval(pressing));
    expect(client.raw).not.toContain('Start one here?');
  });
});

const FIELDS = ['IP address', 'Port', 'Name'];

/** The field in which the cursor is. */
const focused = (client: Typist): string | undefined =>
  FIELDS.find((label) => client.screen()[client.emulator.cursor.y]?.includes(label));

/** Tab until it is the one, from whichever the form begins with. */
async function focusOn(client: Typist, field: string): Promise<void> {
  await client.waitFor(() => focused(client) !== undefined);
  for (let before = focused(client); before !== field; before = focused(client)) {
    client.press('tab');
    await client.waitFor(() => focused(client) !== before);
  }
}

describe('the form', () => {
  test('asks for address, port and name, connects, and knows them the next time', async () => {
    const stage = openStage();
    const server = await stage.server('--guests');
    const first = stage.client(undefined, { args: ['--connect'] });
    await first.waitFor('Connect to a server');
    await focusOn(first, 'Port');
    first.press('ctrl-u').type(String(server.port)).press('tab');
    await first.waitFor(() => focused(first) === 'Name');
    first.press('ctrl-u').type('alice').press('enter');
    await first.waitFor(ONLINE);
    await first.waitFor(/● ~alice +you/);
    first.say('/quit');
    await first.ended();

    // With nothing said at all, it comes to where one was; and the form is filled in.
    const second = stage.client(undefined, { args: ['--connect'] });
    await second.waitFor(new RegExp(`Port +${server.port}`));
    await second.waitFor(/Name +alice/);
    second.press('enter');
    await second.waitFor(/● ~alice +you/);
  });

  test('says which field is wrong, and connects to nothing', async () => {
    const stage = openStage();
    const client = stage.client(undefined, { args: ['--connect'] });
    await client.waitFor('Connect to a server');
    await focusOn(client, 'Port');
    client.press('ctrl-u').type('0').press('tab').type('alice').press('enter');
    await client.waitFor('a port is a number from 1 to 65535');
    expect(focused(client)).toBe('Port');
    expect(client.ending).toBeUndefined();
    client.press('ctrl-c');
    expect((await client.ended()).status).toBe(0);
  });

  test('asks a guest without a name for one', async () => {
    const stage = openStage();
    const server = await stage.server('--guests');
    const client = stage.client(server, { args: ['--guest'] });
    await client.waitFor(/as a guest/);
    client.type('dora').press('enter');
    await client.waitFor(/● ~dora +you/);
  });
});
