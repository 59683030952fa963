/** The rooms. */
import { keepText } from '../../../../base/keep.ts';
import { LOBBY } from '../../../../protocol/names.ts';
import type { RoomFigure } from '../../../figures/snapshot.ts';
import { alphabetical, shortCount } from '../figures.ts';
import type { Column } from './table.ts';

export interface RoomRow extends RoomFigure {
  /** Messages a minute, of late. */
  readonly rate: number;
}

/** The fullest first; of equal ones the lobby. */
export const byMembers = (a: RoomRow, b: RoomRow): number =>
  b.members - a.members || Number(b.name === LOBBY) - Number(a.name === LOBBY) || alphabetical(a.name, b.name);

export const ROOMS: readonly Column<RoomRow>[] = [
  {
    title: 'room',
    width: 10,
    grows: true,
    matters: 7,
    cell: ({ name }) => ({ text: name }),
    compare: (a, b) => alphabetical(a.name, b.name),
  },
  { title: 'here', width: 6, isNumber: true, matters: 6, cell: ({ here }) => ({ text: shortCount(here()) }) },
  {
    title: 'of',
    width: 6,
    isNumber: true,
    matters: 3,
    cell: ({ members }) => ({ text: shortCount(members) }),
    compare: byMembers,
  },
  {
    title: 'messages',
    width: 10,
    isNumber: true,
    matters: 5,
    cell: ({ last }) => ({ text: shortCount(last) }),
    compare: (a, b) => b.last - a.last || alphabetical(a.name, b.name),
  },
  {
    title: '/min',
    width: 6,
    isNumber: true,
    matters: 4,
    cell: ({ rate }) => ({ text: shortCount(Math.round(rate)) }),
    compare: (a, b) => b.rate - a.rate || byMembers(a, b),
  },
  { title: 'kept', width: 8, matters: 2, cell: ({ keep }) => ({ text: keepText(keep) }) },
  { title: 'topic', width: 10, grows: true, matters: 1, cell: ({ topic }) => ({ text: topic }) },
];
