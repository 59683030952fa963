import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { plantProject, type Tree } from './tree.ts';

/** Milliseconds: five tools start from cold. */
const TIMEOUT = 60_000;
const CHECKS = ['format', 'lint', 'layers', 'types', 'unused'];

function check({ root }: Tree): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'test', 'tooling', 'check.ts')], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, output: stdout + stderr };
}

test(
  'npm run check passes in a clean tree',
  () => {
    const tree = plantProject();
    const { status, output } = check(tree);
    tree.remove();
    expect(output.replaceAll(/, .*/g, '').trim().split('\n').toSorted()).toEqual(
      CHECKS.map((name) => `check:${name} ok`).toSorted(),
    );
    expect(status).toBe(0);
  },
  TIMEOUT,
);

describe('npm run check in a tree with one mistake of each kind', () => {
  let run: ReturnType<typeof check>;
  /** What one of the checks said. */
  const said = (name: string): string =>
    new RegExp(`^check:${name} FAILED[^]*?(?=^check(:\\w+)? (FAILED|ok))`, 'm').exec(run.output)?.[0] ?? '';

  beforeAll(() => {
    const tree = plantProject({
      'src/server/floating.ts': 'const later = async (): Promise<void> => {};\nlater();\n',
      'src/server/switch.ts':
        "const name = (sign: 'a' | 'b'): void => {\n  switch (sign) {\n    case 'a':\n      break;\n  }\n};\nname('a');\n",
      'src/server/any.ts': "const parsed: unknown = JSON.parse('').length;\nconsole.log(parsed);\n",
      'src/server/types.ts': "const wrong: number = 'text';\nconsole.log(wrong);\n",
      'src/server/unformatted.ts': 'console.log( "text" )\n',
      'src/server/layer.ts': "import '../client/main.ts';\n",
      'src/base/id.ts': 'export const next = (id: number): number => id + 1;\nexport const forgotten = 1;\n',
      'src/base/orphan.ts': 'console.log(1);\n',
    });
    run = check(tree);
    tree.remove();
  }, TIMEOUT);

  test('fails', () => {
    expect(run.status).toBe(1);
    expect(run.output.trim().split('\n').at(-1)).toBe(
      `check FAILED: ${CHECKS.map((name) => `check:${name}`).join(', ')}`,
    );
  });

  test.each([
    ['a floating promise', 'lint', 'src/server/floating.ts', 'no-floating-promises'],
    ['a switch that is not exhaustive', 'lint', 'src/server/switch.ts', 'switch-exhaustiveness-check'],
    ['a value of type any', 'lint', 'src/server/any.ts', 'no-unsafe-'],
    ['a type error', 'types', 'src/server/types.ts', 'TS2322'],
    ['another style', 'format', 'src/server/unformatted.ts', 'format'],
    ['an import across layers', 'layers', 'src/server/layer.ts', 'layer: server may not import client/main.ts'],
    ['an export that nobody uses', 'unused', 'src/base/id.ts', 'forgotten'],
    ['a file that nobody imports', 'unused', 'src/base/orphan.ts', 'Unused files'],
  ])('tells %s', (_, name, file, rule) => {
    expect(said(name)).toContain(file);
    expect(said(name)).toContain(rule);
  });
});
