/** The safety number, to be compared by two people who see or hear each other. */
import type { DeviceId } from '../../base/ids.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import type { State } from '../core/state.ts';
import type { Role, Row } from './cells.ts';
import { wrapped } from './message-lines.ts';
import { fit, run, spaces } from './runs.ts';

type Verify = Extract<NonNullable<State['overlay']>, { kind: 'verify' }>;

/** Digits of a safety number, read in groups of five. */
const DIGITS = 60;
const GROUP = 5;
/** Blanks between two groups. */
const GAP = 2;
/** Groups in a row: those that are easily read to somebody, the best first. */
const IN_A_ROW = [4, 3, 2, 1] as const;
const AIRY_FROM = 60;
/** Columns below which the keys are told in few words: they are worth more than the sentence above. */
const WORDY_FROM = 46;

/** `37295  81004  66218  90511`, in rows that fit. */
function digitRows(digits: string, width: number): string[] {
  const groups =
    sanitizeLine(digits)
      .slice(0, DIGITS)
      .match(new RegExp(`.{1,${GROUP}}`, 'gu')) ?? [];
  const count = IN_A_ROW.find((each) => each * GROUP + (each - 1) * GAP <= width) ?? 1;
  const rows: string[] = [];
  for (let i = 0; i < groups.length; i += count) rows.push(groups.slice(i, i + count).join(' '.repeat(GAP)));
  return rows;
}

/** Characters of a device's id that tell the few of one person apart. */
const DEVICE_CHARS = 16;

/** Which device it is about, and how many are to be compared with it. */
const deviceWords = (device: DeviceId, more: number): string =>
  `${more > 0 ? `Device 1 of ${more + 1}` : 'Device'}: ${sanitizeLine(device).slice(0, DEVICE_CHARS)}`;

interface Block {
  readonly rows: readonly Row[];
  /** Of the blocks that don't fit, those with the highest number go first. */
  readonly turn: number;
}

/** Exactly `height` rows of exactly `width` cells. @param leave the key that leaves it. */
export function verifyOverlay(
  { person, device, digits, more }: Verify,
  width: number,
  height: number,
  leave = 'Esc',
): Row[] {
  const name = sanitizeLine(person);
  const indent = width >= AIRY_FROM ? 3 : 1;
  const room = Math.max(2, width - indent - 1);
  const text = (words: string, turn: number, role: Role = 'text', bold = false): Block => ({
    turn,
    rows: wrapped(words, room).map((each): Row => [spaces(indent), run(each, role, bold ? { bold } : {})]),
  });
  const blank = (turn: number): Block => ({ turn, rows: [[]] });
  const key = (sign: string, words: string): Row[] =>
    wrapped(words, Math.max(2, room - sign.length - 2)).map((each, index) => [
      spaces(indent),
      run((index === 0 ? sign : '').padEnd(Math.max(7, sign.length + 2)), 'prompt', { bold: true }),
      run(each, 'text'),
    ]);
  const inset = Math.max(indent, Math.min(10, Math.floor((width - 26) / 2)));
  let blocks: Block[] = [
    text(`Is it really ${name}?`, 4, 'accent', true),
    blank(7),
    text(
      'Read these to each other, in person or by phone, not in a chat. Equal on both screens: nobody sits between.',
      3,
    ),
    blank(8),
    text(deviceWords(device, more), more > 0 ? 2 : 5, 'dim'),
    blank(9),
    {
      turn: 0,
      rows: digitRows(digits, width - inset).map((each): Row => [spaces(inset), run(each, 'mention', { bold: true })]),
    },
    blank(8),
    { turn: 1, rows: key('[v]', width < WORDY_FROM ? 'equal: verified' : `they are equal: mark ${name} as verified`) },
    { turn: 1, rows: key('[n]', width < WORDY_FROM ? 'differ: warn' : 'they differ: end and warn') },
    { turn: 2, rows: key(`[${leave}]`, 'later') },
  ];
  while (blocks.length > 1 && blocks.reduce((sum, { rows }) => sum + rows.length, 0) > height) {
    const last = Math.max(...blocks.map(({ turn }) => turn));
    if (last === 0) break;
    const index = blocks.findLastIndex(({ turn }) => turn === last);
    blocks = blocks.filter((_, each) => each !== index);
  }
  const body = blocks.flatMap(({ rows }) => rows);
  const rows = body.length < height ? [[], ...body] : body;
  return Array.from({ length: height }, (_, y) => fit(rows[y] ?? [], width));
}
