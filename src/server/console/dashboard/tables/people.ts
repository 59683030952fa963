/** Who is here. */
import { shortDuration } from '../../../../base/duration.ts';
import type { PersonFigure } from '../../../figures/snapshot.ts';
import { alphabetical } from '../figures.ts';
import type { Column } from './table.ts';

/** Who is online before who is away, then by name: a person is found where they were a second ago. */
export const byPresence = (a: PersonFigure, b: PersonFigure): number =>
  a.state === b.state ? alphabetical(a.name, b.name) : a.state === 'online' ? -1 : 1;

export const PEOPLE: readonly Column<PersonFigure>[] = [
  {
    title: 'name',
    width: 10,
    grows: true,
    matters: 4,
    cell: ({ name }) => ({ text: name }),
    compare: (a, b) => alphabetical(a.name, b.name),
  },
  {
    title: 'state',
    width: 8,
    matters: 3,
    cell: ({ state }) => ({ text: state, style: state === 'online' ? 'good' : 'warn' }),
    compare: byPresence,
  },
  {
    title: 'since',
    width: 7,
    isNumber: true,
    matters: 2,
    cell: ({ since }, now) => ({ text: shortDuration(now - since) }),
    compare: (a, b) => b.since - a.since || alphabetical(a.name, b.name),
  },
  {
    title: 'from',
    width: 11,
    grows: true,
    matters: 1,
    cell: ({ from }) => ({ text: from }),
    compare: (a, b) => alphabetical(a.from, b.from) || alphabetical(a.name, b.name),
  },
];
