/**
 * Has the parts compiled, with what they call at a start and in ordinary use: every mode is run once. Whoever is at the
 * other end runs from source, so that no two runs keep what they compiled at the same time.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { play, type Step } from './terminal.ts';

/** Milliseconds for one run without a terminal. */
const WITHIN_MS = 30_000;
const CTRL_C = '\x03';

export interface WarmUp {
  /** The Node that the executable is made of, and its options: V8 takes up only what it has made under the same. */
  readonly node: readonly [string, ...string[]];
  readonly root: string;
  /** Of the parts. */
  readonly folder: string;
  /** For homes and data. */
  readonly scratch: string;
}

type Command = readonly [string, ...string[]];

type Environment = Readonly<Record<string, string>>;

function environment(scratch: string): Environment {
  return { HOME: join(scratch, 'home'), TERM: 'xterm-256color', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
}

/** Runs it to its end. Its exit status doesn't matter: being refused is compiled, too. */
async function run([file, ...args]: Command, env: Environment, input = ''): Promise<void> {
  const child = spawn(file, args, { env, stdio: ['pipe', 'ignore', 'pipe'], timeout: WITHIN_MS });
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  // It may end before it has read all.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status === null || status > 3) throw new Error(`${args.join(' ')}: ${Buffer.concat(errors).toString()}`);
}

interface Serving extends AsyncDisposable {
  readonly address: string;
}

async function serve([file, ...args]: Command, env: Environment, data: string): Promise<Serving> {
  const options = ['--serve', '--no-dashboard', '--guests', '--port', '0', '--data', data];
  const child: ChildProcess = spawn(file, [...args, ...options], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('a pipe was asked for');
  const ended = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== 'object' || entry === null || !('port' in entry)) continue;
    child.stdout.resume();
    return {
      address: `127.0.0.1:${String(entry.port)}`,
      [Symbol.asyncDispose]: async () => {
        child.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new Error(`${file} ${args.join(' ')}: no server`);
}

/** A first talk: names completed, a wide character, another room, a look back. */
const TALK: readonly Step[] = [
  { sees: /^ online/m, types: 'hello 你好 👋 *\r' },
  // Stored: else leaving would ask.
  { sees: /~alice +hello (?!.*sending)/, types: '/jo\t#dev\r' },
  { sees: /#dev 1/, types: '/who\r' },
  { sees: /alice.*online/, types: '\x1b1\x1b[5~\x1b[6~/help\r' },
  { sees: /F1 shows the keys/, types: '/quit\r' },
];

/** What connects to a server. */
async function warmClient(parts: Command, server: Command, env: Environment, data: string): Promise<string> {
  await using other = await serve(server, env, data);
  const at = ['--server', other.address, '--guest', '--user'];
  await play([...parts, other.address, '--guest', '--user', 'alice'], env, TALK);
  await run([...parts, 'send', ...at, 'bob', 'lobby'], env, 'one\ntwo\n');
  await run([...parts, 'who', ...at, 'bob'], env);
  await run([...parts, 'history', ...at, 'bob', 'lobby'], env);
  await play([...parts, 'tail', ...at, 'bob', '--limit', '1'], env, [{ sees: /two/, types: CTRL_C }]);
  await run([...parts, 'announce', ...at, 'bob', 'noon'], env);
  await run([...parts, 'register', ...at, 'bob'], env);
  return other.address;
}

async function warmServer(parts: Command, client: Command, env: Environment, data: string): Promise<void> {
  await using server = await serve(parts, env, data);
  await run([...client, 'send', '--server', server.address, '--guest', '--user', 'bob', 'lobby', 'hi'], env);
  await run([...parts, 'backup', `${data}.backup`, '--data', data], env);
}

export async function warmUp({ node, root, folder, scratch }: WarmUp): Promise<void> {
  const env = environment(scratch);
  mkdirSync(join(scratch, 'home'), { recursive: true });
  const source: Command = [...node, join(root, 'src', 'cli.ts')];
  const parts: Command = [...node, join(root, 'build', 'warm.ts'), folder];

  const deserted = await warmClient(parts, source, env, join(scratch, 'first'));
  await play([...parts, deserted], env, [
    { sees: /Start one here\?/, types: 'n\r' },
    { sees: /Connect/, types: CTRL_C },
  ]);
  await run([...parts, 'forget-server', 'box.example'], env);
  await run([...parts, 'doctor', deserted], env);
  await run([...parts, 'completion', 'bash'], env);
  await run([...parts, 'man'], env);
  await run([...parts, '--help'], env);
  const data = join(scratch, 'second');
  await warmServer(parts, source, env, data);
  await run([...parts, '--serve', '--check', '--data', data], env);
  await run([...parts, 'restore', `${data}.backup`, '--data', `${data}-restored`], env);
  await play([...parts, '--serve', '--port', '0', '--data', join(scratch, 'third')], env, [
    { sees: /operator/, types: '/help\r' },
    // In its log, whose last rows they are.
    { sees: /│ +\/[a-z]+ /, types: CTRL_C },
    { sees: /Stop the server\?/, types: CTRL_C },
  ]);
}
