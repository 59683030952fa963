/** What is chosen in the palette comes to the front, or is done. */
import type { UserName } from '../../base/ids.ts';
import { err, ok } from '../../base/result.ts';
import type { Outcome } from '../commands/command.ts';
import { runLine } from './command-line.ts';
import type { Effect, Env } from './event.ts';
import { hint, keyFor, tabName } from './lookup.ts';
import { withInput } from './palette-hits.ts';
import type { Item, Palette } from './palette-state.ts';
import { askOrGo } from './private-chat.ts';
import type { State } from './state.ts';
import { goToTab } from './tabs.ts';

/** Enter. What can't be done leaves the palette open, and says why. */
export function choose(state: State, env: Env, palette: Palette): readonly Effect[] {
  const text = palette.input.text.trim();
  const item = palette.index === undefined ? undefined : palette.hits[palette.index]?.item;
  if (item?.kind === 'command' && /^[^[]/u.test(item.args) && !text.startsWith(`${item.name} `)) {
    // What follows on it is still to be written.
    const begun = `${item.name} `;
    state.overlay = withInput(state, palette, { text: begun, cursor: begun.length });
    return [];
  }
  const outcome = item === undefined ? written(state, env, text) : gone(state, env, item, text);
  if (!outcome.ok) hint(state, outcome.error, true);
  // A command may have opened an overlay of its own.
  else if (state.overlay === palette) state.overlay = undefined;
  return outcome.ok ? outcome.value : [];
}

const written = (state: State, env: Env, text: string): Outcome =>
  text.startsWith('/') ? runLine(state, env, text) : err(`nothing fits: ${keyFor(state, 'cancel')} closes`);

function gone(state: State, env: Env, item: Item, text: string): Outcome {
  switch (item.kind) {
    case 'tab':
      return goTo(state, env, item.name);
    case 'room':
      return runLine(state, env, `/join ${item.name}`);
    case 'person':
      return runLine(state, env, `/msg ${item.name}`);
    case 'command':
      return runLine(state, env, text.startsWith(`${item.name} `) ? text : item.name);
    case 'argument':
      return runLine(state, env, `${text.split(/\s/u, 1)[0] ?? ''} ${item.name}`);
  }
}

/** Its tab may have been closed while the palette was open; then it is opened again. */
function goTo(state: State, env: Env, name: string): Outcome {
  const tab = state.tabs.find((one) => tabName(one) === name);
  if (tab !== undefined) {
    goToTab(state, tab);
    return ok([]);
  }
  if (name.startsWith('=')) return err(`the private chat with ${name.slice(1)} has been closed`);
  return runLine(state, env, `${name.startsWith('#') ? '/join' : '/msg'} ${name}`);
}

/** Alt-p: a private chat with whoever is chosen. */
export function askFor(state: State, env: Env, palette: Palette): readonly Effect[] {
  const item = palette.hits[palette.index ?? 0]?.item;
  const person = item === undefined ? undefined : personOf(state, item);
  if (person === undefined) {
    hint(state, 'a private chat is with a person: choose one');
    return [];
  }
  state.overlay = undefined;
  askOrGo(state, env, person);
  return [];
}

function personOf(state: State, item: Item): UserName | undefined {
  if (item.kind === 'person') return item.name;
  const tab = item.kind === 'tab' ? state.tabs.find((one) => tabName(one) === item.name) : undefined;
  return tab === undefined || tab.kind === 'room' ? undefined : tab.person;
}
