/**
 * Holds src/ to the table of layers, and src/ and test/ to having no import cycle.
 *
 * The linter's own rules see the text of an import, not the file it leads to ('../core/x.ts' is the server's core or the
 * client's), know nothing of `new Date()`, and follow no chain. Hence this: parsed, resolved, and followed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, posix, relative } from 'node:path';
import { type Edge, readModule } from './module.ts';
import { TABLE } from './table.ts';

export const RULES = [
  'layer',
  'blessed',
  'pure',
  'clock',
  'randomness',
  'timer',
  'ambient',
  'cycle',
  'computed-import',
  'unknown-folder',
  'syntax',
] as const;
type Rule = (typeof RULES)[number];

export interface Violation {
  /** From the root, with slashes: `src/base/id.ts`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly rule: Rule;
  readonly says: string;
}

interface Source {
  /** From src/: `base/id.ts`; a file of test/ is `../test/x.ts`. */
  readonly path: string;
  readonly edges: readonly (Edge & { readonly target: string })[];
}

const CODE = /\.[cm]?[jt]s$/;

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return entries.filter((entry) => CODE.test(entry)).map((entry) => join(folder, entry));
}

/** `base/id.ts`, `node:fs`, or `npm:zod`. */
function targetOf(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.normalize(posix.join(posix.dirname(from), specifier));
  if (isBuiltin(specifier)) return specifier.startsWith('node:') ? specifier : `node:${specifier}`;
  return `npm:${specifier}`;
}

function fits(target: string, entries: readonly string[]): boolean {
  return entries.some((entry) =>
    entry.endsWith('*')
      ? target.startsWith(entry.slice(0, -1)) && !target.startsWith('../')
      : target === entry || target.startsWith(`${entry}/`),
  );
}

function rowOf(path: string): string | undefined {
  return Object.keys(TABLE)
    .filter((key) => fits(path, [key]))
    .toSorted((a, b) => b.length - a.length)[0];
}

const isBlessed = (target: string): boolean => /^npm:(@types\/)?(neo-)?blessed(-contrib)?(\/|$)/.test(target);
/** What a pure folder may not reach, however long the chain. */
const isImpure = (target: string): boolean => target.startsWith('node:') || isBlessed(target);
const isPure = (path: string): boolean => {
  const key = rowOf(path);
  return (key !== undefined && TABLE[key]?.pure === true) || /(^|\/)core\//.test(path);
};

function judgeImport(
  path: string,
  key: string,
  edge: Source['edges'][number],
): { rule: Rule; says: string } | undefined {
  const { target } = edge;
  const row = TABLE[key];
  const own = CODE.test(key) ? [] : [key];
  const lazy = edge.kind === 'value' ? [] : (row?.lazily ?? []);
  if (isPure(path) && isImpure(target)) return { rule: 'pure', says: `${key} is pure: it may not import ${target}` };
  if (row !== undefined && fits(target, [...own, ...row.may, ...lazy])) return undefined;
  if (isBlessed(target)) return { rule: 'blessed', says: `${key} may not know ${target.slice('npm:'.length)}` };
  const lazily = fits(target, row?.lazily ?? []) ? ', except by import() or import type' : '';
  return { rule: 'layer', says: `${key} may not import ${target}${lazily}` };
}

/**
 * The first chain of imports at run time that leaves the pure world and ends at what is impure, if there is one. The
 * pure file that leaves it is the one to mend, so the chain does not begin with another pure one; nor with an import
 * that is forbidden anyway.
 */
function chainOut(start: Source, sources: ReadonlyMap<string, Source>, forbidden: ReadonlySet<unknown>): string[] {
  const seen = new Set([start.path]);
  const queue = start.edges
    .filter((edge) => edge.kind !== 'type' && !isPure(edge.target) && !forbidden.has(edge))
    .map(({ target }) => [start.path, target]);
  for (let chain = queue.shift(); chain !== undefined; chain = queue.shift()) {
    const at = chain.at(-1) ?? '';
    if (isImpure(at)) return chain;
    if (seen.has(at)) continue;
    seen.add(at);
    for (const { kind, target } of sources.get(at)?.edges ?? []) if (kind !== 'type') queue.push([...chain, target]);
  }
  return [];
}

/** One path for each import that closes a cycle. */
function cycles(sources: ReadonlyMap<string, Source>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (at: string): void => {
    path.push(at);
    for (const { target } of sources.get(at)?.edges ?? []) {
      if (!sources.has(target) || done.has(target)) continue;
      const start = path.indexOf(target);
      if (start < 0) visit(target);
      else found.push([...path.slice(start), target]);
    }
    path.pop();
    done.add(at);
  };
  for (const at of sources.keys()) if (!done.has(at)) visit(at);
  return found;
}

export function checkLayers(root: string): Violation[] {
  const src = join(root, 'src');
  const violations: Violation[] = [];
  const sources = new Map<string, Source>();
  const forbidden = new Set<unknown>();
  const shown = (path: string): string => posix.join('src', path);

  for (const file of [src, join(root, 'test')].flatMap(filesBelow)) {
    const path = relative(src, file);
    const tell = (line: number, rule: Rule, says: string): void => {
      violations.push({ file: shown(path), line, rule, says });
    };
    const read = readModule(file, readFileSync(file, 'utf8'));
    if (read.error !== undefined) tell(read.error.line, 'syntax', read.error.says);
    const edges = read.edges.map((edge) => ({ ...edge, target: targetOf(path, edge.specifier) }));
    sources.set(path, { path, edges });
    if (path.startsWith('../')) continue;

    const key = rowOf(path);
    if (key === undefined) {
      tell(1, 'unknown-folder', `${path} has no row in ${shown('../test/tooling/table.ts')}`);
      continue;
    }
    for (const edge of edges) {
      const verdict = judgeImport(path, key, edge);
      if (verdict === undefined) continue;
      forbidden.add(edge);
      tell(edge.line, verdict.rule, verdict.says);
    }
    for (const { line, says } of read.computed) tell(line, 'computed-import', says);
    if (isPure(path)) {
      for (const { line, effect, name } of read.effects) tell(line, effect, `${key} is pure: ${name} is passed in`);
    }
  }

  for (const source of sources.values()) {
    const chain = isPure(source.path) ? chainOut(source, sources, forbidden) : [];
    if (chain.length === 0) continue;
    const line = source.edges.find(({ target }) => target === chain[1])?.line ?? 1;
    violations.push({ file: shown(source.path), line, rule: 'pure', says: `pure, yet reaches ${chain.join(' -> ')}` });
  }
  for (const cycle of cycles(sources)) {
    const at = cycle[0] ?? '';
    const line = sources.get(at)?.edges.find(({ target }) => target === cycle[1])?.line ?? 1;
    violations.push({ file: shown(at), line, rule: 'cycle', says: cycle.join(' -> ') });
  }
  return violations;
}

if (import.meta.main) {
  const root = dirname(dirname(import.meta.dirname));
  const violations = checkLayers(root);
  for (const { file, line, rule, says } of violations) console.error(`${file}:${line} ${rule}: ${says}`);
  if (violations.length > 0) process.exitCode = 1;
}
