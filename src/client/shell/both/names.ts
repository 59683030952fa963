/**
 * What people and rooms of the local network are called beside those of a server: `bob` there is `bob.lan` here, and
 * `#lobby` is `#lan`. Each name here stands for one person, whatever people on either side call themselves.
 */
import type { RoomName, UserName } from '../../../base/ids.ts';
import { MAX_NAME_CHARS } from '../../../protocol/limits.ts';
import { isGuest, LOBBY, roomName as room, accountName as user } from '../../../protocol/names.ts';
import type { Renaming } from '../../../protocol/rename.ts';
import type { State } from '../../core/state.ts';

const SUFFIX = '.lan';
/** What the server has of names that look like ours: they get one more `_` here. */
const OURS = /\.lan_*$/;
/** Rooms of the server that look like ours. */
const OUR_ROOM = /^#lan(-\d+)?_*$/;
const isLikeOurs = (name: string): boolean => OURS.test(name) || OUR_ROOM.test(name);
/** Characters that stay of a name that is too long with its suffix; behind them comes what tells it from others. */
const KEPT_CHARS = 18;
/** Names that are known on one side: far more than there are people. Who was met first is forgotten first. */
const MAX_KNOWN = 20_000;

/** FNV-1a, 32 bits: the same at every start, so that a long name stays what it was. */
function digest(text: string): string {
  let hash = 0x81_1c_9d_c5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01_00_01_93);
  return (hash >>> 0).toString(36).padStart(7, '0');
}

/** What a name is here, the best first; without end. */
function* candidates(real: string, suffix: string): Generator<string> {
  if (real.length + suffix.length <= MAX_NAME_CHARS) yield `${real}${suffix}`;
  for (let i = 0; ; i++) yield `${real.slice(0, KEPT_CHARS)}-${digest(`${i} ${real}`)}${suffix}`;
}

/** Both ways, one to one. */
class Known {
  readonly #shown = new Map<string, string>();
  readonly #real = new Map<string, string>();

  shown(real: string): string | undefined {
    return this.#shown.get(real);
  }

  real(shown: string): string | undefined {
    return this.#real.get(shown);
  }

  add(real: string, shown: string): string {
    this.#shown.set(real, shown);
    this.#real.set(shown, real);
    const [oldest] = this.#shown;
    if (this.#shown.size > MAX_KNOWN && oldest !== undefined) {
      this.#shown.delete(oldest[0]);
      this.#real.delete(oldest[1]);
    }
    return shown;
  }
}

export class Names {
  /** The network's room. */
  readonly room: RoomName;
  readonly #taken: ReadonlySet<string>;
  readonly #lan = new Known();
  readonly #server = new Known();
  #self: { readonly lan: UserName; readonly server: UserName } | undefined;

  /** @param taken names that a person knows as the server's already: these stay what they are. */
  constructor(taken: Iterable<UserName | RoomName>) {
    this.#taken = new Set<string>(taken);
    this.room = this.#freeRoom();
  }

  #freeRoom(): RoomName {
    let name = '#lan';
    for (let i = 2; this.#taken.has(name); i++) name = `#lan-${i}`;
    return room(name);
  }

  /** Who we are on both sides: one name here. */
  set self(self: { readonly lan: UserName; readonly server: UserName } | undefined) {
    this.#self = self;
  }

  get ownOnLan(): UserName | undefined {
    return this.#self?.lan;
  }

  fromLan(real: UserName): UserName {
    if (real === this.#self?.lan) return this.#self.server;
    return user(this.#lan.shown(real) ?? this.#named(real, SUFFIX, this.#lan));
  }

  /** @returns undefined for whoever isn't of the network. */
  toLan(shown: UserName): UserName | undefined {
    if (shown === this.#self?.server) return this.#self.lan;
    const known = this.#lan.real(shown);
    if (known !== undefined) return user(known);
    // Whom nobody has told of yet: somebody wrote the name.
    return this.isLan(shown) ? user(shown.slice(0, -SUFFIX.length)) : undefined;
  }

  /** Whether it is the name of somebody on the network; ours is the server's. */
  isLan(shown: UserName | RoomName): boolean {
    if (shown === this.#self?.server || this.#taken.has(shown)) return false;
    if (shown === this.room) return true;
    return !shown.startsWith('#') && !isGuest(user(shown)) && shown.endsWith(SUFFIX) && shown.length > SUFFIX.length;
  }

  fromServer(real: UserName): UserName {
    // A guest's sign tells them apart.
    if (!OURS.test(real) || isGuest(real) || this.#taken.has(real)) return real;
    return user(this.#escaped(real));
  }

  toServer(shown: UserName): UserName {
    return user(this.#server.real(shown) ?? shown);
  }

  #escaped(real: string): string {
    return this.#server.shown(real) ?? this.#named(real, '_', this.#server);
  }

  #named(real: string, suffix: string, known: Known): string {
    for (const name of candidates(real, suffix)) {
      if (!this.#taken.has(name) && known.real(name) === undefined) return known.add(real, name);
    }
    return real;
  }

  roomFromLan(real: RoomName): RoomName {
    return real === LOBBY ? this.room : real;
  }

  roomToLan(shown: RoomName): RoomName {
    return shown === this.room ? LOBBY : shown;
  }

  roomFromServer(real: RoomName): RoomName {
    return OUR_ROOM.test(real) && !this.#taken.has(real) ? room(this.#escaped(real)) : real;
  }

  roomToServer(shown: RoomName): RoomName {
    return room(this.#server.real(shown) ?? shown);
  }
}

/** Names on their way from a side, and to it. */
export interface Renamings {
  readonly fromLan: Renaming;
  readonly toLan: Renaming;
  readonly fromServer: Renaming;
  readonly toServer: Renaming;
}

export const renamings = (names: Names): Renamings => ({
  fromLan: { user: (name) => names.fromLan(name), room: (name) => names.roomFromLan(name) },
  // Whoever isn't of the network keeps their name, and is unknown there.
  toLan: { user: (name) => names.toLan(name) ?? name, room: (name) => names.roomToLan(name) },
  fromServer: { user: (name) => names.fromServer(name), room: (name) => names.roomFromServer(name) },
  toServer: { user: (name) => names.toServer(name), room: (name) => names.roomToServer(name) },
});

/** Where there is a server already: what of it looks like ours. The tab of a person may be from a day on the network. */
export function namesBeside({ people, self, inner }: Pick<State, 'people' | 'self' | 'inner'>): Names {
  const own = self === undefined ? [] : [self.name];
  return new Names([...own, ...people.keys(), ...inner.rooms.keys()].filter(isLikeOurs));
}
