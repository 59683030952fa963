/** A small project with a file in every folder of the table, each doing all that its row allows. It breaks no rule. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = dirname(dirname(import.meta.dirname));

const CLEAN: Readonly<Record<string, readonly string[]>> = {
  'src/cli.ts': [
    "import { argv } from 'node:process';",
    "import type { Server } from './server/main.ts';",
    "import { OPTIONS } from './usage/options.ts';",
    '',
    "const { parse } = await import('./command-line.ts');",
    "const { page } = await import('./manual/page.ts');",
    "const { serve } = await import('./server/main.ts');",
    "const { start } = await import('./client/main.ts');",
    'const server: Server = serve();',
    'console.log(server, start(), parse(argv), OPTIONS, page);',
  ],
  'src/command-line.ts': [
    "import yargs from 'yargs';",
    "import { OPTIONS } from './usage/options.ts';",
    '',
    'export const parse = (argv: readonly string[]): unknown => [OPTIONS, yargs([...argv])];',
  ],
  'src/usage/options.ts': ["import { next } from '../base/id.ts';", '', 'export const OPTIONS = next(0);'],
  'src/manual/page.ts': [
    "import { help } from '../client/commands/help.ts';",
    "import { press } from '../client/keys/press.ts';",
    "import { OPTIONS } from '../usage/options.ts';",
    '',
    'export const page = help + press + OPTIONS;',
  ],
  'src/strip-types.mjs': ["import { registerHooks } from 'node:module';", '', 'registerHooks({});'],
  'src/base/id.ts': ['export const next = (id: number): number => id + 1;'],
  'src/protocol/wire.ts': [
    "import { next } from '../base/id.ts';",
    '',
    'export const VERSION = next(0);',
    'export const shown = (at: number): string => new Date(at).toISOString();',
  ],
  'src/crypto/pin.ts': [
    "import { createHash } from 'node:crypto';",
    "import { next } from '../base/id.ts';",
    '',
    "export const pin = (key: string): unknown => createHash('sha256').update(key, 'utf8').digest().at(next(1));",
  ],
  'src/link/tcp.ts': [
    "import { connect, type Socket } from 'node:net';",
    "import { VERSION } from '../protocol/wire.ts';",
    '',
    'export const dial = (): Socket => connect(VERSION);',
  ],
  'src/peer/direct.ts': [
    "import { createSocket } from 'node:dgram';",
    "import { pin } from '../crypto/pin.ts';",
    "import { dial } from '../link/tcp.ts';",
    '',
    "export const meet = (): unknown => [pin(''), dial(), createSocket('udp4')];",
  ],
  'src/server/main.ts': [
    "import { dial } from '../link/tcp.ts';",
    "import { dashboard } from './console/dashboard.ts';",
    "import { say } from './handlers/say.ts';",
    "import { flush } from './outbox/outbox.ts';",
    "import { sqlite } from './store/sqlite.ts';",
    '',
    'export type Server = readonly unknown[];',
    'export const serve = (): Server => [dial(), say(sqlite(), Date.now()), flush(), dashboard()];',
  ],
  'src/server/core/room.ts': [
    "import { VERSION } from '../../protocol/wire.ts';",
    "import type { Store } from '../store/store.ts';",
    '',
    'export const enter = (store: Store, now: number): number => store.size + VERSION + now;',
  ],
  'src/server/handlers/say.ts': [
    "import { enter } from '../core/room.ts';",
    "import type { Store } from '../store/store.ts';",
    '',
    'export const say = (store: Store, now: number): number => enter(store, now);',
  ],
  'src/server/store/store.ts': ['export interface Store {', '  readonly size: number;', '}'],
  'src/server/store/sqlite.ts': [
    "import { DatabaseSync } from 'node:sqlite';",
    "import type { Store } from './store.ts';",
    '',
    "export const sqlite = (): Store => ({ size: new DatabaseSync(':memory:').isOpen ? 1 : 0 });",
  ],
  'src/server/outbox/outbox.ts': ['export const flush = (): unknown => setImmediate(() => {});'],
  'src/server/console/dashboard.ts': [
    "import blessed from 'blessed';",
    "import contrib from 'blessed-contrib';",
    '',
    'export const dashboard = (): unknown => [blessed, contrib];',
  ],
  'src/client/main.ts': [
    "import { meet } from '../peer/direct.ts';",
    "import { open } from './terminal/screen.ts';",
    '',
    'export const start = (): unknown => [open(), meet()];',
  ],
  'src/client/core/update.ts': [
    "import { VERSION } from '../../protocol/wire.ts';",
    "import { help } from '../commands/help.ts';",
    "import { press } from '../keys/press.ts';",
    "import { message } from '../receive/message.ts';",
    '',
    'export const update = (now: number): number => help + press + message + Math.max(VERSION, now);',
  ],
  'src/client/commands/help.ts': ['export const help = 1;'],
  'src/client/keys/press.ts': ['export const press = 1;'],
  'src/client/receive/message.ts': ['export const message = 1;'],
  'src/client/view/rows.ts': [
    "import { shown } from '../../protocol/wire.ts';",
    "import { update } from '../core/update.ts';",
    '',
    'export const rows = (now: number): string => `${shown(now)} ${update(now)}`;',
  ],
  'src/client/plain/lines.ts': [
    "import { stdout } from 'node:process';",
    "import { rows } from '../view/rows.ts';",
    '',
    'export const print = (): boolean => stdout.write(rows(Date.now()));',
  ],
  'src/client/terminal/screen.ts': [
    "import blessed from 'blessed';",
    "import { print } from '../plain/lines.ts';",
    "import { rows } from '../view/rows.ts';",
    '',
    'export const open = (): unknown => [blessed, print, rows(Math.random())];',
  ],
};

/** A package only stays a dependency where something uses it, or the tooling's own scripts do. */
const TOOLS = [
  '@biomejs/biome',
  '@types/node',
  'knip',
  'node',
  'oxc-parser',
  'oxlint',
  'oxlint-tsgolint',
  'typescript',
];

