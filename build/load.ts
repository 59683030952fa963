/**
 * How the parts of the single executable are run. Each is a script that V8 has compiled when the executable was built: it
 * takes that up instead of compiling, and looks at the text only for functions that no run had called by then.
 */
import { Script } from 'node:vm';

/** Where the parts are: in the executable, or, while it is being built, in a folder. */
export interface Parts {
  /** @param name of a chunk, as others require it: `cli.cjs`. ASCII. */
  readonly text: (name: string) => string;
  /** What V8 made of it; undefined while that is still to be made. */
  readonly compiled: (name: string) => Uint8Array | undefined;
  /** What they get as node:sea. */
  readonly sea: unknown;
  readonly onCompiled?: (name: string, script: Script) => void;
}

type Require = (name: string) => unknown;
type Run = (module: { exports: unknown }, exports: unknown, require: Require, file: string, folder: string) => void;

/** What a part sees around itself, as in any module of Node's old kind. */
const BEFORE = '(function (module, exports, require, __filename, __dirname) {';

export function compile({ text, compiled }: Pick<Parts, 'text' | 'compiled'>, name: string): Script {
  const cachedData = compiled(name);
  // What V8 doesn't accept it compiles anew: slower, and otherwise the same.
  return new Script(`${BEFORE}${text(name)}\n})`, {
    filename: name,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
}

function found(name: string): object {
  const module: object | undefined = process.getBuiltinModule(name);
  if (module === undefined) throw new Error(`${name} is no part of this program`);
  return module;
}

/** Milliseconds each, and not needed for the first screen: `node:crypto` takes 4 of 80, `node:assert` 6. */
const LATE: ReadonlySet<string> = new Set([
  'assert',
  'crypto',
  'tls',
  'child_process',
  'readline',
  'worker_threads',
  'sqlite',
]);

/** One of Node's modules, loaded when something of it is first looked at. */
function late(name: string): object {
  let module: object | undefined;
  const get = (): object => {
    module ??= found(name);
    return module;
  };
  return new Proxy(
    {},
    {
      get: (_, key): unknown => Reflect.get(get(), key),
      has: (_, key) => Reflect.has(get(), key),
      ownKeys: () => Reflect.ownKeys(get()),
      getOwnPropertyDescriptor: (_, key) => {
        const own = Reflect.getOwnPropertyDescriptor(get(), key);
        // The target has none of them, so a proxy may call none of them fixed.
        return own === undefined ? undefined : { ...own, configurable: true };
      },
    },
  );
}

function builtin(name: string, { sea }: Parts): unknown {
  if (name === 'node:sea') return sea;
  return LATE.has(name.replace(/^node:/, '')) ? late(name) : found(name);
}

/** @returns what runs a part, once, and gives what it exports. */
export function createLoader(parts: Parts): Require {
  const loaded = new Map<string, { exports: unknown }>();
  const load = (name: string): unknown => {
    const known = loaded.get(name);
    if (known !== undefined) return known.exports;
    const module: { exports: unknown } = { exports: {} };
    loaded.set(name, module);
    const script = compile(parts, name);
    parts.onCompiled?.(name, script);
    const run = script.runInThisContext() as Run;
    const require: Require = (wanted) => (wanted.startsWith('./') ? load(wanted.slice(2)) : builtin(wanted, parts));
    run(module, module.exports, require, name, '.');
    return module.exports;
  };
  return load;
}
