/** Which pane the operator looks at, and where each table stands. */
import { type Choice, type Pane, TABLES, type TableName } from './layout.ts';
import { byUser, CONNECTIONS } from './tables/connections.ts';
import { byPresence, PEOPLE } from './tables/people.ts';
import { byMembers, ROOMS } from './tables/rooms.ts';
import { type Column, ordersOf } from './tables/table.ts';

/** What a table is sorted by: the usual order first. */
const ORDERS = {
  people: usualFirst(PEOPLE, byPresence),
  rooms: usualFirst(ROOMS, byMembers),
  connections: usualFirst(CONNECTIONS, byUser),
} as const;

function usualFirst<Item>(columns: readonly Column<Item>[], usual: Column<Item>['compare']): readonly Column<Item>[] {
  const orders = ordersOf(columns);
  const at = orders.findIndex(({ compare }) => compare === usual);
  return [...orders.slice(at), ...orders.slice(0, at)];
}

interface Place {
  /** Items above the window. */
  first: number;
  /** Which of the orders. */
  order: number;
}

export class Places {
  #choice: Choice = { focus: 'log', table: 'people', zoomed: false };
  readonly #places: Readonly<Record<TableName, Place>> = {
    people: { first: 0, order: 0 },
    rooms: { first: 0, order: 0 },
    connections: { first: 0, order: 0 },
  };

  get choice(): Choice {
    return this.#choice;
  }

  /** Looks at a pane; at the one that is looked at already: by itself on the screen, and back. */
  look(pane: Pane): void {
    const { focus, table, zoomed } = this.#choice;
    this.#choice = {
      focus: pane,
      table: pane === 'log' ? table : pane,
      zoomed: pane === focus ? !zoomed : zoomed,
    };
  }

  get orders(): Readonly<Record<TableName, string>> {
    const titleOf = (table: TableName): string => ORDERS[table][this.#places[table].order]?.title ?? '';
    return { people: titleOf('people'), rooms: titleOf('rooms'), connections: titleOf('connections') };
  }

  compareOf(): { readonly [Name in TableName]: Compare<Name> } {
    return {
      people: ORDERS.people[this.#places.people.order]?.compare ?? byPresence,
      rooms: ORDERS.rooms[this.#places.rooms.order]?.compare ?? byMembers,
      connections: ORDERS.connections[this.#places.connections.order]?.compare ?? byUser,
    };
  }

  /** The table that the keys scroll is sorted by its next column. */
  sort(): void {
    const { focus } = this.#choice;
    if (focus === 'log') return;
    const place = this.#places[focus];
    place.order = (place.order + 1) % ORDERS[focus].length;
    place.first = 0;
  }

  firstOf(table: TableName): number {
    return this.#places[table].first;
  }

  /** @param by items, downwards. Where it ends is seen at the next look. */
  scroll(table: TableName, by: number): void {
    this.#places[table].first = Math.max(0, this.#places[table].first + by);
  }

  /** Back to where there is something to be seen. */
  settle(firsts: Readonly<Record<TableName, number>>): void {
    for (const table of TABLES) this.#places[table].first = firsts[table];
  }
}

type ItemOf<Name extends TableName> = (typeof ORDERS)[Name] extends readonly Column<infer Item>[] ? Item : never;
type Compare<Name extends TableName> = (a: ItemOf<Name>, b: ItemOf<Name>) => number;
