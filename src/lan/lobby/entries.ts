/**
 * The entries that a lobby holds: a set, and nothing but a set.
 *
 * What is kept of all that was ever heard is a function of that alone, whatever came first, twice, or by way of whom:
 *  - of two entries about the same (a message and its deletion, two edits of it, two reactions of one person with one emoji)
 *    the newer one, by stamp, then hash, key, id, and its own hash;
 *  - no edit of a message that was deleted;
 *  - of each author the newest `MAX_ENTRIES_OF_ONE`, and of all the newest `MAX_LOBBY_ENTRIES`;
 *  - nothing older than `LOBBY_KEPT_MS`, in steps of an hour.
 *
 * So two hosts that exchange what they hold hold the same afterwards. Whatever one of these rules drops stays dropped as more
 * comes: of the newer ones there are never fewer. (But for authors who edit what they have deleted: then an exchange more
 * is needed.) Hence merging is commutative, associative and idempotent, and what one has dropped is not taken again
 * from somebody who still has it: it would be dropped at once, and that is seen before its signature is checked.
 *
 * Only age goes by a clock, and clocks differ. So it goes by the hour: hosts disagree for as long as their clocks do, once
 * in an hour, and only if something was said just then a week ago. `agrees` knows of that; what is too old is held for
 * `MAX_SKEW_MS` longer for it, and asked for and sent no more.
 */
import type { DeviceId, UnixMs } from '../../base/ids.ts';
import { LOBBY_KEPT_MS, MAX_ENTRIES_A_MINUTE, MAX_ENTRIES_OF_ONE, MAX_LOBBY_ENTRIES, MAX_SKEW_MS } from '../limits.ts';
import type { SignedEntry } from '../mesh/frames.ts';
import { comparePositions, compareText, EPOCH, firstNot, type MessageRef, type Position, positionOf } from './place.ts';
import { readSaid, type Said } from './said.ts';

/** Milliseconds: ages are counted in steps. */
const AGE_STEP_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Bytes of a hash that an entry is known by among those that are held: no two of a lobby have the same by chance. */
const TOKEN_BYTES = 8;

type Hash = (text: string) => Uint8Array;

/** Where an entry stands among all. */
interface EntryPosition extends Position {
  /** Of its hash, base64url: 11 characters. */
  readonly token: string;
}

export interface Held extends EntryPosition {
  readonly entry: SignedEntry;
  readonly said: Said;
  /** The message that it is or is about. */
  readonly message: MessageRef;
  /** Of those with the same the newest counts. */
  readonly key: string;
}

/** base64url without padding. */
const toBase64url = (bytes: Uint8Array): string => bytes.toBase64({ alphabet: 'base64url', omitPadding: true });

export const compareEntries = (a: EntryPosition, b: EntryPosition): number =>
  comparePositions(a, b) || compareText(a.token, b.token);

export const keyOfMessage = ({ device, id, stamp }: MessageRef): string => `${device} ${id} ${stamp}`;

const keyOfItself = (message: MessageRef): string => `message ${keyOfMessage(message)}`;
const keyOfEdit = (message: MessageRef): string => `edit ${keyOfMessage(message)}`;

const tokenOf = (entry: Pick<SignedEntry, 'device' | 'said'>, hash: Hash): string =>
  toBase64url(hash(`entry ${entry.device} ${entry.said}`).subarray(0, TOKEN_BYTES));

/** Its signature isn't looked at. @returns undefined where it says nothing that an entry may say. */
function readEntry(entry: SignedEntry, token: string, hash: Hash): Held | undefined {
  const { device } = entry;
  const said = readSaid(device, entry.said);
  if (said === undefined) return undefined;
  const own = positionOf({ device, id: said.id, stamp: said.stamp }, hash);
  const head = { entry, said, token, ...own };
  switch (said.kind) {
    case 'say':
      return { ...head, message: own, key: keyOfItself(own) };
    case 'delete':
      return { ...head, message: said.of, key: keyOfItself(said.of) };
    case 'edit':
      return { ...head, message: said.of, key: keyOfEdit(said.of) };
    case 'react':
      return { ...head, message: said.of, key: `react ${device} ${said.emoji} ${keyOfMessage(said.of)}` };
  }
}

