import { expect, test } from 'vitest';
import type { PrivateFrame } from '../../../src/protocol/private-frames.ts';
import type { ServerEvent } from '../../../src/server/bus/bus.ts';
import { deliver } from '../../../src/server/core/deliver.ts';
import { ASKS, PRIVATES } from '../../../src/server/core/limits.ts';
import type { Session } from '../../../src/server/core/session.ts';
import { deviceOf, groupOf, sayDevice } from '../sealed.ts';
import { World } from './world.ts';

const chat = groupOf('chat');
const ask = (to: string, more: object = {}) => ({
  type: 'private',
  to,
  frame: { kind: 'ask', chat, from: deviceOf('alice1') },
  ...more,
});
const sealed = (to: string, device: string, more: object = {}) => ({
  type: 'private',
  to,
  device: deviceOf(device),
  frame: { kind: 'sealed', chat, seq: 1, message: 'm' },
  ...more,
});
const codes = (w: World, session: Session): string[] =>
  w.take(session).map((frame) => (frame.type === 'error' ? frame.code : frame.type));

function world() {
  const w = new World();
  return { w, alice: w.device('alice', 1001, 'alice1'), bob: w.device('bob', 1002, 'bob1') };
}

test('a request reaches every device that is here, and no session that isn’t one', () => {
  const { w, alice, bob } = world();
  const [second, none, script] = [
    w.device('bob', 1002, 'bob2'),
    w.login('bob', 1002),
    w.login('bob', 1002, { visible: false }),
  ];
  w.tell(alice, ask('bob'));
  const frame = {
    type: 'private',
    from: 'alice',
    device: deviceOf('alice1'),
    frame: { kind: 'ask', chat, from: deviceOf('alice1') },
    time: w.now().wall,
  };
  expect([alice, bob, second, none, script].map((session) => w.take(session))).toEqual([[], [frame], [frame], [], []]);
});

test('what is for one device reaches all sessions that are it', () => {
  const { w, alice, bob } = world();
  const [again, second] = [w.device('bob', 1002, 'bob1'), w.device('bob', 1002, 'bob2')];
  w.tell(alice, sealed('bob', 'bob1'));
  expect([bob, again, second].map((session) => codes(w, session))).toEqual([['private'], ['private'], []]);
});

test('what is written to oneself reaches one’s other sessions', () => {
  const { w, alice } = world();
  w.tell(alice, ask('alice'));
  expect(codes(w, alice)).toEqual(['no_device']);
  const second = w.device('alice', 1001, 'alice2');
  w.tell(alice, ask('alice'));
  expect([codes(w, alice), codes(w, second)]).toEqual([[], ['private']]);
});

test('who hasn’t said which device they are is refused', () => {
  const { w, bob } = world();
  const [none, script, guest] = [w.login('carol', 1003), w.login('carol', 1003, { visible: false }), w.guest('gil')];
  for (const session of [none, script, guest]) {
    w.tell(session, ask('bob', { id: 'p' }));
    expect(w.take(session)).toMatchObject([{ type: 'error', code: 'device_expected', id: 'p', closes: false }]);
  }
  w.tell(guest, sayDevice('gil1'));
  w.take(guest);
  w.tell(guest, ask('bob'));
  expect(w.take(bob)).toMatchObject([{ from: '~gil', device: deviceOf('gil1') }]);
});

test('nobody there: away, without a device, with another one, or nobody of that name', () => {
  const { w, alice, bob } = world();
  w.close(bob);
  const send = (message: object): string[] => {
    w.tell(alice, message);
    return codes(w, alice);
  };
  expect([send(ask('bob')), send(sealed('bob', 'bob1'))]).toEqual([['not_here'], ['not_here']]);
  w.login('bob', 1002, { visible: false });
  expect(send(ask('bob'))).toEqual(['not_here']);
  w.login('bob', 1002);
  expect([send(ask('bob')), send(sealed('bob', 'bob1'))]).toEqual([['no_device'], ['not_here']]);
  w.device('bob', 1002, 'bob2');
  expect([send(ask('bob')), send(sealed('bob', 'bob1'))]).toEqual([[], ['not_here']]);
  expect([send(ask('nobody')), send(ask('~nobody'))]).toEqual([['no_such_user'], ['no_such_user']]);
});

