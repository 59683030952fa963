import { expect, test } from 'vitest';
import { groundDark, isDarkAnswer } from '../../../src/client/theme/ground.ts';

test.each([
  ['15;0', true],
  ['0;15', false],
  ['15;default;0', true],
  ['0;default;7', false],
  ['12;8', true],
  ['default;default', undefined],
  ['15', undefined],
  ['', undefined],
  [undefined, undefined],
  ['0;15;\u001b[2J', undefined],
] as const)('COLORFGBG=%s', (value, dark) => {
  expect(groundDark(value === undefined ? {} : { COLORFGBG: value })).toBe(dark);
});

test.each([
  ['rgb:0000/2b2b/3636', true],
  ['rgb:ffff/ffff/dddd', false],
  ['rgb:1e/1e/1e', true],
  ['rgba:f/f/f/8', false],
  ['#ffffff', undefined],
  ['rgb:zz/00/00', undefined],
] as const)('a terminal that answers %s', (answer, dark) => {
  expect(isDarkAnswer(answer)).toBe(dark);
});
