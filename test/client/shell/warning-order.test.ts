import { expect, test } from 'vitest';
import { inFileOrder } from '../../../src/client/shell/warning-order.ts';

test('what is wrong with a file is told in the order of its lines, whoever found it', () => {
  expect(
    inFileOrder([
      'config.toml:12:1: twelve',
      'known_servers is cut off',
      'config.toml:2:9: two',
      'config.toml:2:1: one',
    ]),
  ).toEqual(['config.toml:2:1: one', 'config.toml:2:9: two', 'config.toml:12:1: twelve', 'known_servers is cut off']);
});

test('of two files each keeps its place', () => {
  expect(inFileOrder(['b.toml:3:1: b3', 'a.toml:1:1: a1', 'b.toml:1:1: b1'])).toEqual([
    'b.toml:1:1: b1',
    'b.toml:3:1: b3',
    'a.toml:1:1: a1',
  ]);
});
