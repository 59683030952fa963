/** What one file imports, and which effects it names: read from its syntax tree, with its scopes. */
import { parseSync, visitorKeys } from 'oxc-parser';

/** `lazy` loads when it runs: `import()`, or a worker's `new URL('./x.ts', import.meta.url)`. */
export interface Edge {
  readonly specifier: string;
  readonly kind: 'value' | 'type' | 'lazy';
  readonly line: number;
}

interface Effect {
  readonly effect: 'clock' | 'randomness' | 'timer' | 'ambient';
  readonly name: string;
  readonly line: number;
}

interface Module {
  readonly edges: readonly Edge[];
  /** Imports that nobody can check, as their name is made at run time. */
  readonly computed: readonly { readonly line: number; readonly says: string }[];
  readonly effects: readonly Effect[];
  readonly error: { readonly line: number; readonly says: string } | undefined;
}

/** Names that are an effect wherever they stand. Buffer is not among them: it does nothing but hold bytes. */
const EFFECTS: ReadonlyMap<string, Effect['effect']> = new Map([
  ...['performance'].map((name) => [name, 'clock'] as const),
  ...['crypto'].map((name) => [name, 'randomness'] as const),
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'].map(
    (name) => [name, 'timer'] as const,
  ),
  ...['queueMicrotask', 'scheduler'].map((name) => [name, 'timer'] as const),
  ...['process', 'global', 'globalThis', 'require', 'module', 'console', 'fetch', 'navigator'].map(
    (name) => [name, 'ambient'] as const,
  ),
  ...['WebSocket', 'EventSource', 'BroadcastChannel', 'MessageChannel', 'localStorage', 'sessionStorage'].map(
    (name) => [name, 'ambient'] as const,
  ),
]);

/** Names of which only some members are an effect. Anything but a plain member (an alias, say) counts as the effect. */
const MIXED: ReadonlyMap<string, { effect: Effect['effect']; fine: (member: string) => boolean }> = new Map([
  ['Date', { effect: 'clock', fine: (member: string) => member === 'UTC' || member === 'parse' }],
  ['Temporal', { effect: 'clock', fine: (member: string) => member !== 'Now' }],
  ['Math', { effect: 'randomness', fine: (member: string) => member !== 'random' }],
  ['AbortSignal', { effect: 'timer', fine: (member: string) => member !== 'timeout' }],
]);

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The nodes in one field of a node: none, one, or a list. */
function nodes(value: unknown): Node[] {
  return (Array.isArray(value) ? value : [value]).filter(isNode);
}

function text(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  const [quasi, ...rest] = node.type === 'TemplateLiteral' ? nodes(node.quasis) : [];
  const value = quasi !== undefined && rest.length === 0 ? quasi.value : undefined;
  return typeof value === 'object' && value !== null && 'cooked' in value && typeof value.cooked === 'string'
    ? value.cooked
    : undefined;
}

function nameOf(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Identifier' && typeof node.name === 'string' ? node.name : undefined;
}

/** The names that a pattern (or a declaration) binds. */
function bound(node: Node): string[] {
  switch (node.type) {
    case 'Identifier':
      return [String(node.name)];
    case 'VariableDeclaration':
      return nodes(node.declarations).flatMap((declaration) => nodes(declaration.id).flatMap(bound));
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return nodes(node.id).flatMap(bound);
    case 'ImportDeclaration':
      return nodes(node.specifiers).flatMap((specifier) => nodes(specifier.local).flatMap(bound));
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
      return nodes(node.declaration)
        .filter(({ type }) => type !== 'Identifier')
        .flatMap(bound);
    case 'ObjectPattern':
      return nodes(node.properties).flatMap(bound);
    case 'Property':
      return nodes(node.value).flatMap(bound);
    case 'ArrayPattern':
      return nodes(node.elements).flatMap(bound);
    case 'AssignmentPattern':
      return nodes(node.left).flatMap(bound);
    case 'RestElement':
      return nodes(node.argument).flatMap(bound);
    default:
      return [];
  }
}

/** The names that hold inside a node and not around it. */
function scopeOf(node: Node): string[] {
  switch (node.type) {
    case 'Program':
    case 'BlockStatement':
    case 'StaticBlock':
      return nodes(node.body).flatMap(bound);
    case 'SwitchStatement':
      return nodes(node.cases).flatMap((branch) => nodes(branch.consequent).flatMap(bound));
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return [...nodes(node.id), ...nodes(node.params)].flatMap(bound);
    case 'ClassExpression':
      return nodes(node.id).flatMap(bound);
    case 'ForStatement':
      return nodes(node.init).flatMap((init) => (init.type === 'VariableDeclaration' ? bound(init) : []));
    case 'ForInStatement':
    case 'ForOfStatement':
      return nodes(node.left).flatMap((left) => (left.type === 'VariableDeclaration' ? bound(left) : []));
    case 'CatchClause':
      return nodes(node.param).flatMap(bound);
    default:
      return [];
  }
}

