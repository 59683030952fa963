/** Makes the parts of the single executable: uchat and its packages in as many scripts as are loaded at different times. */
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type OutputChunk, type Plugin, type RolldownOutput, rolldown } from 'rolldown';

/** `new Worker(new URL('./x.ts', import.meta.url))`, as those who start a thread write it. */
const WORKER = /new URL\('(\.\/[\w-]+\.ts)', import\.meta\.url\)/g;
/** The module that gives a thread its code. */
const WORKER_URL = 'uchat:worker-url';
const WORKER_URL_CODE = `import { getAsset } from 'node:sea';
export const workerUrl = (name) => new URL('data:text/javascript,' + encodeURIComponent(getAsset(name, 'latin1')));`;

/** blessed's widgets, which it requires by names that it puts together. */
const WIDGETS = /widget\.classes\.forEach\(function\(name\) \{\s+var file = name\.toLowerCase\(\);[^}]+\}\);/;
const WIDGET_CLASSES = /widget\.classes = \[([^\]]+)\]/;
/** Characters in octal, which strict code may not have; blessed writes Escape so. */
const OCTAL = /(?<=(?<!\\)(?:\\\\)*)\\0([0-7]{2})/g;
/**
 * yargs measures its help by a pattern of all emoji, which takes 30 ms to make: a third of the time until the chat is
 * there. This program measures text by a table.
 */
const STRING_WIDTH = 'string-width';
const stringWidthCode = (root: string): string =>
  `export { textWidth as default } from ${JSON.stringify(join(root, 'src', 'base', 'text', 'width.ts'))};`;
/** What blessed has for who wants a terminal in a terminal. */
const EXTERNAL = ['term.js', 'pty.js'];

const isPackage = (id: string): boolean => id.includes('/node_modules/');

/** blessed requires its widgets in a loop; a bundler wants to read their names. */
function withWidgets(code: string): string {
  const [, list] = WIDGET_CLASSES.exec(code) ?? [];
  if (list === undefined || !WIDGETS.test(code))
    throw new Error('blessed loads its widgets in another way than it did');
  const names = [...list.matchAll(/'(\w+)'/g)].map(([, name = '']) => name);
  const lines = names.map((name) => {
    const file = name.toLowerCase();
    return `widget['${name}'] = widget['${file}'] = require('./widgets/${file}');`;
  });
  return code.replace(WIDGETS, lines.join('\n'));
}

/** @param workers gets the files that threads are started with. */
function ours(root: string, workers: Map<string, string>): Plugin {
  const virtual: Readonly<Record<string, string>> = {
    [WORKER_URL]: WORKER_URL_CODE,
    [STRING_WIDTH]: stringWidthCode(root),
  };
  return {
    name: 'uchat',
    resolveId: (id) => (id in virtual ? `\0${id}` : undefined),
    load: (id) => (id.startsWith('\0') ? virtual[id.slice(1)] : undefined),
    transform(code, id) {
      if (isPackage(id)) {
        const changed = (id.endsWith('/blessed/lib/widget.js') ? withWidgets(code) : code).replace(
          OCTAL,
          (_, digits: string) => `\\x${Number.parseInt(digits, 8).toString(16).padStart(2, '0')}`,
        );
        return changed === code ? undefined : { code: changed, map: null };
      }
      const changed = code.replace(WORKER, (_, file: string) => {
        const path = join(id, '..', file);
        const name = relative(root, path).replace(/\.ts$/, '.mjs').replaceAll('/', '.');
        workers.set(name, path);
        return `workerUrl('${name}')`;
      });
      if (/\bimport\.meta\.(?!filename\b)/.test(changed))
        throw new Error(`${id}: in a single executable there is no such import.meta`);
      return changed === code
        ? undefined
        : { code: `import { workerUrl } from '${WORKER_URL}';\n${changed}`, map: null };
    },
  };
}

/** A character that isn't ASCII as an escape sequence. In text, patterns and names that is the same. */
const ascii = (code: string): string =>
  code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

function chunks({ output }: RolldownOutput): OutputChunk[] {
  return output.map((chunk) => {
    if (chunk.type !== 'chunk') throw new Error(`${chunk.fileName} is no code`);
    return chunk;
  });
}

/** Without comments and blanks, but with the names that faults are told by. */
const MINIFY = { compress: false, mangle: false, codegen: { removeWhitespace: true } } as const;
/** Only ever read for a file's own place, which nothing in an executable has. */
const DEFINE = { 'import.meta.filename': '""' };

function onLog(_level: string, { code, message }: { readonly code?: string; readonly message: string }): void {
  // yargs looks for configuration files that extend others, which ours can't.
  if (code === 'EMPTY_IMPORT_META' && message.includes('apply-extends.js')) return;
  // blessed and its friends have circles, and read this by eval.
  if (code === 'CIRCULAR_DEPENDENCY' || code === 'EVAL') return;
  throw new Error(`rolldown: ${message}`);
}

/** @param packaged gets the files of packages that are in it. */
async function oneFile(input: string, format: 'cjs' | 'esm', packaged: string[]): Promise<string> {
  const bundle = await rolldown({ input, platform: 'node', onLog });
  try {
    const [chunk, ...more] = chunks(await bundle.generate({ format, codeSplitting: false, minify: MINIFY }));
    if (chunk === undefined || more.length > 0) throw new Error(`${input} does not fit in one file`);
    packaged.push(...chunk.moduleIds.filter(isPackage));
    return ascii(chunk.code);
  } finally {
    await bundle.close();
  }
}

export interface Bundled {
  /** What the executable starts with; it lies beside the parts. */
  readonly main: string;
  /** Names of scripts; what they are compiled to goes with them. */
  readonly scripts: readonly string[];
  /** Names of what threads are started with. */
  readonly workers: readonly string[];
  /** Files of packages that have something in it. */
  readonly packaged: readonly string[];
}

/** @param folder where all of it is written to. */
export async function bundleInto(folder: string, root: string): Promise<Bundled> {
  const workers = new Map<string, string>();
  const packaged: string[] = [];
  const bundle = await rolldown({
    input: { cli: join(root, 'src', 'cli.ts') },
    cwd: root,
    platform: 'node',
    external: EXTERNAL,
    plugins: [ours(root, workers)],
    transform: { define: DEFINE },
    onLog,
  });
  const scripts: string[] = [];
  try {
    const names = '[name].cjs';
    const options = { format: 'cjs', entryFileNames: names, chunkFileNames: names, minify: MINIFY } as const;
    for (const { fileName, code, moduleIds } of chunks(await bundle.generate(options))) {
      // Packages of the old kind may rely on what strict code forbids; ours is strict as it is.
      const strict = moduleIds.some(isPackage) ? '' : '"use strict";';
      packaged.push(...moduleIds.filter(isPackage));
      writeFileSync(join(folder, fileName), strict + ascii(code));
      scripts.push(fileName);
    }
  } finally {
    await bundle.close();
  }
  for (const [name, path] of workers) writeFileSync(join(folder, name), await oneFile(path, 'esm', packaged));
  const main = 'start.cjs';
  writeFileSync(join(folder, main), await oneFile(join(root, 'build', 'start.ts'), 'cjs', packaged));
  return { main, scripts, workers: [...workers.keys()], packaged };
}
