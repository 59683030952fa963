/** ` online 2 ms   #lobby 6              F1 keys  PgUp older  Ctrl-C quit    09:16` */
import type { UnixMs } from '../../base/ids.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { clockTime } from '../../base/text/time.ts';
import { textWidth } from '../../base/text/width.ts';
import { truncate } from '../../base/text/wrap.ts';
import { activeTab } from '../core/lookup.ts';
import type { State } from '../core/state.ts';
import type { Role, Row } from './cells.ts';
import { fit, run, spaces } from './runs.ts';
import type { Signs } from './signs.ts';

/** Nothing heard for this long (ms) while the server should have answered a ping: said, though not yet given up. */
const QUIET_AFTER_MS = 12_000;
const HINTS = ['F1 keys', 'PgUp older', 'Ctrl-C quit'];

interface Words {
  readonly text: string;
  /** What can be done, the longest wording first: it is kept where the room is scarce, and the text is cut. */
  readonly tails?: readonly string[];
  readonly role: Role;
}

/** Cells of the text before a tail that still say something. */
const LEAST_TEXT = 12;

const seconds = (ms: number): number => Math.max(0, Math.round(ms / 1000));

function connectionWords({ connection, address }: State, mono: number): Words {
  switch (connection.kind) {
    case 'connecting': {
      const again = connection.attempt > 1 ? `, try ${connection.attempt}` : '';
      return { text: `connecting to ${address}${again}`, role: connection.attempt > 1 ? 'statusWarn' : 'status' };
    }
    case 'online': {
      const quiet = mono - connection.lastHeard;
      if (quiet > QUIET_AFTER_MS) return { text: `no answer for ${seconds(quiet)} s`, role: 'statusWarn' };
      const latency = connection.latency === undefined ? '' : ` ${Math.max(0, Math.round(connection.latency))} ms`;
      return { text: `online${latency}`, role: 'status' };
    }
    case 'waiting': {
      // Rounded up: the try comes when the count reaches nothing.
      const left = Math.max(0, Math.ceil((connection.retryAt - mono) / 1000));
      const when = left > 0 ? `in ${left} s (Enter: now)` : 'now';
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
      return { text: connection.text, tails: [' (Enter: try again)'], role: 'statusWarn' };
  }
}

function unsent(state: State): string {
  const count = state.tabs.reduce((sum, { pending }) => sum + pending.length, 0);
  return count === 0 || state.connection.kind === 'online' ? '' : `${count} unsent`;
}

function roomWords(state: State): string {
  const tab = activeTab(state);
  if (tab.kind === 'person') return `${tab.person} ${state.people.get(tab.person)?.state ?? ''}`.trimEnd();
  const count = tab.members?.size ?? [...state.people.values()].filter((person) => person.state !== 'offline').length;
  return count === 0 ? tab.room : `${tab.room} ${count}`;
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

/** As many of the hints as there is room for. */
function hintsFor(room: number): string {
  for (let count = HINTS.length; count > 0; count -= 1) {
    const text = HINTS.slice(0, count).join('  ');
    if (text.length + 2 <= room) return text;
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
  const words = fitted(connection, room, signs.ellipsis);
  let left = room - textWidth(words);
  const place = `  ${roomWords(state)}`;
  const shown = role === 'status' && place.length <= left ? place : '';
  left -= shown.length;
  const hints = role === 'status' ? hintsFor(left) : '';
  const gap = left - hints.length - (hints === '' ? 0 : 2);
  const row: Row = [
    run(words, role, { bold: role === 'statusWarn' }),
    run(shown, 'status'),
    spaces(gap, role),
    ...(hints === '' ? [] : [run(`${hints}  `, 'status')]),
    run(right, role),
  ];
  return fit(row, width, role);
}
