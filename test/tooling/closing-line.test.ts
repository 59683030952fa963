import { expect, test } from 'vitest';
import { closingLine } from './closing-line.ts';

const result = (passed: number, failed: number, unloaded = 0): string =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    testResults: [
      ...Array.from({ length: failed }, () => ({ status: 'failed', assertionResults: [{ status: 'failed' }] })),
      ...Array.from({ length: unloaded }, () => ({ status: 'failed', assertionResults: [] })),
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ],
  });

test('a good run closes with what passed', () => {
  expect(closingLine(0, result(12, 0))).toEqual({ lines: ['12 passed, 0 failed'], exitCode: 0 });
});

test('failed tests are counted', () => {
  expect(closingLine(1, result(10, 2))).toEqual({ lines: ['10 passed, 2 failed'], exitCode: 1 });
});

test('a file that could not be loaded is one failure', () => {
  expect(closingLine(1, result(10, 0, 1))).toEqual({ lines: ['10 passed, 1 failed'], exitCode: 1 });
});

test('a run that went wrong after its tests passed has failed', () => {
  expect(closingLine(1, result(10, 0))).toEqual({
    lines: ['the run itself failed (exit 1)', '10 passed, 1 failed'],
    exitCode: 1,
  });
});

test('a run that was killed before it could tell has failed', () => {
  expect(closingLine(null, undefined)).toEqual({
    lines: ['the run itself failed (killed)', '0 passed, 1 failed'],
    exitCode: 1,
  });
});

test('a run without a test has failed, whatever its exit status', () => {
  expect(closingLine(0, result(0, 0))).toEqual({ lines: ['no test ran', '0 passed, 1 failed'], exitCode: 1 });
});

test('a failure in the result fails the run, whatever its exit status', () => {
  expect(closingLine(0, result(1, 1)).exitCode).toBe(1);
});
