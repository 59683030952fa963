/**
 * A password is asked for in the input line: what is typed isn't shown, and goes into no draft, no history and no undo.
 *
 *     old (where one's own is changed) --> new --> again --> done          any of them -- Esc, Ctrl-C --> nothing
 *                                           ^--- not the same
 */
import { PASSWORD_FAULTS, prepareNewPassword } from '../../base/password.ts';
import { Secret } from '../../base/secret.ts';
import { MAX_PASSWORD_BYTES } from '../../protocol/limits.ts';
import type { Action } from '../keys/action.ts';
import { reconnectAs } from './connection.ts';
import type { Effect, Env } from './event.ts';
import type { SecretDialogue } from './inner.ts';
import { activeTab, hint, tabName } from './lookup.ts';
import { ask } from './requests.ts';
import type { State } from './state.ts';

const ASKS: Readonly<Record<SecretDialogue['step'], string>> = {
  old: 'Old password, or nothing if you have none (Esc: leave it)',
  new: 'New password, at least 8 characters (Esc: leave it)',
  again: 'The new password again (Esc: leave it)',
};

export function askNewPassword(state: State, purpose: SecretDialogue['purpose']): void {
  show(state, { purpose, step: purpose.kind === 'register' ? 'new' : 'old', typed: '' });
}

function show(state: State, dialogue: SecretDialogue, wrong?: string): void {
  state.inner.secret = dialogue;
  const label = ASKS[dialogue.step];
  const text = wrong === undefined ? label : `${wrong}. ${label}`;
  state.prompt = { text, bad: wrong !== undefined, length: Array.from(dialogue.typed).length };
}

function end(state: State): void {
  state.inner.secret = undefined;
  state.prompt = undefined;
}

/** A key while a password is asked for. */
export function pressInPrompt(state: State, env: Env, dialogue: SecretDialogue, action: Action): readonly Effect[] {
  const typed = (text: string): readonly Effect[] => {
    show(state, { ...dialogue, typed: text });
    return [];
  };
  switch (action.kind) {
    case 'insert':
    case 'paste':
      // One more than fits, so that one which is too long is seen to be.
      return typed(`${dialogue.typed}${action.text.replaceAll(/\p{Cc}/gu, '')}`.slice(0, MAX_PASSWORD_BYTES + 1));
    case 'edit':
      if (action.edit === 'deleteBack') return typed(Array.from(dialogue.typed).slice(0, -1).join(''));
      return action.edit === 'killToStart' ? typed('') : [];
    case 'submit':
      return answer(state, env, dialogue);
    case 'cancel':
    case 'quit':
    case 'deleteOrQuit':
      end(state);
      hint(state, 'no password was set');
      return [];
    case 'redraw':
      return [{ do: 'redraw' }];
    case 'historyPrevious':
    case 'historyNext':
    case 'complete':
    case 'goTo':
    case 'nextTab':
    case 'previousTab':
    case 'nextActivity':
    case 'firstUnread':
    case 'pageUp':
    case 'pageDown':
    case 'top':
    case 'bottom':
    case 'toggleList':
    case 'help':
      return [];
  }
}

function answer(state: State, env: Env, dialogue: SecretDialogue): readonly Effect[] {
  const { purpose, typed } = dialogue;
  const kept = dialogue.old === undefined ? {} : { old: dialogue.old };
  switch (dialogue.step) {
    case 'old':
      show(state, { purpose, step: 'new', typed: '', ...(typed === '' ? {} : { old: new Secret(typed) }) });
      return [];
    case 'new': {
      const prepared = prepareNewPassword(new Secret(typed));
      if (prepared.ok) show(state, { purpose, step: 'again', typed: '', ...kept, first: new Secret(typed) });
      else show(state, { purpose, step: 'new', typed: '', ...kept }, PASSWORD_FAULTS[prepared.error]);
      return [];
    }
    case 'again':
      if (typed !== dialogue.first?.reveal()) {
        show(state, { purpose, step: 'new', typed: '', ...kept }, 'these were not the same');
        return [];
      }
      end(state);
      return finish(state, env, dialogue, new Secret(typed));
  }
}

function finish(state: State, env: Env, { purpose, old }: SecretDialogue, password: Secret): readonly Effect[] {
  if (purpose.kind === 'register') {
    const register = purpose.invite === undefined ? {} : { invite: purpose.invite };
    return reconnectAs(state, env, { method: 'account', name: purpose.name, password, register });
  }
  const message = {
    type: 'password',
    password: password.reveal(),
    ...(old === undefined ? {} : { old: old.reveal() }),
  } as const;
  const effects = ask(state, env, message, { kind: 'order', tab: tabName(activeTab(state)) });
  if (effects.length === 0) hint(state, 'there is no connection now: no password was set', true);
  return effects;
}
