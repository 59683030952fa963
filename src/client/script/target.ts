/** Whom `uchat send` writes to, and whose messages `uchat history` prints. */
import type { RoomName, UserName } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import * as fields from '../../protocol/fields.ts';
import { LOBBY, parseRoom } from '../../protocol/names.ts';
import { parse } from '../../protocol/schema.ts';
import { type Failure, wrongUsage } from '../shell/outcome.ts';

export type Target =
  | { readonly kind: 'room'; readonly room: RoomName }
  | { readonly kind: 'person'; readonly person: UserName };

/**
 * `bob`, `@bob` and the guest `~bob` are people; `#dev` is a room, and so is `lobby`, the one that is there for all. What a
 * word means never depends on who or what is there, so that nothing private goes to a room by mistake.
 */
export function targetOf(typed: unknown): Result<Target, Failure> {
  const word = String(typed);
  const wrong = (why: string): Result<Target, Failure> => err(wrongUsage(`TARGET ${JSON.stringify(word)}: ${why}`));
  if (word.startsWith('#') || `#${word.toLowerCase()}` === LOBBY) {
    const room = parseRoom(word);
    return room.ok ? ok({ kind: 'room', room: room.value }) : wrong(room.error);
  }
  const person = parse(fields.user, word.replace(/^@/, ''));
  return person.ok ? ok({ kind: 'person', person: person.value }) : wrong('a person like bob, or a room like "#dev"');
}

/** Of `history`, where a word without a sign always was a room: `@bob` and the guest `~bob` are people. */
export const isPerson = (typed: unknown): boolean => typeof typed === 'string' && /^[@~]/.test(typed);
