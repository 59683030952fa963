import { beforeEach, expect, test } from 'vitest';
import type { ConsoleEvent } from '../../src/server/core/notice.ts';
import { StoreError } from '../../src/server/store/store.ts';
import { StoreTroubles } from '../../src/server/store-troubles.ts';

let told: ConsoleEvent[];
let now: number;
let troubles: StoreTroubles;
beforeEach(() => {
  told = [];
  now = 5;
  troubles = new StoreTroubles(
    (event) => void told.push(event),
    () => now,
  );
});

const full = new StoreError('disk_full', 'there is no room left');
const again = (text: string) => ({ kind: 'warning', code: 'stored_again', text });

test('a thousand failures of one kind are one line, and the next line counts them', () => {
  for (let i = 0; i < 1000; i++) troubles.failed('append a message', full);
  expect(told).toEqual([
    { kind: 'store-failed', what: 'append a message', code: 'disk_full', text: 'there is no room left' },
  ]);
  now += 30_000;
  troubles.failed('set a topic', full);
  expect(told.slice(1)).toEqual([
    {
      kind: 'store-failed',
      what: 'set a topic',
      code: 'disk_full',
      text: 'there is no room left; 999 more like it since',
    },
  ]);
});

test('another kind of failure is told at once', () => {
  troubles.failed('append a message', full);
  troubles.failed('append a message', new StoreError('read_only', 'no permission'));
  expect(told.map((event) => 'code' in event && event.code)).toEqual(['disk_full', 'read_only']);
});

test('its end is told once, with how many failures were not', () => {
  troubles.stored();
  for (let i = 0; i < 3; i++) troubles.failed('append a message', full);
  troubles.stored();
  troubles.stored();
  expect(told.slice(1)).toEqual([again('messages are stored again; 2 more calls had failed')]);
});

test('what comes and goes all the time is two lines in half a minute', () => {
  for (let i = 0; i < 100; i++) {
    troubles.failed('append a message', full);
    troubles.stored();
  }
  expect(told.map(({ kind }) => kind)).toEqual(['store-failed', 'warning']);
});

test('a fault of our own is told each time, with its stack', () => {
  for (let i = 0; i < 2; i++) troubles.failed('append a message', new TypeError('x is undefined'));
  expect(told).toHaveLength(2);
  expect(told[0]).toMatchObject({
    kind: 'fault',
    what: 'append a message',
    stack: expect.stringContaining('TypeError'),
  });
});
