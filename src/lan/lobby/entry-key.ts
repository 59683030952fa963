/** What a stored entry is found by. */
import type { SignedEntry } from '../mesh/frames.ts';

/** Author and signature: no two entries of one author have the same. */
export const keyOfEntry = ({ device, signature }: SignedEntry): string => `${device}.${signature}`;
