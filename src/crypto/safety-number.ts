/**
 * The safety number of two devices: 60 digits that both sides see alike, and that nobody in the middle can make equal. As
 * Signal's numeric fingerprint: for each side SHA-512 over and over of its key and its name, of which 30 digits are kept;
 * the smaller half comes first.
 */
import { createHash } from 'node:crypto';
import type { Party } from './e2ee-session.ts';
import { keyOf } from './identity.ts';

/** Rounds of SHA-512, as Signal: what each key costs that somebody tries, who looks for one with the same digits. */
const ROUNDS = 5200;
/** Five digits from each five bytes: 2^40 modulo 100,000 is even to one in ten million. */
const CHUNK = 5;
const CHUNKS = 6;

/**
 * 30 digits of one side. @param key as that side serialises it: ours are 32 bytes, Signal's have a type byte before.
 * @param name what they are called.
 */
export function fingerprintDigits(key: Uint8Array, name: string): string {
  // The version of the format, two bytes, stands before everything.
  let hash = createHash('sha512').update(new Uint8Array(2)).update(key).update(name).update(key).digest();
  for (let round = 1; round < ROUNDS; round++) hash = createHash('sha512').update(hash).update(key).digest();
  let digits = '';
  for (let chunk = 0; chunk < CHUNKS; chunk++)
    digits += String(hash.readUIntBE(chunk * CHUNK, CHUNK) % 100_000).padStart(CHUNK, '0');
  return digits;
}

function half(party: Party): string {
  const key = keyOf(party.device);
  if (key === undefined) throw new Error('a device that is no key has no safety number');
  return fingerprintDigits(key, party.user);
}

/** 60 digits, the same whichever side is named first. Takes tens of milliseconds. */
export const safetyNumber = (one: Party, other: Party): string => [half(one), half(other)].toSorted().join('');
