/** Passwords, keys and invite codes as short as they can be said: what a server without a store is tested with. */
import type { UserName } from '../../../src/base/ids.ts';
import type { Core } from '../../../src/server/core/core.ts';
import { keysAnswered } from '../../../src/server/core/device-keys.ts';
import type { Instant } from '../../../src/server/core/instant.ts';
import { inviteDrawn, inviteNotStored, inviteStored } from '../../../src/server/core/inviting.ts';
import { keyChecked } from '../../../src/server/core/key-login.ts';
import type { LoginNote, LoginQuestion } from '../../../src/server/core/login-question.ts';
import { passwordSet } from '../../../src/server/core/own-password.ts';
import { passwordChecked } from '../../../src/server/core/password-login.ts';
import { registered } from '../../../src/server/core/register.ts';
import type { DeviceKey } from '../../../src/server/store/store.ts';

export class ModelLogins {
  /** Undefined: an account without a password. */
  readonly passwords = new Map<UserName, string>();
  readonly keys = new Map<UserName, DeviceKey[]>();
  /** Of Unix users. */
  readonly uids = new Map<UserName, number>();
  readonly notes: LoginNote[] = [];
  /** How many passwords were looked at. */
  looked = 0;
  isBusy = false;
  #codes = 0;

  note(note: LoginNote): void {
    this.notes.push(note);
  }

  answer(core: Core, question: LoginQuestion, isFull: boolean, at: Instant): void {
    switch (question.kind) {
      case 'password': {
        if (isFull || this.isBusy)
          return passwordChecked(core, question, { kind: this.isBusy ? 'busy' : 'failed' }, at);
        this.looked += 1;
        const right = this.passwords.get(question.name) === question.password.reveal();
        const account = this.#account(question.name, at);
        return passwordChecked(core, question, right ? { kind: 'right', account } : { kind: 'wrong' }, at);
      }
      case 'key': {
        if (isFull) return keyChecked(core, question, { kind: 'failed' }, at);
        const key = this.keys.get(question.name)?.find((one) => one.key === question.key);
        if (key === undefined) return keyChecked(core, question, { kind: 'wrong' }, at);
        const account = this.#account(question.name, at);
        return keyChecked(core, question, { kind: 'right', account, fingerprint: key.fingerprint }, at);
      }
      case 'register': {
        if (isFull || this.isBusy) return registered(core, question, this.isBusy ? 'busy' : 'failed', at);
        if (this.passwords.has(question.name)) return registered(core, question, 'name_taken', at);
        this.passwords.set(question.name, question.password.reveal());
        return registered(core, question, 'done', at);
      }
      case 'set-password': {
        if (isFull) return passwordSet(core, question, 'failed', at);
        const before = this.passwords.get(question.user);
        if (before !== undefined && question.old === undefined) return passwordSet(core, question, 'old_missing', at);
        if (before !== undefined && question.old?.reveal() !== before) return passwordSet(core, question, 'wrong', at);
        this.passwords.set(question.user, question.password.reveal());
        return passwordSet(core, question, 'done', at);
      }
      case 'keys':
        return keysAnswered(core, question, isFull ? { kind: 'failed' } : this.#keys(question), at);
      case 'invite': {
        const chance = new Uint8Array(10).fill((this.#codes += 1));
        const made = inviteDrawn(core, question, chance, at);
        if (made === undefined) return;
        if (!isFull) return inviteStored(core, question, made, at);
        core.invites.revoke(made.code);
        return inviteNotStored(core, question, at);
      }
    }
  }

  #account(name: UserName, { wall }: Instant) {
    const uid = this.uids.get(name);
    return { name, lastSeen: wall, ...(uid === undefined ? {} : { uid }) };
  }

  #keys({ user, wanted }: Extract<LoginQuestion, { kind: 'keys' }>): Parameters<typeof keysAnswered>[2] {
    const own = this.keys.get(user) ?? [];
    switch (wanted.kind) {
      case 'list':
        return { kind: 'list', keys: own };
      case 'remove':
        this.keys.set(
          user,
          own.filter(({ fingerprint }) => fingerprint !== wanted.fingerprint),
        );
        return { kind: 'removed', was: own.some(({ fingerprint }) => fingerprint === wanted.fingerprint) };
      case 'add': {
        const { key, label, time } = wanted;
        const fingerprint = `SHA256:${key}`;
        if (own.length >= 20) return { kind: 'full' };
        this.keys.set(user, [...own, { key, fingerprint, label, added: time, lastUsed: time }]);
        return { kind: 'added', fingerprint };
      }
    }
  }
}
