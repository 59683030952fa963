/** A server's life: how it stops and comes back, in the background and on a terminal. */
import { existsSync, mkdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStage } from './harness/open-stage.ts';
import { ROOT, type Stage } from './harness/stage.ts';
import { until } from './harness/wait.ts';

/** Milliseconds from the moment that the server listens until everybody is back: what is promised. */
const BACK_WITHIN_MS = 5000;
/** Lines that are given to `uchat send` in the course of it, a few at a time. */
const LINES = 60;

const numbered = (text: string): string[] => text.match(/\bline \d+\b/g) ?? [];
const UCHAT = [process.execPath, join(ROOT, 'src', 'cli.ts')] as const;

test('a server that is restarted under load loses nothing, says so to all, and has them back within 5 s', async () => {
  const stage = openStage();
  const server = await stage.server('--guests', '--rate-limit', 'off');
  const [alice] = await stage.guests(server, ['alice']);
  const plain = stage.script(undefined, ['--plain', server.address], { as: 'paul' });
  await plain.waitFor('the plain client', () => (plain.stdout.includes('connected to') ? true : undefined));
  const tail = stage.script(server, ['tail', 'lobby', '--limit', '100'], { as: 'tail' });
  const send = stage.script(server, ['send', 'lobby'], { as: 'send' });
  let given = 0;
  const give = (count: number): void => {
    for (let i = 0; i < count && given < LINES; i += 1) send.write(`line ${given++}\n`);
  };
  give(5);
  await tail.waitFor('the first line', () => (tail.stdout.includes('line 0') ? true : undefined));
  const load = setInterval(() => give(1), 20);
  try {
    await tail.waitFor('some lines', () => (numbered(tail.stdout).length >= 10 ? true : undefined));
    server.program.kill('SIGTERM');
    expect((await server.program.finished()).status).toBe(0);
    const ending = new Set(['stopping', 'draining', 'stopped']);
    expect(server.log().flatMap(({ event }) => (ending.has(event ?? '') ? [event] : []))).toEqual(
      expect.arrayContaining([...ending]),
    );
    await alice.waitFor('offline: the server is restarting');
    await plain.waitFor('its line', () =>
      plain.stdout.includes('offline: the server is restarting') ? true : undefined,
    );
    await tail.waitFor('its line', () => (tail.stderr.includes('is restarting; trying again') ? true : undefined));
    await server.startAgain();
    const startedAt = Date.parse(String(server.log()[0]?.time));
    // By the server's own clock.
    const back = async (name: string): Promise<number> => {
      const find = () => server.log().find(({ event, user }) => event === 'online' && user === name);
      const entry = await server.program.waitFor(`${name} to be back`, find);
      return Date.parse(String(entry.time)) - startedAt;
    };
    for (const name of ['~alice', '~paul']) expect(await back(name)).toBeLessThanOrEqual(BACK_WITHIN_MS);
    await tail.waitFor('its line', () =>
      tail.stderr.includes('connected again; nothing was missed') ? true : undefined,
    );
  } finally {
    clearInterval(load);
  }
  give(LINES);
  send.endInput();
  // Every line was acknowledged, and stands once, in order, for whoever followed.
  expect(await send.finished()).toMatchObject({ status: 0, stderr: '' });
  const all = Array.from({ length: LINES }, (_, i) => `line ${i}`);
  await tail.waitFor('all lines', () => (numbered(tail.stdout).length >= LINES ? true : undefined));
  expect(numbered(tail.stdout)).toEqual(all);
});

/** `uchat --serve …` of oneself, to its end. */
const serve = (stage: Stage, ...options: readonly string[]) => stage.run(undefined, ['--serve', ...options]);

