import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  flag,
  integer,
  line,
  list,
  literal,
  object,
  oneOf,
  optional,
  parse,
  pattern,
  type Schema,
  text,
  utf8Bytes,
  variant,
} from '../../src/protocol/schema.ts';

const size = object({ width: integer(0, 9), unit: optional(oneOf('cells', 'rows')) });
const shape = variant('kind', {
  dot: object({ kind: literal('dot') }),
  box: object({ kind: literal('box'), size }),
});

/** What a schema says about a field `x` that holds `value`. */
const refusal = (schema: Schema<unknown>, value: unknown): string | undefined => schema.check(value, 'x');

describe('what fits', () => {
  test.each<[string, Schema<unknown>, unknown]>([
    ['a literal', literal('a'), 'a'],
    ['one of several', oneOf('a', 'b'), 'b'],
    ['true', flag, true],
    ['a number at its edges', integer(0, 9), 9],
    ['the greatest number', integer(0), Number.MAX_SAFE_INTEGER],
    ['text as long as it may be', text(1, 4), 'äö'],
    ['text with a newline', text(1, 4), 'a\n'],
    ['an empty text where it may be', text(0, 4), ''],
    ['a pattern', pattern(/^a+$/, 'a'), 'aaa'],
    ['nothing', optional(flag), undefined],
    ['a list', list(flag, 2), [true, false]],
    ['an empty list', list(flag, 2), []],
    ['an object', size, { width: 1 }],
    ['an object with all its fields', size, { width: 1, unit: 'rows' }],
    ['an object with more', size, { width: 1, height: 2 }],
    ['a variant', shape, { kind: 'box', size: { width: 3 } }],
  ])('%s', (_name, schema, value) => {
    expect(refusal(schema, value)).toBeUndefined();
    expect(parse(schema, value)).toEqual({ ok: true, value });
  });
});

describe('what does not fit is refused in words', () => {
  test.each<[Schema<unknown>, unknown, string]>([
    [literal('a'), 'b', 'x must be "a"'],
    [literal(1), '1', 'x must be 1'],
    [oneOf('a', 'b'), 'c', 'x must be "a" or "b"'],
    [oneOf('a', 'b'), undefined, 'x must be "a" or "b"'],
    [flag, 0, 'x must be true or false'],
    [integer(0, 9), 10, 'x must be a whole number from 0 to 9'],
    [integer(0, 9), -1, 'x must be a whole number from 0 to 9'],
    [integer(0, 9), 1.5, 'x must be a whole number from 0 to 9'],
    [integer(0, 9), '1', 'x must be a whole number from 0 to 9'],
    [integer(0, 9), Number.NaN, 'x must be a whole number from 0 to 9'],
    [integer(0), 2 ** 53, 'x must be a whole number from 0 to 9007199254740991'],
    [text(1, 4), '', 'x must not be empty'],
    [text(1, 4), 'abcde', 'x is longer than 4 bytes'],
    [text(1, 4), 'äöü', 'x is longer than 4 bytes'],
    [text(1, 4), '\ud800', 'x is not well-formed Unicode'],
    [text(1, 4), ['a'], 'x must be a string'],
    [line(0, 4), 'a\n', 'x must not have control characters'],
    [line(0, 4), '\0', 'x must not have control characters'],
    [pattern(/^a+$/, 'some a'), 'b', 'x must be some a'],
    [pattern(/^a+$/, 'some a'), ['a'], 'x must be some a'],
    [optional(flag), null, 'x must be true or false'],
    [list(flag, 2), 'no', 'x must be a list'],
    [list(flag, 2), { length: 1 }, 'x must be a list'],
    [list(flag, 2), [true, true, true], 'x has more than 2 entries'],
    [list(flag, 2), [true, 1], 'x[1] must be true or false'],
    [size, null, 'x must be an object'],
    [size, [], 'x must be an object'],
    [size, {}, 'x.width must be a whole number from 0 to 9'],
    [size, { width: 1, unit: 'miles' }, 'x.unit must be "cells" or "rows"'],
    [list(size, 2), [{ width: 1 }, { width: 'a' }], 'x[1].width must be a whole number from 0 to 9'],
    [shape, 7, 'x must be an object'],
    [shape, {}, 'x.kind must be dot or box'],
    [shape, { kind: 'constructor' }, 'x.kind must be dot or box'],
    [shape, { kind: ['box'] }, 'x.kind must be dot or box'],
    [shape, { kind: 'box', size: { width: 10 } }, 'x.size.width must be a whole number from 0 to 9'],
  ])('%# %o', (schema, value, words) => expect(refusal(schema, value)).toBe(words));

  test('and at the top by the name of the field alone', () => {
    expect(parse(size, { width: 10 })).toEqual({ ok: false, error: 'width must be a whole number from 0 to 9' });
    expect(parse(size, 7)).toEqual({ ok: false, error: 'the message must be an object' });
    expect(parse(shape, [])).toEqual({ ok: false, error: 'the message must be an object' });
  });
});

describe('fields that an object only inherits', () => {
  test('are not there', () => {
    const inherits: unknown = Object.create({ width: 1, kind: 'dot' });
    expect(parse(size, inherits).ok).toBe(false);
    expect(parse(shape, inherits).ok).toBe(false);
    const named = object({ toString: optional(flag), constructor: optional(flag) });
    expect(parse(named, {}).ok).toBe(true);
  });
});

test('bytes are counted as an encoder makes them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      expect(utf8Bytes(value.toWellFormed())).toBe(new TextEncoder().encode(value).length);
    }),
  );
});

test('a text is measured in bytes, exactly at its limit', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => {
      const bytes = new TextEncoder().encode(value).length;
      expect(text(0, bytes).check(value, 'x')).toBeUndefined();
      expect(text(0, bytes - 1).check(value, 'x')).toBe(`x is longer than ${bytes - 1} bytes`);
    }),
  );
});
