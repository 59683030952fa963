/** ` online 2 ms   #lobby 6       F1 keys  Ctrl-K go to  Alt-p private   09:16` */

import type { UnixMs } from '../../base/ids.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { clockTime } from '../../base/text/time.ts';
import { textWidth } from '../../base/text/width.ts';
import { truncate } from '../../base/text/wrap.ts';
import type { PresenceState } from '../../protocol/server-messages.ts';
import { isAsking } from '../core/asking.ts';
import { isOnLan } from '../core/lan-people.ts';
import { activeTab, keyFor, tabName, wayToTab } from '../core/lookup.ts';
import type { State } from '../core/state.ts';
import { isQuiet } from '../core/telling.ts';
import { keyOf } from '../keys/bound.ts';
import { keyLabel } from '../keys/key-name.ts';
import { PREFIX } from '../keys/keymap.ts';
import type { Role, Row } from './cells.ts';
import { keysPages } from './keys-overlay.ts';
import { fit, rowWidth, run, spaces } from './runs.ts';
import type { Signs } from './signs.ts';

/** Nothing heard for this long (ms) while the server should have answered a ping: said, though not yet given up. */
const QUIET_AFTER_MS = 12_000;
/** Actions and what is said of them, the most useful first. */
type Hints = readonly (readonly [action: string, words: string])[];
const HINTS: Hints = [
  ['keys', 'keys'],
  ['go-to', 'go to'],
  ['private-chat', 'private'],
  [PREFIX, 'prefix'],
  ['quit', 'quit'],
  ['page-up', 'older'],
];
/** While the keys walk the list of people. */
const LIST_HINTS: Hints = [
  ['send', 'private'],
  ['cancel', 'back'],
  ['history-next', 'on'],
];
const PALETTE_HINTS: Hints = [
  ['send', 'go'],
  ['cancel', 'close'],
  ['history-next', 'on'],
  ['private-chat', 'private'],
];

const SEARCH_HINTS: Hints = [
  ['send', 'go there'],
  ['cancel', 'close'],
  ['history-next', 'on'],
];
const CLOSE_HINTS: Hints = [['cancel', 'close']];
const PAGES_HINTS: Hints = [
  ['cancel', 'close'],
  ['page-down', 'on'],
  ['page-up', 'back'],
];

/** As the keys are bound now; what has none is left out. */
const named = ({ keymap }: State, hints: Hints): string[] =>
  hints.flatMap(([action, words]) => {
    const key = keyOf(keymap, action);
    return key === undefined ? [] : [`${key} ${words}`];
  });

/** What lies over the room takes the keys first: no other ones are named then. */
function hintsOf(state: State): string[] {
  switch (state.overlay?.kind) {
    case undefined:
      return named(state, state.selected === undefined ? HINTS : LIST_HINTS);
    case 'palette':
      return named(state, PALETTE_HINTS);
    case 'search':
      return named(state, SEARCH_HINTS);
    case 'keys':
      return named(state, keysPages(state) > 1 ? PAGES_HINTS : CLOSE_HINTS);
    case 'verify':
    case 'prefix':
      return named(state, CLOSE_HINTS);
  }
}

/** The prefix was pressed, and the next key counts; the longest wording first. */
function prefixWords({ prefix, keymap }: State): string[] {
  if (prefix?.kind !== 'waiting' || keymap.prefix === undefined) return [];
  const key = keyLabel(keymap.prefix);
  const leave = keyOf(keymap, 'cancel');
  return [...(leave === undefined ? [] : [`${key} and then? ${leave} leaves it`]), `${key} and then?`, `${key} ?`];
}

interface Words {
  readonly text: string;
  /** What can be done, the longest wording first: it is kept where the room is scarce, and the text is cut. */
  readonly tails?: readonly string[];
  readonly role: Role;
}

/** Cells of the text before a tail that still say something. */
const LEAST_TEXT = 12;

const seconds = (ms: number): number => Math.max(0, Math.round(ms / 1000));

/** How many others are there. */
function nearWords({ people, self }: State): string {
  const others = [...people.values()].filter(({ name, state }) => state !== 'offline' && name !== self?.name).length;
  return others === 0 ? 'nobody else' : others === 1 ? '1 other' : `${others} others`;
}

function connectionWords(state: State, mono: number): Words {
  const { connection, address } = state;
  const enter = keyFor(state, 'send');
  switch (connection.kind) {
    case 'connecting': {
      const again = connection.attempt > 1 ? `, try ${connection.attempt}` : '';
      const what = isOnLan(state) ? 'joining the local network' : `connecting to ${address}`;
      return { text: `${what}${again}`, role: connection.attempt > 1 ? 'statusWarn' : 'status' };
    }
    case 'online': {
      const quiet = mono - connection.lastHeard;
      if (quiet > QUIET_AFTER_MS) return { text: `no answer for ${seconds(quiet)} s`, role: 'statusWarn' };
      if (state.lan !== undefined) return { text: `lan ${nearWords(state)}`, role: 'status' };
      const latency = connection.latency === undefined ? '' : ` ${Math.max(0, Math.round(connection.latency))} ms`;
      return { text: `online${latency}`, role: 'status' };
    }
    case 'waiting': {
      // Rounded up: the try comes when the count reaches nothing.
      const left = Math.max(0, Math.ceil((connection.retryAt - mono) / 1000));
      const when = left > 0 ? `in ${left} s (${enter}: now)` : 'now';
      const tails = [`, trying again ${when}`, `, again ${when}`];
      return { text: `offline: ${connection.reason}`, tails, role: 'statusWarn' };
    }
    case 'loggedOff':
      return {
        text: connection.text,
        tails: ['. Any key brings you back; nothing is lost.', '. Any key: back'],
        role: 'statusWarn',
      };
    case 'refused':
      return { text: connection.text, tails: [` (${enter}: try again)`], role: 'statusWarn' };
  }
}

