/** The pane's head: what the room is about, or who reads what is written here. */
import { longDuration } from '../../base/duration.ts';
import type { UserName } from '../../base/ids.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { isGuest } from '../../protocol/names.ts';
import { tabName } from '../core/lookup.ts';
import type { Row } from './cells.ts';
import type { Layout } from './log-rows.ts';
import { fit, run } from './runs.ts';

export function headRow(layout: Layout): Row {
  const { tab, geometry } = layout;
  const name = run(` ${tabName(tab)}`, 'accent', { bold: true });
  if (tab.kind === 'person') return fit([name, ...privateRuns(layout, tab.person)], geometry.paneWidth);
  const slow = tab.slow > 0 ? `  slow: once in ${longDuration(tab.slow)}` : '';
  const topic = sanitizeLine(tab.topic);
  return fit([name, run(slow, 'unread'), run(topic === '' ? '' : `  ${topic}`, 'dim')], geometry.paneWidth);
}

/** As much of what one should know before one writes as there is room for. */
function privateRuns({ state, geometry, signs }: Layout, person: UserName): Row {
  const { blocked, muted } = state.ignored;
  const hidden = blocked.has(person) ? `  you block ${person}` : muted.has(person) ? `  you mute ${person}` : '';
  const room = geometry.paneWidth - person.length - hidden.length - 3;
  const plain = 'not end-to-end encrypted';
  const [long, short] = isGuest(person)
    ? ['only while both are here', 'only while here']
    : ['the server keeps it until it is read', 'kept until read'];
  const dot = ` ${signs.notice} `;
  const candidates = [
    ['private', plain, long],
    ['private', plain, short],
    ['private', plain],
  ];
  const words = candidates.map((parts) => parts.join(dot)).find((text) => text.length <= room) ?? plain;
  return [run(`  ${words}`, 'dim'), run(hidden, 'unread')];
}
