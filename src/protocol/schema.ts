/**
 * Checks for what comes off the wire: small closures made once, so that a message costs tenths of a microsecond.
 *
 * A check returns undefined when the value fits, else one sentence part that says what is wrong and where. Fields that
 * a schema does not name are ignored, so that a newer peer may send more.
 */
import { err, ok, type Result } from '../base/result.ts';

/** undefined: it fits. Otherwise what is wrong, such as `text must be a string`. */
type Check = (value: unknown, path: string) => string | undefined;

/** How a schema is made, for whoever walks it: the specification's test, and the generator of messages in tests. */
type Shape =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'oneOf'; readonly values: readonly string[] }
  | { readonly kind: 'flag' }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'text'; readonly minChars: number; readonly maxBytes: number; readonly oneLine: boolean }
  | { readonly kind: 'pattern'; readonly regex: RegExp }
  | { readonly kind: 'optional'; readonly inner: Schema<unknown> }
  | { readonly kind: 'list'; readonly item: Schema<unknown>; readonly max: number }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Schema<unknown>>> }
  | { readonly kind: 'variant'; readonly tag: string; readonly variants: Readonly<Record<string, Schema<unknown>>> };

export interface Schema<T> {
  readonly check: Check;
  /** What the field holds, in words. */
  readonly says: string;
  readonly shape: Shape;
  /** Never present; carries the type. */
  readonly type?: T;
}

/** The type that a schema checks for. */
export type Infer<S> = S extends Schema<infer T> ? T : never;

type Fields = Readonly<Record<string, Schema<unknown>>>;
type OptionalKeys<F extends Fields> = { [K in keyof F]: undefined extends Infer<F[K]> ? K : never }[keyof F];
type Flatten<T> = { [K in keyof T]: T[K] };
export type InferFields<F extends Fields> = Flatten<
  { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: Infer<F[K]> } & {
    readonly [K in OptionalKeys<F>]?: Exclude<Infer<F[K]>, undefined>;
  }
>;

const schema = <T>(says: string, shape: Shape, check: Check): Schema<T> => ({ says, shape, check });

/** C0: what JSON writes as six bytes, `\\u0001`. */
const CONTROL = /[\0-\x1f]/;

const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v);

/** UTF-8 bytes of a well-formed string, without encoding it. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x800) bytes += unit >= 0xd800 && unit <= 0xdfff ? 1 : 2;
    else if (unit >= 0x80) bytes += 1;
  }
  return bytes;
}

export const literal = <const V extends string | number | boolean>(value: V): Schema<V> => {
  const says = JSON.stringify(value);
  return schema(says, { kind: 'literal', value }, (v, path) => (v === value ? undefined : `${path} must be ${says}`));
};

export const oneOf = <const V extends string>(...values: readonly V[]): Schema<V> => {
  const says = values.map((v) => JSON.stringify(v)).join(' or ');
  const known = new Set<unknown>(values);
  return schema(says, { kind: 'oneOf', values }, (v, path) => (known.has(v) ? undefined : `${path} must be ${says}`));
};

export const flag: Schema<boolean> = schema('true or false', { kind: 'flag' }, (v, path) =>
  typeof v === 'boolean' ? undefined : `${path} must be true or false`,
);

/** A whole number, safe in a double. */
export const integer = <T extends number = number>(
  min: number,
  max = Number.MAX_SAFE_INTEGER,
  says = `a whole number from ${min}`,
): Schema<T> =>
  schema(says, { kind: 'integer', min, max }, (v, path) =>
    typeof v === 'number' && Number.isSafeInteger(v) && v >= min && v <= max
      ? undefined
      : `${path} must be a whole number from ${min} to ${max}`,
  );

