import { NICK_ROLES } from '../theme/roles.ts';
import type { Role } from './cells.ts';

/** The same name has the same colour on every screen and every day: 32-bit FNV-1a of its letters, guests' sign left out. */
export function nickRole(name: string): Role {
  let hash = 0x811c9dc5;
  for (const character of name.replace(/^~/, '').toLowerCase()) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  // FNV's low bits hardly know the first letters: mixed as murmur3 ends.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
  return NICK_ROLES[((hash ^ (hash >>> 16)) >>> 16) % NICK_ROLES.length] ?? 'nick0';
}
