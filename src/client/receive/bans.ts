import { shortDuration } from '../../base/duration.ts';
import { clockTime, dayOf } from '../../base/text/time.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import { notice, serverNow, stillOpen } from '../core/lookup.ts';
import { answered, finish } from '../core/requests.ts';
import type { Receive } from './handler.ts';

/** Bans in the answer of `/bans`: as many as a server may have. */
const MAX_BANS_SHOWN = 1000;

type Ban = ServerMessages['bans']['bans'][number];

export const bans: Receive<'bans'> = (state, message, env) => {
  const found = answered(state, message.id, 'bans');
  if (found === undefined) return [];
  const { rows, tab } = found.purpose;
  rows.push(...message.bans.slice(0, Math.max(0, MAX_BANS_SHOWN - rows.length)));
  if (message.more) return [];
  finish(state, found.id);
  state.inner.banned = rows.map(({ target }) => target);
  const width = Math.max(...rows.map(({ target }) => target.length), 0);
  const now = serverNow(state, env);
  const head = rows.length === 0 ? 'nobody is banned' : `${rows.length} ${rows.length === 1 ? 'ban' : 'bans'}`;
  notice(stillOpen(state, tab), env, [head, ...rows.map((ban) => line(ban, width, now))].join('\n'));
  return [];
};

function line({ target, by, time, until, reason }: Ban, width: number, now: number): string {
  const left = until === undefined ? 'for good' : `${shortDuration(until - now)} left`;
  const why = reason === '' ? '' : `: ${reason}`;
  return `${target.padEnd(width)}  ${left.padEnd(9)}  by ${by}, ${dayOf(time)} ${clockTime(time)}${why}`;
}
