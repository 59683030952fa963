/** What the keys do and the words mean, over everything else. */
import { wrap } from '../../../base/text/wrap.ts';
import { type Panel, run } from './frame.ts';
import { centered, type Size } from './layout.ts';

const PANES = [
  'F2 F3 F4 F5    people, rooms, connections, the log:',
  '               the one with ▸ is scrolled and sorted;',
  '               once more: alone on the screen, and back',
  'PgUp PgDn      a page up or down (↑9: 9 above what shows)',
  'F6             sorts by the next column',
  'F7             the log: people, messages, warnings, all',
];
const WITHOUT_LINE = [
  ...PANES,
  'Up    Down     one entry up or down',
  'Home  End      the oldest entry, the newest',
  'Ctrl-L         draws everything anew',
  'Ctrl-C, q      stops the server; it asks first, and',
  '               takes a second Ctrl-C within 3 s',
];
const WITH_LINE = [
  ...PANES,
  'Enter  Tab     runs a command, completes words, names',
  'Up Down Ctrl-R commands typed before; with these words',
  'Ctrl-U W K Y   cut to start, word, to end; paste; _ undo',
  'Home   End     first and last; of a line with text its',
  'Ctrl-L         draws everything anew',
  'Ctrl-C         clears the line; stops the server: asks',
  '               first, takes a second one within 3 s',
];
const WORDS = [
  '',
  'messages/s     of rooms;  deliveries/s  lines sent to',
  '               connections, each for each reader; 5 min',
  'p50 p99 max    half, 99 of 100, all were faster; last 10 s',
  'loop           how late the program comes to its work',
  'commit         until a message was safe on the disk',
  'batch          calls that share a write to the disk',
  'outbox max     waits for the slowest reader (2 MB: cut off)',
  'waits  lag     bytes that wait for a reader; since when',
  'database  wal  its size, and of what it has yet to take in',
  'refused        since the start;  locked  kept out now for',
  '               wrong passwords',
  'here of /min   in the room now, of its members; messages a',
  '               minute of late;  kept  for how long',
  '!              more than is good',
];
const WIDTH = 64;
/** Rows of a panel that are none of its text: its border, and how to go on. */
const FRAME_ROWS = 4;

function textsOf(commands: readonly string[] | undefined): string[] {
  const list =
    commands === undefined ? [] : ['', ...wrap(commands.join(' '), WIDTH - 4), '/help says what the commands do'];
  return [...(commands === undefined ? WITHOUT_LINE : WITH_LINE), ...WORDS, ...list];
}

const rowsOf = ({ rows }: Size): number => Math.max(1, rows - FRAME_ROWS);

/** How many screens it takes. */
export const helpPages = (size: Size, commands: readonly string[] | undefined): number =>
  Math.ceil(textsOf(commands).length / rowsOf(size));

/**
 * @param page from 1.
 * @param commands undefined where nobody takes any.
 */
export function helpPanel(size: Size, page: number, commands: readonly string[] | undefined): Panel {
  const pages = helpPages(size, commands);
  const fits = rowsOf(size);
  const texts = textsOf(commands).slice((page - 1) * fits, page * fits);
  const next = page < pages ? 'F1: more.  Any other key closes this.' : 'Any key closes this.';
  const rows = [...texts, '', next];
  return {
    rect: centered(size, WIDTH, rows.length + 2),
    title: pages > 1 ? `help ${page} of ${pages}` : 'help',
    rows: rows.map((text) => [run(` ${text}`)]),
  };
}
