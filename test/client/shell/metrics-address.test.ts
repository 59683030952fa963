import { expect, test } from 'vitest';
import { parseMetricsAddress } from '../../../src/client/shell/metrics-address.ts';

test.each([
  ['9100', { kind: 'port', host: '127.0.0.1', port: 9100 }],
  ['0', { kind: 'port', host: '127.0.0.1', port: 0 }],
  ['10.0.0.7:9100', { kind: 'port', host: '10.0.0.7', port: 9100 }],
  ['box.example:9100', { kind: 'port', host: 'box.example', port: 9100 }],
  ['[::1]:9100', { kind: 'port', host: '::1', port: 9100 }],
  ['unix:/run/uchat.sock', { kind: 'path', path: '/run/uchat.sock' }],
])('%s is an address', (text, address) => {
  expect(parseMetricsAddress(text)).toEqual({ ok: true, value: address });
});

test.each([
  '',
  'box',
  ':9100',
  'box:',
  'box:x',
  '65536',
  '::1',
  '::1:9100',
  'a b:9100',
  '*:9100',
  '9100/metrics',
  '-1',
  '1.5',
])('%j is none, and it is said how to write one', (text) => {
  const parsed = parseMetricsAddress(text);
  expect(parsed.ok ? parsed.value : parsed.error).toMatch(/write PORT, HOST:PORT or unix:PATH/);
});

test('a socket’s path is absolute, and as long as the kernel allows', () => {
  expect(parseMetricsAddress('unix:figures.sock')).toMatchObject({
    ok: false,
    error: expect.stringContaining('begins with /'),
  });
  expect(parseMetricsAddress(`unix:/${'x'.repeat(107)}`)).toMatchObject({
    ok: false,
    error: expect.stringContaining('107 bytes'),
  });
  expect(parseMetricsAddress(`unix:/${'x'.repeat(106)}`)).toMatchObject({ ok: true });
});
