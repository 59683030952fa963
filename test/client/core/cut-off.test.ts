import { expect, test } from 'vitest';
import { cutOffWords } from '../../../src/client/core/cut-off.ts';

test('who was cut off reads why in words about their own program, short enough for a status bar', () => {
  expect(cutOffWords('too_slow', 'The client …')).toBe('cut off, as this program had stopped reading');
  expect(cutOffWords('dead', 'Nothing heard …')).toBe('cut off, as this program was not heard for 25 s');
});

test('anything else is what the server says, on one line and without a full stop; its code, where it says nothing', () => {
  expect(cutOffWords('server_full', 'The server is\nfull.')).toMatch(/^The server is.full$/);
  expect(cutOffWords('new_code', ' . ')).toBe('new_code');
});
