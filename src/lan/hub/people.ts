/**
 * Who is known: those who were heard in this run, and those whom we have had to do with, who keep their names for good.
 * Who was only heard is in memory alone, so that nobody fills a disk by inventing keys.
 */
import type { Clock } from '../../base/clock.ts';
import { type DeviceId, type UnixMs, type UserName, unixMs } from '../../base/ids.ts';
import { NameIndex } from '../../base/text/confusables.ts';
import { TokenBucket } from '../../base/token-bucket.ts';
import { Alarm, type Timers } from '../../peer/tasks.ts';
import { accountName } from '../../protocol/names.ts';
import type { PersonInfo, PresenceState } from '../../protocol/server-messages.ts';
import type { Announcement } from '../announcement.ts';
import { AWAY_AFTER_MS, MAX_HEARD, REMOVE_AFTER_MS } from '../limits.ts';
import type { LanStore } from '../store/store.ts';
import { AFTER_BYE_MS, LOOK_AT_PEOPLE_MS, MAX_KEPT, MAX_RECENT, NEWCOMERS, RECENT_MS } from './limits.ts';
import { localName } from './names.ts';
import { createPerson, infoOf, type Person } from './person.ts';

export interface PeoplePorts {
  readonly device: DeviceId;
  /** What we call ourselves. */
  readonly name: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly store: LanStore;
  readonly isLinked: (device: DeviceId) => boolean;
  /** Somebody who must not be forgotten: we block them, say. */
  readonly isWanted: (device: DeviceId) => boolean;
  /** Their state has changed. */
  readonly changed: (person: Person, before: PresenceState) => void;
  /** They call themselves something else than before. */
  readonly renamed: (person: Person) => void;
  /** The store can't be written. */
  readonly fault: (error: unknown) => void;
}

export class People {
  readonly #ports: PeoplePorts;
  readonly #byDevice = new Map<DeviceId, Person>();
  readonly #byUser = new Map<UserName, Person>();
  readonly #names = new NameIndex();
  /** Those who aren't kept: whoever was unheard for longest comes first. */
  readonly #passing = new Set<Person>();
  readonly #newcomers: TokenBucket;
  readonly #alarm: Alarm;
  #due = Infinity;
  /** By which name our own programs know us: our own, unless we have met somebody else of that name. */
  readonly self: UserName;