test('nothing passes between those of whom one blocks the other, and what is said of it is what mail says', () => {
  const { w, alice, bob } = world();
  const guest = w.guest('gil');
  w.tell(guest, sayDevice('gil1'));
  w.tell(guest, { type: 'block', user: 'bob' });
  w.tell(alice, { type: 'block', user: 'bob' });
  for (const session of [alice, bob, guest]) w.take(session);
  const send = (from: Session, message: object): string[] => {
    w.tell(from, message);
    return codes(w, from);
  };
  const asked = () => [ask('alice'), sealed('alice', 'alice1'), ask('~gil')].map((message) => send(bob, message));
  expect(asked()).toEqual([['not_delivered'], ['not_delivered'], ['no_such_user']]);
  expect(send(alice, ask('bob'))).toEqual(['not_delivered']);
  expect([codes(w, alice), codes(w, guest)]).toEqual([[], []]);
  const here = asked();
  w.close(alice);
  w.close(guest);
  expect(asked()).toEqual(here);
});

test('requests are counted by where they come from, and the rest by itself', () => {
  const w = new World({ rateLimit: true });
  const bob = w.device('bob', 1002, 'bob1');
  const [one, two] = ['g1', 'g2'].map((name) => {
    const guest = w.guest(name, '10.0.0.1');
    w.tell(guest, sayDevice(name));
    w.take(guest);
    return guest;
  });
  for (let i = 0; i < ASKS.burst; i++) w.tell(i % 2 === 0 ? one! : two!, ask('bob'));
  w.tell(one!, ask('bob', { id: 'p' }));
  expect(w.take(one!)).toMatchObject([{ type: 'error', code: 'too_many_asks', id: 'p', closes: false }]);
  for (let i = 0; i <= PRIVATES.burst; i++) w.tell(two!, sealed('bob', 'bob1'));
  expect(codes(w, two!)).toEqual(['rate_limited']);
  expect(w.take(bob)).toHaveLength(ASKS.burst + PRIVATES.burst);
  w.advance(1000 / ASKS.perSecond);
  w.tell(one!, ask('bob'));
  w.tell(two!, sealed('bob', 'bob1'));
  expect([codes(w, one!), codes(w, two!), w.take(bob).length]).toEqual([[], [], 2]);
});

test('parts of private chats are no sign of life, and nothing of them is shown to the operator', () => {
  const { w, alice, bob } = world();
  w.advance(10_000);
  const shown = w.notices.length;
  w.tell(alice, ask('bob'));
  w.tell(alice, sealed('bob', 'bob1'));
  expect(w.take(bob).filter(({ type }) => type === 'private')).toHaveLength(2);
  expect(w.core.users.get('alice' as never)?.state).toBe('away');
  w.tell(alice, ask('nobody-at-all'));
  w.tell(alice, { type: 'devices', user: 'nobody-at-all' });
  expect(w.notices.slice(shown)).toMatchObject([
    { kind: 'refused', who: 'alice', code: 'no_such_user' },
    { kind: 'refused', who: 'alice', code: 'no_such_user' },
  ]);
  expect(JSON.stringify(w.notices)).not.toMatch(/nobody-at-all|takes no messages/);
});

test('what comes from another server is handed over like one’s own, whichever session it came from there', () => {
  const { w, alice, bob } = world();
  const about = { from: 'dave', to: 'bob', time: w.now().wall } as const;
  // A session's number says nothing on another server.
  const origin = { server: 'there', session: bob.id };
  const frame = ask('bob').frame as PrivateFrame;
  const event = { kind: 'private', ...about, fromDevice: deviceOf('dave1'), frame, origin } as ServerEvent;
  deliver(w.core, event, w.now());
  deliver(w.core, { kind: 'packages-low', user: 'bob', device: deviceOf('bob1'), packages: 7 } as ServerEvent, w.now());
  deliver(w.core, { kind: 'device-dropped', user: 'bob', device: deviceOf('bob1') } as ServerEvent, w.now());
  deliver(w.core, event, w.now());
  w.tell(alice, { type: 'ping' });
  expect(w.take(bob)).toEqual([
    { type: 'private', from: 'dave', device: deviceOf('dave1'), frame, time: about.time },
    { type: 'device', device: deviceOf('bob1'), packages: 7 },
    expect.objectContaining({ type: 'error', code: 'no_such_device' }),
  ]);
});
