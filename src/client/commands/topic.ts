import { err, ok } from '../../base/result.ts';
import { MAX_TOPIC_BYTES } from '../../protocol/limits.ts';
import { utf8Bytes } from '../../protocol/schema.ts';
import { activeTab, notice } from '../core/lookup.ts';
import { ask } from '../core/requests.ts';
import type { Command } from './command.ts';
import { offline } from './offline.ts';

/** What takes a topic away: an empty text can't be typed. */
const NONE = '-';

export const topic: Command = {
  name: 'topic',
  aliases: [],
  args: '[text]',
  help: `its topic, or a new one; ${NONE} takes it away`,
  // What there is, to be changed.
  complete: (state) => {
    const tab = activeTab(state);
    return tab.kind === 'room' && tab.topic !== '' ? [tab.topic] : [];
  },
  run: ({ state, env, tab, args }) => {
    if (tab.kind !== 'room') return err('only rooms have a topic');
    if (args === '') {
      notice(tab, env, tab.topic === '' ? `${tab.room} has no topic` : `the topic of ${tab.room}: ${tab.topic}`);
      return ok([]);
    }
    const text = args === NONE ? '' : args.replaceAll(/\s+/g, ' ').toWellFormed();
    const bytes = utf8Bytes(text);
    if (bytes > MAX_TOPIC_BYTES) return err(`a topic has at most ${MAX_TOPIC_BYTES} bytes, and this one ${bytes}`);
    const { room } = tab;
    return offline(state) ?? ok(ask(state, env, { type: 'topic', room, text }, { kind: 'topic', room }));
  },
};
