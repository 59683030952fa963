import { describe, expect, test } from 'vitest';
import { LOW_PACKAGES, MAX_DEVICES, MAX_PACKAGES, MAX_PACKAGES_AT_ONCE } from '../../../src/protocol/limits.ts';
import { Claims } from '../../../src/server/core/claims.ts';
import { GuestDevices } from '../../../src/server/core/guest-devices.ts';
import { CLAIMS, CLAIMS_OF_PAIR, MAX_CLAIM_PAIRS, MAX_GUEST_PACKAGES } from '../../../src/server/core/limits.ts';
import type { Session, User } from '../../../src/server/core/session.ts';
import { deviceOf, packagesOf, sayDevice } from '../sealed.ts';
import { World } from './world.ts';

const claim = (user: string, ...devices: readonly string[]) => ({
  type: 'devices',
  user,
  claim: devices.map(deviceOf),
});
const codes = (w: World, session: Session): string[] =>
  w.take(session).map((frame) => (frame.type === 'error' ? frame.code : frame.type));

describe('a device', () => {
  test('is what a session has said, and its answer counts the key packages', () => {
    const w = new World();
    const bob = w.login('bob', 1002);
    w.tell(bob, { ...sayDevice('bob1', packagesOf('bob1', 3)), id: 'd' });
    expect(w.take(bob)).toEqual([{ type: 'device', id: 'd', device: deviceOf('bob1'), packages: 3 }]);
    w.tell(bob, sayDevice('bob1', ['another']));
    expect(w.take(bob)).toEqual([{ type: 'device', device: deviceOf('bob1'), packages: 4 }]);
    w.tell(bob, { type: 'devices', id: 'l', user: 'bob' });
    expect(w.take(bob)).toEqual([{ type: 'devices', id: 'l', user: 'bob', devices: [{ device: deviceOf('bob1') }] }]);
  });

  test('is one for a whole session, which is a visible one', () => {
    const w = new World();
    const [bob, script] = [w.device('bob', 1002, 'bob1'), w.login('bob', 1002, { visible: false })];
    w.tell(bob, sayDevice('bob2'));
    w.tell(script, sayDevice('bob1'));
    expect([codes(w, bob), codes(w, script)]).toEqual([['bad_message'], ['bad_message']]);
  });

  test('has no more key packages than it may, and the oldest go', () => {
    const w = new World();
    const bob = w.login('bob', 1002);
    for (let i = 0; i < 3; i++)
      w.tell(bob, sayDevice('bob1', packagesOf('bob1', MAX_PACKAGES_AT_ONCE, i * MAX_PACKAGES_AT_ONCE)));
    expect(w.take(bob).at(-1)).toMatchObject({ packages: MAX_PACKAGES });
    w.tell(bob, claim('bob', 'bob1'));
    expect(w.expect(bob, 'devices').devices).toMatchObject([{ package: `bob1-package-${MAX_PACKAGES_AT_ONCE}` }]);
    w.tell(bob, sayDevice('bob1', packagesOf('bob1', MAX_PACKAGES_AT_ONCE + 1)));
    expect(codes(w, bob)).toEqual(['bad_message']);
  });

  test('that could not be stored is none', () => {
    const w = new World();
    const bob = w.login('bob', 1002);
    w.disk = 'full';
    w.tell(bob, { ...sayDevice('bob1'), id: 'd' });
    expect(w.take(bob)).toMatchObject([{ type: 'error', code: 'not_stored', id: 'd', closes: false }]);
    expect(bob.device).toBeUndefined();
    w.tell(bob, { type: 'devices', user: 'bob' });
    expect(codes(w, bob)).toEqual(['internal']);
    w.disk = 'good';
    w.tell(bob, sayDevice('bob1'));
    expect(codes(w, bob)).toEqual(['device']);
  });

  test('of a session that goes while it is stored is there, and nobody waits for the answer', () => {
    const w = new World();
    const bob = w.login('bob', 1002);
    w.disk = 'hold';
    w.tell(bob, sayDevice('bob1', ['one']));
    w.commit();
    w.close(bob);
    while (w.waiting > 0) w.commit();
    w.disk = 'good';
    const alice = w.login('alice', 1001);
    w.tell(alice, { type: 'devices', user: 'bob' });
    expect(w.take(alice)).toMatchObject([{ devices: [{ device: deviceOf('bob1') }] }]);
  });

  test('that is here is spared when a sixth comes', () => {
    const w = new World();
    const first = w.device('bob', 1002, 'bob1');
    w.advance(1000);
    for (let i = 2; i <= MAX_DEVICES; i++) w.close(w.device('bob', 1002, `bob${i}`));
    w.device('bob', 1002, 'bob6');
    expect(codes(w, first)).toEqual([]);
    w.tell(first, { type: 'devices', user: 'bob' });
    const { devices } = w.expect(first, 'devices');
    expect(devices.map(({ device }) => device)).toEqual([1, 3, 4, 5, 6].map((i) => deviceOf(`bob${i}`)));
  });
});

