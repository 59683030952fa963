import { defineConfig } from 'vitest/config';

/** Milliseconds. A unit test that needs more waits for something it should be handed. */
const UNIT_TIMEOUT = 10_000;
/** Milliseconds. Real processes in real terminals, on a machine that may be busy. */
const E2E_TIMEOUT = 60_000;

/** Pure code, by folder: nothing of a test is left for the next one, so the files of a worker share it, which saves half the time. */
const PURE = [
  'test/{base,protocol}/**/*.test.ts',
  'test/server/{core,handlers}/**/*.test.ts',
  'test/client/{core,view,commands,receive,keys,theme}/**/*.test.ts',
];

export default defineConfig({
  test: {
    // A process each: native modules and signal handlers do not leak from one file to the next.
    pool: 'forks',
    env: { TZ: 'UTC', LC_ALL: 'C.UTF-8' },
    restoreMocks: true,
    reporters: ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: PURE,
          isolate: false,
          maxWorkers: 2,
          testTimeout: UNIT_TIMEOUT,
          hookTimeout: UNIT_TIMEOUT,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/crash/**', 'test/build/**', ...PURE],
          maxWorkers: 2,
          testTimeout: UNIT_TIMEOUT,
          hookTimeout: UNIT_TIMEOUT,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/{e2e,crash}/**/*.test.ts'],
          globalSetup: ['test/e2e/harness/warm-up.ts'],
          // After the rest. Their programs mostly wait for each other: two files at once take two thirds of the time of one.
          maxWorkers: 2,
          testTimeout: E2E_TIMEOUT,
          hookTimeout: E2E_TIMEOUT,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'build',
          include: ['test/build/**/*.test.ts'],
          maxWorkers: 1,
          testTimeout: E2E_TIMEOUT,
          hookTimeout: E2E_TIMEOUT,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
