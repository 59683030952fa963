import { err, ok } from '../../base/result.ts';
import { hint, tabName } from '../core/lookup.ts';
import { ask } from '../core/requests.ts';
import type { State } from '../core/state.ts';
import type { Command, Context, Outcome } from './command.ts';
import { offline } from './offline.ts';

const WORDS = ['on', 'off', 'status'] as const;

/** Whether the local network is there, alone or beside a server. */
const isOn = ({ lan, lanAlso }: State): boolean => lan !== undefined || lanAlso;

function status({ state, env, tab }: Context): Outcome {
  if (!isOn(state)) return err('the local network is off: /lan on shows who is on it, beside those on the server');
  return offline(state, state.beside?.room) ?? ok(ask(state, env, { type: 'lan' }, { kind: 'lan', tab: tabName(tab) }));
}

function turn({ state }: Context, on: boolean): Outcome {
  if (state.lan !== undefined)
    return err(
      on
        ? 'the local network is on: there is nothing else here'
        : 'there is only the local network here: /quit leaves it',
    );
  // Where it is on, its room may have been left: it comes back.
  if (!on && !state.lanAlso) return err('the local network is off');
  hint(state, on ? 'the local network comes' : 'the local network goes');
  return ok([{ do: 'lan', on }]);
}

export const lan: Command = {
  name: 'lan',
  aliases: [],
  args: 'on | off | status',
  help: 'the local network beside the server; how it is',
  complete: () => WORDS,
  run: (context) => {
    switch (context.args) {
      case '':
      case 'status':
        return status(context);
      case 'on':
        return turn(context, true);
      case 'off':
        return turn(context, false);
      default:
        return err('write /lan on, /lan off, or /lan status');
    }
  },
};
