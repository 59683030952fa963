/** The chart of messages a second: blessed-contrib's line, or bars of ASCII where a terminal has no braille. */
import type LineChart from 'blessed-contrib/lib/widget/charts/line.js';
import { CHART_SECONDS, shortCount } from './figures.ts';
import type { Chart } from './frame.ts';

type LineConstructor = typeof LineChart;
type Line = InstanceType<LineConstructor>;

/** Dots of a cell of braille. */
const DOTS = { x: 2, y: 4 } as const;
/**
 * Dots that the widget leaves below the baseline for the labels; it needs less than the three rows that it takes, so it is
 * given a row more than is shown.
 */
const HIDDEN_ROWS = 1;
/** Rows and columns below which the widget has no room for its axes. */
const LEAST_ROWS = 4;
const LEAST_COLUMNS = 20;
/** Rows from which on the axis has a number at each quarter, else at each half. */
const ROWS_FOR_QUARTERS = 10;

/** Dots that the widget's labels of the axis take at the most. */
const AXIS_DOTS = 12;
/** Dots that the widget moves the line to the right, and one for its last. */
const SHIFT_DOTS = 3;

/**
 * One label each second; the widget shows each 60th. None may be empty: it would be shown as `undefined`. There are a few
 * more of them than values, or the shift would push the newest values off the edge.
 */
function labelsFor({ width }: Chart['rect']): string[] {
  const dots = Math.max(AXIS_DOTS, width * DOTS.x - AXIS_DOTS);
  const length = Math.ceil((CHART_SECONDS * dots) / (dots - SHIFT_DOTS));
  return Array.from({ length }, (_, i) => (i % 60 === 0 && i < CHART_SECONDS ? `-${(CHART_SECONDS - i) / 60}m` : ' '));
}

export const fits = ({ rect }: Chart): boolean => rect.height >= LEAST_ROWS && rect.width >= LEAST_COLUMNS;

/** The widget, to be appended to the screen before it gets data. */
export function createLine(Line: LineConstructor, { rect, top }: Chart, color: boolean): Line {
  const line = new Line({
    left: rect.x,
    top: rect.y,
    width: rect.width,
    height: rect.height,
    // Or blessed would break a full line before the colour's end that follows it.
    wrap: false,
    // `normal` is the widget's word for the terminal's own colour; left out, it takes black for the axes.
    style: { line: color ? 'cyan' : 'normal', text: 'normal', baseline: 'normal' },
    xPadding: DOTS.x,
    showNthLabel: 60,
    numYLabels: rect.height < ROWS_FOR_QUARTERS ? 2 : 4,
    abbreviate: true,
    // Without it an idle chart has no height, and the widget divides by it.
    maxY: top,
  });
  line.calcSize = () => {
    line.canvasSize = { width: rect.width * DOTS.x, height: (rect.height + HIDDEN_ROWS) * DOTS.y };
  };
  return line;
}

export function updateLine(line: Line, { values, top, rect }: Chart): void {
  line.options.maxY = top;
  line.setData({ x: labelsFor(rect), y: values });
}

/** One column for several seconds, as high as the highest of them. The first row says where the axis ends. */
export function asciiBars({ values, top, rect: { width, height } }: Chart): string[] {
  const columns = Array.from({ length: width }, (_, x) => {
    const [from, to] = [x, x + 1].map((edge) => Math.floor((edge * values.length) / width));
    return Math.max(values[from ?? 0] ?? 0, ...values.slice(from, to));
  });
  const label = shortCount(top);
  return Array.from({ length: height }, (_, y) => {
    const above = ((height - 1 - y) / height) * top;
    const row = columns.map((value) => (value > above ? '#' : ' ')).join('');
    return y === 0 ? label + row.slice(label.length) : row;
  });
}
