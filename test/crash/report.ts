/** What the parts of the checker share. */
import type { Entry, ViolationKind } from './trace.ts';

export type Report = (kind: ViolationKind, text: string) => void;

/** In an order of its own: who was first doesn't matter. */
export const reactionsOf = ({ reactions = [] }: Pick<Entry, 'reactions'>): string =>
  reactions
    .flatMap(({ emoji, users }) => users.map((user) => `${emoji} ${user}`))
    .toSorted()
    .join(' ');
