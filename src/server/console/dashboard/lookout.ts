/** Snapshots -> the figures that a screen shows. */
import { byMembers, byPresence, firstOf } from './figures.ts';
import type { Snapshot } from './snapshot.ts';
import type { Figures } from './state.ts';

export class Lookout {
  #snapshot: (() => Snapshot) | undefined;
  #deliveries: number | undefined;
  #figures: Figures = {
    connections: 0,
    outboxMaxBytes: 0,
    locked: 0,
    online: 0,
    away: 0,
    people: [],
    roomCount: 0,
    rooms: [],
    deliveries: undefined,
  };

  get figures(): Figures {
    return this.#figures;
  }

  watch(snapshot: () => Snapshot): void {
    this.#snapshot = snapshot;
  }

  /**
   * @param seconds since the last look; 0 at the first.
   * @param rows as many people and rooms as the screen may show.
   */
  look(seconds: number, rows: number): void {
    if (this.#snapshot === undefined) return;
    const { people, rooms, deliveries, ...figures } = this.#snapshot();
    const more = deliveries === undefined ? undefined : deliveries - (this.#deliveries ?? deliveries);
    this.#deliveries = deliveries;
    this.#figures = {
      ...figures,
      people: firstOf(people, rows, byPresence),
      rooms: firstOf(rooms, rows, byMembers),
      deliveries: more === undefined || seconds <= 0 ? undefined : Math.round(more / seconds),
    };
  }
}
