/** The local network beside a server: what of it goes on while the server is away. */
import { expect, test } from 'vitest';
import { Drive, info, room, sent } from './drive.ts';

const LAN = room('#lan');

/** Logged in, with the network's room there and in front. */
function beside(): Drive {
  const drive = new Drive();
  drive.login();
  drive.event({ type: 'lan', on: true, room: LAN });
  drive.event({ type: 'message', beside: true, message: { type: 'room', room: { ...info('#lan'), sparse: true } } });
  drive.enter('/go #lan');
  return drive;
}

/** The server is gone; whoever joins the two tells of the network's room again. */
function serverGoes(drive: Drive): void {
  drive.event({ type: 'linkDown', text: 'ECONNREFUSED' });
  drive.event({ type: 'message', beside: true, message: { type: 'room', room: { ...info('#lan'), sparse: true } } });
}

/** It is dialled in vain. */
function dialsInVain(drive: Drive): void {
  drive.pass(60_000);
  expect(drive.tick()).toContainEqual({ do: 'connect' });
  drive.event({ type: 'linkDown', text: 'ECONNREFUSED' });
}

const said = (drive: Drive, text: string): unknown[] =>
  drive.enter(text).flatMap((message) => (message.type === 'say' ? [[message.to, message.text]] : []));

test('what is said there goes out, however often the server is dialled in vain', () => {
  const drive = beside();
  serverGoes(drive);
  for (const text of ['one', 'two', 'three']) {
    expect(said(drive, text)).toEqual([['#lan', text]]);
    dialsInVain(drive);
  }
  // They are under way over a connection that stands, so they are not sent again.
  expect(drive.tab('#lan').pending.map(({ state }) => state.kind)).toEqual(['sending', 'sending', 'sending']);
});

test('what is said to the server waits meanwhile, and goes when it is back', () => {
  const drive = beside();
  serverGoes(drive);
  dialsInVain(drive);
  drive.enter('/go #lobby');
  expect(said(drive, 'for the server')).toEqual([]);
  drive.pass(60_000);
  drive.tick();
  drive.event({ type: 'linkUp' });
  expect(drive.welcome()).toContainEqual(
    expect.objectContaining({ type: 'say', to: '#lobby', text: 'for the server' }),
  );
});

test('a connection to the server that stood takes with it what was under way over it', () => {
  const drive = new Drive();
  drive.login();
  expect(said(drive, 'lost on its way')).toEqual([['#lobby', 'lost on its way']]);
  drive.event({ type: 'linkDown', text: 'ECONNREFUSED' });
  expect(drive.tab().pending.map(({ state }) => state.kind)).toEqual(['waiting']);
  expect(sent(drive.tick())).toEqual([]);
});

test('its room is none of those that a guest joins again at the next start', () => {
  const guest = { method: 'guest', name: 'gast' } as const;
  const drive = new Drive({ login: guest });
  drive.login([info('#lobby'), info('#dev')], '~gast');
  drive.event({ type: 'lan', on: true, room: LAN });
  drive.event({ type: 'message', beside: true, message: { type: 'room', room: { ...info('#lan'), sparse: true } } });
  drive.enter('/go #lan');
  expect(drive.tabs()).toEqual(['#lobby', '#dev', '#lan']);
  expect(drive.state.memory.layouts?.map(({ tabs }) => tabs)).toEqual([['#lobby', '#dev']]);

  const later = new Drive({ login: guest, memory: drive.state.memory });
  const joined = later
    .login([info('#lobby')], '~gast')
    .flatMap((message) => (message.type === 'join' ? [message.room] : []));
  expect(joined).toEqual(['#dev']);
});
