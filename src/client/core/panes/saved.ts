/** The layout as it is kept on the disk: names instead of tabs, and the tree as a list. */
import {
  type Infer,
  integer,
  line,
  list,
  literal,
  object,
  oneOf,
  optional,
  variant,
} from '../../../protocol/schema.ts';
import { leaf, type PaneId, type PaneTree, type Part, split } from './tree.ts';

/** Bytes of a tab's name: a room's has 33 characters at most, a person's as many. */
const MAX_NAME_BYTES = 64;
/** Tabs of rooms and of persons, all together, and some more for later versions. */
const MAX_TABS = 500;
/** Nodes of a tree of panes: more than 20 panes have. */
const MAX_NODES = 100;
/** Layouts that are kept for a server: of an account, and of guests' names. */
export const MAX_KEPT = 5;
/** A share is kept in so many parts of its split. */
const WHOLE = 10_000;

const name = line(1, MAX_NAME_BYTES);

export const SAVED_LAYOUT = object({
  /** Whose it is: the name on the server. */
  of: name,
  /** In their order; private chats are nobody's business. */
  tabs: list(name, MAX_TABS),
  /** The tree, each split before its parts. */
  panes: list(
    variant('kind', {
      pane: object({ kind: literal('pane'), tab: name }),
      split: object({
        kind: literal('split'),
        axis: oneOf('across', 'down'),
        shares: list(integer(1, WHOLE), MAX_NODES),
      }),
    }),
    MAX_NODES,
  ),
  /** The tab that was in front. */
  front: optional(name),
});

export type SavedLayout = Infer<typeof SAVED_LAYOUT>;
type Node = SavedLayout['panes'][number];

/** @param nameOf what each pane shows. */
export function savedTree(tree: PaneTree, nameOf: (id: PaneId) => string): Node[] {
  if (tree.kind === 'pane') return [{ kind: 'pane', tab: nameOf(tree.id) }];
  const whole = tree.parts.reduce((sum, { share }) => sum + share, 0);
  const shares = tree.parts.map(({ share }) => Math.max(1, Math.round((share / whole) * WHOLE)));
  const parts = tree.parts.flatMap(({ node }) => savedTree(node, nameOf));
  return [{ kind: 'split', axis: tree.axis, shares }, ...parts];
}

/**
 * @param idOf the pane for a name, or undefined where that tab is not there: then its pane isn't either.
 * @returns undefined where there is none left, or what was kept is no tree.
 */
export function treeFrom(nodes: readonly Node[], idOf: (name: string) => PaneId | undefined): PaneTree | undefined {
  let next = 0;
  const read = (): PaneTree | undefined => {
    const node = nodes[next];
    next += 1;
    if (node === undefined) return undefined;
    if (node.kind === 'pane') {
      const id = idOf(node.tab);
      return id === undefined ? undefined : leaf(id);
    }
    const parts = node.shares.flatMap((share): Part[] => {
      const part = read();
      return part === undefined ? [] : [{ share, node: part }];
    });
    return parts.length === 0 ? undefined : split(node.axis, parts);
  };
  return read();
}

/** The same without a tab, and without its pane. */
export function withoutTab({ front, ...rest }: SavedLayout, gone: string): SavedLayout {
  const names: string[] = [];
  const tree = treeFrom(rest.panes, (tab) => (tab === gone ? undefined : names.push(tab) - 1));
  return {
    ...rest,
    tabs: rest.tabs.filter((tab) => tab !== gone),
    panes: tree === undefined ? [] : savedTree(tree, (id) => names[id] ?? ''),
    ...(front === undefined || front === gone ? {} : { front }),
  };
}
