import { afterEach, describe, expect, test } from 'vitest';
import { checkLayers, RULES } from './layers.ts';
import { plant, type Tree } from './tree.ts';

type Case = readonly [sentence: string, files: Readonly<Record<string, string>>, rule: (typeof RULES)[number]];

const PURE = ['usage', 'protocol', 'manual', 'server/core', 'server/handlers'];
const CLIENT_PURE = ['client/core', 'client/commands', 'client/receive', 'client/keys', 'client/view', 'client/theme'];

/** One file more in a folder of src/. */
const planted = (folder: string, text: string): Record<string, string> => ({ [`src/${folder}/planted.ts`]: text });
const up = (folder: string): string => '../'.repeat(folder.split('/').length);
/** A planted import, from a folder to a file of src/. */
const imports = (folder: string, target: string): Record<string, string> =>
  planted(folder, `import '${up(folder)}${target}';`);
const mayNot = (folder: string, target: string): Case => [
  `${folder} may not import ${target}`,
  imports(folder, target),
  'layer',
];

const FOLDERS: readonly Case[] = [
  ...['protocol/wire.ts', 'crypto/pin.ts', 'link/tcp.ts', 'server/main.ts'].map((target) => mayNot('base', target)),
  ...['crypto/pin.ts', 'link/tcp.ts', 'server/main.ts'].map((target) => mayNot('protocol', target)),
  ...['protocol/wire.ts', 'link/tcp.ts', 'peer/direct.ts', 'server/main.ts', 'client/main.ts'].map((target) =>
    mayNot('crypto', target),
  ),
  ...['crypto/pin.ts', 'peer/direct.ts', 'server/main.ts', 'client/main.ts'].map((target) => mayNot('link', target)),
  ...['server/main.ts', 'client/main.ts'].map((target) => mayNot('peer', target)),
  ...[
    'server',
    'server/core',
    'server/handlers',
    'server/store',
    'server/bus',
    'server/outbox',
    'server/console',
  ].flatMap((folder) => ['crypto/pin.ts', 'peer/direct.ts', 'client/main.ts'].map((target) => mayNot(folder, target))),
  ...['server/core', 'server/handlers'].flatMap((folder) =>
    ['store/sqlite.ts', 'bus/local.ts', 'outbox/outbox.ts', 'console/dashboard.ts', 'main.ts'].map((target) =>
      mayNot(folder, `server/${target}`),
    ),
  ),
  ...['usage', 'manual'].flatMap((folder) =>
    ['server/main.ts', 'client/main.ts'].map((target) => mayNot(folder, target)),
  ),
  mayNot('server/core', 'server/handlers/say.ts'),
  ...['protocol/wire.ts', 'client/core/update.ts'].map((target) => mayNot('client/theme', target)),
  ...['client', ...CLIENT_PURE, 'client/terminal', 'client/plain'].flatMap((folder) =>
    ['server/main.ts', 'server/core/room.ts'].map((target) => mayNot(folder, target)),
  ),
  ['base may not import a built-in module', planted('base', "import 'node:path';"), 'layer'],
  ['base may not import a package', planted('base', "import 'zod';"), 'layer'],
  ['crypto may not import the file system', planted('crypto', "import 'node:fs';"), 'layer'],
  ['link may not import the file system', planted('link', "import 'node:fs';"), 'layer'],
  ['a package that no row names may not be imported', planted('server', "import 'left-pad';"), 'layer'],
  ['src may not import a test', planted('client', "import '../../test/need.ts';"), 'layer'],
  ['cli.ts may not load a mode before it runs', { 'src/cli.ts': "import './client/plain/lines.ts';" }, 'layer'],
  ['a folder without a row may hold nothing', planted('extra', 'export {};'), 'unknown-folder'],
];

/** The same forbidden import, in every way that one can be written. */
const SPELLINGS: readonly Case[] = [
  ['export from', "export { serve } from '../../server/main.ts';"],
  ['export * from', "export * from '../../server/main.ts';"],
  ['import type', "import type { Server } from '../../server/main.ts';"],
  ['a type that is an import', "export type S = import('../../server/main.ts').Server;"],
  ['import()', "export const later = () => import('../../server/main.ts');"],
  ['import() of a template', 'export const later = () => import(`../../server/main.ts`);'],
  ['require', "require('../../server/main.ts');"],
  ['a worker', "new Worker(new URL('../../server/main.ts', import.meta.url));"],
  ['a detour', "import '../../client/terminal/../../server/main.ts';"],
].map(([name = '', text = '']) => [`${name} is an import`, planted('client/terminal', text), 'layer'] as const);

const BLESSED: readonly Case[] = [
  ...['server', 'server/outbox', 'client', 'client/plain', 'peer'].map(
    (folder): Case => [
      `${folder} may not know blessed`,
      planted(folder, "import type { Widgets } from 'blessed';"),
      'blessed',
    ],
  ),
  ['a file inside blessed is blessed', planted('client', "import 'blessed/lib/keys.js';"), 'blessed'],
  ['the terminal may not know blessed-contrib', planted('client/terminal', "import 'blessed-contrib';"), 'blessed'],
];

