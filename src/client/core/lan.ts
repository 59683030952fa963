/** The local network, as one's own program there tells of it. */

import { counted, thousands } from '../../base/text/number.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import { besideIs } from './beside.ts';
import type { Effect, Env, Event } from './event.ts';
import { activeTab, hint, notice, stillOpen } from './lookup.ts';
import { answered, finish } from './requests.ts';
import type { State } from './state.ts';

/** Beside a server: it is shown from now on, or no more. */
export function lanIs(state: State, env: Env, event: Extract<Event, { type: 'lan' }>): Effect[] {
  const { on, text, again = false } = event;
  besideIs(state, env, event);
  const wasOn = state.lanAlso;
  // Until it is left it is meant to be there.
  state.lanAlso = on || again;
  if (text === undefined || text === '') return [];
  // Off without having been on: it is why it can't be.
  if (on || wasOn) hint(state, sanitizeLine(text));
  else notice(activeTab(state), env, text, true);
  return [];
}

/** The answer to `/lan status`. */
export function receiveLan(state: State, env: Env, message: ServerMessages['lan']): Effect[] {
  const found = answered(state, message.id, 'lan');
  if (found === undefined) return [];
  finish(state, found.id);
  notice(stillOpen(state, found.purpose.tab), env, statusLines(message).join('\n'));
  return [];
}

/** Why announcements were dropped, for people; a reason of a later program is told as it is. */
const REASONS: Readonly<Record<string, string>> = {
  oversize: 'too long',
  truncated: 'cut off',
  foreign: 'not of this chat',
  malformed: 'with nonsense in them',
  forged: 'with a wrong signature',
  stale: 'with a clock that is wrong',
  replayed: 'sent again by somebody',
  flood: 'too many at once',
};

/** A table: what, and how it is; what there is several of is below one another. */
function statusLines({
  port,
  interfaces,
  peers,
  people,
  links,
  heard,
  dropped,
  problems,
}: ServerMessages['lan']): string[] {
  const drops = dropped
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count)
    .map(({ reason, count }) => `${thousands(count)} ${REASONS[reason] ?? reason.replaceAll('_', ' ')}`);
  return [
    'the local network:',
    ...row('port', [`${port}, UDP`]),
    ...row('announced on', interfaces.length === 0 ? ['no network'] : interfaces),
    ...row('peers', peers.length === 0 ? ['none was named (--lan-peer)'] : peers),
    ...row('people', [`${counted(people, 'other')}, ${counted(links, 'link')}`]),
    ...row('heard', [counted(heard, 'announcement')]),
    ...row('dropped', drops.length === 0 ? ['none'] : drops),
    ...row('problems', problems.length === 0 ? ['none'] : problems),
  ];
}

/** Cells of the first column. */
const WIDTH = 12;

const row = (what: string, lines: readonly string[]): string[] =>
  lines.map((line, index) => `${(index === 0 ? what : '').padEnd(WIDTH)}  ${sanitizeLine(line)}`);
