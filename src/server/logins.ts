/** Answers what the core wants to know of passwords, keys and accounts: with the store, and with what costs time. */
import { randomBytes } from 'node:crypto';
import type { Link } from '../link/link.ts';
import { MAX_KEYS } from '../protocol/limits.ts';
import type { Core } from './core/core.ts';
import { type KeysAnswer, keysAnswered } from './core/device-keys.ts';
import type { Instant } from './core/instant.ts';
import { INVITE_BYTES } from './core/invites.ts';
import { inviteDrawn, inviteNotStored, inviteStored } from './core/inviting.ts';
import { type KeyAnswer, keyChecked } from './core/key-login.ts';
import type {
  InviteQuestion,
  KeyQuestion,
  KeysQuestion,
  LoginNote,
  LoginQuestion,
  PasswordQuestion,
  RegisterQuestion,
  SetPasswordQuestion,
} from './core/login-question.ts';
import { type PasswordSet, passwordSet } from './core/own-password.ts';
import { type PasswordAnswer, passwordChecked } from './core/password-login.ts';
import { type RegisterAnswer, registered } from './core/register.ts';
import { deviceFingerprint, parseDeviceKey, verifyDeviceLogin } from './login/device-key.ts';
import type { Passwords } from './login/password.ts';
import type { Store } from './store/store.ts';

export interface LoginParts {
  readonly core: Core;
  readonly store: Store;
  readonly passwords: Passwords;
  readonly now: () => Instant;
  /** Tells the operator that a hash in the store is none. */
  readonly damaged: (user: string) => void;
  /** What came of something that nobody waits for. */
  readonly later: (work: Promise<void>, what: string) => void;
}

/** Tells the core; called in the turn of the event loop that is the answer's. */
type Tell = () => void;

export class Logins {
  readonly #parts: LoginParts;

  constructor(parts: LoginParts) {
    this.#parts = parts;
  }

  /** @param link the connection that is logging in, where it stands. Rejects when the store can't; then see `failed`. */
  async ask(question: LoginQuestion, link: Link | undefined): Promise<Tell> {
    const { core, now } = this.#parts;
    switch (question.kind) {
      case 'password': {
        const answer = await this.#checkPassword(question);
        return () => passwordChecked(core, question, answer, now());
      }
      case 'key': {
        const answer = await this.#checkKey(question, link);
        return () => keyChecked(core, question, answer, now());
      }
      case 'register': {
        const answer = await this.#register(question);
        return () => registered(core, question, answer, now());
      }
      case 'set-password': {
        const answer = await this.#setPassword(question);
        return () => passwordSet(core, question, answer, now());
      }
      case 'keys': {
        const answer = await this.#keys(question);
        return () => keysAnswered(core, question, answer, now());
      }
      case 'invite':
        return await this.#invite(question);
    }
  }

  /** The store could not. */
  failed(question: LoginQuestion): void {
    const { core, now } = this.#parts;
    switch (question.kind) {
      case 'password':
        return passwordChecked(core, question, { kind: 'failed' }, now());
      case 'key':
        return keyChecked(core, question, { kind: 'failed' }, now());
      case 'register':
        return registered(core, question, 'failed', now());
      case 'set-password':
        return passwordSet(core, question, 'failed', now());
      case 'keys':
        return keysAnswered(core, question, { kind: 'failed' }, now());
      case 'invite':
        return inviteNotStored(core, question, now());
    }
  }

  async note(note: LoginNote): Promise<void> {
    const { store } = this.#parts;
    switch (note.kind) {
      case 'save-lockout':
        return await store.saveLockout(note.row);
      case 'remove-lockout':
        return await store.removeLockout(note.account, note.source);
      case 'remove-invite':
        return await store.removeInvite(note.code);
    }
  }