function textSchema(minChars: number, maxBytes: number, oneLine: boolean): Schema<string> {
  const says = `${oneLine ? 'a line' : 'text'} of ${minChars > 0 ? '1 to' : 'at most'} ${maxBytes} bytes`;
  return schema(says, { kind: 'text', minChars, maxBytes, oneLine }, (v, path) => {
    if (typeof v !== 'string') return `${path} must be a string`;
    if (v.length < minChars) return `${path} must not be empty`;
    // The cheap bound first: no string has fewer bytes than UTF-16 units.
    if (v.length > maxBytes || (v.length * 3 > maxBytes && utf8Bytes(v) > maxBytes))
      return `${path} is longer than ${maxBytes} bytes`;
    if (oneLine && CONTROL.test(v)) return `${path} must not have control characters`;
    return v.isWellFormed() ? undefined : `${path} is not well-formed Unicode`;
  });
}

/** A string of well-formed Unicode, of at most `maxBytes` as UTF-8. */
export const text = (minChars: number, maxBytes: number): Schema<string> => textSchema(minChars, maxBytes, false);

/** Text without C0 controls, so that JSON makes it at most twice as long. */
export const line = (minChars: number, maxBytes: number): Schema<string> => textSchema(minChars, maxBytes, true);

/** A string that matches a whole pattern. */
export const pattern = <T extends string>(regex: RegExp, says: string): Schema<T> =>
  schema(says, { kind: 'pattern', regex }, (v, path) =>
    typeof v === 'string' && regex.test(v) ? undefined : `${path} must be ${says}`,
  );

/** The same for a pattern that takes long to make: it is made when the first value is checked. */
export const lazyPattern = <T extends string>(make: () => RegExp, says: string): Schema<T> => {
  let made: RegExp | undefined;
  const regex = (): RegExp => (made ??= make());
  const shape: Shape = {
    kind: 'pattern',
    get regex() {
      return regex();
    },
  };
  return schema(says, shape, (v, path) =>
    typeof v === 'string' && regex().test(v) ? undefined : `${path} must be ${says}`,
  );
};

/** A field that may be left out; `null` isn't that. */
export const optional = <T>(inner: Schema<T>): Schema<T | undefined> =>
  schema(`${inner.says}; may be left out`, { kind: 'optional', inner }, (v, path) =>
    v === undefined ? undefined : inner.check(v, path),
  );

export const list = <T>(item: Schema<T>, max: number): Schema<readonly T[]> =>
  schema(`a list of at most ${max}: ${item.says}`, { kind: 'list', item, max }, (v, path) => {
    if (!Array.isArray(v)) return `${path} must be a list`;
    if (v.length > max) return `${path} has more than ${max} entries`;
    for (let i = 0; i < v.length; i++) {
      const wrong = item.check(v[i], `${path}[${i}]`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  });

export const object = <F extends Fields>(fields: F): Schema<InferFields<F>> & { readonly fields: F } => {
  const entries = Object.entries(fields);
  return {
    fields,
    says: 'an object',
    shape: { kind: 'object', fields },
    check: (v, path) => {
      if (!isObject(v)) return `${path || 'the message'} must be an object`;
      for (const [name, field] of entries) {
        const wrong = field.check(Object.hasOwn(v, name) ? v[name] : undefined, path ? `${path}.${name}` : name);
        if (wrong !== undefined) return wrong;
      }
      return undefined;
    },
  };
};

/** One of several objects, told apart by the literal in their field `tag`. */
export const variant = <V extends Readonly<Record<string, Schema<unknown>>>>(
  tag: string,
  variants: V,
): Schema<Infer<V[keyof V]>> => {
  const kinds = Object.keys(variants).join(' or ');
  return schema(`an object whose ${tag} is ${kinds}`, { kind: 'variant', tag, variants }, (v, path) => {
    if (!isObject(v)) return `${path || 'the message'} must be an object`;
    const kind = Object.hasOwn(v, tag) ? v[tag] : undefined;
    const found = typeof kind === 'string' && Object.hasOwn(variants, kind) ? variants[kind] : undefined;
    return found ? found.check(v, path) : `${path ? `${path}.` : ''}${tag} must be ${kinds}`;
  });
};

/** Checks an unknown value once, at the edge; inside, the type is trusted. */
export function parse<T>(s: Schema<T>, value: unknown): Result<T, string> {
  const wrong = s.check(value, '');
  return wrong === undefined ? ok(value as T) : err(wrong);
}
