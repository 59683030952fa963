import { expect, test } from 'vitest';
import { SERVER } from '../../src/usage/options.ts';
import { goTogether } from '../../src/usage/serve-actions.ts';

const typed = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, true]));

test.each([
  [['stop', 'status'], '--stop and --status exclude each other; keep one'],
  [['stop', 'check'], '--stop and --check exclude each other; keep one'],
  [['check', 'status'], '--status and --check exclude each other; keep one'],
  [['detach', 'stop'], '--detach is not for --stop, which takes only --data and --config beside --serve'],
  [
    ['check', 'detach'],
    '--detach is not for --check, which takes only --data, --config, --json, --tls-cert and --tls-key beside --serve',
  ],
  [['status', 'port'], '--port is not for --status, which takes only --data and --config beside --serve'],
  [
    ['stop', 'no-dashboard', 'data'],
    '--no-dashboard is not for --stop, which takes only --data and --config beside --serve',
  ],
  [['json'], '--json goes with --check'],
  [['json', 'stop'], '--json is not for --stop, which takes only --data and --config beside --serve'],
])('%j do not go together', (names, line) => {
  expect(goTogether(typed('serve', ...names))).toBe(line);
});

test.each([
  [[]],
  [['stop', 'data']],
  [['status', 'config']],
  [['check', 'json', 'data', 'tls-cert', 'tls-key']],
  [Object.keys(SERVER).filter((name) => !['stop', 'status', 'check', 'json'].includes(name))],
])('%j go together', (names) => {
  expect(goTogether(typed('serve', ...names))).toBeUndefined();
});
