import { expect, test } from 'vitest';
import { refusal, refusalLine } from '../../../src/client/shell/refusal.ts';

const NOBODY = { code: 'no_such_user', text: 'nobody here is called bob' };

test('what a server refuses is said to be its word, with what helps', () => {
  expect(refusalLine(NOBODY)).toBe(
    'the server refused: nobody here is called bob; see who is there with uchat who; a room is written "#dev"',
  );
  expect(refusalLine({ code: 'too_long', text: 'this is too long.' })).toBe('the server refused: this is too long');
});

test('on the local network no server is said to refuse anything', () => {
  expect(refusal(NOBODY, true)).toEqual({
    status: 1,
    line: 'nobody here is called bob; see who is there with uchat who --lan',
  });
  expect(refusalLine({ code: 'too_long', text: 'this is too long.' }, true)).toBe('this is too long');
});
