/** What the palette holds while it is open: what is looked for, and what fits. */
import type { RoomName, UserName } from '../../base/ids.ts';
import type { TabName } from './inner.ts';
import type { InputLine } from './input-line.ts';

/** Something that one can go to, or do. It is meant by its name, since tabs and people come and go meanwhile. */
export type Item =
  | { readonly kind: 'tab'; readonly name: TabName }
  /** A room that one isn't in; `fresh`: that nobody has, and that would be made. */
  | {
      readonly kind: 'room';
      readonly name: RoomName;
      readonly topic: string;
      readonly members: number;
      readonly fresh: boolean;
    }
  | { readonly kind: 'person'; readonly name: UserName }
  /** `name` with the sign: `/join`. */
  | { readonly kind: 'command'; readonly name: string; readonly args: string; readonly help: string }
  /** What may follow the command that is written. */
  | { readonly kind: 'argument'; readonly name: string };

/** `at`: which of its name's characters (UTF-16 indexes) were typed. */
export interface Hit {
  readonly item: Item;
  readonly at: readonly number[];
}

/** An item as it is looked for. */
export interface Entry {
  readonly item: Item;
  /** Its name, as it is compared. */
  readonly low: string;
}

export interface Palette {
  readonly kind: 'palette';
  /** What the list holds: everything, what has no tab yet, or commands. */
  readonly find: 'all' | 'new' | 'commands';
  readonly input: InputLine;
  /** Tabs, rooms and people as they were when it was opened, or the rooms came: there may be thousands. */
  readonly all: readonly Entry[];
  /** Those of them that have the letters that are written: with one letter more, no other can. */
  readonly fitting: { readonly letters: string; readonly entries: readonly Entry[] };
  /** The best first. */
  readonly hits: readonly Hit[];
  /** Into `hits`; undefined: what is written counts, as long as nobody has chosen. */
  readonly index: number | undefined;
}