export interface Tree {
  readonly root: string;
  readonly remove: () => void;
}

/** The clean tree in a folder of its own, with these files on top. */
export function plant(files: Readonly<Record<string, string>> = {}): Tree {
  const root = mkdtempSync(join(tmpdir(), 'uchat-tree-'));
  mkdirSync(join(root, 'test'));
  const clean = Object.entries(CLEAN).map(([file, lines]) => [file, `${lines.join('\n')}\n`] as const);
  for (const [file, text] of [...clean, ...Object.entries(files)]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return { root, remove: () => rmSync(root, { recursive: true }) };
}

/** The same, with the project's own tools and settings, so that `check` runs in it as it runs here. */
export function plantProject(files: Readonly<Record<string, string>> = {}): Tree {
  const tree = plant(files);
  const {
    dependencies,
    devDependencies,
    ...rest
  }: Record<string, Record<string, string>> = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const used = [...TOOLS, 'blessed', 'blessed-contrib', '@types/blessed', 'yargs', '@types/yargs'];
  const kept = (all: Record<string, string> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => used.includes(name)));
  const scripts = { ...rest.scripts };
  // The tree has no tests, so it has nothing for this script to run.
  delete scripts.test;
  const manifest = { ...rest, scripts, dependencies: kept(dependencies), devDependencies: kept(devDependencies) };
  writeFileSync(join(tree.root, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const file of ['tsconfig.json', 'biome.json', '.oxlintrc.json', 'knip.json', 'src/uchat']) {
    cpSync(join(ROOT, file), join(tree.root, file));
  }
  for (const file of ['check.ts', 'layers.ts', 'module.ts', 'table.ts']) {
    cpSync(join(ROOT, 'test', 'tooling', file), join(tree.root, 'test', 'tooling', file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(tree.root, 'node_modules'));
  return tree;
}
