/**
 * The only file that knows blessed. It draws the frames' boxes with it, and the chart with blessed-contrib; both are loaded
 * when a screen is opened. blessed takes over the process that it is loaded in: it listens for exits, signals and
 * exceptions, asks tmux for its version, reads keys. None of this is wanted: what it installed is removed again.
 */
import type { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { ENTRY, hasBraille, hasColor, isUtf8, MARK_PASTES, RESTORE } from './capabilities.ts';
import { asciiBars, createLine, fits, updateLine } from './chart.ts';
import { type Chart, type Frame, type Panel, run } from './frame.ts';
import type { Size } from './layout.ts';
import type { Output } from './output.ts';
import { type Cells, createPainter, type Paint } from './painter.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What we use of a blessed element. */
interface Element extends EventEmitter {
  detach(): void;
}
interface Screen extends EventEmitter, Cells {
  readonly program: EventEmitter & {
    readonly cols: number;
    readonly rows: number;
    readonly cursorHidden: boolean;
    isAlt: boolean;
    _buf: string;
    flush(): void;
    showCursor(): void;
    hideCursor(): void;
    /** From 0. */
    cup(row: number, column: number): void;
  };
  readonly tput: { brokenACS: boolean };
  readonly children: readonly Element[];
  append(element: unknown): void;
  /** Both buffers anew, blank, and the terminal cleared. */
  alloc(): void;
  render(): void;
  destroy(): void;
}
type Options = Readonly<Record<string, unknown>>;
/** What we use of blessed; @types/blessed knows none of its insides. */
interface Blessed {
  readonly Screen: new (options: Options) => Screen;
  readonly Box: new (options: Options) => Element;
  readonly Tput: { readonly prototype: { readTerminfo: () => typeof ENTRY } };
}

const PROCESS_EVENTS = ['exit', 'uncaughtException', 'SIGTERM', 'SIGINT', 'SIGQUIT'] as const;
type Listener = (...args: unknown[]) => void;

/** Runs `make`, and takes off the process whatever listeners it has put there. */
function withoutListeners<T>(make: () => T): T {
  const before = new Map(PROCESS_EVENTS.map((event) => [event, new Set(process.listeners(event as 'exit'))]));
  try {
    return make();
  } finally {
    for (const event of PROCESS_EVENTS)
      for (const listener of process.listeners(event as 'exit'))
        if (before.get(event)?.has(listener) !== true) process.off(event, listener as Listener);
  }
}

/** Runs `make` with $TMUX unset: inside of tmux blessed would start a process to ask for its version. */
function outsideOfTmux<T>(make: () => T): T {
  const { TMUX } = process.env;
  delete process.env.TMUX;
  try {
    return make();
  } finally {
    if (TMUX !== undefined) process.env.TMUX = TMUX;
  }
}

/** Runs `make` with blessed's reader of terminfo replaced. */
function withEntry<T>({ Tput: { prototype } }: Blessed, make: () => T): T {
  const { readTerminfo } = prototype;
  prototype.readTerminfo = () => ENTRY;
  try {
    return make();
  } finally {
    prototype.readTerminfo = readTerminfo;
  }
}

export interface DashboardScreen {
  readonly size: Size;
  /** Told after the size has changed, when there is nothing on the screen. */
  onResize(callback: () => void): void;
  draw(frame: Frame): void;
  /** The next frame is drawn whole, whatever the terminal shows. */
  forget(): void;
  /** The screen of before, and below what stood there, `words`. Idempotent; works in an exit handler. */
  close(words?: string): void;
}

/** Enters the terminal's other screen. @throws whatever blessed throws where it can't. */
export async function openScreen(output: Output, env: Environment): Promise<DashboardScreen> {
  const [{ default: loaded }, { default: Line }] = await Promise.all([
    import('blessed'),
    import('blessed-contrib/lib/widget/charts/line.js'),
  ]);
  const blessed = loaded as unknown as Blessed;
  const unicode = isUtf8(env);
  // Keys don't come this way.
  const input = Object.assign(new PassThrough(), { isTTY: true, isRaw: true, setRawMode: () => undefined });
  const options = { input, output, terminal: ENTRY.name, forceUnicode: unicode, resizeTimeout: RESIZE_MS };
  const screen = withEntry(blessed, () => outsideOfTmux(() => withoutListeners(() => new blessed.Screen(options))));
  // Borders as UTF-8, or as ASCII: never as characters of the alternate set.
  screen.tput.brokenACS = true;
  return new BlessedScreen(blessed, Line, screen, output, env);
}

/** Milliseconds: a window that is dragged has many sizes. */
const RESIZE_MS = 100;

class BlessedScreen implements DashboardScreen {
  readonly #blessed: Blessed;
  readonly #Line: Parameters<typeof createLine>[0];
  readonly #screen: Screen;
  readonly #output: Output;
  readonly #color: boolean;
  readonly #braille: boolean;
  readonly #paint: Paint;
  #frame: Frame | undefined;
  /** Which elements there are, as text. */
  #geometry = '';
  /** One for each chart; undefined where it is made of ASCII. */
  #lines: (ReturnType<typeof createLine> | undefined)[] = [];
  /** The charts' data as they show them. */
  #charted: string[] = [];
  #isOpen = true;

  constructor(
    blessed: Blessed,
    Line: Parameters<typeof createLine>[0],
    screen: Screen,
    output: Output,
    env: Environment,
  ) {
    this.#blessed = blessed;
    this.#Line = Line;
    this.#screen = screen;
    this.#output = output;
    this.#color = hasColor(env);
    this.#braille = hasBraille(env);
    this.#paint = createPainter({ cells: screen, color: this.#color, unicode: isUtf8(env) });
    screen.program.flush();
    output.write(MARK_PASTES);
  }

  get size(): Size {
    // The buffers': the terminal's own may have changed a moment ago.
    const { cols, rows } = this.#screen.program;
    return { columns: cols, rows };
  }

  onResize(callback: () => void): void {
    const { program } = this.#screen;
    // Before the screen draws what it has, which may lie outside by now.
    program.prependListener('resize', () => this.#clear());
    // After it: its buffers have their new size.
    program.on('resize', () => {
      if (this.#isOpen) callback();
    });
  }

  draw(frame: Frame): void {
    if (!this.#isOpen) return;
    this.#frame = frame;
    this.#place(frame);
    for (const [index, chart] of frame.charts.entries()) this.#updateChart(chart, index);
    this.#screen.render();
    this.#placeCursor(frame);
    this.#screen.program.flush();
  }

  forget(): void {
    if (!this.#isOpen) return;
    this.#screen.alloc();
    this.#output.write(MARK_PASTES);
  }

  close(words = ''): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#output.end(RESTORE + words);
    this.#screen.program.isAlt = false;
    this.#screen.program._buf = '';
    withoutListeners(() => this.#screen.destroy());
  }

  #placeCursor({ cursor }: Frame): void {
    const { program } = this.#screen;
    if (cursor !== undefined) program.cup(cursor.y, cursor.x);
    // Drawing hides it for a moment and leaves it where it was.
    if (cursor !== undefined && program.cursorHidden) program.showCursor();
    if (cursor === undefined && !program.cursorHidden) program.hideCursor();
  }

  /** Elements anew, where they aren't where they were. */
  #place(frame: Frame): void {
    const geometry = JSON.stringify([
      frame.size,
      frame.panels.map(({ rect }) => rect),
      frame.charts.map(({ rect }) => rect),
    ]);
    if (geometry === this.#geometry) return;
    this.#clear();
    this.#geometry = geometry;
    for (const [index, { y }] of frame.bars.entries())
      this.#box({ left: 0, top: y, width: frame.size.columns, height: 1 }, () => {
        const bar = this.#frame?.bars[index];
        if (bar !== undefined) this.#paint(bar.y, 0, frame.size.columns, bar.row);
      });
    for (const [index, { rect }] of frame.panels.entries())
      this.#box({ left: rect.x, top: rect.y, width: rect.width, height: rect.height, border: { type: 'line' } }, () =>
        this.#paintPanel(this.#frame?.panels[index]),
      );
    this.#lines = frame.charts.map((chart, index) => this.#placeChart(chart, index));
  }

  #clear(): void {
    for (const child of this.#screen.children.slice()) child.detach();
    this.#geometry = '';
    this.#lines = [];
    this.#charted = [];
  }

  #box(options: Options, paint: () => void): void {
    const box = new this.#blessed.Box({ ...options });
    // After it has drawn its border and its blanks.
    box.on('render', paint);
    this.#screen.append(box);
  }

  #paintPanel(panel: Panel | undefined): void {
    if (panel === undefined) return;
    const { rect, title, rows } = panel;
    const end = rect.x + rect.width - 1;
    const text = ` ${title} `;
    this.#paint(rect.y, rect.x + 2, Math.min(end, rect.x + 2 + text.length), [run(text, 'strong')]);
    for (const [i, row] of rows.entries()) if (i < rect.height - 2) this.#paint(rect.y + 1 + i, rect.x + 1, end, row);
  }

  #placeChart(chart: Chart, index: number): ReturnType<typeof createLine> | undefined {
    const { rect } = chart;
    if (this.#braille && fits(chart)) {
      const line = createLine(this.#Line, chart, this.#color);
      this.#screen.append(line);
      return line;
    }
    this.#box({ left: rect.x, top: rect.y, width: rect.width, height: rect.height }, () => {
      const now = this.#frame?.charts[index];
      if (now === undefined) return;
      for (const [y, row] of asciiBars(now).entries()) this.#paint(rect.y + y, rect.x, rect.x + rect.width, [run(row)]);
    });
    return undefined;
  }

  #updateChart(chart: Chart, index: number): void {
    const line = this.#lines[index];
    if (line === undefined) return;
    const data = `${chart.top} ${chart.values.join(' ')}`;
    if (data === this.#charted[index]) return;
    this.#charted[index] = data;
    updateLine(line, chart);
  }
}
