import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { DeviceId, UserName } from '../../../base/ids.ts';
import * as fields from '../../../protocol/fields.ts';
import type { DeviceLimits, KnownDevice, NewDevice } from '../store.ts';
import { asNumber, asText, checked } from './rows.ts';
import type { DeviceAnswer, DeviceStep, Refusal } from './wire.ts';

function prepare(db: DatabaseSync) {
  return {
    account: db.prepare('SELECT id FROM accounts WHERE name = ?'),
    all: db.prepare(`
      SELECT id, device, (SELECT count(*) FROM key_packages WHERE key_packages.device = devices.id) AS packages
      FROM devices WHERE account = ? ORDER BY id`),
    byUse: db.prepare('SELECT id, device FROM devices WHERE account = ? ORDER BY last_used, id'),
    put: db.prepare(`
      INSERT INTO devices (account, device, last_used) VALUES (?, ?, ?)
      ON CONFLICT (account, device) DO UPDATE SET last_used = excluded.last_used
      RETURNING id`),
    drop: db.prepare('DELETE FROM devices WHERE id = ?'),
    packages: db.prepare('SELECT package FROM key_packages WHERE device = ?'),
    add: db.prepare('INSERT INTO key_packages (device, package) VALUES (?, ?)'),
    dropOldest: db.prepare(`
      DELETE FROM key_packages WHERE id IN (SELECT id FROM key_packages WHERE device = ? ORDER BY id LIMIT ?)`),
    claim: db.prepare(`
      DELETE FROM key_packages WHERE id = (SELECT min(id) FROM key_packages WHERE device = ?) RETURNING package`),
  } satisfies Record<string, StatementSync>;
}

/** Devices and their key packages. */
export class Devices {
  readonly #do: ReturnType<typeof prepare>;

  constructor(db: DatabaseSync) {
    this.#do = prepare(db);
  }

  run(step: DeviceStep): DeviceAnswer | Refusal {
    switch (step.kind) {
      case 'putDevice':
        return this.#put(step.added, step.limits, step.here);
      case 'devices':
      case 'claim':
        return { kind: 'devices', devices: this.#devices(step.user, step.kind === 'claim' ? step.claim : []) };
    }
  }

  #account(name: UserName): number | undefined {
    const row = this.#do.account.get(name);
    return row === undefined ? undefined : asNumber(row.id);
  }

  #put(
    { user, device, packages, time }: NewDevice,
    limits: DeviceLimits,
    here: readonly DeviceId[],
  ): DeviceAnswer | Refusal {
    const account = this.#account(user);
    if (account === undefined) return { kind: 'refused', code: 'failed', text: `there is no account ${user}` };
    const dropped = this.#makeRoom(account, device, limits.devices, here);
    const id = asNumber(this.#do.put.get(account, device, time)?.id);
    const had = new Set(this.#do.packages.all(id).map((row) => asText(row.package)));
    for (const one of new Set(packages)) if (!had.has(one)) this.#do.add.run(id, one);
    const count = had.union(new Set(packages)).size;
    if (count > limits.packages) this.#do.dropOldest.run(id, count - limits.packages);
    const came = { packages: Math.min(count, limits.packages), ...(dropped === undefined ? {} : { dropped }) };
    return { kind: 'putDevice', came };
  }

  #makeRoom(account: number, device: DeviceId, limit: number, here: readonly DeviceId[]): DeviceId | undefined {
    const others = this.#do.byUse
      .all(account)
      .map((row) => ({ id: asNumber(row.id), device: checked(fields.device, row.device) }));
    if (others.length < limit || others.some((other) => other.device === device)) return undefined;
    const oldest = others.find((other) => !here.includes(other.device)) ?? others[0];
    if (oldest === undefined) return undefined;
    this.#do.drop.run(oldest.id);
    return oldest.device;
  }

  #devices(user: UserName, claim: readonly DeviceId[]): KnownDevice[] {
    const account = this.#account(user);
    if (account === undefined) return [];
    return this.#do.all.all(account).map((row) => {
      const [id, device, packages] = [asNumber(row.id), checked(fields.device, row.device), asNumber(row.packages)];
      const claimed = claim.includes(device) ? this.#do.claim.get(id)?.package : undefined;
      if (claimed === undefined) return { device, left: packages };
      return { device, package: asText(claimed), left: packages - 1 };
    });
  }
}
