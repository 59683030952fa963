/**
 * One list of those on the server and those on the local network: whoever is on both, by the key of their device, is one
 * entry, under the name that they have on the server. Names are those of our own list, but where it says otherwise.
 */
import type { DeviceId, UserName } from '../../../base/ids.ts';
import type { PersonInfo } from '../../../protocol/server-messages.ts';

/** People held of either side: the first to go are those who are gone. */
const MAX_PEOPLE = 10_000;

/** Somebody on the network: `device` is who they are. */
export type Neighbour = PersonInfo;

export interface PeoplePorts {
  /** Whether it may be theirs: no pin of theirs speaks against it. */
  readonly mayBe: (user: UserName, device: DeviceId) => boolean;
  /** Ourselves, on the server. */
  readonly self: () => UserName | undefined;
}

/** What has become of the list. */
export interface Difference {
  readonly put: readonly PersonInfo[];
  readonly gone: readonly UserName[];
}

const isHere = (person: PersonInfo | undefined): boolean => person !== undefined && person.state !== 'offline';

function put<T extends PersonInfo>(people: Map<UserName, T>, person: T): void {
  people.set(person.name, person);
  if (people.size <= MAX_PEOPLE) return;
  const gone = people.values().find(({ state }) => state === 'offline') ?? people.values().next().value;
  if (gone !== undefined) people.delete(gone.name);
}

export class People {
  readonly #ports: PeoplePorts;
  readonly #server = new Map<UserName, PersonInfo>();
  readonly #lan = new Map<UserName, Neighbour>();
  /** What the server says of whose devices are whose. */
  readonly #owners = new Map<DeviceId, Set<UserName>>();
  #serverUp = false;
  /** What the list has of us: those of the network, and those of the server who have a mark. */
  #told = new Map<UserName, PersonInfo>();

  constructor(ports: PeoplePorts) {
    this.#ports = ports;
  }

  /** The server is there; whom it has, it tells anew. */
  serverUp(): void {
    this.#serverUp = true;
    this.#server.clear();
  }

  /** Who is there, nobody knows; so those of the network go by their own names. */
  serverDown(): void {
    this.#serverUp = false;
  }

  onServer(person: PersonInfo): void {
    put(this.#server, person);
  }

  onLan(person: Neighbour): void {
    put(this.#lan, person);
  }

  lanDown(): void {
    this.#lan.clear();
  }

  /** @returns whether that is news. */
  devicesOf(user: UserName, devices: readonly DeviceId[]): boolean {
    let isNews = false;
    for (const [device, owners] of this.#owners) {
      if (devices.includes(device) || !owners.delete(user)) continue;
      isNews = true;
      if (owners.size === 0) this.#owners.delete(device);
    }
    for (const device of devices) {
      const owners = this.#owners.get(device) ?? new Set();
      this.#owners.set(device, owners);
      isNews ||= !owners.has(user);
      owners.add(user);
    }
    return isNews;
  }

  isHere(user: UserName): boolean {
    return isHere(this.#server.get(user));
  }

  /** Who is on the server, and not known to have left. */
  *onServerNow(): Generator<UserName> {
    for (const person of this.#server.values()) if (isHere(person)) yield person.name;
  }

  *onLanNow(): Generator<Neighbour> {
    for (const person of this.#lan.values()) if (isHere(person)) yield person;
  }

  /** As whom the server knows them, while they are there. Where two say that it is theirs, it is nobody's. */
  ownerOf(device: DeviceId | undefined): UserName | undefined {
    if (device === undefined) return undefined;
    if (!this.#serverUp) return this.#isOurs(device) ? this.#ports.self() : undefined;
    const owners = [...(this.#owners.get(device) ?? [])].filter(
      (user) => (user === this.#ports.self() || this.isHere(user)) && this.#ports.mayBe(user, device),
    );
    return owners.length === 1 ? owners[0] : undefined;
  }

  /** Our own devices stay ours when the server is away. */
  #isOurs(device: DeviceId): boolean {
    const self = this.#ports.self();
    return self !== undefined && this.#owners.get(device)?.has(self) === true && this.#ports.mayBe(self, device);
  }

  /** The server's word on somebody, with the mark of who is on the network, too. */
  marked(person: PersonInfo): PersonInfo {
    const mark = this.#marks().get(person.name);
    return mark === undefined ? person : { ...person, device: mark };
  }

  /** Everybody in the network's room, as the list has them. */
  members(): UserName[] {
    const here = [...this.#lan.values()].filter(isHere);
    const self = this.#ports.self();
    const names = here.map(({ name, device }) => this.ownerOf(device) ?? name);
    return [...new Set([...(self === undefined ? [] : [self]), ...names])];
  }

  /** Those of the network who have an entry of their own. */
  unknownToServer(): Neighbour[] {
    return [...this.#lan.values()].filter(({ device }) => this.ownerOf(device) === undefined);
  }

  /** Who is called so there, in any case; of somebody who is on both the name on the network. */
  nearBy(name: string): UserName | undefined {
    const isMeant = (user: UserName): boolean => user.toLowerCase() === name.toLowerCase();
    return this.#lan.keys().find(isMeant) ?? this.sameAs(isMeant)[0];
  }

  /** The names on the network of those who are one of these on the server, whether or not it is there. */
  sameAs(isMeant: (user: UserName) => boolean): UserName[] {
    const isTheirs = (device: DeviceId): boolean =>
      [...(this.#owners.get(device) ?? [])].some((user) => isMeant(user) && this.#ports.mayBe(user, device));
    return [...this.#lan.values()].flatMap(({ name, device }) =>
      device !== undefined && isTheirs(device) ? [name] : [],
    );
  }

  #marks(): Map<UserName, DeviceId> {
    const marks = new Map<UserName, DeviceId>();
    for (const { state, device } of this.#lan.values()) {
      const owner = state === 'offline' ? undefined : this.ownerOf(device);
      if (device !== undefined && owner !== undefined && owner !== this.#ports.self()) marks.set(owner, device);
    }
    return marks;
  }

  /** The network's part of the list. */
  entries(): Map<UserName, PersonInfo> {
    const entries = new Map<UserName, PersonInfo>();
    for (const person of this.unknownToServer()) entries.set(person.name, person);
    for (const [name, device] of this.#marks()) {
      const person = this.#server.get(name);
      if (person !== undefined) entries.set(name, { ...person, device });
    }
    return entries;
  }

  /** What the list must learn since the last call. */
  difference(): Difference {
    const now = this.entries();
    const before = this.#told;
    this.#told = now;
    const news = [...now.values()].filter((person) => !isSame(before.get(person.name), person));
    const gone: UserName[] = [];
    for (const [name] of before) {
      if (now.has(name)) continue;
      // Somebody of the server's stays, without the mark.
      const person = this.#server.get(name);
      if (person === undefined) gone.push(name);
      else news.push(person);
    }
    return { put: news, gone };
  }
}

const isSame = (a: PersonInfo | undefined, b: PersonInfo): boolean =>
  a !== undefined && a.state === b.state && a.since === b.since && a.device === b.device;
