import { describe, expect, test } from 'vitest';
import { MAX_PEOPLE } from '../../../src/client/core/presence.ts';
import type { PresenceState } from '../../../src/protocol/server-messages.ts';
import { at, Drive, type Drive as Driven, info, only, START, user } from './drive.ts';

const person = (name: string, state: PresenceState, since = START) => ({ name: user(name), state, since: at(since) });
const list = (drive: Driven, users: ReturnType<typeof person>[], more = false) => {
  const id = [...drive.state.inner.requests].find(([, { purpose }]) => purpose.kind === 'who')?.[0];
  drive.get({ type: 'users', ...(id ? { id } : {}), users, more });
};
const change = (drive: Driven, name: string, state: PresenceState, since = START + 1, reason?: string) =>
  drive.get({
    type: 'presence',
    user: user(name),
    state,
    since: at(since),
    ...(reason === undefined ? {} : { reason }),
  });
const online = (): Drive => {
  const drive = new Drive();
  drive.login();
  list(drive, [person('alice', 'online'), person('bob', 'online'), person('carol', 'away'), person('erin', 'offline')]);
  return drive;
};

describe('who is here', () => {
  test('the list is everybody, and nobody has come by it', () => {
    const drive = online();
    expect([...drive.state.people.values()].map(({ name, state }) => `${name} ${state}`)).toEqual([
      'alice online',
      'bob online',
      'carol away',
      'erin offline',
    ]);
    expect(drive.events()).toEqual([]);
  });

  test('a list of several frames counts when it is whole', () => {
    const drive = new Drive();
    drive.login();
    list(drive, [person('bob', 'online')], true);
    expect(drive.state.people.size).toBe(0);
    list(drive, [person('carol', 'online')]);
    expect([...drive.state.people.keys()]).toEqual(['bob', 'carol']);
  });

  test('a change between two frames of the list is newer than the list', () => {
    const drive = new Drive();
    drive.login();
    list(drive, [person('bob', 'online')], true);
    change(drive, 'carol', 'offline', START + 5);
    list(drive, [person('carol', 'online')]);
    expect(drive.state.people.get(user('carol'))?.state).toBe('offline');
    expect(drive.events()).toEqual([]);
  });

  test('who comes and who goes is told in the lobby, with the reason; who is away is not', () => {
    const drive = online();
    change(drive, 'dave', 'online');
    change(drive, 'bob', 'away');
    change(drive, 'bob', 'online');
    change(drive, 'erin', 'away');
    change(drive, 'bob', 'offline');
    change(drive, 'carol', 'offline', START + 2, 'logged off after 15 min away');
    expect(drive.events()).toEqual([
      '+ dave came',
      '+ erin came',
      '- bob left',
      '- carol logged off after 15 min away',
    ]);
    expect(drive.state.people.get(user('carol'))).toEqual(person('carol', 'offline', START + 2));
  });

  test('on the local network whoever presses no key comes and goes without a word, as a script does', () => {
    const drive = new Drive();
    drive.lan();
    list(drive, [person('alice', 'online'), person('bob', 'online')]);
    change(drive, 'carol', 'away');
    change(drive, 'carol', 'offline');
    change(drive, 'dave', 'away');
    change(drive, 'dave', 'away');
    expect(drive.events()).toEqual([]);
    change(drive, 'dave', 'online');
    change(drive, 'dave', 'away');
    change(drive, 'bob', 'away');
    change(drive, 'dave', 'offline');
    change(drive, 'bob', 'offline');
    change(drive, 'carol', 'online');
    expect(drive.events()).toEqual(['+ dave came', '- dave left', '- bob left', '+ carol came']);
  });

  test('of ourselves nothing is told', () => {
    const drive = online();
    change(drive, 'alice', 'offline');
    change(drive, 'alice', 'online');
    expect(drive.events()).toEqual([]);
    expect(drive.state.people.get(user('alice'))?.state).toBe('online');
  });

  test('after a reconnect the list makes no noise, whoever came and went meanwhile', () => {
    const drive = online();
    drive.event({ type: 'linkDown', text: 'gone' });
    drive.pass(500);
    drive.tick();
    expect(only(drive.login([info('#lobby')]), 'who').follow).toBe(true);
    change(drive, 'dave', 'online');
    list(drive, [person('alice', 'online'), person('frank', 'online')]);
    expect(drive.events()).toEqual([]);
    expect([...drive.state.people.keys()].toSorted()).toEqual(['alice', 'dave', 'frank']);
    change(drive, 'gina', 'online');
    expect(drive.events()).toEqual(['+ gina came']);
  });

  test('after a restart of the server those who were here come back without a word, for a minute', () => {
    const drive = online();
    drive.event({ type: 'linkDown', text: 'gone' });
    drive.pass(500);
    drive.tick();
    drive.login([info('#lobby')]);
    list(drive, [person('alice', 'online')]);
    change(drive, 'bob', 'online');
    change(drive, 'erin', 'online');
    expect(drive.events()).toEqual(['+ erin came']);
    // Once they are back, they come and go as ever.
    change(drive, 'bob', 'offline');
    change(drive, 'bob', 'online');
    drive.pass(61_000);
    change(drive, 'carol', 'online');
    expect(drive.events()).toEqual(['+ erin came', '- bob left', '+ bob came', '+ carol came']);
  });

  test('more people than may be held: who left first is forgotten first', () => {
    const drive = online();
    for (let i = 0; i < MAX_PEOPLE; i++) change(drive, `u${i}`, 'offline', START + 10 + i);
    expect(drive.state.people.size).toBe(MAX_PEOPLE);
    expect(drive.state.people.has(user('erin'))).toBe(false);
    expect(drive.state.people.has(user('alice'))).toBe(true);
    expect(drive.state.people.has(user(`u${MAX_PEOPLE - 1}`))).toBe(true);
  });
});
