import { defineConfig } from 'vitest/config';

/** Milliseconds. A unit test that needs more waits for something it should be handed. */
const UNIT_TIMEOUT = 10_000;
/** Milliseconds. Real processes in real terminals, on a machine that may be busy. */
const E2E_TIMEOUT = 60_000;

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
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/build/**'],
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
          include: ['test/e2e/**/*.test.ts'],
          // One file at a time, after the rest: a server, its clients and their terminals fill two cores by themselves.
          maxWorkers: 1,
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