/** Types run nothing, so they have no effect; these few TypeScript nodes hold expressions all the same. */
const TYPED_EXPRESSIONS = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
]);

/** An identifier in such a place names a member or a label, and refers to nothing. */
function isLabel(parent: Node, field: string): boolean {
  switch (parent.type) {
    case 'MemberExpression':
      return field === 'property' && parent.computed !== true;
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'AccessorProperty':
      return field === 'key' && parent.computed !== true;
    case 'ExportSpecifier':
      return field === 'exported';
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return field === 'label';
    case 'ImportSpecifier':
    case 'MetaProperty':
      return true;
    default:
      return false;
  }
}

function effectOf(node: Node, parent: Node, field: string): Omit<Effect, 'line'> | undefined {
  const name = String(node.name);
  const always = EFFECTS.get(name);
  if (always !== undefined) return { effect: always, name };
  const mixed = MIXED.get(name);
  if (mixed === undefined) return undefined;
  if (parent.type === 'BinaryExpression' && parent.operator === 'instanceof' && field === 'right') return undefined;
  if (parent.type === 'NewExpression' && field === 'callee') {
    const [first] = nodes(parent.arguments);
    return first !== undefined && first.type !== 'SpreadElement'
      ? undefined
      : { effect: mixed.effect, name: `new ${name}()` };
  }
  if (parent.type === 'MemberExpression' && field === 'object') {
    const member = parent.computed === true ? text(parent.property) : nameOf(parent.property);
    if (member !== undefined && mixed.fine(member)) return undefined;
    return { effect: mixed.effect, name: `${name}.${member ?? '[…]'}` };
  }
  return { effect: mixed.effect, name };
}

/** The import that a node is, with the node that names what it imports. */
function importOf(node: Node): { kind: Edge['kind']; source: unknown } | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration': {
      if (!isNode(node.source)) return undefined;
      const specifiers = nodes(node.specifiers);
      const typed =
        specifiers.length > 0 && specifiers.every((each) => each.importKind === 'type' || each.exportKind === 'type');
      return {
        kind: typed || node.importKind === 'type' || node.exportKind === 'type' ? 'type' : 'value',
        source: node.source,
      };
    }
    case 'TSImportType':
      return { kind: 'type', source: node.source };
    case 'TSExternalModuleReference':
      return { kind: 'value', source: node.expression };
    case 'ImportExpression':
      return { kind: 'lazy', source: node.source };
    case 'CallExpression':
      return nameOf(node.callee) === 'require' ? { kind: 'value', source: nodes(node.arguments)[0] } : undefined;
    case 'NewExpression': {
      const [file, base] = nodes(node.arguments);
      const here = base?.type === 'MemberExpression' && isNode(base.object) && base.object.type === 'MetaProperty';
      const isCode = /^\.{1,2}\/.*\.[cm]?[jt]s$/.test(text(file) ?? '');
      return nameOf(node.callee) === 'URL' && here && isCode ? { kind: 'lazy', source: file } : undefined;
    }
    default:
      return undefined;
  }
}

export function readModule(file: string, source: string): Module {
  const { program, errors } = parseSync(file, source);
  const lineAt = (offset: number): number => source.slice(0, offset).split('\n').length;
  const edges: Edge[] = [];
  const computed: { line: number; says: string }[] = [];
  const effects: Effect[] = [];

  const visit = (node: Node, scopes: readonly ReadonlySet<string>[], asType: boolean): void => {
    const line = (): number => lineAt(node.start);
    const found = importOf(node);
    const specifier = text(found?.source);
    if (found !== undefined && specifier !== undefined) edges.push({ specifier, kind: found.kind, line: line() });
    else if (found !== undefined) computed.push({ line: line(), says: 'an import whose name is not a plain string' });
    if (node.type === 'Identifier' && node.name === 'createRequire') {
      computed.push({ line: line(), says: 'createRequire hides what it loads: import() does not' });
    }

    const names = scopeOf(node);
    const inner = names.length > 0 ? [...scopes, new Set(names)] : scopes;
    const innerAsType = asType || (node.type.startsWith('TS') && !TYPED_EXPRESSIONS.has(node.type));
    for (const field of visitorKeys[node.type] ?? []) {
      for (const child of nodes(node[field])) {
        if (child.type === 'Identifier' && !innerAsType && !isLabel(node, field)) {
          const hidden = inner.some((scope) => scope.has(String(child.name)));
          const effect = hidden ? undefined : effectOf(child, node, field);
          if (effect !== undefined) effects.push({ ...effect, line: lineAt(child.start) });
        }
        visit(child, inner, innerAsType);
      }
    }
  };
  if (isNode(program)) visit(program, [], false);

  const [error] = errors;
  return {
    edges,
    computed,
    effects,
    error: error && { line: lineAt(error.labels[0]?.start ?? 0), says: error.message },
  };
}
