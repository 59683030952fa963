import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import type { ClientId, GroupId } from '../../base/ids.ts';
import { group, id } from '../../protocol/fields.ts';
import { parse } from '../../protocol/schema.ts';
import { clock } from './clock.ts';

/** Bytes of chance in an id: no two of one author's in one millisecond are ever equal. */
const CHANCE_BYTES = 9;
/** Digits of the time, base 36: enough until the year 5188. */
const TIME_DIGITS = 9;
/** Bytes of an MLS group's id: nobody else has ever made the same. */
const GROUP_BYTES = 16;

/** The kernel's chance. */
const CHANCE = '/dev/urandom';

/** `node:crypto`, which comes to the same, takes 6 ms of the time until the first frame: its first request needs an id. */
function chance(): Buffer {
  const bytes = Buffer.alloc(CHANCE_BYTES);
  try {
    const file = openSync(CHANCE, 'r');
    try {
      if (readSync(file, bytes) === CHANCE_BYTES) return bytes;
    } finally {
      closeSync(file);
    }
  } catch {
    // Not every system has it.
  }
  return randomBytes(CHANCE_BYTES);
}

/**
 * An id that no other message of this user has: 21 characters. The time comes first, so that a server's index of ids
 * grows at its end, as with a UUID of version 7 (RFC 9562, 6.2): by chance alone each would touch a page of its own.
 */
export function newId(): ClientId {
  const time = clock.now().toString(36).padStart(TIME_DIGITS, '0');
  const made = parse(id, time + chance().toString('base64url'));
  if (!made.ok) throw new Error(made.error);
  return made.value;
}

/** An id for a private chat, and for the MLS group that carries it: 22 characters. */
export function newGroup(): GroupId {
  const made = parse(group, randomBytes(GROUP_BYTES).toString('base64url'));
  if (!made.ok) throw new Error(made.error);
  return made.value;
}
