/** The notices that the single executable carries along: those of Node, and of each package that has code in it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** As packages name the file. */
const NOTICE = /^(licen[cs]e|copying)(\.\w+)?$/i;
/** Where there is no such file, it stands in here, behind a heading of this kind. */
const README = /^readme(\.\w+)?$/i;
const HEADING = /^(#+ *licen[cs]e.*|licen[cs]e\n[=-]+)$/im;
/** Up to the package of a module, which may lie in another one's folder. */
const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/;
const RULE = '-'.repeat(80);

interface Described {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly author: string | undefined;
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

function described(folder: string): Described {
  const json: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const [name, version, license] = ['name', 'version', 'license'].map((field) => fieldOf(json, field));
  if (typeof name !== 'string' || typeof version !== 'string' || typeof license !== 'string')
    throw new Error(`${folder} does not say under which licence it is`);
  const author = fieldOf(json, 'author');
  const by = typeof author === 'string' ? author : fieldOf(author, 'name');
  return { name, version, license, author: typeof by === 'string' ? by : undefined };
}

/** The first file of the folder that is named so. */
function textOf(folder: string, name: RegExp): string | undefined {
  const file = readdirSync(folder).find((each) => name.test(each));
  return file === undefined ? undefined : readFileSync(join(folder, file), 'utf8').trim();
}

function notice(folder: string): string {
  const { name, version, license, author } = described(folder);
  const head = `${name} ${version} (${license})`;
  const own = textOf(folder, NOTICE);
  if (own !== undefined) return `${head}\n\n${own}`;
  const readme = textOf(folder, README) ?? '';
  const heading = HEADING.exec(readme);
  const [section] = heading === null ? [] : readme.slice(heading.index + heading[0].length).split(/\n#/);
  return [head, author && `By ${author}`, section?.trim()].filter(Boolean).join('\n\n');
}

/** Node's lies in the package that has its executable. */
function noticeOfNode(root: string): string {
  const packages = join(root, 'node_modules', 'node', 'node_modules');
  const texts = readdirSync(packages)
    .filter((name) => name.startsWith('node-'))
    .map((name) => textOf(join(packages, name), NOTICE))
    .filter((text) => text !== undefined);
  if (texts[0] === undefined) throw new Error(`Node's licence is not in ${packages}`);
  return `Node.js ${process.versions.node}\n\n${texts[0]}`;
}

/** @param modules files of packages, of which something is in the executable. */
export function notices(root: string, modules: readonly string[]): string {
  const folders = modules.map((path) => PACKAGE.exec(path)?.[0]).filter((folder) => folder !== undefined);
  // Two packages may bring the same version of a third.
  const all = new Set([...new Set(folders)].toSorted().map(notice));
  const own = readFileSync(join(root, 'LICENSE'), 'utf8').trim();
  return `${[`uchat\n\n${own}`, noticeOfNode(root), ...all].join(`\n\n${RULE}\n\n`)}\n`;
}
