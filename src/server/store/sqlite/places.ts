/** How a message's row id holds its room and its place there. */
import type { Seq } from '../../../base/ids.ts';
import * as fields from '../../../protocol/fields.ts';
import { checked } from './rows.ts';

const ROOM_STEP = 2 ** 32;
/** The last place in a room: a thousand messages a second for 49 days, every day a person's lifetime otherwise. */
export const MAX_SEQ = ROOM_STEP - 1;
/** The last room: with `MAX_SEQ` it keeps every row id below 2^53, so that a number holds it exactly. */
export const MAX_ROOM = 2 ** 20;

export const rowOf = (room: number, seq: number): number => room * ROOM_STEP + seq;
export const roomOf = (row: number): number => Math.floor(row / ROOM_STEP);
export const seqOf = (row: number): Seq => checked(fields.seq, row % ROOM_STEP);
