/** The titles of the tests that a file runs, read from its syntax tree. */
import { parseSync, visitorKeys } from 'oxc-parser';

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** What makes a test of a title: vitest's, and the harness's, which is a test in each place. */
const TESTS = new Set(['test', 'script']);
/** With these in the way nothing runs. */
const NEVER = new Set(['skip', 'todo', 'fails']);

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const children = (node: Node): Node[] =>
  (visitorKeys[node.type] ?? []).flatMap((field) => [node[field]].flat().filter(isNode));

/** `describe.each(…)` is `describe each`. */
function wordsOf(callee: unknown): string[] {
  if (!isNode(callee)) return [];
  switch (callee.type) {
    case 'Identifier':
      return [String(callee.name)];
    case 'CallExpression':
      return wordsOf(callee.callee);
    case 'MemberExpression':
      return [...wordsOf(callee.object), ...wordsOf(callee.property)];
    default:
      return [];
  }
}

const stringOf = (node: unknown): string | undefined =>
  isNode(node) && node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;

function titlesIn(node: Node): string[] {
  if (node.type === 'CallExpression') {
    const words = wordsOf(node.callee);
    if (words.some((word) => NEVER.has(word))) return [];
    const [title] = [node.arguments].flat().map(stringOf);
    if (title !== undefined && TESTS.has(words[0] ?? '')) return [title];
  }
  return children(node).flatMap(titlesIn);
}

/** @param file for what the parser says of it. */
export function titlesOf(file: string, source: string): readonly string[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const root: unknown = program;
  return isNode(root) ? titlesIn(root) : [];
}
