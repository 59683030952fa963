/**
 * What a private chat waits for: a request of theirs with the keys that answer it, or ours. It stands below the log. Where
 * there is little room it is said in few words; the keys stay, and beside them what they give away, or they don't answer.
 */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { textWidth } from '../../base/text/width.ts';
import { isOverLan } from '../core/lan-people.ts';
import type { ChatTab, State, Tab } from '../core/state.ts';
import type { Role, Row } from './cells.ts';
import { wrapped } from './message-lines.ts';
import { run, spaces } from './runs.ts';

/** Addresses that are named; a machine on many networks has more than anybody reads. */
const MAX_NAMED = 3;
/** Columns from which the text stands clear of the edge. */
const AIRY_FROM = 60;
/** The longest time that is counted down, ms: a request ends after 2 minutes, and `9:59` is as wide as any. */
const MAX_LEFT_MS = 599_000;

/** What tells whether there is a server between the two. */
type Network = Pick<State, 'lan' | 'people'>;

interface Words {
  /** Kept together, and apart from each other; one is a paragraph. */
  readonly items: readonly string[];
  readonly role: Role;
  readonly bold?: boolean;
  /** Of the lines that don't fit, those with the highest number go first. */
  readonly turn: number;
  /** The same where the room is scarce. */
  readonly short?: readonly string[];
}

/** Lines from this turn on are no loss, so they go before anything is shortened. */
const SPARE_FROM = 5;
/** Lines up to this turn are shown together with the keys, or the keys aren't. */
const NEEDED = 2;
/** What stands for the keys where they don't answer: no room to say what they give away, or the keyboard is elsewhere. */
const NO_KEYS: Words = { items: ['/accept or /reject'], role: 'prompt', bold: true, turn: 1 };
const ELSEWHERE: Words = {
  items: ['Come to this pane to answer.'],
  short: ['come here to answer'],
  role: 'prompt',
  bold: true,
  turn: 1,
};

const line = (text: string, turn: number, role: Role = 'text', bold = false, short?: string): Words => ({
  items: [text],
  role,
  bold,
  turn,
  ...(short === undefined ? {} : { short: [short] }),
});