describe('a key package', () => {
  test('is given to one who asks, and its device hears when few are left, once', () => {
    const w = new World();
    const [bob, other] = [w.login('bob', 1002), w.device('bob', 1002, 'bob2')];
    w.tell(bob, sayDevice('bob1', packagesOf('bob1', LOW_PACKAGES + 1)));
    w.take(bob);
    const script = w.login('alice', 1001, { visible: false });
    for (let i = 0; i < 4; i++) w.tell(script, claim('bob', 'bob1', 'bob2', 'nobody'));
    const got = w.take(script).flatMap((frame) => (frame.type === 'devices' ? frame.devices : []));
    expect(got.map((one) => one.package)).toEqual(packagesOf('bob1', 4).flatMap((one) => [undefined, one]));
    expect(w.take(bob)).toEqual([{ type: 'device', device: deviceOf('bob1'), packages: LOW_PACKAGES - 1 }]);
    expect(w.take(other)).toEqual([]);
    w.tell(bob, sayDevice('bob1', ['new', 'newer', 'newest']));
    w.take(bob);
    for (let i = 0; i < 3; i++) w.tell(script, claim('bob', 'bob1'));
    expect(w.take(bob)).toMatchObject([{ packages: LOW_PACKAGES - 1 }]);
  });

  test('of somebody who blocks one, or whom one blocks, is refused as mail is', () => {
    const w = new World();
    const [alice, bob] = [w.device('alice', 1001, 'alice1', ['a']), w.device('bob', 1002, 'bob1', ['b'])];
    w.tell(alice, { type: 'block', user: 'bob' });
    w.take(alice);
    w.take(bob);
    for (const message of [claim('alice', 'alice1'), { type: 'devices', user: 'alice' }]) {
      w.tell(bob, message);
      expect(w.take(bob)).toMatchObject([{ code: 'not_delivered', text: 'alice takes no messages from you' }]);
    }
    w.tell(alice, claim('bob', 'bob1'));
    expect(codes(w, alice)).toEqual(['not_delivered']);
    w.tell(bob, { type: 'devices', user: 'nobody', id: 'd' });
    expect(w.take(bob)).toMatchObject([{ type: 'error', code: 'no_such_user', id: 'd' }]);
  });

  test('is claimed so often by one for one, and more only by somebody else', () => {
    const w = new World({ rateLimit: true });
    w.close(w.device('bob', 1002, 'bob1', packagesOf('bob1', MAX_PACKAGES_AT_ONCE)));
    w.close(w.device('carol', 1003, 'carol1', ['c']));
    const alice = w.login('alice', 1001);
    for (let i = 0; i < CLAIMS_OF_PAIR.burst; i++) w.tell(alice, claim('bob', 'bob1'));
    expect(new Set(codes(w, alice))).toEqual(new Set(['devices']));
    w.tell(alice, claim('bob', 'bob1'));
    w.tell(w.login('alice', 1001), claim('bob', 'bob1'));
    expect(codes(w, alice)).toEqual(['too_many_claims']);
    w.tell(alice, { type: 'devices', user: 'bob' });
    w.tell(alice, claim('carol', 'carol1'));
    expect(codes(w, alice)).toEqual(['devices', 'devices']);
    const dave = w.login('dave', 1004);
    w.tell(dave, claim('bob', 'bob1'));
    expect(codes(w, dave)).toEqual(['devices']);
    w.advance(1000 / CLAIMS_OF_PAIR.perSecond);
    const later = w.login('alice', 1001);
    w.tell(later, claim('bob', 'bob1'));
    expect(codes(w, later)).toEqual(['devices']);
  });

  test('is claimed so often from one place, whoever asks', () => {
    const w = new World({ rateLimit: true });
    w.close(w.device('bob', 1002, 'bob1'));
    const guests = ['g1', 'g2', 'g3', 'g4'].map((name) => w.guest(name, '10.0.0.1'));
    // By another name, it is the same guest.
    for (let i = 0; i < CLAIMS_OF_PAIR.burst; i++) w.tell(guests[i % 4]!, claim('bob', 'bob1'));
    for (const guest of guests) w.tell(guest, claim('bob', 'bob1'));
    for (const guest of guests) expect(codes(w, guest).at(-1)).toBe('too_many_claims');
    // Of one's own, as often as the place may.
    w.tell(guests[0]!, sayDevice('g1'));
    w.take(guests[0]!);
    for (let i = CLAIMS_OF_PAIR.burst; i <= CLAIMS.burst; i++) w.tell(guests[0]!, claim('~g1', 'g1'));
    expect(codes(w, guests[0]!).filter((code) => code !== 'devices')).toEqual(['too_many_claims']);
    const elsewhere = w.guest('g5', '10.0.0.2');
    w.tell(elsewhere, claim('bob', 'bob1'));
    expect(codes(w, elsewhere)).toEqual(['devices']);
  });

  test('that somebody alone claims all night leaves some for others', () => {
    const hours = 12;
    const most = CLAIMS_OF_PAIR.burst + hours * 3600 * CLAIMS_OF_PAIR.perSecond;
    expect(most).toBeLessThan(MAX_PACKAGES);
  });

  test('is remembered as claimed for as many as there may be, the latest ones', () => {
    const claims = new Claims();
    const alice = { name: 'alice', identity: { kind: 'account' } } as User;
    for (let i = 0; i < MAX_CLAIM_PAIRS + 5; i++) claims.take(alice, `user${i}` as never, i);
    expect(claims.size).toBe(MAX_CLAIM_PAIRS);
    claims.take(alice, 'bob' as never, 10 * 3_600_000);
    expect(claims.size).toBe(1);
  });
});

