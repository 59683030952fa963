import { expect, test } from 'vitest';
import { connectionsWithin, fewFiles, fileLimit } from '../../src/server/open-files.ts';
import { World } from './core/world.ts';

const limits = (files: string): string => `Limit                     Soft Limit           Hard Limit           Units
Max open files            ${files}                 524288               files
Max locked memory         8388608              8388608              bytes
`;

test('the limit is read as the kernel tells it, and unknown where it does not', () => {
  expect(fileLimit(() => limits('1024'))).toBe(1024);
  expect(fileLimit(() => limits('unlimited'))).toBeUndefined();
  expect(
    fileLimit(() => {
      throw new Error('ENOENT');
    }),
  ).toBeUndefined();
});

test('connections, and those that are told there are no more, leave files for everything else', () => {
  for (const limit of [80, 256, 1024, 4096, 20_000]) {
    const { connections, refusals } = connectionsWithin(limit) ?? { connections: 0, refusals: 0 };
    expect(connections).toBeGreaterThan(0);
    expect(refusals).toBeGreaterThan(0);
    expect(connections + refusals + 64).toBe(limit);
  }
  expect(connectionsWithin(1)).toEqual({ connections: 1, refusals: 1 });
  expect(connectionsWithin(524_288)).toBeUndefined();
  expect(connectionsWithin(undefined)).toBeUndefined();
});

test('an operator hears of it where it matters', () => {
  expect(fewFiles({ connections: 10_000, refusals: 500 })).toBeUndefined();
  expect(fewFiles({ connections: 840, refusals: 120 })).toMatchObject({
    code: 'few_files',
    text: 'this process may open so few files that at most 840 connections fit: raise its limit (ulimit -n, or LimitNOFILE= of systemd)',
  });
});

test('one connection too many is told so, and those beyond are dropped', () => {
  const world = new World({ connectionLimit: { connections: 1, refusals: 1 } });
  const first = world.connect();
  const second = world.connect();
  expect(world.take(first)).toEqual([]);
  expect(world.take(second)).toMatchObject([{ type: 'error', code: 'server_full', closes: true }]);
  expect(() => world.connect()).toThrow();
});
