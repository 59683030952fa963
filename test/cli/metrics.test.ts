/** `--metrics` of the program itself. */
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readExposition } from '../server/metrics/parser.ts';
import { freshEnv, serve, uchat } from './run.ts';

const noDashboard = ['--serve', '--no-dashboard', '--port', '0'];

test('the figures of a running server are served where its log says', async () => {
  const { server } = await serve(freshEnv(), ['--metrics', '0']);
  const where = /"event":"metrics","where":"(http:[^"]+)"/.exec(server.stdout)?.[1] ?? '';
  // Told before it is told that the server runs.
  expect(server.stdout.indexOf('"event":"metrics"')).toBeLessThan(server.stdout.indexOf('"event":"started"'));
  const answer = await fetch(where);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(readExposition(await answer.text()).map(({ name }) => name)).toContain('uchat_connections');
});

test('an address that something else has ends the start: one line with its code, and no word that it runs', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => {
    taken.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void taken.close());
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { status, stdout, stderr } = await uchat([...noDashboard, '--metrics', String(port)], freshEnv());
  expect(status).toBe(1);
  expect(stderr).toBe(
    `uchat: --metrics 127.0.0.1:${port}: something else listens there; choose another address (metrics_in_use)\n`,
  );
  expect(stdout).not.toContain('started');
});

test('an address that is none is wrong usage', async () => {
  const { status, stderr } = await uchat([...noDashboard, '--metrics', 'box'], freshEnv());
  expect(status).toBe(2);
  expect(stderr).toBe(
    'uchat: --metrics: "box" is no address to serve figures on: write PORT, HOST:PORT or unix:PATH, such as 9100\n',
  );
});
