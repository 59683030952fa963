/**
 * What we use of neo-blessed: its screen with the cell buffer, the drawing of what changed, and the terminfo interpreter.
 * Imported by its own path, so that thirty widgets are not loaded with it. @types/blessed knows none of these insides.
 */
declare module 'blessed/lib/widgets/screen.js' {
  import type { EventEmitter } from 'node:events';
  import type { Info } from 'blessed/lib/tput.js';

  /** Attribute and character; a character may be any string that is to be written for the cell. */
  export type Cell = [number, string];
  export type Line = Cell[] & { dirty: boolean };

  export interface Program extends EventEmitter {
    cursorHidden: boolean;
    isAlt: boolean;
    /** Bytes that wait for the next turn of the event loop. */
    _buf: string;
    cup(y: number, x: number): unknown;
    showCursor(): unknown;
    hideCursor(): unknown;
    flush(): void;
  }

  export interface Options {
    readonly input: unknown;
    readonly output: unknown;
    readonly terminal: string;
    readonly forceUnicode: boolean;
  }

  class Screen {
    constructor(options: Options);
    readonly program: Program;
    readonly tput: Info & { colors: number; brokenACS: boolean; unicode: boolean };
    readonly cols: number;
    readonly rows: number;
    /** What is to be shown, and what the terminal shows as far as we know. */
    lines: Line[];
    olines: Line[];
    /** Both buffers anew, blank, and the terminal cleared. */
    alloc(): void;
    draw(firstRow: number, lastRow: number): void;
    destroy(): void;
  }
  export default Screen;
}

declare module 'blessed/lib/tput.js' {
  /** A parsed terminfo entry. */
  export interface Entry {
    readonly name: string;
    readonly names: string[];
    readonly desc: string;
    readonly dir: string;
    readonly file: string;
    readonly header: object;
    readonly bools: Record<string, boolean>;
    readonly numbers: Record<string, number>;
    readonly strings: Record<string, string>;
  }

  /** The capabilities of an entry by their long names, and each short name as a method. */
  export interface Info {
    readonly strings: Record<string, string | undefined>;
    readonly numbers: Record<string, number | undefined>;
    readonly bools: Record<string, boolean | undefined>;
  }

  class Tput {
    readTerminfo: (this: Tput, terminal?: string) => Entry;
    parseTerminfo: (this: Tput, data: Uint8Array, file: string) => Entry;
  }
  export default Tput;
}