test('in the background: said when it listens, alone on its folder, read again on SIGHUP, and stopped by its folder', async () => {
  const stage = openStage();
  const data = stage.newFolder('data');
  const config = join(stage.newFolder('config'), 'server.toml');
  writeFileSync(config, 'guests = false\n');
  const options = ['--data', data, '--config', config, '--port', '0'];
  const started = await serve(stage, '--detach', ...options);
  expect(started).toMatchObject({ status: 0, stderr: '' });
  const said =
    /^listening on (127\.0\.0\.1:\d+), process (\d+), data in (\S+), log in (\S+); stop it with: uchat .*\n$/;
  const [, address, id, folder, log = ''] = said.exec(started.stdout) ?? [];
  const pid = Number(id);
  expect(folder).toBe(data);
  expect(statSync(log).mode & 0o777).toBe(0o600);
  expect(readlinkSync(`/proc/${pid}/cwd`)).toBe('/');
  // proc_pid_stat(5): its session is its own, and it has no terminal.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  expect([Number(stat[3]), Number(stat[4])]).toEqual([pid, 0]);

  const second = await serve(stage, '--detach', ...options);
  expect(second).toMatchObject({ status: 1, stdout: '' });
  expect(second.stderr).toBe(
    `uchat: another server (process ${pid}, listening on ${address}) uses the folder ${data}: stop it with ` +
      `uchat --serve --stop --data ${data}, or choose another folder with --data (store_in_use)\n`,
  );
  const other = await serve(
    stage,
    '--detach',
    '--data',
    stage.newFolder('other'),
    '--port',
    address?.split(':')[1] ?? '',
  );
  expect(other).toMatchObject({ status: 1, stdout: '' });
  expect(other.stderr).toMatch(
    /^uchat: another program listens on \S+ \(process \d+ of .*\): stop it, or choose .*\n$/,
  );

  writeFileSync(config, 'guests = true\nport = 4000\n');
  process.kill(pid, 'SIGHUP');
  const logged = () => readFileSync(log, 'utf8');
  await until(() => (logged().includes('"name":"guests"') ? true : undefined), logged);
  // What was typed at the start keeps winning over the file.
  expect(logged()).not.toContain('"name":"port"');
  expect(await stage.run(undefined, ['who', '--server', address ?? ''], { as: 'bob' })).toMatchObject({ status: 0 });

  expect((await serve(stage, '--status', '--data', data)).stdout).toContain(`listening on ${address} `);
  const stopped = await serve(stage, '--stop', '--data', data);
  expect(stopped).toMatchObject({ status: 0, stdout: `stopped the server (process ${pid}, data in ${data})\n` });
  expect(await serve(stage, '--status', '--data', data)).toMatchObject({ status: 3 });
  expect(logged()).toMatch(/"event":"stopped"\}\n$/);
});

test('on a terminal: SIGHUP reads the settings, and drains once the terminal is gone; a refusal stays when the screen is gone', async () => {
  const stage = openStage();
  const data = stage.newFolder('data');
  const config = stage.newFolder('config');
  mkdirSync(config, { recursive: true });
  const file = join(config, 'server.toml');
  writeFileSync(file, 'guests = false\n');
  const command = [...UCHAT, '--serve', '--data', data, '--config', file, '--port', '0'] as const;
  const console = stage.terminal(command);
  await console.waitFor('listening on');
  const second = stage.terminal(command);
  expect(await second.ended()).toMatchObject({ status: 1 });
  expect(second.screen().join('')).toMatch(/uchat: another server \(process \d+, listening on /);
  expect(second.screen().join('')).toContain('(store_in_use)');

  writeFileSync(file, 'guests = "perhaps"\n');
  console.say('/reload');
  await console.waitFor('nothing has changed:');
  await console.waitFor('server.toml:1:10: guests');
  writeFileSync(file, 'guests = true\n');
  console.kill('SIGHUP');
  await console.waitFor('guests off -> on');
  const running = join(data, 'running.json');
  console.hangUp();
  // It takes that away only when it ends in good order.
  await until(
    () => (existsSync(running) ? undefined : true),
    () => 'it has not ended in good order',
  );
});