const EFFECTS: readonly (readonly [text: string, rule: (typeof RULES)[number]])[] = [
  ["import 'node:fs';", 'pure'],
  ["import 'fs/promises';", 'pure'],
  ["import type { Socket } from 'node:net';", 'pure'],
  ["import 'blessed';", 'pure'],
  ['Date.now();', 'clock'],
  ["Date['now']();", 'clock'],
  ['new Date();', 'clock'],
  ['Date();', 'clock'],
  ['export const clock = Date;', 'clock'],
  ['Temporal.Now.instant();', 'clock'],
  ['performance.now();', 'clock'],
  ['Math.random();', 'randomness'],
  ['export const { random } = Math;', 'randomness'],
  ['crypto.randomUUID();', 'randomness'],
  ['setTimeout(() => {}, 1);', 'timer'],
  ['setInterval(() => {}, 1);', 'timer'],
  ['setImmediate(() => {});', 'timer'],
  ['queueMicrotask(() => {});', 'timer'],
  ['AbortSignal.timeout(1);', 'timer'],
  ['globalThis.setTimeout(() => {});', 'ambient'],
  ['process.hrtime();', 'ambient'],
  ['console.log();', 'ambient'],
  ["fetch('');", 'ambient'],
];

const PURITY: readonly Case[] = [
  ...[...PURE, ...CLIENT_PURE].flatMap((folder) =>
    EFFECTS.map(([text, rule]): Case => [`${folder} is pure: ${text}`, planted(folder, text), rule]),
  ),
  ...CLIENT_PURE.flatMap((folder) =>
    ['terminal/screen.ts', 'plain/lines.ts', 'main.ts'].map((target): Case => mayNotReach(folder, target)),
  ),
  [
    'a pure folder may not reach node:* through another file',
    planted('client/view', "import { pin } from '../../crypto/pin.ts';"),
    'pure',
  ],
  ['the interface of the store is pure', { 'src/server/store/store.ts': 'Date.now();' }, 'clock'],
];

function mayNotReach(folder: string, target: string): Case {
  return [`${folder} may not import client/${target}`, planted(folder, `import type {} from '../${target}';`), 'layer'];
}

const REST: readonly Case[] = [
  [
    'two files may not import each other',
    { ...planted('base', "import './other.ts';"), 'src/base/other.ts': "import './planted.ts';" },
    'cycle',
  ],
  [
    'not even for types, over three files',
    {
      ...planted('server', "import './a.ts';"),
      'src/server/a.ts': "import type {} from './b.ts';",
      'src/server/b.ts': "export * from './planted.ts';",
    },
    'cycle',
  ],
  ['a file may not import itself', planted('base', "import './planted.ts';"), 'cycle'],
  ['a name made at run time can not be checked', planted('server', 'import(`./${1}.ts`);'), 'computed-import'],
  [
    'nor can what createRequire loads',
    planted('server', "import { createRequire } from 'node:module';"),
    'computed-import',
  ],
  ['nor can a file that does not parse', planted('server', 'import {'), 'syntax'],
];

const CASES = [...FOLDERS, ...SPELLINGS, ...BLESSED, ...PURITY, ...REST];

/** Folders that are called core are pure before anybody writes a row for them. */
const ANY_CORE: Case = ['any core is pure', planted('peer/core', 'Date.now();'), 'clock'];

let tree: Tree | undefined;
afterEach(() => {
  tree?.remove();
  tree = undefined;
});

const verdict = (files?: Readonly<Record<string, string>>): string[] => {
  tree = plant(files);
  return [...new Set(checkLayers(tree.root).map(({ file, rule }) => `${file} ${rule}`))];
};

describe('the rules of the layers', () => {
  test('a clean tree breaks none', () => {
    expect(verdict()).toEqual([]);
  });

  test.each([...CASES, ANY_CORE])('%s', (_, files, rule) => {
    expect(verdict(files)).toEqual([expect.stringMatching(new RegExp(`^(${Object.keys(files).join('|')}) ${rule}$`))]);
  });

  test('each rule is broken by at least one of these', () => {
    expect(new Set(CASES.map(([, , rule]) => rule))).toEqual(new Set(RULES));
  });

  test('a violation is named with its line and its reason', () => {
    tree = plant(planted('client/core', "import '../../base/id.ts';\nimport '../../server/main.ts';\n"));
    expect(checkLayers(tree.root)).toEqual([
      {
        file: 'src/client/core/planted.ts',
        line: 2,
        rule: 'layer',
        says: 'client/core may not import server/main.ts',
      },
    ]);
  });

  test('a test may not be part of a cycle either', () => {
    expect(verdict({ 'test/a.ts': "import './b.ts';", 'test/b.ts': "import './a.ts';" })).toEqual(['test/a.ts cycle']);
  });
});

describe('what is no effect', () => {
  test.each([
    'export const at = (ms: number) => new Date(ms);',
    'export const is = (value: unknown) => value instanceof Date;',
    'export const day = Date.UTC(2026, 0);',
    'export const most = Math.max(1, 2);',
    'export type Clock = typeof Date.now;',
    'export interface Random { crypto: Date }',
    'export const wait = (setTimeout: () => void) => setTimeout();',
    'export const keys = { performance: 1 }.performance;',
    'export const body = (process: string) => { const fetch = process; return fetch; };',
    'try { keys(); } catch (console) { keys(console); } function keys(..._: unknown[]) {}',
    'for (const crypto of []) keys(crypto); function keys(_: unknown) {}',
    "import type { pin } from '../../crypto/pin.ts'; export type Pin = typeof pin;",
  ])('%s', (text) => {
    expect(verdict(planted('client/core', text))).toEqual([]);
  });
});