describe('a guest’s device', () => {
  test('is there while a session is it, and gone with the last one', () => {
    const w = new World();
    const [one, two] = [w.guest('gil'), w.guest('gil')];
    w.tell(one, sayDevice('gil1', ['a', 'b']));
    w.tell(two, sayDevice('gil2', ['c']));
    const alice = w.login('alice', 1001);
    w.tell(alice, claim('~gil', 'gil1'));
    expect(w.take(alice)).toMatchObject([
      { devices: [{ device: deviceOf('gil1'), package: 'a' }, { device: deviceOf('gil2') }] },
    ]);
    w.close(one);
    w.tell(alice, claim('~gil', 'gil1', 'gil2'));
    expect(w.take(alice)).toMatchObject([{ devices: [{ device: deviceOf('gil2'), package: 'c' }] }]);
    w.close(two);
    w.tell(alice, { type: 'devices', user: '~gil' });
    expect(codes(w, alice)).toEqual(['no_such_user']);
    expect([w.core.guestDevices.size, w.core.guestDevices.packages]).toEqual([0, 0]);
    w.tell(w.guest('gil'), { type: 'ping' });
    w.tell(alice, { type: 'devices', user: '~gil' });
    expect(w.take(alice)).toMatchObject([{ devices: [] }]);
  });

  test('makes room as an account’s does, and all of them together are bounded', () => {
    const devices = new GuestDevices();
    const gil = '~gil' as never;
    for (let i = 1; i <= MAX_DEVICES; i++) devices.put(gil, deviceOf(`d${i}`), ['x']);
    devices.put(gil, deviceOf('d1'), []);
    expect(devices.put(gil, deviceOf('d6'), [])).toEqual({ packages: 0, dropped: deviceOf('d2') });
    expect(devices.has(gil, deviceOf('d2'))).toBe(false);
    const full = packagesOf('p', MAX_PACKAGES + 3);
    expect(devices.put(gil, deviceOf('d6'), full)).toEqual({ packages: MAX_PACKAGES });
    expect(devices.devices(gil, [deviceOf('d6')]).at(-1)).toMatchObject({ package: 'p-package-3' });
    for (let i = 0; i < MAX_GUEST_PACKAGES / MAX_PACKAGES; i++)
      devices.put(`~g${i}` as never, deviceOf('d'), full.slice(0, MAX_PACKAGES));
    expect(devices.packages).toBe(MAX_GUEST_PACKAGES);
    expect(devices.put('~late' as never, deviceOf('d'), ['x'])).toEqual({ packages: 0 });
  });
});
