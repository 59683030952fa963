/** The connections. */
import { shortDuration } from '../../../../base/duration.ts';
import type { ConnectionFigure } from '../../../figures/snapshot.ts';
import { alphabetical, shortBytes } from '../figures.ts';
import type { Column } from './table.ts';

/** Those that have said who they are come first. */
export const byUser = (a: ConnectionFigure, b: ConnectionFigure): number =>
  Number(a.user === undefined) - Number(b.user === undefined) ||
  alphabetical(a.user ?? '', b.user ?? '') ||
  bySince(a, b);

const NEVER = Number.MAX_SAFE_INTEGER;

const bySince = (a: ConnectionFigure, b: ConnectionFigure): number => b.since - a.since || a.id - b.id;

export const CONNECTIONS: readonly Column<ConnectionFigure>[] = [
  {
    title: 'who',
    width: 10,
    grows: true,
    matters: 6,
    cell: ({ user }) => ({ text: user ?? '-' }),
    compare: byUser,
  },
  {
    title: 'from',
    width: 11,
    grows: true,
    matters: 1,
    cell: ({ from }) => ({ text: from }),
    compare: (a, b) => alphabetical(a.from, b.from) || byUser(a, b),
  },
  {
    title: 'since',
    width: 7,
    isNumber: true,
    matters: 4,
    cell: ({ since }, now) => ({ text: shortDuration(now - since) }),
    compare: bySince,
  },
  {
    title: 'kind',
    width: 8,
    matters: 3,
    cell: ({ kind }) => ({ text: kind }),
    compare: (a, b) => alphabetical(a.kind, b.kind) || byUser(a, b),
  },
  {
    title: 'waits',
    width: 7,
    isNumber: true,
    matters: 5,
    cell: ({ waiting }) => ({
      text: waiting === 0 ? '-' : shortBytes(waiting),
      style: waiting === 0 ? 'plain' : 'warn',
    }),
    compare: (a, b) => b.waiting - a.waiting || byUser(a, b),
  },
  {
    title: 'lag',
    width: 5,
    isNumber: true,
    matters: 2,
    cell: ({ behindSince }, now) => ({ text: behindSince === undefined ? '-' : shortDuration(now - behindSince) }),
    compare: (a, b) => (a.behindSince ?? NEVER) - (b.behindSince ?? NEVER) || byUser(a, b),
  },
];
