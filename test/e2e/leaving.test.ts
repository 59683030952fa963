import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AT_FIRST } from './harness/emulator.ts';
import { openStage } from './harness/open-stage.ts';
import type { Server } from './harness/server.ts';
import { ONLINE, type Stage } from './harness/stage.ts';
import type { Typist } from './harness/typist.ts';
import { until } from './harness/wait.ts';

/** A prompt with something on the screen already; the settings of the line discipline before and after. */
const SHELL = `
echo 'what was here before'
stty -g >"$HOME/before"
"$@"
echo "left with $?"
stty -g >"$HOME/after"
read -r line
echo "the shell reads: $line"
`;

interface AtPrompt {
  readonly shell: Typist;
  /** The process of uchat, below the shell. */
  readonly pid: number;
  readonly home: string;
}

async function atPrompt(stage: Stage, server: Server, env: Record<string, string> = {}): Promise<AtPrompt> {
  const who = { as: 'alice' };
  const shell = stage.terminal(['sh', '-c', SHELL, 'sh', ...stage.uchat(server, who)], { ...who, env });
  await shell.waitFor(ONLINE);
  const children = readFileSync(`/proc/${shell.pid}/task/${shell.pid}/children`, 'utf8');
  return { shell, pid: Number.parseInt(children, 10), home: stage.environment(who).HOME ?? '' };
}

/** As if uchat had never been there, but for what it may have said at its end. */
async function expectRestored({ shell, home }: AtPrompt, status: number): Promise<string[]> {
  const lines = await shell.waitFor(`left with ${status}`);
  expect(shell.modes).toEqual(AT_FIRST);
  expect(lines[0]).toBe('what was here before');
  shell.say('typed afterwards');
  await shell.waitFor('the shell reads: typed afterwards');
  // Echoed by the terminal, so the line discipline is as it was; and here is the whole of it.
  expect(shell.screen()).toContain('typed afterwards');
  expect(readFileSync(join(home, 'after'), 'utf8')).toBe(readFileSync(join(home, 'before'), 'utf8'));
  expect(shell.emulator.title).toBe('');
  return lines.slice(1, lines.indexOf(`left with ${status}`));
}

const WAYS: readonly (readonly [string, (at: AtPrompt) => void, status: number])[] = [
  ['/quit', ({ shell }) => shell.say('/quit'), 0],
  ['Ctrl-C', ({ shell }) => shell.press('ctrl-c'), 0],
  ['Ctrl-D on an empty line', ({ shell }) => shell.press('ctrl-d'), 0],
  ['SIGTERM', ({ pid }) => process.kill(pid, 'SIGTERM'), 143],
  ['SIGINT', ({ pid }) => process.kill(pid, 'SIGINT'), 130],
  ['SIGHUP', ({ pid }) => process.kill(pid, 'SIGHUP'), 129],
];

test.each(WAYS)('%s gives the terminal back as it was', async (_, leave, status) => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const at = await atPrompt(stage, server);
  leave(at);
  // Nothing to explain: it was wanted.
  const said = (await expectRestored(at, status)).filter((line) => !/^(Terminated|Hangup)?$/.test(line));
  expect(said).toEqual([]);
});

test.each([
  ['an exception', "throw new Error('planted')"],
  ['a rejected promise', "Promise.reject(new Error('planted'))"],
])('%s that nobody caught gives the terminal back, and is told in one line', async (_, fault) => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const plant = join(stage.folder, 'plant.mjs');
  writeFileSync(plant, `process.on('SIGUSR2', () => { ${fault}; });\n`);
  const at = await atPrompt(stage, server, { NODE_OPTIONS: `--import=${plant}` });
  process.kill(at.pid, 'SIGUSR2');
  const said = await expectRestored(at, 70);
  expect(said.join('')).toMatch(/^uchat: .*Error: planted.*$/);
});

test('when the terminal goes away, as with a dropped connection, uchat ends and the others see it', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const [alice, bob] = await stage.guests(server, ['alice', 'bob']);
  await bob.waitFor('● ~alice');
  alice.hangUp();
  await alice.ended(5000);
  await bob.waitFor('○ ~alice', 5000);
});

test('what was not sent yet is not thrown away at the first Ctrl-C', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const [alice] = await stage.guests(server, ['alice']);
  await server.kill('SIGKILL');
  await alice.waitFor(/offline|connecting/);
  alice.say('not out yet').press('ctrl-c');
  await alice.waitFor(/unsent|not sent/i);
  expect(alice.ending).toBeUndefined();
  alice.press('ctrl-c');
  expect(await alice.ended()).toEqual({ status: 0, signal: undefined });
});

test('a server told to stop says so to its clients, which come back when it does', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const [alice] = await stage.guests(server, ['alice']);
  await server.kill('SIGTERM');
  expect(await server.program.finished()).toMatchObject({ status: 0, stderr: '' });
  await until(
    () => (ONLINE.test(alice.screen().join('\n')) ? undefined : true),
    () => 'still online',
  );
  await server.startAgain();
  await alice.waitFor(ONLINE);
});
