/** A store that ends with the program. */
import type { DeviceId } from '../../base/ids.ts';
import { MAX_PACKAGES } from '../../protocol/limits.ts';
import { MAX_HEARD } from '../limits.ts';
import { keyOfEntry } from '../lobby/entry-key.ts';
import type { SignedEntry } from '../mesh/frames.ts';
import { MAX_KNOWN_MAIL } from './bounds.ts';
import type { LanStore, Met, StoredMail } from './store.ts';

const keyOfMail = ({ from, id }: Pick<StoredMail, 'from' | 'id'>): string => `${from} ${id}`;

/** The oldest go: those that were put first. */
function shorten(map: Map<unknown, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}

class MemoryStore implements LanStore {
  readonly #met = new Map<DeviceId, Met>();
  readonly #entries = new Map<string, SignedEntry>();
  /** By author and id. */
  readonly #mail = new Map<string, StoredMail>();
  /** Of mail that was shown: its place. */
  readonly #known = new Map<string, number>();
  #lastMail = 0;
  readonly #packages = new Set<string>();
  readonly #spares = new Map<DeviceId, string>();
  #ignored: ReturnType<LanStore['ignored']> = { blocked: [], muted: [] };

  met(): readonly Met[] {
    return [...this.#met.values()];
  }

  putMet(person: Met): void {
    const other = this.#met.values().find(({ user, device }) => user === person.user && device !== person.device);
    if (other !== undefined) throw new Error('two keys have one name');
    this.#met.set(person.device, person);
  }

  dropMet(device: DeviceId): void {
    this.#met.delete(device);
  }

  entries(): readonly SignedEntry[] {
    return [...this.#entries.values()];
  }

  putEntries(fresh: readonly SignedEntry[], dropped: readonly string[]): void {
    for (const entry of fresh) {
      const key = keyOfEntry(entry);
      if (!this.#entries.has(key)) this.#entries.set(key, entry);
    }
    for (const key of dropped) this.#entries.delete(key);
  }

  mail(): readonly StoredMail[] {
    return [...this.#mail.values()];
  }

  putMail(mail: Omit<StoredMail, 'n'>): { readonly n: number; readonly isNew: boolean } {
    const key = keyOfMail(mail);
    const old = this.#mail.get(key)?.n ?? this.#known.get(key);
    if (old !== undefined) return { n: old, isNew: false };
    const n = ++this.#lastMail;
    this.#mail.set(key, { ...mail, n });
    return { n, isNew: true };
  }

  dropMail(upTo: number): void {
    for (const [key, { n }] of this.#mail) {
      if (n > upTo) break;
      this.#mail.delete(key);
      this.#known.set(key, n);
    }
    shorten(this.#known, MAX_KNOWN_MAIL);
  }

  packages(): readonly string[] {
    return [...this.#packages];
  }

  putPackages(packages: readonly string[]): void {
    for (const one of packages) this.#packages.add(one);
    for (const one of this.#packages) {
      if (this.#packages.size <= MAX_PACKAGES) return;
      this.#packages.delete(one);
    }
  }

  takePackage(): string | undefined {
    const [oldest] = this.#packages;
    if (oldest !== undefined) this.#packages.delete(oldest);
    return oldest;
  }

  spare(device: DeviceId): string | undefined {
    return this.#spares.get(device);
  }

  putSpare(device: DeviceId, keyPackage: string): void {
    this.#spares.delete(device);
    this.#spares.set(device, keyPackage);
    shorten(this.#spares, MAX_HEARD);
  }

  takeSpare(device: DeviceId): string | undefined {
    const spare = this.#spares.get(device);
    this.#spares.delete(device);
    return spare;
  }

  ignored(): ReturnType<LanStore['ignored']> {
    return this.#ignored;
  }

  putIgnored(ignored: ReturnType<LanStore['ignored']>): void {
    this.#ignored = ignored;
  }

  close(): void {
    // Nothing is open.
  }
}

export const memoryStore = (): LanStore => new MemoryStore();
