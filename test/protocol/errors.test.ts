import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/protocol/errors.ts';
import { DEAD_AFTER_MS, HELLO_WITHIN_MS, MAX_ERRORS_IN_A_ROW, MAX_FRAME_BYTES } from '../../src/protocol/limits.ts';

test('every code is a word for programs, and says one sentence to people', () => {
  for (const [code, { says }] of Object.entries(ERROR_CODES)) {
    expect(code).toMatch(/^[a-z0-9_]{3,30}$/);
    expect(says, code).toMatch(/^[A-Z][^\n]{5,120}\.$/);
  }
});

test('no two codes say the same', () => {
  const said = Object.values(ERROR_CODES).map(({ says }) => says);
  expect(new Set(said).size).toBe(said.length);
});

test('the numbers in the words are those of the limits', () => {
  expect(ERROR_CODES.frame_too_long.says).toContain(`${MAX_FRAME_BYTES.toLocaleString('en')} bytes`);
  expect(ERROR_CODES.hello_timeout.says).toContain(`${HELLO_WITHIN_MS / 1000} s`);
  expect(ERROR_CODES.dead.says).toContain(`${DEAD_AFTER_MS / 1000} s`);
  expect(MAX_ERRORS_IN_A_ROW).toBe(20);
  expect(ERROR_CODES.too_many_errors.says).toContain('Twenty');
});
