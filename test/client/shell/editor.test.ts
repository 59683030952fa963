import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ok } from '../../../src/base/result.ts';
import { MAX_INPUT } from '../../../src/client/core/input-line.ts';
import { Editing } from '../../../src/client/shell/editor.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uchat-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An editor that does this with its file, "$1". */
function editor(script: string): string {
  const path = join(folder, 'editor');
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}
/** What was noted, and is left in the folder of the session. */
const noted = (): string => readFileSync(join(folder, 'noted'), 'utf8');
const left = (): string[] => readdirSync(join(folder)).filter((name) => name.startsWith('uchat-'));

interface Chosen {
  readonly VISUAL?: string;
  readonly EDITOR?: string;
}

async function run(text: string, chosen: Chosen, editing = new Editing()) {
  const order: string[] = [];
  const around = { before: () => void order.push('before'), after: () => void order.push('after') };
  const env = { PATH: process.env.PATH, XDG_RUNTIME_DIR: folder, ...chosen };
  return { result: await editing.edit(text, around, env), order };
}

describe('the editor', () => {
  test('gets the draft in a file, and what it leaves in it comes back without the newline at its end', async () => {
    const { result, order } = await run('hello\nworld', { EDITOR: editor('sed -i s/world/all/ "$1"; echo >>"$1"') });
    expect(result).toEqual(ok('hello\nall'));
    expect(order).toEqual(['before', 'after']);
  });

  test('is $VISUAL where there is one, and may have arguments', async () => {
    const path = editor('echo "$1" >"$2"');
    expect((await run('', { VISUAL: `${path} --wait`, EDITOR: 'false' })).result).toEqual(ok('--wait'));
    expect((await run('', { VISUAL: ' ', EDITOR: `${path} "two words"` })).result).toEqual(ok('two words'));
  });

  test('has a file that only we can read, in a folder of our own, and nothing of it stays', async () => {
    const note = join(folder, 'noted');
    const script = `stat -c %a "$1" "$(dirname "$1")" >${note}; dirname "$1" >>${note}`;
    expect((await run('a draft', { EDITOR: editor(script) })).result).toEqual(ok('a draft'));
    const [file, own, path = ''] = noted().split('\n');
    expect([file, own]).toEqual(['600', '700']);
    expect(path.startsWith(`${folder}/uchat-`)).toBe(true);
    expect(left()).toEqual([]);
  });

  test('may leave nothing', async () => {
    expect((await run('a draft', { EDITOR: editor(': >"$1"') })).result).toEqual(ok(''));
  });

  test.each([
    ['that ends with a status', 'exit 3', 'ended with status 3'],
    ['that a signal ends', 'kill -9 $$', 'was ended by SIGKILL'],
  ])('%s leaves the draft as it was', async (_, script, words) => {
    const path = editor(`echo other >"$1"; ${script}`);
    const { result, order } = await run('a draft', { EDITOR: `exec ${path}` });
    expect(result).toMatchObject({ ok: false, error: `the editor "exec ${path}" ${words}: your draft is as it was` });
    expect(order).toEqual(['before', 'after']);
    expect(left()).toEqual([]);
  });

  test('that is not there, can not be run, or was never chosen is one clear line', async () => {
    const missing = join(folder, 'missing');
    expect((await run('x', { EDITOR: `${missing} 2>/dev/null` })).result).toMatchObject({
      error: `the editor "${missing} 2>/dev/null" was not found: your draft is as it was`,
    });
    writeFileSync(join(folder, 'plain'), '');
    expect((await run('x', { EDITOR: `exec 2>/dev/null; ${join(folder, 'plain')}` })).result).toMatchObject({
      error: expect.stringContaining('can not be run: your draft is as it was'),
    });
    const none = await run('x', { EDITOR: '' });
    expect(none.result).toMatchObject({
      error: 'no editor is chosen: put its name into VISUAL or EDITOR, such as export EDITOR=nano',
    });
    expect(none.order).toEqual([]);
  });

  test('that removes its file, or puts something else in its place, leaves the draft as it was', async () => {
    for (const script of ['rm "$1"', 'rm "$1"; mkdir "$1"']) {
      const { result } = await run('a draft', { EDITOR: editor(script) });
      expect(result).toMatchObject({ ok: false, error: expect.stringContaining('could not be read') });
      expect(left()).toEqual([]);
    }
  });

  test('that leaves more than the line holds keeps its file, and says where', async () => {
    const { result } = await run('x', { EDITOR: editor(`head -c ${MAX_INPUT + 2} /dev/zero | tr '\\0' x >"$1"`) });
    if (result.ok) throw new Error('it was taken');
    const path = /it stays in (\S+),/.exec(result.error)?.[1] ?? '';
    expect(readFileSync(path, 'utf8')).toHaveLength(MAX_INPUT + 2);
    const { result: huge } = await run('x', { EDITOR: editor('head -c 5000000 /dev/zero >"$1"') });
    expect(huge).toMatchObject({ error: expect.stringMatching(/has 5000000 bytes.*it stays in/) });
  });

  test('works where the folder of the session is gone', async () => {
    const editing = new Editing();
    const env = { PATH: process.env.PATH, XDG_RUNTIME_DIR: join(folder, 'gone'), EDITOR: editor('echo edited >"$1"') };
    const around = { before: () => undefined, after: () => undefined };
    expect(await editing.edit('', around, env)).toEqual(ok('edited'));
  });

  test('ends with us, and so does its file', async () => {
    const editing = new Editing();
    const running = run(
      'a draft',
      { EDITOR: `exec ${editor(`touch ${join(folder, 'begun')}; exec sleep 60`)}` },
      editing,
    );
    await vi.waitFor(() => expect(existsSync(join(folder, 'begun'))).toBe(true), { timeout: 5000 });
    expect(left()).toHaveLength(1);
    editing.drop();
    expect(left()).toEqual([]);
    expect((await running).result).toMatchObject({ ok: false });
  });
});
