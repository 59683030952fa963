import { describe, expect, test } from 'vitest';
import { Program } from './program.ts';
import { pass, settle, World } from './world.ts';

const world = async () => {
  const made = new World();
  const alice = await made.comes('alice');
  return { world: made, alice };
};

describe('a log-in', () => {
  test('by whatever method is welcomed under the own name, into a lobby whose messages nobody counts', async () => {
    const { alice } = await world();
    for (const auth of [{ method: 'guest' }, { method: 'password', password: 'secret' }]) {
      const program = await alice.opens({ name: 'somebody', auth });
      expect(program.got).toEqual([
        {
          type: 'welcome',
          version: 1,
          server: 'local network',
          user: 'alice',
          time: expect.any(Number),
          awayAfter: 10_000,
          logOffAfter: 0,
          rooms: [{ name: '#lobby', topic: '', last: 0 }],
          lan: { device: alice.device, since: expect.any(Number) },
          sparse: ['#lobby'],
        },
      ]);
    }
  });

  test('in another version of the protocol is refused', async () => {
    const { alice } = await world();
    const program = await alice.opens({ version: 2 });
    expect(program.errors).toEqual(['version_unsupported']);
    expect(program.ended).toBeDefined();
  });

  test('is not said twice', async () => {
    const { alice } = await world();
    alice.program.logIn();
    await settle();
    expect(alice.program.errors).toEqual(['already_logged_in']);
    expect(alice.program.ended).toBeUndefined();
  });

  test('comes before everything else', async () => {
    const { alice } = await world();
    const program = new Program(alice.hub);
    program.say({ type: 'say', to: '#lobby', text: 'hi' });
    await settle();
    expect(program.errors).toEqual(['hello_expected']);
    expect(program.ended).toBeDefined();
  });

  test('comes within ten seconds, or never', async () => {
    const { alice } = await world();
    const program = new Program(alice.hub);
    program.say({ type: 'ping' });
    await pass(9900);
    expect(program.got).toEqual([{ type: 'pong' }]);
    await pass(200);
    expect(program.errors).toEqual(['hello_timeout']);
  });

  test('behind what is no JSON is not heard', async () => {
    const { alice } = await world();
    const program = new Program(alice.hub);
    program.write('GET / HTTP/1.1');
    program.logIn();
    await settle();
    expect(program.errors).toEqual(['hello_expected']);
    expect(program.of('welcome')).toEqual([]);
  });

  test('of the thirty-third program is one too many', async () => {
    const { alice } = await world();
    for (let i = 1; i < 32; i++) await alice.opens();
    expect(alice.hub.sessions).toBe(32);
    const program = await alice.opens();
    expect(program.errors).toEqual(['too_many_connections']);
    expect(alice.hub.sessions).toBe(32);
  });
});

describe('a session', () => {
  test('is told what is wrong with a line, by the id that it has, and goes on', async () => {
    const { alice } = await world();
    const { program } = alice;
    program.forget();
    program.write('{"type":"say"');
    program.say({ type: 'say', id: 's-1', to: '#lobby' });
    program.say({ type: 'sing', id: 's-2' });
    program.say({ type: 'ping', n: 7 });
    await settle();
    expect(program.got).toMatchObject([
      { code: 'bad_json', closes: false },
      { code: 'bad_message', id: 's-1' },
      { code: 'unknown_type', id: 's-2' },
      { type: 'pong', n: 7 },
    ]);
  });

  test('ends with the twentieth line in a row that is no message', async () => {
    const { alice } = await world();
    for (let i = 0; i < 19; i++) alice.program.write('no');
    alice.program.say({ type: 'ping' });
    for (let i = 0; i < 20; i++) alice.program.write('no');
    alice.program.say({ type: 'ping' });
    await settle();
    expect(alice.program.last('error').code).toBe('too_many_errors');
    expect(alice.program.of('pong')).toHaveLength(1);
    expect(alice.program.ended).toBeDefined();
  });

  test('that pings is dead after 25 s without a word; one that never does is not', async () => {
    const { alice } = await world();
    const quiet = await alice.opens();
    alice.program.say({ type: 'ping' });
    await pass(24_000);
    expect(alice.program.ended).toBeUndefined();
    await pass(2000);
    expect(alice.program.last('error').code).toBe('dead');
    await pass(60_000);
    expect(quiet.ended).toBeUndefined();
  });

  test('that says good-bye is answered, and closed', async () => {
    const { alice } = await world();
    alice.program.say({ type: 'bye' });
    await settle();
    expect(alice.program.last('bye')).toMatchObject({ reason: 'logged-out' });
    expect(alice.program.ended).toBeDefined();
    expect(alice.hub.sessions).toBe(0);
  });

  test('that does not read is cut off, and the others are not', async () => {
    const { alice } = await world();
    const other = await alice.opens();
    other.link.pause();
    for (let i = 0; i < 400; i++) {
      alice.program.say({ type: 'say', id: `m-${i}`, to: '#lobby', text: 'x'.repeat(8000) });
      await pass(250);
    }
    expect(alice.program.of('ack').length + alice.program.errors.length).toBe(400);
    expect(alice.hub.sessions).toBe(1);
    other.link.resume();
    await settle();
    expect(alice.program.ended).toBeUndefined();
  });

  test('that has taken nothing for a minute of what waits is cut off', async () => {
    const { alice } = await world();
    const other = await alice.opens();
    other.link.pause();
    for (let i = 0; i < 20; i++) alice.program.say({ type: 'say', id: `m-${i}`, to: '#lobby', text: 'x'.repeat(8000) });
    await pass(55_000);
    expect(alice.hub.sessions).toBe(2);
    await pass(15_000);
    expect(alice.hub.sessions).toBe(1);
  });
});

describe('the end of a hub', () => {
  test('says good-bye to the network and to its sessions', async () => {
    const { alice } = await world();
    const pending = new Program(alice.hub);
    await alice.leaves();
    expect(alice.byes).toBe(1);
    expect(alice.program.last('bye')).toMatchObject({ reason: 'shutdown' });
    expect(alice.program.ended).toBeDefined();
    expect(pending.ended).toBeDefined();
    expect(alice.hub.sessions).toBe(0);
  });

  test('is no good-bye to the network where another program of ours goes on', async () => {
    const { world: all, alice } = await world();
    const bob = await all.comes('bob');
    await pass(4000);
    const other = await alice.opens({}, '/run/uchat/lan.sock');
    bob.program.forget();
    await alice.leaves();
    expect(alice.byes).toBe(0);
    expect(other.last('bye')).toMatchObject({ reason: 'shutdown' });
    expect(bob.program.of('presence')).toEqual([]);
    await alice.start();
    await pass(5000);
    expect(bob.program.of('presence').filter(({ state }) => state === 'offline')).toEqual([]);
  });

  test('comes once, however often it is asked for; and takes nobody any more', async () => {
    const { alice } = await world();
    const [one, two] = [alice.hub.close(), alice.hub.close()];
    await pass(2000);
    await Promise.all([one, two]);
    const late = new Program(alice.hub).logIn();
    await settle();
    expect(late.got).toEqual([]);
    expect(late.ended).toBeDefined();
  });
});
