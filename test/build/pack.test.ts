import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { exercise, pack } from './package.ts';

const ROOT = dirname(dirname(import.meta.dirname));

function run(file: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string | undefined>>) {
  const { error, status, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', cwd, env });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}

test('the package has what it runs by, nothing else, and runs where npm install -g puts it', async () => {
  const prefix = mkdtempSync(join(tmpdir(), 'uchat-pack-'));
  onTestFinished(() => rmSync(prefix, { recursive: true }));
  const { tarball, files } = pack(prefix);
  const outside = files.map(({ path }) => path).filter((path) => !/^(src|themes)\//.test(path));
  expect(outside.toSorted()).toEqual(['LICENSE', 'README.md', 'man/uchat.1', 'package.json']);
  const themes = files.map(({ path }) => path).filter((path) => path.startsWith('themes/'));
  expect(new Set(themes)).toEqual(new Set(readdirSync(join(ROOT, 'themes')).map((name) => `themes/${name}`)));
  expect(files.find(({ path }) => path === 'src/uchat')?.mode).toBe(0o755);

  const packages = join(prefix, 'lib', 'node_modules');
  mkdirSync(packages, { recursive: true });
  mkdirSync(join(prefix, 'bin'));
  expect(run('tar', ['-xzf', tarball], packages, process.env)).toMatchObject({ status: 0 });
  expect(run('mv', ['package', 'uchat'], packages, process.env)).toMatchObject({ status: 0 });
  symlinkSync(join(ROOT, 'node_modules'), join(packages, 'uchat', 'node_modules'));
  symlinkSync('../lib/node_modules/uchat/src/uchat', join(prefix, 'bin', 'uchat'));
  const { version, man }: { version: string; man: unknown } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  // npm puts a page where man finds it only if it stands in a list.
  expect(man).toEqual(['man/uchat.1']);
  const env = { PATH: '/usr/bin:/bin', HOME: prefix };
  const uchat = (...args: string[]) => run(join(prefix, 'bin', 'uchat'), args, '/', env);
  expect(uchat('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  await exercise([join(prefix, 'bin', 'uchat')], join(prefix, 'user'));
});
