/** The charts of things a second: blessed-contrib's line, or bars of ASCII where a terminal has no braille. */
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
const LEAST_COLUMNS = 16;
/** Rows from which on the axis has a number at each quarter, else at each half. */
const ROWS_FOR_QUARTERS = 10;

/** Dots that the widget's labels of the axis take at the most. */
const AXIS_DOTS = 12;
/** Dots that the widget moves the line to the right, and one for its last. */
const SHIFT_DOTS = 3;

/** Seconds that one value of a chart may stand for: of each of these `CHART_SECONDS` is a multiple. */
const STEPS = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30] as const;
const LONGEST_STEP = 60;

/** Seconds that a value stands for on a chart of this width: as much as a dot. */
export function secondsOfDot({ width }: Pick<Chart['rect'], 'width'>): number {
  const dots = Math.max(1, width * DOTS.x - AXIS_DOTS);
  return STEPS.find((step) => CHART_SECONDS / step <= dots) ?? LONGEST_STEP;
}

/** Dots that the widget leaves for the labels below its axis, and by which it lifts the line above it. */
const LABEL_DOTS = 11;
const LIFT_DOTS = 2;

/** How many times the highest value the axis must be, or the widget would draw that beyond the chart's upper end. */
export function headroom({ height }: Pick<Chart['rect'], 'height'>): number {
  const dots = (height + HIDDEN_ROWS) * DOTS.y - LABEL_DOTS;
  return dots > LIFT_DOTS ? dots / (dots - LIFT_DOTS) : 1;
}

/** Cells of a label below the axis, with the least gap. */
const LABEL_CELLS = 5;
/** Minutes between two labels. */
const LABEL_MINUTES = [1, 2, 3, 5] as const;

/** Values between two labels. */
function labelEvery({ values, rect: { width } }: Chart): number {
  const perMinute = (values.length * 60) / CHART_SECONDS;
  const cells = (width - AXIS_DOTS / DOTS.x) / values.length;
  const minutes = LABEL_MINUTES.find((each) => each * perMinute * cells >= LABEL_CELLS) ?? CHART_SECONDS / 60;
  return Math.round(minutes * perMinute);
}

/**
 * None may be empty: it would be shown as `undefined`. There are a few more of them than values, or the shift would push
 * the newest values off the edge.
 */
function labelsFor(chart: Chart): string[] {
  const { values, rect } = chart;
  const dots = Math.max(AXIS_DOTS, rect.width * DOTS.x - AXIS_DOTS);
  const length = Math.ceil((values.length * dots) / (dots - SHIFT_DOTS));
  const every = labelEvery(chart);
  const minutes = (i: number): number => ((values.length - i) * CHART_SECONDS) / values.length / 60;
  return Array.from({ length }, (_, i) => (i % every === 0 && i < values.length ? `-${minutes(i)}m` : ' '));
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
    showNthLabel: 1,
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

export function updateLine(line: Line, chart: Chart): void {
  line.options.maxY = chart.top;
  line.options.showNthLabel = labelEvery(chart);
  line.setData({ x: labelsFor(chart), y: chart.values });
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
