import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowsOf } from '../../../src/server/login/table-rows.ts';

const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');
const row = (local: number, remote: number, address = '0100007F'): string =>
  `   3: ${address}:${hex(local)} ${address}:${hex(remote)} 01 00000000:00000000 00:00000000 00000000  1001        0 61159 2\n`;
const SIX = '00000000000000000000000001000000';
const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const of = (text: string, ...ports: number[]): string => rowsOf(Buffer.from(text, 'latin1'), ports);

test('the rows of a port are those in which it stands at either end, in their order', () => {
  const text =
    HEAD + row(2428, 50_000) + row(1, 2) + row(50_000, 2428) + HEAD + row(2428, 50_000, SIX) + row(3, 4, SIX);
  expect(of(text, 50_000)).toBe(row(2428, 50_000) + row(50_000, 2428) + row(2428, 50_000, SIX));
  expect(of(text, 1, 4)).toBe(row(1, 2) + row(3, 4, SIX));
  expect(of(text, 5)).toBe('');
  expect(of(text)).toBe('');
});

test('a row that is cut off has no end, and is left out', () => {
  for (const length of [3, 20, 30, 60]) expect(of(row(1, 2) + row(1, 2).slice(0, length), 1)).toBe(row(1, 2));
});

test('noise has no ports, and hides no row', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), fc.nat(65_535), (noise, port) => {
      const text = `${noise.replaceAll('\n', ' ')}\n${row(port, 2428)}`;
      expect(of(text, port).endsWith(row(port, 2428))).toBe(true);
    }),
  );
});