  async #checkPassword({ name, password, source }: PasswordQuestion): Promise<PasswordAnswer> {
    const { store, passwords, damaged, later } = this.#parts;
    const account = await store.accountByName(name);
    const verdict = await passwords.verify(password, account?.password, source);
    if (!verdict.ok) {
      if (verdict.error === 'busy') return { kind: 'busy' };
      damaged(name);
      return { kind: 'failed' };
    }
    if (!verdict.value.matches || account === undefined) return { kind: 'wrong' };
    if (verdict.value.rehash && account.password !== undefined)
      later(this.#rehash(account.password, name, password, source), 'keep a password at its new cost');
    return { kind: 'right', account };
  }

  async #rehash(
    before: string,
    name: PasswordQuestion['name'],
    password: PasswordQuestion['password'],
    source: string,
  ): Promise<void> {
    const { store, passwords } = this.#parts;
    const hash = await passwords.hash(password, source);
    // Where the queue is full, or the rules have become stricter, it stays as it is.
    if (hash.ok) await store.rehashPassword(name, before, hash.value);
  }

  async #checkKey({ name, key, signature, time }: KeyQuestion, link: Link | undefined): Promise<KeyAnswer> {
    const { store, later } = this.#parts;
    const binding = link?.secure?.channelBinding();
    if (binding === undefined) return { kind: 'plain' };
    const [account, keys] = await Promise.all([store.accountByName(name), store.deviceKeys(name)]);
    const known = keys.find((one) => one.key === key);
    const parsed = parseDeviceKey(key);
    // Whose key it is must not show in the time either.
    const fits = parsed !== undefined && verifyDeviceLogin(parsed, binding, signature);
    if (account === undefined || known === undefined || !fits) return { kind: 'wrong' };
    later(store.deviceKeyUsed(name, key, time), 'note the use of a device key');
    return { kind: 'right', account, fingerprint: known.fingerprint };
  }

  async #register({ name, password, source, time, invite }: RegisterQuestion): Promise<RegisterAnswer> {
    const { store, passwords } = this.#parts;
    const hash = await passwords.hash(password, source);
    if (!hash.ok) return hash.error;
    return await store.register({ name, password: hash.value, time, ...(invite === undefined ? {} : { invite }) });
  }

  async #setPassword({ user, password, old, source }: SetPasswordQuestion): Promise<PasswordSet> {
    const { store, passwords, damaged } = this.#parts;
    const before = (await store.accountByName(user))?.password;
    if (before !== undefined) {
      if (old === undefined) return 'old_missing';
      const verdict = await passwords.verify(old, before, source);
      if (!verdict.ok) {
        if (verdict.error === 'busy') return 'busy';
        damaged(user);
        return 'failed';
      }
      if (!verdict.value.matches) return 'wrong';
    }
    const hash = await passwords.hash(password, source);
    // What the password may be has been checked: it is the queue that is full.
    if (!hash.ok) return 'busy';
    await store.setPassword(user, hash.value);
    return 'done';
  }

  async #keys({ user, wanted }: KeysQuestion): Promise<KeysAnswer> {
    const { store } = this.#parts;
    switch (wanted.kind) {
      case 'list':
        return { kind: 'list', keys: await store.deviceKeys(user) };
      case 'remove':
        return { kind: 'removed', was: await store.removeDeviceKey(user, wanted.fingerprint) };
      case 'add': {
        const parsed = parseDeviceKey(wanted.key);
        if (parsed === undefined) return { kind: 'no_key' };
        const { key, label, time } = wanted;
        const fingerprint = deviceFingerprint(parsed);
        const came = await store.addDeviceKey(user, { key, fingerprint, label, added: time, lastUsed: time }, MAX_KEYS);
        return came === 'full' ? { kind: 'full' } : { kind: came, fingerprint };
      }
    }
  }

  async #invite(question: InviteQuestion): Promise<Tell> {
    const { core, store, now } = this.#parts;
    const made = inviteDrawn(core, question, randomBytes(INVITE_BYTES), now());
    if (made === undefined) return () => undefined;
    try {
      await Promise.all([store.addInvite(made), store.carryOut({ kind: 'note' }, question.entry)]);
    } catch (error) {
      core.invites.revoke(made.code);
      throw error;
    }
    return () => inviteStored(core, question, made, now());
  }
}
