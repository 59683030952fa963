import { expect, test } from 'vitest';
import { createLocalBus } from '../../../src/server/bus/local.ts';
import { busConformance } from './conformance.ts';

busConformance(createLocalBus, () => Promise.resolve());

test('a listener that throws is a fault of the server, and the bus is usable after it', () => {
  const bus = createLocalBus();
  let heard = 0;
  const stop = bus.subscribe(() => {
    throw new Error('a bug');
  });
  bus.subscribe(() => {
    heard += 1;
  });
  const event = { kind: 'presence', user: '~b', state: 'online', since: 0 } as never;
  expect(() => bus.publish(event)).toThrow('a bug');
  stop();
  bus.publish(event);
  expect(heard).toBe(1);
});
