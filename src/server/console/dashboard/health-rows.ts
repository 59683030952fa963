/** The numbers of how the server is, as rows. */
import { textWidth } from '../../../base/text/width.ts';
import { padStart, truncate } from '../../../base/text/wrap.ts';
import { MAX_BUFFERED_BYTES } from '../../outbox/limits.ts';
import { shortBytes, shortCount, shortMs } from './figures.ts';
import { type Row, run } from './frame.ts';
import type { Figures } from './state.ts';

/** Seconds by which the event loop may come late before people notice. */
const LATE_LOOP = 0.1;
/** Seconds for a commit, likewise. */
const LATE_COMMIT = 0.25;
/** Cells between two columns. */
const GAP = 3;

interface Item {
  readonly label: string;
  readonly value: string;
  /** More than is good. */
  readonly late?: boolean;
}

type Line = readonly [Item] | readonly [Item, Item];

/** Those that matter most first: what doesn't fit is left out. */
export function healthRows(figures: Figures, width: number): Row[] {
  const half = Math.floor((width - GAP) / 2);
  return linesOf(figures).map(([first, second]) =>
    second === undefined
      ? cellOf(first, half * 2 + GAP)
      : [...cellOf(first, half), run(' '.repeat(GAP)), ...cellOf(second, half)],
  );
}

function linesOf({ health, ...figures }: Figures): Line[] {
  const { connections, behind, outboxMaxBytes, refused, locked } = figures;
  const process = health?.process;
  const loop = process?.loop;
  const commits = health?.commits;
  const folder = process?.folder;
  return [
    [
      {
        label: 'loop p50 p99 max',
        value: known(loop, ({ p50, p99, max }) => [p50, p99, max].map(seconds).join(' ')),
        late: (loop?.p99 ?? 0) > LATE_LOOP,
      },
    ],
    [
      {
        label: 'commit p50 p99 max',
        value: known(commits, ({ p50, p99, max }) => [p50, p99, max].map(seconds).join(' ')),
        late: (commits?.p99 ?? 0) > LATE_COMMIT,
      },
    ],
    [
      { label: 'memory', value: known(process, ({ resident }) => shortBytes(resident)) },
      { label: 'heap', value: known(process, ({ heapUsed }) => shortBytes(heapUsed)) },
    ],
    [
      { label: 'outbox max', value: shortBytes(outboxMaxBytes), late: outboxMaxBytes > MAX_BUFFERED_BYTES / 2 },
      { label: 'batch', value: known(health?.batches, ({ mean }) => shortCount(mean)) },
    ],
    [
      { label: 'database', value: known(folder, ({ database }) => shortBytes(database)) },
      { label: 'wal', value: known(folder, ({ wal }) => shortBytes(wal)) },
    ],
    [
      { label: 'refused', value: shortCount(refused) },
      { label: 'locked', value: shortCount(locked) },
    ],
    [
      { label: 'connections', value: shortCount(connections) },
      { label: 'behind', value: shortCount(behind) },
    ],
    [
      { label: 'processor', value: known(health?.cpu, (cpu) => `${(cpu * 100).toFixed(0)}%`) },
      { label: 'data', value: known(folder, ({ all }) => shortBytes(all)) },
    ],
  ];
}

const seconds = (value: number): string => shortMs(value * 1000);

const known = <T>(value: T | undefined, write: (value: T) => string): string =>
  value === undefined ? '-' : write(value);

function cellOf({ label, value, late }: Item, width: number): Row {
  const text = late === true ? `! ${value}` : value;
  const room = Math.max(0, width - textWidth(label));
  return [run(label), run(padStart(truncate(text, room), room), late === true ? 'bad' : 'strong')];
}