/** `1:48`, rounded up: it is over when it reaches nothing. */
function timeLeft(until: number, mono: number): string {
  const seconds = Math.ceil(Math.max(0, Math.min(MAX_LEFT_MS, until - mono)) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function addressWords(addresses: readonly string[], person: string): string {
  const named = addresses.slice(0, MAX_NAMED).map(sanitizeLine).join(', ');
  const more = addresses.length > MAX_NAMED ? ` and ${addresses.length - MAX_NAMED} more` : '';
  return `${person} would then see your address${addresses.length > 1 ? 'es' : ''} ${named}${more}.`;
}

const addressHint = (addresses: readonly string[]): string =>
  `they see your address${addresses.length > 1 ? 'es' : ''}`;

/** What it will be, before anybody agrees to it. */
function nature(plain: boolean, addresses: readonly string[], person: string, near: boolean): Words[] {
  if (plain) {
    return [
      line(
        near
          ? 'NOT ENCRYPTED: anyone on the network between you will be able to read all of it.'
          : 'NOT ENCRYPTED: the server, and anyone between you, will be able to read all of it.',
        2,
        'alarm',
        true,
        'NOT ENCRYPTED',
      ),
    ];
  }
  if (near) return [line('It will be end-to-end encrypted, and direct: there is no server.', 5)];
  if (addresses.length === 0) return [line('It will be end-to-end encrypted.', 5)];
  return [
    line('It will be end-to-end encrypted and, if your machines reach each other, direct.', 5),
    line(addressWords(addresses, person), 2, 'text', false, addressHint(addresses)),
  ];
}

function theirRequest(tab: ChatTab, addresses: readonly string[], left: string, near: boolean): Words[] {
  const person = sanitizeLine(tab.person);
  const asks = line(`${person} asks for a private chat.`, 3, 'accent', true, `${person} asks:`);
  const ends = line(`Ends by itself in ${left}.`, 6, 'dim');
  if (tab.trust === 'changed' && !tab.plain) {
    return [
      asks,
      line(
        `KEY CHANGED: this comes from a key that you don't know. Either ${person} has a new device, or somebody else pretends to be ${person}.`,
        2,
        'error',
        true,
        'KEY CHANGED',
      ),
      line(
        `Ask ${person} in another way than this. If it is so, /accept-key ${person} comes first; then you can accept.`,
        4,
      ),
      { items: [`/accept-key ${person}`, '[r] reject'], role: 'prompt', bold: true, turn: 1 },
      ends,
    ];
  }
  // On the local network they see where one is anyway.
  const hides = addresses.length > 0 && !tab.plain && !near;
  const keys = [
    tab.plain ? '[a] accept, not encrypted' : '[a] accept',
    ...(hides ? ['[o] accept, hide my address'] : []),
  ];
  const short = ['[a] accept', ...(hides ? ['[o] hidden'] : []), '[r] no'];
  return [
    asks,
    ...nature(tab.plain, addresses, person, near),
    { items: [...keys, '[r] reject'], short, role: 'prompt', bold: true, turn: 1 },
    ends,
  ];
}

function ourRequest(tab: ChatTab, addresses: readonly string[], left: string, near: boolean): Words[] {
  const person = sanitizeLine(tab.person);
  return [
    line(
      `You have asked ${person} for a private chat, and wait for the answer.`,
      1,
      'accent',
      true,
      `${person} is asked`,
    ),
    ...nature(tab.plain, addresses, person, near),
    line(`Ends by itself in ${left}. /end takes it back.`, 3, 'dim'),
  ];
}

function wordsOf(tab: ChatTab, mono: number, near: boolean): Words[] {
  const { status, plain } = tab;
  switch (status.kind) {
    case 'asked': {
      const left = timeLeft(status.until, mono);
      return (status.ours ? ourRequest : theirRequest)(tab, status.addresses, left, near);
    }
    case 'opening':
      return [
        line(`The private chat with ${sanitizeLine(tab.person)} is being opened.`, 1, 'accent', true),
        ...(plain ? nature(plain, [], '', near) : [line('The two programs agree on the keys.', 5)]),
      ];
    case 'open':
    case 'ended':
      return [];
  }
}

/** Items side by side with `gap` blanks between them, none of them torn apart that fits. */
function flow(items: readonly string[], width: number, gap: number): string[] {
  const rows: string[] = [];
  for (const item of items) {
    const last = rows.at(-1);
    if (last !== undefined && textWidth(last) + gap + textWidth(item) <= width)
      rows[rows.length - 1] = `${last}${' '.repeat(gap)}${item}`;
    else rows.push(item);
  }
  return rows.flatMap((row) => wrapped(row, width));
}

type Block = Words & { readonly rows: readonly string[] };

const height = (blocks: readonly Block[]): number => blocks.reduce((sum, { rows }) => sum + rows.length, 0);

/** Without the lines that can be missed most, until they fit, or none is left from that turn on. */
function dropped(blocks: readonly Block[], most: number, from: number): readonly Block[] {
  let left = blocks;
  while (height(left) > most) {
    const last = Math.max(...left.map(({ turn }) => turn));
    if (last < from) break;
    const index = left.findLastIndex(({ turn }) => turn === last);
    left = left.filter((_, each) => each !== index);
  }
  return left;
}

/** The lines that fit; `answers`: the keys are among them. */
function chosen(
  tab: ChatTab,
  width: number,
  most: number,
  mono: number,
  near: boolean,
  hasKeys = true,
): { blocks: readonly Block[]; answers: boolean } {
  const asks = tab.status.kind === 'asked' && !tab.status.ours;
  const noKeys = hasKeys ? NO_KEYS : ELSEWHERE;
  const words = wordsOf(tab, mono, near).map((each) => (each.role === 'prompt' && !hasKeys ? noKeys : each));
  const full = words.map((each): Block => ({ ...each, rows: flow(each.items, width, 3) }));
  const first = dropped(full, most, SPARE_FROM);
  if (height(first) <= most) return { blocks: first, answers: asks };
  const short = words.map((each): Block => ({ ...each, rows: flow(each.short ?? each.items, width, 1) }));
  const second = dropped(short, most, NEEDED + 1);
  if (height(second) <= most) return { blocks: second, answers: asks };
  const rest = asks ? [{ ...noKeys, rows: flow(noKeys.short ?? noKeys.items, width, 1) }] : dropped(second, most, 2);
  return { blocks: rest, answers: false };
}

const indentOf = (width: number): number => (width >= AIRY_FROM ? 3 : 1);
const roomOf = (width: number): number => Math.max(2, width - indentOf(width) - 1);

/** Whether a letter answers their request in a pane of that size: what it would give away is shown beside the keys. */
export const cardAnswers = (state: Network, tab: Tab, width: number, most: number): boolean =>
  tab.kind === 'chat' && chosen(tab, roomOf(width), most, 0, isOverLan(state, tab.person)).answers;

/**
 * At most `most` rows, each at most `width` cells; none where nothing is waited for. How many there are doesn't depend on
 * the time.
 * @param mono monotonic milliseconds.
 * @param hasKeys the pane has the keyboard, so that a letter answers.
 */
export function cardLines(state: Network, tab: Tab, width: number, most: number, mono = 0, hasKeys = true): Row[] {
  if (tab.kind !== 'chat') return [];
  const near = isOverLan(state, tab.person);
  const drawn = chosen(tab, roomOf(width), most, mono, near, hasKeys).blocks.flatMap((block) =>
    block.rows.map(
      (text): Row => [spaces(indentOf(width)), run(text, block.role, block.bold === true ? { bold: true } : {})],
    ),
  );
  const airy: Row[] = drawn.length > 0 && drawn.length < most ? [[], ...drawn] : drawn;
  return airy.slice(0, most);
}
