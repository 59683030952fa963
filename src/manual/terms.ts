/** How the options of the tables are written in manuals and told to shells. */
import type { Kind, Option, Value } from '../usage/option.ts';

const METAVARIABLES: Readonly<Record<Kind, string | undefined>> = {
  text: 'TEXT',
  flag: undefined,
  switch: 'on|off',
  port: 'PORT',
  count: 'NUMBER',
  duration: 'TIME',
};

const isList = (kind: Option['kind']): kind is readonly string[] => typeof kind !== 'string';

/** `FILE`, `on|off`; undefined for a flag. */
export function metavariable({ kind, value }: Option): string | undefined {
  if (isList(kind)) return kind.join('|');
  return value ?? METAVARIABLES[kind];
}

/** What a shell offers for an option's value: words, one of the lists that it makes by itself, or nothing. */
export type Offer = readonly string[] | 'files' | 'folders' | 'servers' | 'themes' | 'nothing';

const OFFERS: Readonly<Record<Value, Offer>> = {
  ADDRESS: 'nothing',
  CODE: 'nothing',
  FILE: 'files',
  FOLDER: 'folders',
  'HOST[:PORT]': 'servers',
  NAME: 'nothing',
  RULE: 'nothing',
  THEME: 'themes',
  WORDS: 'nothing',
};

/** @returns undefined for a flag. */
export function offerOf({ kind, value }: Option): Offer | undefined {
  if (isList(kind)) return kind;
  if (kind === 'flag') return undefined;
  if (kind === 'switch') return ['on', 'off'];
  return value === undefined ? 'nothing' : OFFERS[value];
}
