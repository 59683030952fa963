/**
 * How an area is divided into panes: side by side, one above another, any tree of these. A tree never changes: every
 * function here makes another. Two splits in the same direction are never nested, so a border moves only what is beside it.
 */

export type PaneId = number;

/** `across`: side by side. `down`: one above another. */
export type Axis = 'across' | 'down';

export interface Leaf {
  readonly kind: 'pane';
  readonly id: PaneId;
}

export interface Part {
  /** How much of the split it has, beside the other parts' shares: more than 0. */
  readonly share: number;
  readonly node: PaneTree;
}

export interface Split {
  readonly kind: 'split';
  readonly axis: Axis;
  /** From the left, or from the top; two or more. */
  readonly parts: readonly Part[];
}

export type PaneTree = Leaf | Split;

export const leaf = (id: PaneId): Leaf => ({ kind: 'pane', id });

/** The panes from the top left, as one reads. */
export function paneIds(tree: PaneTree): PaneId[] {
  return tree.kind === 'pane' ? [tree.id] : tree.parts.flatMap(({ node }) => paneIds(node));
}

const holds = (tree: PaneTree, id: PaneId): boolean =>
  tree.kind === 'pane' ? tree.id === id : tree.parts.some(({ node }) => holds(node, id));

const total = (parts: readonly Part[]): number => parts.reduce((sum, { share }) => sum + share, 0);

/** A split whose parts that are split in its own direction are its own parts; of one part, that part. */
export function split(axis: Axis, parts: readonly Part[]): PaneTree {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first.node;
  const flat = parts.flatMap((part): readonly Part[] => {
    const { node, share } = part;
    if (node.kind === 'pane' || node.axis !== axis) return [part];
    const whole = total(node.parts);
    return node.parts.map((inner) => ({ node: inner.node, share: (share * inner.share) / whole }));
  });
  return { kind: 'split', axis, parts: flat };
}

/** With another pane on the right of one, or below it; the two share its room. */
export function splitPane(tree: PaneTree, id: PaneId, added: PaneId, axis: Axis): PaneTree {
  if (tree.kind === 'pane') {
    if (tree.id !== id) return tree;
    return split(axis, [
      { share: 1, node: tree },
      { share: 1, node: leaf(added) },
    ]);
  }
  return split(
    tree.axis,
    tree.parts.map(({ share, node }) => ({ share, node: splitPane(node, id, added, axis) })),
  );
}

/** Without a pane; its neighbour before it has the room, or the one after it. Undefined: it was the only one. */
export function removePane(tree: PaneTree, id: PaneId): PaneTree | undefined {
  if (tree.kind === 'pane') return tree.id === id ? undefined : tree;
  const index = tree.parts.findIndex(({ node }) => holds(node, id));
  const part = tree.parts[index];
  if (part === undefined) return tree;
  const left = removePane(part.node, id);
  if (left !== undefined) return split(tree.axis, tree.parts.with(index, { share: part.share, node: left }));
  const heir = index === 0 ? 1 : index - 1;
  const parts = tree.parts.map(({ share, node }, i) => ({ share: i === heir ? share + part.share : share, node }));
  return split(tree.axis, parts.toSpliced(index, 1));
}

/** With each pane in the other's place. */
export function swapPanes(tree: PaneTree, a: PaneId, b: PaneId): PaneTree {
  if (tree.kind === 'pane') return tree.id === a ? leaf(b) : tree.id === b ? leaf(a) : tree;
  const parts = tree.parts.map(({ share, node }) => ({ share, node: swapPanes(node, a, b) }));
  return { ...tree, parts };
}

/** How many panes lie behind one another along an axis, at most. */
export function depth(tree: PaneTree, axis: Axis): number {
  if (tree.kind === 'pane') return 1;
  const depths = tree.parts.map(({ node }) => depth(node, axis));
  return tree.axis === axis ? depths.reduce((sum, each) => sum + each, 0) : Math.max(...depths);
}

/** The pane along all of one edge, beside all the others. */
export function movePane(tree: PaneTree, id: PaneId, axis: Axis, edge: 'first' | 'last'): PaneTree {
  const rest = removePane(tree, id);
  if (rest === undefined) return tree;
  const moved: Part = { share: 1, node: leaf(id) };
  const others: Part = { share: depth(rest, axis), node: rest };
  return split(axis, edge === 'first' ? [moved, others] : [others, moved]);
}

/** As much room for each pane as for the others beside it. */
export function evenOut(tree: PaneTree): PaneTree {
  if (tree.kind === 'pane') return tree;
  const { axis } = tree;
  return { ...tree, parts: tree.parts.map(({ node }) => ({ share: depth(node, axis), node: evenOut(node) })) };
}

/** With other shares in one of its splits, which is found by its identity. */
export function withShares(tree: PaneTree, target: Split, shares: readonly number[]): PaneTree {
  if (tree.kind === 'pane') return tree;
  if (tree === target) {
    return { ...tree, parts: tree.parts.map(({ share, node }, index) => ({ share: shares[index] ?? share, node })) };
  }
  return { ...tree, parts: tree.parts.map(({ share, node }) => ({ share, node: withShares(node, target, shares) })) };
}

/** The innermost split along an axis that has the pane, and in which of its parts. */
export function splitAround(
  tree: PaneTree,
  id: PaneId,
  axis: Axis,
): { readonly split: Split; readonly index: number } | undefined {
  if (tree.kind === 'pane') return undefined;
  const index = tree.parts.findIndex(({ node }) => holds(node, id));
  const part = tree.parts[index];
  if (part === undefined) return undefined;
  return splitAround(part.node, id, axis) ?? (tree.axis === axis ? { split: tree, index } : undefined);
}