  constructor(ports: PeoplePorts) {
    this.#ports = ports;
    const mono = ports.clock.monotonic();
    this.#newcomers = new TokenBucket(NEWCOMERS, mono);
    this.#alarm = new Alarm(ports.timers);
    for (const met of ports.store.met()) {
      const person = createPerson(met, true, mono);
      this.#byDevice.set(person.device, person);
      this.#byUser.set(person.user, person);
      this.#names.add(person.user);
    }
    this.self = localName(ports.device, ports.name, (name) => this.#names.conflict(name) !== undefined);
    this.#names.add(this.self);
  }

  byDevice(device: DeviceId): Person | undefined {
    return this.#byDevice.get(device);
  }

  byUser(user: UserName): Person | undefined {
    return this.#byUser.get(user);
  }

  /** They were heard so lately that there is a link to them, or one is being made. */
  isHeard(person: Person): boolean {
    const { heardAt, bye } = person;
    return bye === undefined && heardAt !== undefined && this.#ports.clock.monotonic() - heardAt < AWAY_AFTER_MS;
  }

  /** Who else was heard and isn't gone. */
  here(): Person[] {
    return [...this.#byDevice.values()].filter(({ state }) => state !== 'offline');
  }

  /** An announcement of theirs, by datagram or over a link. @returns undefined for our own, and where too many are new. */
  heard(announcement: Announcement): Person | undefined {
    const { device, name, being, time, port } = announcement;
    if (device === this.#ports.device) return undefined;
    const person = this.#byDevice.get(device) ?? this.#newcomer(device, name, being);
    if (person === undefined) return undefined;
    if (being === 'bye') this.bye(device, time);
    else if (person.bye === undefined || time > person.bye || time < person.bye - AFTER_BYE_MS) {
      person.bye = undefined;
      person.idle = being === 'idle';
      person.port = port;
      this.#rename(person, name);
      this.#isThere(person);
    }
    return person;
  }

  /** Something came over a link of theirs: they live. */
  alive(device: DeviceId): void {
    const person = this.#byDevice.get(device);
    if (person !== undefined && person.heardAt !== undefined && person.bye === undefined) this.#isThere(person);
  }

  /** @param time by their clock, where they have said it. */
  bye(device: DeviceId, time?: UnixMs): void {
    const person = this.#byDevice.get(device);
    if (person === undefined) return;
    const now = this.#ports.clock.now();
    person.bye = time ?? person.bye ?? now;
    this.#refresh(person);
  }

  /** As whom our own programs know a key, met or not: somebody who has said something in the lobby, say. */
  userOf(device: DeviceId, name: string): UserName {
    if (device === this.#ports.device) return this.self;
    const known = this.#byDevice.get(device);
    if (known !== undefined) {
      this.keep(known);
      return known.user;
    }
    const person = this.#add(device, name);
    this.keep(person);
    return person.user;
  }

  /** Whose name somebody else calls themself by, or one that is read for it: ours, or that of somebody whom we know. */
  namesakeOf({ user, name }: Person): UserName | undefined {
    if (user === name) return undefined;
    const taken = this.#names.conflict(name);
    return taken === undefined || taken === user ? undefined : accountName(taken);
  }

  /** They have the name for good. */
  keep(person: Person): void {
    if (person.kept) return;
    person.kept = true;
    this.#passing.delete(person);
    this.#save(person);
    if (this.#byDevice.size - this.#passing.size > MAX_KEPT) this.#forgetOldest();
  }

  /** We write to them, or ignore them: others go before they are forgotten. */
  dealWith(person: Person): void {
    if (person.dealt) return;
    person.dealt = true;
    if (person.kept) this.#save(person);
    else this.keep(person);
  }

  /** Here and away, then who was of late. @param within milliseconds: all those who were here in that time. */
  list(within?: number): PersonInfo[] {
    const now = this.#ports.clock.now();
    const here: Person[] = [];
    const gone: Person[] = [];
    const first = now - (within ?? RECENT_MS);
    for (const person of this.#byDevice.values()) {
      if (person.state !== 'offline') here.push(person);
      // Whom we have only read of was never here.
      else if (person.since >= first && person.since > 0) gone.push(person);
    }
    gone.sort((one, other) => other.since - one.since);
    const shown = within === undefined ? gone.slice(0, MAX_RECENT) : gone;
    return [...here, ...shown].map(infoOf);
  }

  /** The program ends: when they were here last is kept. */
  save(): void {
    for (const person of this.#byDevice.values()) if (person.kept && person.heardAt !== undefined) this.#save(person);
  }

  #newcomer(device: DeviceId, name: string, being: Announcement['being']): Person | undefined {
    if (being === 'bye' || !this.#newcomers.take(this.#ports.clock.monotonic())) return undefined;
    if (this.#passing.size >= MAX_HEARD && !this.#makeRoom()) return undefined;
    const person = this.#add(device, name);
    this.#passing.add(person);
    return person;
  }

  #add(device: DeviceId, name: string): Person {
    const { clock } = this.#ports;
    const now = clock.now();
    const user = localName(device, name, (wanted) => this.#names.conflict(wanted) !== undefined);
    const person = createPerson(
      { device, user, name, first: now, last: unixMs(0), dealt: false },
      false,
      clock.monotonic(),
    );
    this.#byDevice.set(device, person);
    this.#byUser.set(user, person);
    this.#names.add(user);
    return person;
  }

  #isThere(person: Person): void {
    const { clock } = this.#ports;
    person.heardAt = clock.monotonic();
    person.last = clock.now();
    if (this.#passing.delete(person)) this.#passing.add(person);
    this.#refresh(person);
    this.#arm(person.heardAt + AWAY_AFTER_MS);
  }

  #rename(person: Person, name: string): void {
    if (person.name === name) return;
    person.name = name;
    if (person.kept) this.#save(person);
    if (person.renameTold) return;
    person.renameTold = true;
    this.#ports.renamed(person);
  }

  #stateOf({ heardAt, bye, idle }: Person): PresenceState {
    if (bye !== undefined || heardAt === undefined) return 'offline';
    const silence = this.#ports.clock.monotonic() - heardAt;
    if (silence >= REMOVE_AFTER_MS) return 'offline';
    return idle || silence >= AWAY_AFTER_MS ? 'away' : 'online';
  }

  #refresh(person: Person): void {
    const before = person.state;
    const state = this.#stateOf(person);
    if (state === before) return;
    person.state = state;
    person.since = this.#ports.clock.now();
    if (state === 'offline' && person.kept) this.#save(person);
    this.#ports.changed(person, before);
  }

  /** One timer for all. One that goes off too early finds nothing to do; that is cheaper than to move it at every word. */
  #arm(due: number): void {
    if (due >= this.#due) return;
    this.#due = due;
    const wait = Math.max(0, Math.ceil(due - this.#ports.clock.monotonic()));
    // A timer of a machine that has slept may be late, where its clock isn't.
    this.#alarm.set(Math.min(wait, LOOK_AT_PEOPLE_MS), () => {
      this.#due = Infinity;
      this.#look();
    });
  }

  #look(): void {
    let next = Infinity;
    const mono = this.#ports.clock.monotonic();
    for (const person of this.#byDevice.values()) {
      if (person.state === 'offline' || person.heardAt === undefined) continue;
      this.#refresh(person);
      const away = person.heardAt + AWAY_AFTER_MS;
      next = Math.min(next, away > mono ? away : person.heardAt + REMOVE_AFTER_MS);
    }
    if (next !== Infinity) this.#arm(next);
  }

  /** @returns false where nobody can be forgotten. */
  #makeRoom(): boolean {
    for (const person of this.#passing) {
      if (this.#ports.isLinked(person.device)) continue;
      this.#forget(person);
      return true;
    }
    return false;
  }

  #forgetOldest(): void {
    const { isLinked, isWanted } = this.#ports;
    let oldest: Person | undefined;
    for (const person of this.#byDevice.values()) {
      if (!person.kept || isLinked(person.device)) continue;
      // What is cheap to find out comes first: somebody may have invented all of them.
      if ((oldest === undefined || goesBefore(person, oldest)) && !isWanted(person.device)) oldest = person;
    }
    if (oldest !== undefined) this.#forget(oldest);
  }

  #forget(person: Person): void {
    const { device, user, kept } = person;
    this.#passing.delete(person);
    this.#byDevice.delete(device);
    this.#byUser.delete(user);
    this.#names.delete(user);
    if (kept) this.#stored((store) => store.dropMet(device));
    const before = person.state;
    if (before === 'offline') return;
    person.state = 'offline';
    person.since = this.#ports.clock.now();
    this.#ports.changed(person, before);
  }

  #save({ device, user, name, first, last, dealt }: Person): void {
    this.#stored((store) => store.putMet({ device, user, name, first, last, dealt }));
  }

  #stored(write: (store: LanStore) => void): void {
    try {
      write(this.#ports.store);
    } catch (error) {
      this.#ports.fault(error);
    }
  }
}

/** Which of two is forgotten first: whom we had nothing to do with, who is gone, who was unheard for longer. */
function goesBefore(one: Person, other: Person): boolean {
  if (one.dealt !== other.dealt) return other.dealt;
  const isGone = one.state === 'offline';
  return isGone === (other.state === 'offline') ? one.last < other.last : isGone;
}
