import { looksLikeDuration, parseDuration } from '../../base/duration.ts';
import { err } from '../../base/result.ts';
import { targetAndRest } from './ban-target.ts';
import type { Command } from './command.ts';
import { order } from './order.ts';
import { others } from './people.ts';
import { TIMES } from './times.ts';
import { firstWord, parseReason } from './words.ts';

const USAGE = '/ban bob, /ban uid 1001, or /ban 10.0.0.7, with a time such as 1h and a reason after it';

export const ban: Command = {
  name: 'ban',
  aliases: [],
  args: 'name|uid N|address [1h] [reason]',
  help: 'keep somebody out, a while or for good',
  operators: true,
  complete: (state) => [...others(state), 'uid'],
  // `uid 1001` is one target, and two words.
  completeNext: [(_, [first]) => (first === 'uid' ? [] : TIMES), (_, [first]) => (first === 'uid' ? TIMES : [])],
  run: (context) => {
    const parts = targetAndRest(context.args, USAGE);
    if (!parts.ok) return parts;
    const { target, rest } = parts.value;
    const [word, after] = firstWord(rest);
    const time = parseDuration(word);
    // For good is not what somebody meant who typed 1w.
    if (!time.ok && looksLikeDuration(word)) return time;
    if (time.ok && time.value === 0) return err('a ban of no time is none: /unban ends one');
    const reason = parseReason(time.ok ? after : rest);
    if (!reason.ok) return reason;
    return order(context, {
      type: 'ban',
      target,
      ...(time.ok ? { for: time.value } : {}),
      ...(reason.value === '' ? {} : { reason: reason.value }),
    });
  },
};
