/** The npm package: made, and used as those do who have installed it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Program } from '../e2e/harness/program.ts';
import { Server } from '../e2e/harness/server.ts';
import { type Command, freePort, ONLINE, ROOT } from '../e2e/harness/stage.ts';
import { Typist } from '../e2e/harness/typist.ts';

interface Packed {
  readonly tarball: string;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

/** @param folder where it is put. */
export function pack(folder: string): Packed {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { error, status, stdout, stderr } = spawnSync('npm', args, { encoding: 'utf8', cwd: ROOT });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`npm ${args.join(' ')}: ${stderr}`);
  const [packed]: [Omit<Packed, 'tarball'> & { filename: string }] = JSON.parse(stdout);
  return { files: packed.files, tarball: join(folder, packed.filename) };
}

/**
 * Server, scripts and chat, all of them the installed one's, without anything of ours in their environment.
 * @param uchat the command as installed, with whatever stands before it.
 * @param home whose folder: it is made.
 * @throws Error with what was said, where one of them fails.
 */
export async function exercise(uchat: Command, home: string): Promise<void> {
  const env = { PATH: '/usr/bin:/bin', HOME: home, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' };
  mkdirSync(home, { recursive: true });
  await using opened = new AsyncDisposableStack();
  const port = await freePort();
  const server = await Server.start({
    command: [...uchat, '--guests', '--away-after', '1h'],
    env,
    cwd: '/',
    data: join(home, 'server'),
    port,
  });
  opened.defer(() => server.dispose());

  const script = (...args: readonly string[]): Program => {
    const [mode = '', ...rest] = args;
    const who = ['--server', server.address, '--guest', '--user', 'anna'];
    const program = new Program({ command: [...uchat, mode, ...who, ...rest], env, cwd: '/' });
    opened.defer(() => program.dispose());
    return program;
  };
  const tail = script('tail', 'lobby', '--limit', '5');
  const typist = new Typist({
    command: [...uchat, server.address, '--guest', '--user', 'zoe'],
    env,
    cwd: '/',
  });
  opened.defer(() => typist.dispose());
  await typist.waitFor(ONLINE);
  const sent = await script('send', 'lobby', 'from the package').endInput().finished();
  if (sent.status !== 0 || sent.stderr !== '') throw new Error(`uchat send: ${JSON.stringify(sent)}`);
  await typist.waitFor(/~anna +from the package/);
  await tail.waitFor('the message', () => tail.stdout.includes('from the package') || undefined);
  typist.say('/quit');
  const { status } = await typist.ended();
  if (status !== 0 || typist.modes.screen !== 'normal') throw new Error(`uchat: ended with ${status}`);
}
