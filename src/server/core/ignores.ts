import type { UnixMs, UserName } from '../../base/ids.ts';
import type { Ignore } from '../store/store.ts';

const NOBODY: ReadonlySet<UserName> = new Set();
const NO_MUTES: ReadonlyMap<UserName, UnixMs | undefined> = new Map();

/** Whom people block and mute. Nobody who does neither has an entry, so that to ask costs next to nothing. */
export class Ignores {
  readonly #blocked = new Map<UserName, Set<UserName>>();
  /** The same the other way round. */
  readonly #blockers = new Map<UserName, Set<UserName>>();
  /** With the time at which it ends, where it does. */
  readonly #muted = new Map<UserName, Map<UserName, UnixMs | undefined>>();

  constructor(stored: readonly Ignore[]) {
    for (const { user, kind, target, until } of stored) {
      if (kind === 'block') this.block(user, target);
      else this.mute(user, target, until);
    }
  }

  /** Nobody ignores anybody. */
  get isEmpty(): boolean {
    return this.#blocked.size + this.#blockers.size + this.#muted.size === 0;
  }

  /** Whom somebody blocks. */
  blockedBy(user: UserName): ReadonlySet<UserName> {
    return this.#blocked.get(user) ?? NOBODY;
  }

  /** Those who block somebody, and must not be seen by them. */
  blockersOf(user: UserName): ReadonlySet<UserName> {
    return this.#blockers.get(user) ?? NOBODY;
  }

  /** Those whom somebody mutes, and until when; some may have ended. */
  mutedBy(user: UserName): ReadonlyMap<UserName, UnixMs | undefined> {
    return this.#muted.get(user) ?? NO_MUTES;
  }

  /** @returns whether that is news. */
  block(user: UserName, target: UserName): boolean {
    if (this.blockedBy(user).has(target)) return false;
    addTo(this.#blocked, user, target);
    addTo(this.#blockers, target, user);
    return true;
  }

  /** @returns whether that is news. */
  unblock(user: UserName, target: UserName): boolean {
    deleteFrom(this.#blockers, target, user);
    return deleteFrom(this.#blocked, user, target);
  }

  /** @param until undefined: without an end. */
  mute(user: UserName, target: UserName, until: UnixMs | undefined): void {
    const muted = this.#muted.get(user);
    if (muted === undefined) this.#muted.set(user, new Map([[target, until]]));
    else muted.set(target, until);
  }

  /** @returns whether that is news. */
  unmute(user: UserName, target: UserName): boolean {
    return deleteFrom(this.#muted, user, target);
  }

  /** Drops those mutes of somebody that have ended. @returns whether there were any. */
  endMutes(user: UserName, now: UnixMs): boolean {
    const ended = [...this.mutedBy(user)].filter(([, until]) => until !== undefined && until <= now);
    for (const [target] of ended) this.unmute(user, target);
    return ended.length > 0;
  }

  /** When the next mute of somebody ends. */
  nextMuteEnd(user: UserName): UnixMs | undefined {
    let next: UnixMs | undefined;
    for (const until of this.mutedBy(user).values())
      if (until !== undefined && (next === undefined || until < next)) next = until;
    return next;
  }

  /** Whom somebody blocks and mutes. What others think of them stays. */
  forget(user: UserName): void {
    for (const target of this.blockedBy(user)) deleteFrom(this.#blockers, target, user);
    this.#blocked.delete(user);
    this.#muted.delete(user);
  }

  /** The name is a new person's: others know nothing of them. */
  forgive(target: UserName): void {
    for (const user of this.blockersOf(target)) this.unblock(user, target);
    for (const user of this.#muted.keys()) this.unmute(user, target);
  }

  /** The person has another name, by which nobody is blocked or muted. */
  rename(before: UserName, name: UserName): void {
    const [blocked, muted] = [[...this.blockedBy(before)], [...this.mutedBy(before)]];
    this.forget(before);
    for (const target of blocked) this.block(name, target);
    for (const [target, until] of muted) this.mute(name, target, until);
    const blockers = [...this.blockersOf(before)];
    const muters = [...this.#muted].flatMap(([user, of]) => (of.has(before) ? [{ user, until: of.get(before) }] : []));
    this.forgive(before);
    for (const user of blockers) this.block(user, name);
    for (const { user, until } of muters) this.mute(user, name, until);
  }
}

function addTo(sets: Map<UserName, Set<UserName>>, key: UserName, member: UserName): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([member]));
  else set.add(member);
}

/** Leaves no empty set or map behind. */
function deleteFrom(
  groups: Map<UserName, { readonly size: number; delete(member: UserName): boolean }>,
  key: UserName,
  member: UserName,
): boolean {
  const group = groups.get(key);
  if (group === undefined || !group.delete(member)) return false;
  if (group.size === 0) groups.delete(key);
  return true;
}
