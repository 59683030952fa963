/** What the keys do and the words mean, over everything else. */
import { wrap } from '../../../base/text/wrap.ts';
import { type Panel, run } from './frame.ts';
import { centered, type Size } from './layout.ts';

const WITHOUT_LINE = [
  'PgUp  PgDn     the log, a page up or down',
  'Up    Down     one entry up or down',
  'Home  End      the oldest entry, the newest',
  'Ctrl-L         draws everything anew',
  'Ctrl-C, q      stops the server; it asks first, and',
  '               takes a second Ctrl-C within 3 s',
];
const WITH_LINE = [
  'Enter  Tab     runs a command, completes its name',
  'Up     Down    commands typed before',
  'Ctrl-U W A E   delete to start, a word; start, end',
  'PgUp   PgDn    the log, a page up or down',
  'Home   End     the oldest entry, the newest; of a',
  '               line with text its start, its end',
  'Ctrl-L         draws everything anew',
  'Ctrl-C         clears the line; stops the server: asks',
  '               first, takes a second one within 3 s',
];
const WORDS = [
  '',
  'outbox max     waits for the slowest reader',
  'p99            99 of 100 were faster, last 10 s',
  'refused        since the start',
  'locked         kept out now for wrong passwords',
  '!              more than is good',
  '',
];
const WIDTH = 58;

/** @param commands undefined where nobody takes any. */
export function helpPanel(size: Size, commands: readonly string[] | undefined): Panel {
  const list = commands === undefined ? [] : [...wrap(commands.join(' '), WIDTH - 4), '/help says what they do', ''];
  const keys = commands === undefined ? WITHOUT_LINE : WITH_LINE;
  const rows = [...keys, ...WORDS, ...list, 'Any key closes this.'];
  return {
    rect: centered(size, WIDTH, rows.length + 2),
    title: 'help',
    rows: rows.map((text) => [run(` ${text}`)]),
  };
}
