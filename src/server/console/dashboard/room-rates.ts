/** Messages a minute of each room, of late. */
import type { RoomName, Seq } from '../../../base/ids.ts';

/** Seconds after which a burst counts for a third. */
const SMOOTHED_OVER = 60;
/** Messages a minute that count as none. */
const QUIET = 0.05;

interface Known {
  readonly last: Seq;
  readonly rate: number;
}

export class RoomRates {
  #rooms: ReadonlyMap<RoomName, Known> = new Map();

  /** @param seconds since the last look. */
  look(rooms: Iterable<{ readonly name: RoomName; readonly last: Seq }>, seconds: number): void {
    const weight = 1 - Math.exp(-seconds / SMOOTHED_OVER);
    const now = new Map<RoomName, Known>();
    for (const { name, last } of rooms) {
      const before = this.#rooms.get(name);
      const current = before === undefined ? 0 : ((last - before.last) / seconds) * 60;
      const rate = (before?.rate ?? 0) + (current - (before?.rate ?? 0)) * weight;
      now.set(name, { last, rate: rate < QUIET ? 0 : rate });
    }
    this.#rooms = now;
  }

  of(room: RoomName): number {
    return this.#rooms.get(room)?.rate ?? 0;
  }
}
