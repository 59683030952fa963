/**
 * A password or passphrase is asked for in the input line: what is typed isn't shown, and goes into no draft, no history
 * and no undo.
 *
 *     old (where one's own is changed) --> new --> again --> done          any of them -- Esc, Ctrl-C --> nothing
 *                                           ^--- not the same
 *     given (to unlock) --> opening --> done
 *       ^--- not the passphrase ---'
 */
import { PASSWORD_FAULTS, prepareNewPassword } from '../../base/password.ts';
import { Secret } from '../../base/secret.ts';
import { MAX_PASSWORD_BYTES } from '../../protocol/limits.ts';
import type { Action } from '../keys/action.ts';
import { reconnectAs } from './connection.ts';
import type { Effect, Env } from './event.ts';
import type { SecretDialogue } from './inner.ts';
import { activeTab, hint, keyFor, tabName } from './lookup.ts';
import { tell } from './messenger.ts';
import { ask } from './requests.ts';
import type { State } from './state.ts';

const ASKS: Readonly<Record<SecretDialogue['step'], string>> = {
  old: 'Old password, or nothing if you have none',
  new: 'New password, at least 8 characters',
  again: 'The new password again',
  given: 'Passphrase of your log of private messages',
  opening: 'Opening your log of private messages…',
};
const ASKS_PASSPHRASE: Readonly<Record<SecretDialogue['step'], string>> = {
  ...ASKS,
  new: 'Passphrase for your log of private messages, at least 8 characters',
  again: 'The passphrase again',
};

const FIRST_STEPS: Readonly<Record<SecretDialogue['purpose']['kind'], SecretDialogue['step']>> = {
  register: 'new',
  password: 'old',
  passphrase: 'new',
  unlock: 'given',
};

/** What was not done, when somebody leaves it. */
const LEFT: Readonly<Record<SecretDialogue['purpose']['kind'], string>> = {
  register: 'no password was set',
  password: 'no password was set',
  passphrase: 'no passphrase was set',
  unlock: 'the log stays locked',
};

/** Who doesn't wait for the answer. */
const TRYING = 'the passphrase is being tried all the same: what comes of it is said here';

/** @param wrong why it is asked for, where that is because of a mistake. */
export function askSecret(state: State, purpose: SecretDialogue['purpose'], wrong?: string): void {
  show(state, { purpose, step: FIRST_STEPS[purpose.kind], typed: '' }, wrong);
}

function show(state: State, dialogue: SecretDialogue, wrong?: string): void {
  state.inner.secret = dialogue;
  const label = (dialogue.purpose.kind === 'passphrase' ? ASKS_PASSPHRASE : ASKS)[dialogue.step];
  const ask = `${label} (${keyFor(state, 'cancel')}: leave it)`;
  const text = wrong === undefined ? ask : `${wrong}. ${ask}`;
  state.prompt = { text, bad: wrong !== undefined, length: Array.from(dialogue.typed).length };
}

function end(state: State): void {
  state.inner.secret = undefined;
  state.prompt = undefined;
}

/** What came of the passphrase. @returns whether that is said: it is asked for again. */
export function unlockTold(state: State, text: string, bad: boolean): boolean {
  const { secret } = state.inner;
  if (secret?.step !== 'opening') return false;
  if (bad) show(state, { purpose: secret.purpose, step: 'given', typed: '' }, text);
  else end(state);
  return bad;
}

/** The log is open, or can't be opened any more. */
export function endUnlock(state: State): void {
  if (state.inner.secret?.purpose.kind === 'unlock') end(state);
}

/** A key while a password is asked for. */
export function pressInPrompt(state: State, env: Env, dialogue: SecretDialogue, action: Action): readonly Effect[] {
  const typed = (text: string): readonly Effect[] => {
    if (dialogue.step !== 'opening') show(state, { ...dialogue, typed: text });
    return [];
  };
  // Of all that keys can do, this means something here. One character more than fits is taken, so that a password which
  // is too long is seen to be.
  if (action.kind === 'insert' || action.kind === 'paste')
    return typed(`${dialogue.typed}${action.text.replaceAll(/\p{Cc}/gu, '')}`.slice(0, MAX_PASSWORD_BYTES + 1));
  if (action.kind === 'edit') {
    if (action.edit === 'deleteBack') return typed(Array.from(dialogue.typed).slice(0, -1).join(''));
    return action.edit === 'killToStart' ? typed('') : [];
  }
  if (action.kind === 'submit') return answer(state, env, dialogue);
  if (action.kind === 'cancel' || action.kind === 'quit' || action.kind === 'deleteOrQuit') {
    end(state);
    hint(state, dialogue.step === 'opening' ? TRYING : LEFT[dialogue.purpose.kind]);
    return [];
  }
  if (action.kind === 'suspend') return [{ do: 'suspend' }];
  return action.kind === 'redraw' ? [{ do: 'redraw' }] : [];
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
      const fault = prepared.ok ? undefined : PASSWORD_FAULTS[prepared.error];
      if (fault === undefined) show(state, { purpose, step: 'again', typed: '', ...kept, first: new Secret(typed) });
      else show(state, { purpose, step: 'new', typed: '', ...kept }, wordsFor(purpose, fault));
      return [];
    }
    case 'again':
      if (typed !== dialogue.first?.reveal()) {
        show(state, { purpose, step: 'new', typed: '', ...kept }, 'these were not the same');
        return [];
      }
      end(state);
      return finish(state, env, dialogue, new Secret(typed));
    case 'given':
      if (typed === '') {
        end(state);
        hint(state, LEFT[purpose.kind]);
        return [];
      }
      // Masked until it is known to be right: who has mistyped it types it again.
      show(state, { purpose, step: 'opening', typed: '' });
      tell(state, { do: 'unlock', passphrase: new Secret(typed) });
      return [];
    case 'opening':
      return [];
  }
}

const wordsFor = ({ kind }: SecretDialogue['purpose'], fault: string): string =>
  kind === 'passphrase' ? fault.replaceAll('password', 'passphrase') : fault;

function finish(state: State, env: Env, { purpose, old }: SecretDialogue, password: Secret): readonly Effect[] {
  if (purpose.kind === 'register') {
    const register = purpose.invite === undefined ? {} : { invite: purpose.invite };
    return reconnectAs(state, env, { method: 'account', name: purpose.name, password, register });
  }
  if (purpose.kind === 'passphrase') {
    tell(state, { do: 'passphrase', passphrase: password });
    return [];
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
