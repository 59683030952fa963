/** Places of the log on this device count from 0, those in a person's tab from 1. */
import { ownPlace, type Seq, seqAfter } from '../../base/ids.ts';

export const placeInTab = (at: number): Seq => seqAfter(ownPlace(at));
export const placeInLog = (seq: Seq): number => seq - 1;
