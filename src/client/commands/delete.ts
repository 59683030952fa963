import { err, ok } from '../../base/result.ts';
import { askChange, forbidden } from '../core/change-request.ts';
import { hint, keyFor } from '../core/lookup.ts';
import { newestOwn } from '../core/reply.ts';
import type { Command } from './command.ts';

/** Milliseconds in which the question is answered by the command once more. */
const ASKED_FOR = 30_000;
/** UTF-16 units of the message that the question shows. */
const SHOWN = 40;

export const delete_: Command = {
  name: 'delete',
  aliases: [],
  args: '',
  help: 'your newest message goes (asks first)',
  run: ({ state, env, tab, args }) => {
    if (args !== '') {
      const other = state.lines ? '' : ` (${keyFor(state, 'pick-message')} d for another one)`;
      return err(`it deletes your newest message: write /delete alone${other}`);
    }
    if (tab.pending.length > 0) return err('your newest message is still on its way: delete it when it has arrived');
    const entry = newestOwn(state, tab);
    if (entry === undefined) return err('you have not written here');
    const wrong = forbidden(state, tab, entry, 'delete');
    if (wrong !== undefined) return err(wrong);
    const { asked } = tab.inner;
    tab.inner.asked = undefined;
    if (asked?.seq === entry.seq && env.mono < asked.until) {
      return askChange(state, env, tab, entry, { do: 'delete' });
    }
    tab.inner.asked = { seq: entry.seq, until: env.mono + ASKED_FOR };
    const { text } = entry;
    const shown = text.length > SHOWN ? `${text.slice(0, SHOWN).toWellFormed()}...` : text;
    hint(state, `delete "${shown}"? /delete once more does it`);
    return ok([]);
  },
};
