/** What people type to search for, as the store wants it. */
import * as fields from '../../protocol/fields.ts';
import { parse } from '../../protocol/schema.ts';
import type { Search, SearchPlace } from '../store/store.ts';

/** `from:NAME`, also with an @; a phrase in quotes, of which the last may be missing; a word. */
const PART = /from:@?(?<name>\S+)|"(?<phrase>[^"]*)"?|(?<word>[^\s"]+)/giu;
/** Letters, marks, digits, and signs such as emoji. */
const HAS_WORD = /[\p{L}\p{M}\p{N}\p{Co}\p{So}]/u;

/** @returns undefined where there is nothing to search for. */
export function readWords(typed: string): Pick<Search, 'phrases' | 'prefix' | 'from'> | undefined {
  const phrases: string[] = [];
  let prefix = false;
  let from: string | undefined;
  for (const { 0: whole, groups = {} } of typed.matchAll(PART)) {
    const { name, phrase, word } = groups;
    if (name !== undefined && parse(fields.user, name).ok) {
      from = name;
      continue;
    }
    const words = phrase ?? word ?? whole;
    if (!HAS_WORD.test(words)) continue;
    phrases.push(words);
    prefix = phrase === undefined;
  }
  if (phrases.length === 0 && from === undefined) return undefined;
  return { phrases, prefix, ...(from === undefined ? {} : { from }) };
}

const CURSOR = /^(?<time>\d{1,16})\.(?<n>\d{1,16})$/;

export const writeCursor = ({ time, n }: SearchPlace): string => `${time}.${n}`;

/** @returns undefined where no server of ours has written it. */
export function readCursor(cursor: string): SearchPlace | undefined {
  const { time, n } = CURSOR.exec(cursor)?.groups ?? {};
  const [at, number] = [parse(fields.time, Number(time)), Number(n)];
  return at.ok && Number.isSafeInteger(number) ? { time: at.value, n: number } : undefined;
}