/** The first stamp that is kept at a time. */
const floorAt = (now: number): number => Math.floor((now - LOBBY_KEPT_MS) / AGE_STEP_MS) * AGE_STEP_MS;

function insert(list: Held[], held: Held): void {
  list.splice(
    firstNot(list, (one) => compareEntries(one, held) < 0),
    0,
    held,
  );
}

function remove(list: Held[], held: Held): void {
  const index = firstNot(list, (one) => compareEntries(one, held) < 0);
  if (list[index] === held) list.splice(index, 1);
}

/** How many stand up to a stamp. @param list in its order. */
const countTo = (list: readonly Held[], edge: number): number =>
  (list.at(-1)?.stamp ?? 0) <= edge ? list.length : firstNot(list, ({ stamp }) => stamp <= edge);

export interface EntriesPorts {
  readonly device: DeviceId;
  readonly now: () => UnixMs;
  readonly verify: (entry: SignedEntry) => boolean;
  readonly hash: Hash;
}

export class Entries {
  readonly #ports: EntriesPorts;
  /** In their order. */
  readonly #all: Held[] = [];
  readonly #byToken = new Map<string, Held>();
  readonly #byKey = new Map<string, Held>();
  readonly #byDevice = new Map<DeviceId, Held[]>();
  /** By the window that they are of; void when anything has changed. */
  readonly #digests = new Map<string, string>();

  constructor(ports: EntriesPorts) {
    this.#ports = ports;
  }

  /** The newest stamp of what others may have, too. */
  get newest(): UnixMs | undefined {
    return this.#all[countTo(this.#all, this.#edge()) - 1]?.stamp;
  }