function unsent(state: State): string {
  const count = state.tabs.reduce((sum, { pending }) => sum + pending.length, 0);
  return count === 0 || state.connection.kind === 'online' ? '' : `${count} unsent`;
}

/** As the list of people says it. */
const PRESENCE: Readonly<Record<PresenceState, string>> = { online: 'here', away: 'away', offline: 'gone' };

function roomWords(state: State): string {
  const tab = activeTab(state);
  if (tab.kind !== 'room') {
    const is = state.people.get(tab.person)?.state;
    return is === undefined ? tabName(tab) : `${tabName(tab)}: ${PRESENCE[is]}`;
  }
  const count = tab.members?.size ?? [...state.people.values()].filter((person) => person.state !== 'offline').length;
  return count === 0 ? tab.room : `${tab.room} ${count}`;
}

/** The longest of them that fits, or nothing. */
const longest = (candidates: readonly string[], room: number): string =>
  candidates.find((text) => textWidth(text) <= room) ?? '';

/** Of the wordings of `askWords`, the first that leaves room for what is wrong with the connection. */
const SHORT_ASK = 2;

/** Who asks for a private chat in a tab that isn't open, and what leads there; the longest wording first. */
function askWords(state: State): string[] {
  const asking = state.tabs.flatMap((tab, index) =>
    index !== state.active && tab.kind === 'chat' && isAsking(tab) ? [{ tab, number: index + 1 }] : [],
  );
  const [first] = asking;
  if (first === undefined) return [];
  const { tab, number } = first;
  const key = wayToTab(state, number);
  const name = sanitizeLine(tab.person);
  const more = asking.length > 1 ? ` (+${asking.length - 1})` : '';
  return [
    `${name} asks for a private chat${tab.plain ? ', NOT ENCRYPTED' : ''}: ${key}${more}`,
    `${name} asks for a private chat: ${key}${more}`,
    `${name} asks: ${key}${more}`,
    `asked: ${key}${more}`,
    `? ${key}`,
  ];
}

/** Nothing rings. */
const quietWords = (state: State): string[] => (isQuiet(state) ? ['do not disturb', 'dnd'] : []);

/** What keeps private chats from working, in few words; the tab of a person has all of them. */
function privateWords({ privates }: State): string[] {
  switch (privates.kind) {
    case 'starting':
    case 'available':
      return [];
    case 'unavailable':
      return ['no private chats here', 'not private'];
    case 'locked':
      return privates.waiting > 0
        ? [`log locked, ${privates.waiting} waiting`, 'log locked', 'locked']
        : ['log locked', 'locked'];
  }
}

function fitted({ text, tails = [''] }: Words, room: number, ellipsis: string): string {
  const safe = sanitizeLine(text);
  const whole = tails.map((tail) => ` ${safe}${tail} `).find((words) => textWidth(words) <= room);
  if (whole !== undefined) return whole;
  const tail = tails.at(-1) ?? '';
  const left = room - textWidth(tail) - 2;
  if (left < LEAST_TEXT) return truncate(` ${safe}${tail} `, Math.max(0, room), ellipsis);
  return ` ${truncate(safe, left, ellipsis)}${tail} `;
}

/** As many of the hints as there is room for with blanks around them; the first alone keeps one before it. */
function hintsFor(hints: readonly string[], room: number): string {
  for (let count = hints.length; count > 0; count -= 1) {
    const text = hints.slice(0, count).join('  ');
    if (text.length + (count > 1 ? 4 : 3) <= room) return text;
  }
  return '';
}

export function statusBar(state: State, now: UnixMs, mono: number, width: number, signs: Signs): Row {
  const connection = connectionWords(state, mono);
  const { role } = connection;
  const clock = width >= 16 ? ` ${clockTime(now)} ` : '';
  const waiting = unsent(state);
  const right = `${waiting === '' ? '' : ` ${waiting} `}${clock}`;
  const room = width - right.length;
  // A request ends after two minutes, so it has its room before anything else, and the connection what is left.
  const prefix = prefixWords(state);
  const wanted = prefix.length > 0 ? prefix : askWords(state).slice(role === 'status' ? 0 : SHORT_ASK);
  const ask = longest(wanted, room - LEAST_TEXT) || longest(prefix, room - 4);
  const asked = ask === '' ? [] : [run(`  ${ask} `, 'tabActivity', { bold: true })];
  const words = fitted(connection, room - rowWidth(asked), signs.ellipsis);
  let left = room - textWidth(words) - rowWidth(asked);
  const take = (text: string): string => {
    const taken = role === 'status' && text !== '' && textWidth(text) + 2 <= left ? `  ${text}` : '';
    left -= textWidth(taken);
    return taken;
  };
  const quiet = take(longest(quietWords(state), left - 2));
  const mark = take(longest(privateWords(state), left - 2));
  const place = take(roomWords(state));
  const hints = role === 'status' ? hintsFor(hintsOf(state), left) : '';
  const gap = left - hints.length - (hints === '' ? 0 : 2);
  const row: Row = [
    run(words, role, { bold: role === 'statusWarn' }),
    run(place, 'status'),
    run(quiet + mark, 'tabActivity'),
    ...asked,
    spaces(gap, role),
    ...(hints === '' ? [] : [run(`${hints}  `, 'status')]),
    run(right, role),
  ];
  return fit(row, width, role);
}
