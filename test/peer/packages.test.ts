/** One-time key packages on the server: how many there are, and how old. */
import { describe, expect, test, vi } from 'vitest';
import { Person, until } from './relay.ts';
import { meanwhile, pass } from './time.ts';
import { inTown, type Town } from './town.ts';

const DAY_MS = 86_400_000;
const town = inTown();

const person: Town['person'] = (...of) => town.person(...of);
const stock = (one: Person): readonly string[] => town.relay.devices.get(one.name)?.get(one.device) ?? [];

describe('packages that are', () => {
  test('too old are all replaced at the next log-in, so that one can be written to', async () => {
    const bob = await person('bob');
    await until(() => bob.vault.published(bob.name) !== undefined);
    const old = new Set(stock(bob));
    bob.offline();
    vi.setSystemTime(Date.now() + 91 * DAY_MS);
    bob.online();
    await until(() => stock(bob).length === 100 && !stock(bob).some((one) => old.has(one)));
    const alice = await person('alice');
    alice.mail(bob, 'hello');
    await until(() => bob.mails().length === 1);
    expect(alice.all('notMailed')).toEqual([]);
  });

  test('fresh stay as they are', async () => {
    const bob = await person('bob');
    await until(() => bob.vault.published(bob.name) !== undefined);
    const before = stock(bob);
    bob.offline();
    vi.setSystemTime(Date.now() + 29 * DAY_MS);
    bob.online();
    await pass(3000);
    expect(stock(bob)).toEqual(before);
  });

  test('of a vault that is no more are replaced, since nobody could read what is sealed for them', async () => {
    const bob = await person('bob');
    const old = new Set(stock(bob));
    bob.close();
    const again = await person('bob', { identity: bob.vault.identity });
    await until(() => stock(again).length === 100 && !stock(again).some((one) => old.has(one)));
  });

  test('past their use, among good ones, are passed over', async () => {
    const bob = await person('bob');
    const old = stock(bob).slice(0, 5);
    bob.offline();
    vi.setSystemTime(Date.now() + 91 * DAY_MS);
    bob.online();
    await until(() => stock(bob).length === 100 && !stock(bob).includes(old[0]!));
    town.relay.devices.get(bob.name)!.set(bob.device, [...old, ...stock(bob)]);
    const alice = await person('alice');
    alice.mail(bob, 'hello');
    await until(() => bob.mails().length === 1);
    expect(alice.all('notMailed')).toEqual([]);
  });
});

describe('a device that the server', () => {
  test('could not store is said again', async () => {
    let refused = 0;
    town.relay.refuse = (_, message) => (message.type === 'device' && refused++ < 2 ? 'not_stored' : undefined);
    const bob = town.newcomer('bob');
    bob.online();
    await meanwhile(() => stock(bob).length === 50);
    // The packages, too.
    town.relay.devices.get(bob.name)!.set(bob.device, []);
    bob.offline();
    let calls = 0;
    town.relay.refuse = (_, message) => (message.type === 'device' && calls++ === 1 ? 'rate_limited' : undefined);
    bob.online();
    await meanwhile(() => stock(bob).length === 50);
  });

  test('has dropped for newer ones says so', async () => {
    const bob = await person('bob');
    bob.connection.give({ type: 'error', code: 'no_such_device', text: 'dropped', closes: false });
    await until(() => bob.all('available').length === 1);
    expect(bob.all('available')[0]).toMatchObject({ available: false, text: expect.stringContaining('dropped') });
    bob.offline();
    bob.online();
    await until(() => bob.all('available').at(-1)?.available === true);
  });
});
