import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { RoomName, UnixMs, UserName } from '../../../base/ids.ts';
import * as fields from '../../../protocol/fields.ts';
import type { Account, RoomRecord, UnixAccount } from '../store.ts';
import { MAX_ROOM } from './places.ts';
import { readRule } from './retention.ts';
import { asNumber, asText, checked } from './rows.ts';
import type { Membership } from './wire.ts';

function prepare(db: DatabaseSync) {
  return {
    rooms: db.prepare('SELECT name, topic, last, rev, slow, closed, first, keep FROM rooms ORDER BY id'),
    createRoom: db.prepare(`
      INSERT INTO rooms (name, created) SELECT ?, ? WHERE (SELECT max(id) FROM rooms) < ${MAX_ROOM}
      ON CONFLICT (name) DO NOTHING`),
    setTopic: db.prepare('UPDATE rooms SET topic = ?, topic_by = ?, topic_time = ? WHERE id = ?'),
    memberships: db.prepare(
      'SELECT rooms.name AS room, members.user AS user FROM members JOIN rooms ON rooms.id = members.room ORDER BY user, room',
    ),
    addMember: db.prepare('INSERT INTO members (user, room, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
    removeMember: db.prepare('DELETE FROM members WHERE user = ? AND room = (SELECT id FROM rooms WHERE name = ?)'),
    accounts: db.prepare('SELECT uid, name, last_seen FROM accounts WHERE name IS NOT NULL ORDER BY name'),
    nameOf: db.prepare('SELECT name FROM accounts WHERE uid = ?'),
    saveAccount: db.prepare(`
      INSERT INTO accounts (uid, name, last_seen) VALUES (?, ?, ?)
      ON CONFLICT (uid) DO UPDATE SET name = excluded.name, last_seen = excluded.last_seen`),
    takeName: db.prepare('UPDATE accounts SET name = NULL WHERE name = ? AND uid <> ?'),
    dropRegistered: db.prepare('DELETE FROM accounts WHERE name = ? AND uid IS NULL'),
    dropOperator: db.prepare('DELETE FROM operators WHERE account = (SELECT id FROM accounts WHERE name = ?)'),
    dropIgnored: db.prepare('DELETE FROM ignores WHERE target = ?'),
    moveIgnored: db.prepare('UPDATE OR REPLACE ignores SET target = ? WHERE target = ?'),
    dropMemberships: db.prepare('DELETE FROM members WHERE user = ?'),
    leaveName: db.prepare(`
      INSERT INTO former_names (name, room, last) SELECT ?, id, last FROM rooms WHERE last > 0
      ON CONFLICT (name, room) DO UPDATE SET last = excluded.last`),
    moveMemberships: db.prepare('UPDATE OR REPLACE members SET user = ? WHERE user = ?'),
  } satisfies Record<string, StatementSync>;
}

/** Rooms, who is in them, and accounts. */
export class People {
  readonly #do: ReturnType<typeof prepare>;

  constructor(db: DatabaseSync) {
    this.#do = prepare(db);
  }

  rooms(): RoomRecord[] {
    return this.#do.rooms.all().map(({ name, topic, last, rev, slow, closed, first, keep }) => ({
      name: checked(fields.room, name),
      topic: asText(topic),
      last: checked(fields.seq, last),
      rev: checked(fields.rev, rev),
      slow: checked(fields.duration, slow),
      closed: asNumber(closed) !== 0,
      ...(asNumber(first) > 1 ? { first: checked(fields.seq, first) } : {}),
      ...(keep === null ? {} : { keep: readRule(asText(keep)) }),
    }));
  }

  /** Does nothing where the room exists, or where there are `MAX_ROOM`. */
  createRoom(room: RoomName, time: UnixMs): void {
    this.#do.createRoom.run(room, time);
  }

  setTopic(room: number, topic: string, by: UserName, time: UnixMs): void {
    this.#do.setTopic.run(topic, by, time, room);
  }

  memberships(): Membership[] {
    return this.#do.memberships
      .all()
      .map(({ room, user }) => ({ room: checked(fields.room, room), user: checked(fields.user, user) }));
  }

  addMember(room: number, user: UserName, time: UnixMs): void {
    this.#do.addMember.run(user, room, time);
  }

  removeMember(room: RoomName, user: UserName): void {
    this.#do.removeMember.run(user, room);
  }

  accounts(): Account[] {
    return this.#do.accounts.all().map(({ uid, name, last_seen }) => ({
      name: checked(fields.user, name),
      ...(uid === null ? {} : { uid: asNumber(uid) }),
      lastSeen: checked(fields.time, last_seen),
    }));
  }

  /**
   * The host gives a login to one user id at a time: who has the name now is its owner, and gets nothing of the owner
   * before. A person who is renamed keeps their memberships. One who had registered the name and isn't a Unix user has
   * nothing left by which to be known.
   */
  saveAccount({ uid, name, lastSeen }: UnixAccount): void {
    const old = this.#do.nameOf.get(uid)?.name;
    if (old !== name) {
      this.#do.dropOperator.run(name);
      const dropped = this.#do.dropRegistered.run(name).changes;
      const taken = this.#do.takeName.run(name, uid).changes;
      if (dropped !== 0 || taken !== 0) {
        this.#do.dropMemberships.run(name);
        this.#do.dropIgnored.run(name);
        this.#do.leaveName.run(name);
      }
      if (typeof old === 'string') {
        this.#do.leaveName.run(old);
        this.#do.moveMemberships.run(name, old);
        this.#do.moveIgnored.run(name, old);
      }
    }
    this.#do.saveAccount.run(uid, name, lastSeen);
  }
}
