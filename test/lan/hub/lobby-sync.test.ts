import { expect, onTestFinished, test, vi } from 'vitest';
import type { DeviceId } from '../../../src/base/ids.ts';
import { ANSWERS, MAX_QUESTIONS_IN_A_ROW } from '../../../src/lan/hub/limits.ts';
import { LobbySync } from '../../../src/lan/hub/lobby-sync.ts';
import type { MeshFrame } from '../../../src/lan/mesh/mesh.ts';
import { Timers } from '../../../src/peer/tasks.ts';
import { deviceOf, person } from '../lobby/world.ts';
import { clock } from './world.ts';

test('who has something new at each question is not the only one who is asked', () => {
  vi.useFakeTimers();
  const timers = new Timers(() => undefined);
  onTestFinished(() => {
    timers.close();
    vi.useRealTimers();
  });
  const [eve, bob] = [deviceOf('eve'), deviceOf('bob')];
  const asked: DeviceId[] = [];
  const digestOf = (device: DeviceId): string => device;
  const sync: LobbySync = new LobbySync({
    device: deviceOf('alice'),
    clock,
    timers,
    lobby: person('alice').lobby,
    send(device, frame: MeshFrame) {
      if (frame.type === 'held') {
        asked.push(device);
        if (device === eve) timers.after(5, () => sync.brought(eve, 1));
      } else if (frame.type === 'ping') timers.after(10, () => sync.digest(device, digestOf(device)));
      return true;
    },
  });
  sync.linked(eve);
  sync.linked(bob);
  vi.advanceTimersByTime(10_000);
  const first = asked.indexOf(bob);
  expect(first).toBeGreaterThan(1);
  expect(first).toBeLessThanOrEqual(MAX_QUESTIONS_IN_A_ROW);
});

test('many who ask for everything at once, and do not read, get no more than one may have', () => {
  const alice = person('alice');
  for (let n = 0; n < 200; n++) {
    alice.say('x'.repeat(8000));
    alice.now += 1000;
  }
  const timers = new Timers(() => undefined);
  onTestFinished(() => timers.close());
  let bytes = 0;
  let mono = 0;
  const sync = new LobbySync({
    device: deviceOf('alice'),
    clock: { now: clock.now, monotonic: () => mono },
    timers,
    lobby: alice.lobby,
    send(_, frame) {
      bytes += JSON.stringify(frame).length;
      return true;
    },
  });
  for (let i = 0; i < 100; i++) sync.held(deviceOf(`eve-${i}`), { type: 'held', entries: '' });
  expect(bytes).toBeGreaterThan(ANSWERS.burst / 2);
  expect(bytes).toBeLessThan(ANSWERS.burst * 1.1);
  const before = bytes;
  mono += 1000;
  for (let i = 0; i < 100; i++) sync.held(deviceOf(`eve-${i}`), { type: 'held', entries: '' });
  expect(bytes - before).toBeGreaterThan(ANSWERS.perSecond / 2);
  expect(bytes - before).toBeLessThan(ANSWERS.perSecond * 1.1);
});
