/** What `--lan` doesn't go with, as a real process: one line, and the status of wrong usage. */
import { expect, test, vi } from 'vitest';
import { freshEnv, PATIENCE, uchat } from './run.ts';

vi.setConfig(PATIENCE);

test.each([
  [['announce', '--lan', 'hello'], /^uchat: uchat announce needs a server, and on the local network there is none: /],
  [['register', '--lan'], /^uchat: uchat register needs a server, /],
  [['--serve', '--lan'], /^uchat: --lan is for the client, not for --serve\n$/],
  [['--lan', 'box'], /^uchat: HOST and --lan exclude each other: /],
  [['who', '--lan', '--server', 'box'], /^uchat: --server and --lan exclude each other: /],
])('uchat %j is wrong usage', async (args, line) => {
  const { status, stdout, stderr } = await uchat(args, freshEnv());
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(line);
  expect(stderr.match(/\n/g)).toHaveLength(1);
});
