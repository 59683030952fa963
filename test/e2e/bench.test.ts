import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Benchmark } from '../bench/harness/benchmark.ts';
import { Program } from './harness/program.ts';
import { ROOT } from './harness/stage.ts';

const FOLDER = join(ROOT, 'test', 'bench');
const MAIN = join(FOLDER, 'main.ts');
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ts') && file !== 'main.ts')
  .map((file) => basename(file, '.ts'));

const running: Program[] = [];
afterEach(async () => {
  for (const program of running.splice(0)) await program.dispose();
});

function bench(...args: readonly string[]): Program {
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };
  const program = new Program({ command: [process.execPath, MAIN, ...args], env, cwd: ROOT });
  running.push(program);
  return program;
}

describe('npm run bench', () => {
  test.each(names)('%s is a benchmark of that name, and says what it measures', async (name) => {
    const { benchmark } = (await import(join(FOLDER, `${name}.ts`))) as { benchmark?: Benchmark };
    expect(benchmark?.name).toBe(name);
    expect(benchmark?.measures).toMatch(/^\S.{10,}$/);
  });

  test('runs those that are asked for, the server and its load generator among them, and prints figures as JSON', async () => {
    const { status, stdout, stderr } = await bench('validate', 'crypto', 'fanout', '--quick', '--json').finished();
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const result = JSON.parse(stdout) as {
      readonly node: string;
      readonly machine: { readonly cores: number };
      readonly quick: boolean;
      readonly failures: readonly string[];
      readonly figures: readonly { benchmark: string; name: string; value: number; unit: string }[];
    };
    expect(result).toMatchObject({ node: process.version, quick: true, failures: [] });
    expect(result.machine.cores).toBeGreaterThan(0);
    expect(Number.isNaN(Date.parse((result as unknown as { date: string }).date))).toBe(false);
    expect([...new Set(result.figures.map(({ benchmark }) => benchmark))]).toEqual(['validate', 'crypto', 'fanout']);
    for (const { value } of result.figures) expect(value).toSatisfy(Number.isFinite);
    const of = (what: RegExp) => result.figures.find(({ name }) => what.test(name));
    expect(of(/^decodeClientMessage$/)?.unit).toBe('ns a line');
    // Somebody was told something, and it took time.
    expect(of(/^deliveries, 20 in the room$/)?.value).toBeGreaterThan(0);
    expect(of(/^latency at 100 messages a second, 20 in the room: p50$/)?.value).toBeGreaterThan(0);
  });

  test('says which there are, where there is none of a name', async () => {
    const { status, stdout, stderr } = await bench('speed').finished();
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toBe(`bench: there is no speed; there are ${names.join(', ')}\n`);
  });
});
