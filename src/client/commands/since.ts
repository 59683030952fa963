import { err, ok } from '../../base/result.ts';
import { tabName } from '../core/lookup.ts';
import { ask } from '../core/requests.ts';
import type { Command, Context, Outcome } from './command.ts';
import { offline } from './offline.ts';
import { TIMES } from './times.ts';
import { parseTime } from './words.ts';

/** Asks who was here in a time that is written like `1h`. */
export function askSince({ state, env, tab }: Context, typed: string): Outcome {
  const time = parseTime(typed);
  if (!time.ok) return time;
  const since = time.value;
  return (
    offline(state) ??
    ok(ask(state, env, { type: 'who', since }, { kind: 'since', tab: tabName(tab), time: since, people: [] }))
  );
}

export const since: Command = {
  name: 'since',
  aliases: ['whoelsesince'],
  args: '1h',
  help: 'who is here, and who was in this time',
  complete: () => TIMES,
  run: (context) =>
    context.args === '' ? err('since when? Write /since 1h, or 90, 90s, 15m, 2d') : askSince(context, context.args),
};