  /**
   * What isn't known, nor kept for long enough, nor from the future, and is good. @param trusted it comes from our own disk,
   * so it was all this already, and a clock that was set back meanwhile loses nothing.
   */
  read(entry: SignedEntry, trusted = false): Held | undefined {
    const token = tokenOf(entry, this.#ports.hash);
    if (this.#byToken.has(token)) return undefined;
    const held = readEntry(entry, token, this.#ports.hash);
    if (held === undefined || !this.#isWanted(held)) return undefined;
    if (trusted) return held;
    const now = this.#ports.now();
    if (held.stamp > now + MAX_SKEW_MS) return undefined;
    if (held.stamp > now - MINUTE_MS && this.isFlood(held.device, held.stamp)) return undefined;
    return this.#ports.verify(entry) ? held : undefined;
  }

  /** One of ours. */
  made(entry: SignedEntry): Held | undefined {
    return readEntry(entry, tokenOf(entry, this.#ports.hash), this.#ports.hash);
  }

  /**
   * Whether an author has said as much in the minute up to a stamp as is taken at once. By their own stamps, so that whoever
   * keeps to it is let through everywhere. What is too much is refused only while it is new: from those who have taken it in
   * another order it comes again, and then it is taken, or the lobbies would differ for good.
   */
  isFlood(device: DeviceId, stamp: UnixMs): boolean {
    const list = this.#byDevice.get(device) ?? [];
    const to = firstNot(list, (one) => one.stamp <= stamp);
    return to >= MAX_ENTRIES_A_MINUTE && (list[to - MAX_ENTRIES_A_MINUTE]?.stamp ?? 0) > stamp - MINUTE_MS;
  }

  /** @returns what is no longer held for it. */
  add(held: Held): Held[] {
    const dropped: Held[] = [];
    const before = this.#byKey.get(held.key);
    if (before !== undefined) dropped.push(before);
    if (held.said.kind === 'delete') {
      const edit = this.#byKey.get(keyOfEdit(held.message));
      if (edit !== undefined) dropped.push(edit);
    }
    for (const one of dropped) this.#forget(one);
    insert(this.#all, held);
    this.#byToken.set(held.token, held);
    this.#byKey.set(held.key, held);
    const list = this.#byDevice.get(held.device) ?? [];
    this.#byDevice.set(held.device, list);
    insert(list, held);
    this.#digests.clear();
    return dropped.concat(this.#shorten([held.device]));
  }

  /** @returns what is no longer held: it is too old, or, since our clock was set, too much. */
  tidy(): Held[] {
    const floor = floorAt(this.#ports.now() - MAX_SKEW_MS);
    const dropped = this.#all.slice(
      0,
      firstNot(this.#all, ({ stamp }) => stamp < floor),
    );
    for (const one of dropped) this.#forget(one);
    return dropped.concat(this.#shorten([...this.#byDevice.keys()]));
  }

  /** base64url of SHA-256 over the sorted tokens. */
  digest(): string {
    return this.#digestFrom(floorAt(this.#ports.now()));
  }

  /** Whether that is the digest of what we hold, to a clock that is `MAX_SKEW_MS` ahead of ours, or behind. */
  agrees(digest: string): boolean {
    const now = this.#ports.now();
    return [now, now - MAX_SKEW_MS, now + MAX_SKEW_MS].some((at) => this.#digestFrom(floorAt(at)) === digest);
  }

  /** What we have for others, oldest first. */
  shared(floor: number = floorAt(this.#ports.now())): readonly Held[] {
    const from = firstNot(this.#all, ({ stamp }) => stamp < floor);
    return this.#all.slice(from, countTo(this.#all, this.#edge()));
  }

  #digestFrom(floor: number): string {
    const to = countTo(this.#all, this.#edge());
    const window = `${floor} ${to}`;
    let digest = this.#digests.get(window);
    if (digest === undefined) {
      const tokens = this.shared(floor).map(({ token }) => token);
      digest = toBase64url(this.#ports.hash(`lobby ${tokens.toSorted().join('')}`));
      if (this.#digests.size > 8) this.#digests.clear();
      this.#digests.set(window, digest);
    }
    return digest;
  }

  /**
   * The last stamp that others can have taken. Only our own entries can have later ones: from a time when our clock was
   * ahead. They stay where they are and are nobody's measure until the time has come. What others have said is a measure
   * of time, too: it was taken when our clock said so; so a clock that was set back harms nothing.
   */
  #edge(): number {
    const others = this.#all.findLast(({ device }) => device !== this.#ports.device);
    return Math.max(this.#ports.now(), others?.stamp ?? EPOCH) + MAX_SKEW_MS;
  }

  /** Whether it would be kept. */
  #isWanted(held: Held): boolean {
    if (held.stamp < floorAt(this.#ports.now())) return false;
    const before = this.#byKey.get(held.key);
    if (before !== undefined && compareEntries(before, held) >= 0) return false;
    const message = held.said.kind === 'edit' ? this.#byKey.get(keyOfItself(held.message)) : undefined;
    if (message?.said.kind === 'delete') return false;
    const list = this.#byDevice.get(held.device) ?? [];
    const edge = this.#edge();
    const isAmong = (all: readonly Held[], most: number): boolean => {
      const oldest = all[countTo(all, edge) - most];
      return oldest === undefined || compareEntries(oldest, held) < 0;
    };
    return isAmong(list, MAX_ENTRIES_OF_ONE) && isAmong(this.#all, MAX_LOBBY_ENTRIES);
  }

  #shorten(devices: readonly DeviceId[]): Held[] {
    const edge = this.#edge();
    const dropped: Held[] = [];
    const cut = (list: readonly Held[] | undefined, most: number): void => {
      if (list === undefined) return;
      const shared = countTo(list, edge);
      // Of our own from the future as many: the nearest.
      const excess = [...list.slice(0, Math.max(0, shared - most)), ...list.slice(shared + most)];
      for (const one of excess) this.#forget(one);
      dropped.push(...excess);
    };
    for (const device of devices) cut(this.#byDevice.get(device), MAX_ENTRIES_OF_ONE);
    cut(this.#all, MAX_LOBBY_ENTRIES);
    return dropped;
  }

  #forget(held: Held): void {
    this.#digests.clear();
    this.#byToken.delete(held.token);
    if (this.#byKey.get(held.key) === held) this.#byKey.delete(held.key);
    remove(this.#all, held);
    const list = this.#byDevice.get(held.device);
    if (list === undefined) return;
    remove(list, held);
    if (list.length === 0) this.#byDevice.delete(held.device);
  }
}
