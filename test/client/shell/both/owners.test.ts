import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ASK_EVERY_MS, Owners } from '../../../../src/client/shell/both/owners.ts';
import { clientId, deviceId, user } from '../../core/drive.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pass = async (ms: number): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));

function scene(people: readonly string[]) {
  const asked: { id: string; user: string }[] = [];
  const known: string[] = [];
  let ids = 0;
  const owners = new Owners({
    newId: () => clientId(`q${++ids}`),
    monotonic: () => performance.now(),
    toServer: (message) => {
      if (message.type === 'devices') asked.push({ id: message.id ?? '', user: message.user });
    },
    candidates: () => people.map(user),
    known: (name, devices) => known.push(`${name} ${devices.join()}`),
  });
  const answer = (id: string, name: string): boolean =>
    owners.takes({ type: 'devices', id: clientId(id), user: user(name), devices: [{ device: deviceId('D') }] });
  return { owners, asked, known, answer };
}

test('people are asked for one after the other, and each once', async () => {
  const { owners, asked, known, answer } = scene(['bob', 'carol', 'dave']);
  owners.serverUp();
  await pass(2 * ASK_EVERY_MS);
  expect(asked.map((one) => one.user)).toEqual(['bob', 'carol']);
  await pass(100 * ASK_EVERY_MS - 2 * ASK_EVERY_MS - 1);
  expect(asked).toHaveLength(3);
  expect(answer('q1', 'bob')).toBe(true);
  expect(known).toEqual(['bob D']);
  // Questions of the messenger are its own, and an answer about somebody else is none.
  expect(answer('another', 'bob')).toBe(false);
  expect(answer('q2', 'mallory')).toBe(true);
  expect(known).toEqual(['bob D']);
  owners.close();
});

test('who comes back is asked for again, and so is everybody when the server is back', async () => {
  const { owners, asked, answer } = scene(['bob']);
  owners.serverUp();
  await pass(ASK_EVERY_MS);
  answer('q1', 'bob');
  owners.look();
  await pass(10_000);
  expect(asked).toHaveLength(1);
  owners.forget(user('bob'));
  owners.look();
  await pass(ASK_EVERY_MS);
  expect(asked).toHaveLength(2);
  owners.serverDown();
  owners.look();
  await pass(10_000);
  expect(asked).toHaveLength(2);
  owners.serverUp();
  await pass(ASK_EVERY_MS);
  expect(asked).toHaveLength(3);
  owners.close();
});
