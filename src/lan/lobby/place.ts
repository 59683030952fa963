/**
 * Where a message stands: a whole number that is the same on every host, and ascends as the order does.
 *
 * It is the message's stamp with some bits of a hash of its author and id behind it, so that it can be said of a message
 * that isn't here, and so that two of the same millisecond hardly ever have the same. Where they do (one pair of such in
 * 8192, or because somebody has sought for it), the one whose key, then id, comes first has the place, and the other the
 * next one that is free. So places are a function of what is held, as all else: who holds the same has the same places.
 *
 * The price: a message that comes late, and before one that has its place already, moves that one on by a place. Its text,
 * author and time don't change. It is told again at its new place, as `message`, after the one that has its old place now:
 * what comes for a place that is held already, under another id, takes it.
 */
import { type ClientId, type DeviceId, ownPlace, type Seq, type UnixMs, unixMs } from '../../base/ids.ts';

/** Values of the hash behind a stamp: 13 bits. */
const TIES = 8192;
/** 2026-01-01 UTC, in milliseconds: there is no entry from before. */
export const EPOCH: UnixMs = unixMs(1_767_225_600_000);
/** Milliseconds that fit a place beside the hash: until 2060. */
export const LAST_STAMP = EPOCH + (Number.MAX_SAFE_INTEGER + 1) / TIES - 2;

/** A message, by its author, the id that they gave it, and its stamp. So whoever names it knows its place. */
export interface MessageRef {
  readonly device: DeviceId;
  readonly id: ClientId;
  readonly stamp: UnixMs;
}

/** What the order goes by: stamp, then hash, then key, then id. */
export interface Position extends MessageRef {
  readonly tie: number;
}

type Hash = (text: string) => Uint8Array;

export function positionOf({ device, id, stamp }: MessageRef, hash: Hash): Position {
  const [high = 0, low = 0] = hash(`place ${device} ${id}`);
  return { device, id, stamp, tie: (high * 256 + low) % TIES };
}

/** Negative where `a` comes first; 0 for the same one. */
export function comparePositions(a: Position, b: Position): number {
  if (a.stamp !== b.stamp) return a.stamp - b.stamp;
  if (a.tie !== b.tie) return a.tie - b.tie;
  return compareText(a.device, b.device) || compareText(a.id, b.id);
}

/** By UTF-16 units: not by anybody's language. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** @param after the place of the one before it; 0 where there is none. */
export const placeAfter = ({ stamp, tie }: Position, after: number): Seq =>
  ownPlace(Math.max((stamp - EPOCH) * TIES + tie + 1, after + 1));

/** The index of the first for which `isBefore` no longer holds. @param list those for which it holds come first. */
export function firstNot<T>(list: readonly T[], isBefore: (one: T) => boolean): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const one = list[middle];
    if (one !== undefined && isBefore(one)) from = middle + 1;
    else to = middle;
  }
  return from;
}
