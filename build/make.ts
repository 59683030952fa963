/**
 * Makes dist/uchat: the program as one file, for machines like this one. Node's executable, uchat's scripts in it, and
 * beside each what V8 compiles it to.
 * Usage: node build/make.ts [FILE], where it is to be elsewhere.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { bundleInto } from './bundle.ts';
import { notices } from './licenses.ts';
import { COMPILED } from './names.ts';
import { warmUp } from './warm-up.ts';

const ROOT = dirname(import.meta.dirname);
const OUTPUT = resolve(ROOT, process.argv[2] ?? join('dist', 'uchat'));
const MEGABYTE = 1_000_000;
const THEMES = 'themes';
const LICENSES = 'licenses.txt';

/**
 * With what Node runs it. SQLite is called experimental, and of the packages' old `new Buffer` Node says nothing only as
 * long as they lie in node_modules. On a host that people share each of them has one of these programs: so young objects
 * get 2 MB and not 48, V8 has one helper and not four, each of which keeps what it once needed, and garbage may be asked
 * for. A server in a flood works a tenth more with it.
 */
const EXEC_ARGV = [
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=DEP0005',
  '--max-semi-space-size=1',
  '--v8-pool-size=1',
  '--expose-gc',
];

const say = (line: string): void => console.log(line);

/** Node's executable without what only debuggers read, a fifth of it. */
function bareNode(scratch: string): string {
  const node = join(scratch, 'node');
  if (process.platform === 'linux') {
    const { error, status, stderr } = spawnSync('strip', ['-o', node, process.execPath], { encoding: 'utf8' });
    if (error === undefined && status === 0) return node;
    say(`not stripped, so a fifth larger: ${error?.message ?? stderr.trim()}`);
  }
  copyFileSync(process.execPath, node);
  return node;
}

function run(node: string, args: readonly string[]): void {
  const { error, status, stdout, stderr } = spawnSync(node, args, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`node ${args.join(' ')}: ${stdout}${stderr}`);
}

/** The themes, by the names that they are asked for by. */
function themesInto(folder: string): readonly string[] {
  const names = readdirSync(join(ROOT, THEMES)).filter((name) => name.endsWith('.toml'));
  mkdirSync(join(folder, THEMES));
  for (const name of names) copyFileSync(join(ROOT, THEMES, name), join(folder, THEMES, name));
  return names.map((name) => `${THEMES}/${name}`);
}

/** It must say its version: what the machine can't run isn't left as the result. */
function prove(file: string): void {
  const { error, status, stdout, stderr } = spawnSync(file, ['--version'], { encoding: 'utf8', env: {} });
  if (error !== undefined) throw error;
  if (status !== 0 || stderr !== '') throw new Error(`${file} --version: exit status ${status}, ${stdout}${stderr}`);
}

async function make(scratch: string): Promise<void> {
  const started = performance.now();
  const folder = join(scratch, 'parts');
  mkdirSync(folder);
  const { main, scripts, workers, packaged } = await bundleInto(folder, ROOT);
  writeFileSync(join(folder, LICENSES), notices(ROOT, packaged));
  const themes = themesInto(folder);
  const node = bareNode(scratch);
  await warmUp({ node: [node, ...EXEC_ARGV], root: ROOT, folder, scratch });
  const cold = scripts.filter((name) => !existsSync(join(folder, name + COMPILED)));
  run(node, [...EXEC_ARGV, join(ROOT, 'build', 'compile.ts'), folder, ...cold]);

  const assets = [...scripts, ...scripts.map((name) => name + COMPILED), ...workers, ...themes, LICENSES];
  const config = join(scratch, 'sea.json');
  // Beside the old one, whose place it takes in one step: that one may be running.
  const output = `${OUTPUT}.new`;
  mkdirSync(dirname(OUTPUT), { recursive: true });
  writeFileSync(
    config,
    JSON.stringify({
      main: join(folder, main),
      executable: node,
      output,
      disableExperimentalSEAWarning: true,
      // Of the two kilobytes that it starts with: where V8 didn't accept it, Node would print a warning.
      useCodeCache: false,
      execArgv: EXEC_ARGV,
      // Nobody's surroundings change how it runs: NODE_OPTIONS is for Node.
      execArgvExtension: 'none',
      assets: Object.fromEntries(assets.map((name) => [name, join(folder, name)])),
    }),
  );
  run(node, ['--build-sea', config]);
  prove(output);
  renameSync(output, OUTPUT);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`${relative(ROOT, OUTPUT)}: ${(statSync(OUTPUT).size / MEGABYTE).toFixed(0)} MB, made in ${seconds} s`);
}

const scratch = mkdtempSync(join(tmpdir(), 'uchat-build-'));
try {
  await make(scratch);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
