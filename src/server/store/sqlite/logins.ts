import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { UserName } from '../../../base/ids.ts';
import * as fields from '../../../protocol/fields.ts';
import type { AccountRecord, DeviceKey, Invite, LockoutRow, Registered, Registration } from '../store.ts';
import { asNumber, asText, checked } from './rows.ts';
import type { LoginAnswer, LoginRead, LoginWrite, Refusal } from './wire.ts';

const ID_OF = '(SELECT id FROM accounts WHERE name = ?)';

function prepare(db: DatabaseSync) {
  return {
    account: db.prepare('SELECT id, uid, name, password, last_seen FROM accounts WHERE name = ?'),
    insert: db.prepare('INSERT INTO accounts (name, password, last_seen) VALUES (?, ?, ?)'),
    setPassword: db.prepare('UPDATE accounts SET password = ? WHERE name = ?'),
    rehashPassword: db.prepare('UPDATE accounts SET password = ? WHERE name = ? AND password = ?'),
    seen: db.prepare('UPDATE accounts SET last_seen = ? WHERE name = ?'),
    keys: db.prepare(
      `SELECT key, fingerprint, label, added, last_used FROM device_keys WHERE account = ${ID_OF} ORDER BY id`,
    ),
    addKey: db.prepare(
      'INSERT INTO device_keys (account, key, fingerprint, label, added, last_used) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    removeKey: db.prepare(`DELETE FROM device_keys WHERE account = ${ID_OF} AND fingerprint = ?`),
    keyUsed: db.prepare(`UPDATE device_keys SET last_used = ? WHERE account = ${ID_OF} AND key = ?`),
    lockouts: db.prepare('SELECT * FROM lockouts'),
    saveLockout: db.prepare(`
      INSERT OR REPLACE INTO lockouts (account, source, failures, locks, locked_for, locked_until, last_failure)
      VALUES (?, ?, ?, ?, ?, ?, ?)`),
    removeLockout: db.prepare('DELETE FROM lockouts WHERE account = ? AND source = ?'),
    invites: db.prepare('SELECT code, made_by, made, expires FROM invites ORDER BY id'),
    addInvite: db.prepare('INSERT INTO invites (code, made_by, made, expires) VALUES (?, ?, ?, ?)'),
    removeInvite: db.prepare('DELETE FROM invites WHERE code = ?'),
    useInvite: db.prepare('DELETE FROM invites WHERE code = ? AND expires > ?'),
  } satisfies Record<string, StatementSync>;
}

const DONE = { kind: 'done' } as const;
const noAccount = (name: UserName): Refusal => ({
  kind: 'refused',
  code: 'failed',
  text: `there is no account ${name}`,
});

/** What logging in needs: passwords, device keys, lock-outs, invitations. */
export class Logins {
  readonly #do: ReturnType<typeof prepare>;

  constructor(db: DatabaseSync) {
    this.#do = prepare(db);
  }

  read(step: LoginRead): LoginAnswer {
    switch (step.kind) {
      case 'accountByName':
        return { kind: 'accountByName', account: this.#account(step.name) };
      case 'deviceKeys':
        return { kind: 'deviceKeys', keys: this.#keys(step.name) };
      case 'lockouts':
        return { kind: 'lockouts', rows: this.#lockouts() };
      case 'invites':
        return { kind: 'invites', invites: this.#invites() };
    }
  }

  write(step: LoginWrite): LoginAnswer | typeof DONE | Refusal {
    switch (step.kind) {
      case 'register':
        return { kind: 'register', came: this.#register(step.registration) };
      case 'setPassword':
        return this.#do.setPassword.run(step.password, step.name).changes === 0 ? noAccount(step.name) : DONE;
      case 'rehashPassword':
        this.#do.rehashPassword.run(step.password, step.name, step.before);
        return DONE;
      case 'seen':
        this.#do.seen.run(step.time, step.name);
        return DONE;
      case 'addDeviceKey':
        return this.#addKey(step.name, step.key, step.limit);
      case 'removeDeviceKey':
        return { kind: 'removeDeviceKey', removed: this.#do.removeKey.run(step.name, step.fingerprint).changes !== 0 };
      case 'deviceKeyUsed':
        this.#do.keyUsed.run(step.time, step.name, step.key);
        return DONE;
      case 'saveLockout': {
        const { account, source, failures, locks, lockedFor, lockedUntil, lastFailure } = step.row;
        this.#do.saveLockout.run(account, source, failures, locks, lockedFor, lockedUntil, lastFailure);
        return DONE;
      }
      case 'removeLockout':
        this.#do.removeLockout.run(step.account, step.source);
        return DONE;
      case 'addInvite': {
        const { code, by, made, expires } = step.invite;
        this.#do.addInvite.run(code, by, made, expires);
        return DONE;
      }
      case 'removeInvite':
        this.#do.removeInvite.run(step.code);
        return DONE;
    }
  }

  #account(wanted: UserName): AccountRecord | null {
    const row = this.#do.account.get(wanted);
    if (row === undefined) return null;
    return {
      name: checked(fields.user, row.name),
      ...(row.uid === null ? {} : { uid: asNumber(row.uid) }),
      ...(row.password === null ? {} : { password: asText(row.password) }),
      lastSeen: checked(fields.time, row.last_seen),
    };
  }

  #register({ name, password, time, invite }: Registration): Registered {
    if (this.#do.account.get(name) !== undefined) return 'name_taken';
    if (invite !== undefined && this.#do.useInvite.run(invite, time).changes === 0) return 'no_such_invite';
    this.#do.insert.run(name, password, time);
    return 'done';
  }

  #keys(name: UserName): DeviceKey[] {
    return this.#do.keys.all(name).map(({ key, fingerprint, label, added, last_used }) => ({
      key: asText(key),
      fingerprint: asText(fingerprint),
      label: asText(label),
      added: checked(fields.time, added),
      lastUsed: checked(fields.time, last_used),
    }));
  }

  #addKey(
    name: UserName,
    { key, fingerprint, label, added, lastUsed }: DeviceKey,
    limit: number,
  ): LoginAnswer | Refusal {
    const account = this.#do.account.get(name)?.id;
    if (account === undefined) return noAccount(name);
    const own = this.#keys(name);
    if (own.some((other) => other.key === key)) return { kind: 'addDeviceKey', came: 'known' };
    if (own.length >= limit) return { kind: 'addDeviceKey', came: 'full' };
    this.#do.addKey.run(account, key, fingerprint, label, added, lastUsed);
    return { kind: 'addDeviceKey', came: 'added' };
  }

  #lockouts(): LockoutRow[] {
    return this.#do.lockouts.all().map((row) => ({
      account: asText(row.account),
      source: asText(row.source),
      failures: asNumber(row.failures),
      locks: asNumber(row.locks),
      lockedFor: checked(fields.duration, row.locked_for),
      lockedUntil: checked(fields.time, row.locked_until),
      lastFailure: checked(fields.time, row.last_failure),
    }));
  }

  #invites(): Invite[] {
    return this.#do.invites.all().map(({ code, made_by, made, expires }) => ({
      code: asText(code),
      by: checked(fields.user, made_by),
      made: checked(fields.time, made),
      expires: checked(fields.time, expires),
    }));
  }
}
