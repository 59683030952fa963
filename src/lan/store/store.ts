/**
 * What a hub keeps. The interface; `sqlite.ts` keeps it in a file of the data folder, `memory.ts` nowhere. Both run
 * `test/lan/store/conformance.ts`. All is synchronous: what has returned survives the program, in whatever way that ends;
 * mail, packages and whom we ignore a power cut, too. A call that can't be carried out throws, and changes nothing.
 */
import type { ClientId, DeviceId, UnixMs, UserName } from '../../base/ids.ts';
import type { Sealed } from '../../protocol/fields.ts';
import type { SignedEntry } from '../mesh/frames.ts';

/** Somebody whom we have met: a key, and the one name by which our own programs know it from then on. */
export interface Met {
  readonly device: DeviceId;
  readonly user: UserName;
  /** What they call themselves. */
  readonly name: string;
  readonly first: UnixMs;
  readonly last: UnixMs;
  /** We have written to them, or ignore them: whoever invents people can't have them forgotten. */
  readonly dealt: boolean;
}

export interface StoredMail {
  readonly n: number;
  readonly from: DeviceId;
  readonly id: ClientId;
  readonly sealed: Sealed;
  readonly time: UnixMs;
}

export interface LanStore {
  met(): readonly Met[];
  putMet(person: Met): void;
  dropMet(device: DeviceId): void;
  /** Oldest first. */
  entries(): readonly SignedEntry[];
  /** One transaction. @param dropped keys of entries that go. */
  putEntries(fresh: readonly SignedEntry[], dropped: readonly string[]): void;
  mail(): readonly StoredMail[];
  /** @returns its place, from 1 on, never given twice; of mail of the same author and id that is there, or was, the old one. */
  putMail(mail: Omit<StoredMail, 'n'>): { readonly n: number; readonly isNew: boolean };
  /** Up to and with this place it was shown. */
  dropMail(upTo: number): void;
  /** Key packages of ours that our own programs have brought, for others to claim. Oldest first. */
  packages(): readonly string[];
  /** Beside those that are there; beyond the protocol's `MAX_PACKAGES` the oldest go. */
  putPackages(packages: readonly string[]): void;
  /** The oldest, which nobody gets again. */
  takePackage(): string | undefined;
  /** A key package of somebody else's, kept for the time when they are away: one of each, of `MAX_HEARD` people. */
  spare(device: DeviceId): string | undefined;
  putSpare(device: DeviceId, keyPackage: string): void;
  takeSpare(device: DeviceId): string | undefined;
  /** Whom we block and mute. `until`: for how long; without it until `unmute`. */
  ignored(): {
    readonly blocked: readonly DeviceId[];
    readonly muted: readonly { readonly device: DeviceId; readonly until?: UnixMs | undefined }[];
  };
  putIgnored(ignored: ReturnType<LanStore['ignored']>): void;
  /** Safe to call twice. */
  close(): void;
}
