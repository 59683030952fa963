/** Messages made from their schemas: arbitrary ones, and the longest. */
import fc from 'fast-check';
import type { Schema } from '../../src/protocol/schema.ts';

/** Entries in a generated list: enough to matter, few enough to be quick. */
const LIST_ENTRIES = 5;

/** One of each kind of sequence; the last one is the longest of all. */
export const EMOJI: readonly string[] = ['👍', '❤️', '1️⃣', '🇬🇧', '👍🏽', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '👨‍👩‍👧‍👦', '👩🏻‍❤️‍💋‍👨🏿'];

/** Anything that the schema takes. */
export function arbitraryOf(schema: Schema<unknown>): fc.Arbitrary<unknown> {
  const { shape } = schema;
  switch (shape.kind) {
    case 'literal':
      return fc.constant(shape.value);
    case 'oneOf':
      return fc.constantFrom(...shape.values);
    case 'flag':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: shape.min, max: shape.max });
    case 'text':
      return fc
        .string({ unit: 'binary', minLength: shape.minChars, maxLength: Math.min(40, Math.floor(shape.maxBytes / 4)) })
        .map((text) => text.toWellFormed())
        .map((text) => (shape.oneLine ? text.replace(/[\0-\x1f]/g, ' ') : text));
    case 'pattern':
      return shape.regex.unicodeSets ? fc.constantFrom(...EMOJI) : fc.stringMatching(shape.regex);
    case 'optional':
      return fc.option(arbitraryOf(shape.inner), { nil: undefined });
    case 'list':
      return fc.array(arbitraryOf(shape.item), { maxLength: Math.min(LIST_ENTRIES, shape.max) });
    case 'variant':
      return fc.oneof(...Object.values(shape.variants).map(arbitraryOf));
    case 'object':
      return fc
        .record(Object.fromEntries(Object.entries(shape.fields).map(([name, field]) => [name, arbitraryOf(field)])))
        .map(withoutUndefined);
  }
}

const withoutUndefined = (record: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

/** The value of a schema whose JSON is the longest. Lists are as long as they may be, but for `shorter`. */
export function longestOf(schema: Schema<unknown>, shorter: (path: string) => number | undefined, path = ''): unknown {
  const { shape } = schema;
  switch (shape.kind) {
    case 'literal':
      return shape.value;
    case 'oneOf':
      return shape.values.toSorted((a, b) => b.length - a.length)[0];
    case 'flag':
      return false;
    case 'integer':
      return shape.max;
    case 'text':
      // What JSON makes the most of: six bytes of a control character, else two of a quotation mark.
      return (shape.oneLine ? '"' : '\u0001').repeat(shape.maxBytes);
    case 'pattern':
      return longestMatch(shape.regex);
    case 'optional':
      return longestOf(shape.inner, shorter, path);
    case 'list':
      return Array.from({ length: shorter(path) ?? shape.max }, () => longestOf(shape.item, shorter, `${path}[]`));
    case 'variant':
      return Object.values(shape.variants)
        .map((one) => longestOf(one, shorter, path))
        .toSorted((a, b) => JSON.stringify(b).length - JSON.stringify(a).length)[0];
    case 'object':
      return Object.fromEntries(
        Object.entries(shape.fields).map(([name, field]) => [
          name,
          longestOf(field, shorter, path ? `${path}.${name}` : name),
        ]),
      );
  }
}

/** All patterns of the protocol are a sign or none, and letters up to a number; keys end in one whose lowest bits are 0. */
function longestMatch(regex: RegExp): string {
  if (regex.unicodeSets) return EMOJI.at(-1) ?? '';
  for (let length = 100; length > 0; length--) {
    for (const sign of ['~', '#', 'SHA256:', '']) {
      const texts = [`${sign}${'a'.repeat(length)}`, `${sign}${'A'.repeat(length)}`];
      const text = texts.find((one) => regex.test(one));
      if (text !== undefined) return text;
    }
  }
  throw new Error(`nothing matches ${regex.source}`);
}
