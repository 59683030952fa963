/**
 * The package as npm installs it, from the registry into a folder of its own, by the machine's own npm and Node: `npm run
 * test:install`. It takes half a minute and the network, so that it is none of the tests. Where root runs it, the checkout
 * is hidden from what was installed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Command, ROOT } from '../e2e/harness/stage.ts';
import { exercise, pack } from './package.ts';

const scratch = mkdtempSync(join(tmpdir(), 'uchat-install-'));
const prefix = join(scratch, 'prefix');
/** Nobody has the checkout on their path. */
const PATH = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);
/** As npm is set up here: its registry, and whom it trusts. What it was told for this run is not for those below. */
const own = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'));
const env = { ...Object.fromEntries(own), PATH, HOME: join(scratch, 'home') };

const HIDE = 'mount -t tmpfs tmpfs "$0" && exec "$@"';
const hidden: readonly string[] = process.getuid?.() === 0 ? ['unshare', '--mount', 'sh', '-c', HIDE, ROOT] : [];
const apart = (file: string, ...args: readonly string[]): Command => {
  const [first = file, ...rest] = [...hidden, file, ...args];
  return [first, ...rest];
};

function run(command: Command, more: Readonly<Record<string, string>> = {}) {
  const [file, ...args] = command;
  const { error, status, stdout, stderr } = spawnSync(file, args, {
    encoding: 'utf8',
    cwd: '/',
    env: { ...env, ...more },
  });
  if (error !== undefined) throw error;
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
}

function demand(what: string, is: unknown, wanted: unknown): void {
  if (JSON.stringify(is) !== JSON.stringify(wanted))
    throw new Error(`${what}: ${JSON.stringify(is)}, and not ${JSON.stringify(wanted)}`);
  console.log(`${what}: ${JSON.stringify(is)}`);
}

interface OwnPackage {
  readonly version: string;
  readonly dependencies: { readonly node: string };
}

try {
  const { version, dependencies }: OwnPackage = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const { tarball } = pack(scratch);
  console.log(`by npm ${run(['npm', '--version']).stdout} on Node ${run(['node', '--version']).stdout.slice(1)}`);

  const install: Command = ['npm', 'install', '-g', '--no-audit', '--no-fund', '--prefix', prefix, tarball];
  const package_ = join(prefix, 'lib', 'node_modules', 'uchat');
  const uchat = apart(join(prefix, 'bin', 'uchat'));
  const bare = run([...install, '--ignore-scripts']);
  demand('npm install -g --ignore-scripts', bare.status, 0);
  const advice = `npm rebuild --ignore-scripts=false node' in ${package_}`;
  const refused = run([...uchat, '--version']);
  demand('uchat --version then', [refused.status, refused.stderr.endsWith(advice)], [2, true]);
  rmSync(prefix, { recursive: true });

  // Not with --allow-scripts=node, as newer npm advises: it would be passed on to the npm that the script starts, which
  // does not take it.
  demand('npm install -g', run(install).status, 0);
  const answer = { status: 0, stdout: version, stderr: '' };
  demand('uchat --version', run([...uchat, '--version']), answer);
  const node = join(package_, 'node_modules', 'node', 'bin', 'node');
  demand('its Node', run([node, '--version']).stdout, `v${dependencies.node}`);
  // By way of the link that npm has made in MANPATH.
  const page = join(package_, 'man', 'uchat.1');
  demand('man -w uchat', run(['man', '-w', 'uchat'], { MANPATH: join(prefix, 'share', 'man') }).stdout, page);
  await exercise(uchat, join(scratch, 'user'));
  console.log('server, tail, send and chat: as they should be');
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}
