/**
 * Messages with other names in them. Which fields hold names is read off the schemas, so that none that a later message has
 * is forgotten.
 */
import type { RoomName, UserName } from '../base/ids.ts';
import { type ClientMessage, clientMessage } from './client-messages.ts';
import * as f from './fields.ts';
import { USER_NAME } from './names.ts';
import type { Schema } from './schema.ts';
import { type ServerMessage, serverMessage } from './server-messages.ts';

/** What each name becomes. */
export interface Renaming {
  readonly user: (name: UserName) => UserName;
  readonly room: (name: RoomName) => RoomName;
}

/** What is the same after it is the very object that was given. */
type Rename = (value: unknown, to: Renaming) => unknown;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const asUser: Rename = (value, { user }) => (typeof value === 'string' ? user(value as UserName) : value);
const asRoom: Rename = (value, { room }) => (typeof value === 'string' ? room(value as RoomName) : value);
const asTarget: Rename = (value, to) =>
  typeof value === 'string' && value.startsWith('#') ? asRoom(value, to) : asUser(value, to);
/** A user, a Unix user id or an address. */
const asBanTarget: Rename = (value, to) =>
  typeof value === 'string' && USER_NAME.test(value) ? asUser(value, to) : value;

const NAMES: ReadonlyMap<Schema<unknown>, Rename> = new Map<Schema<unknown>, Rename>([
  [f.user, asUser],
  [f.room, asRoom],
  [f.target, asTarget],
  [f.banTarget, asBanTarget],
]);

function changed(value: Readonly<Record<string, unknown>>, fields: readonly (readonly [string, unknown])[]): unknown {
  const others = fields.filter(([name, now]) => value[name] !== now);
  return others.length === 0 ? value : { ...value, ...Object.fromEntries(others) };
}

/** @returns undefined where nothing in it is a name. */
function compile(schema: Schema<unknown>): Rename | undefined {
  const name = NAMES.get(schema);
  if (name !== undefined) return name;
  const { shape } = schema;
  switch (shape.kind) {
    case 'optional':
      return compile(shape.inner);
    case 'list': {
      const item = compile(shape.item);
      return item && ((value, to) => inList(value, (one) => item(one, to)));
    }
    case 'object': {
      const fields = compileAll(shape.fields);
      if (fields.size === 0) return undefined;
      return (value, to) =>
        isObject(value)
          ? changed(
              value,
              [...fields].flatMap(([key, rename]) => (key in value ? [[key, rename(value[key], to)] as const] : [])),
            )
          : value;
    }
    case 'variant': {
      const { tag } = shape;
      const variants = compileAll(shape.variants);
      if (variants.size === 0) return undefined;
      return (value, to) => {
        const kind = isObject(value) ? value[tag] : undefined;
        return typeof kind === 'string' ? (variants.get(kind)?.(value, to) ?? value) : value;
      };
    }
    case 'literal':
    case 'oneOf':
    case 'flag':
    case 'integer':
    case 'text':
    case 'pattern':
      return undefined;
  }
}

function inList(value: unknown, rename: (one: unknown) => unknown): unknown {
  if (!Array.isArray(value)) return value;
  const list: readonly unknown[] = value;
  const now = list.map(rename);
  return now.every((one, i) => one === list[i]) ? list : now;
}

function compileAll(schemas: Readonly<Record<string, Schema<unknown>>>): ReadonlyMap<string, Rename> {
  return new Map(
    Object.entries(schemas).flatMap(([key, schema]) => {
      const rename = compile(schema);
      return rename === undefined ? [] : [[key, rename] as const];
    }),
  );
}

const ofClient = compile(clientMessage);
const ofServer = compile(serverMessage);

export const renameClientMessage = <M extends ClientMessage>(message: M, to: Renaming): M =>
  (ofClient?.(message, to) ?? message) as M;

export const renameServerMessage = <M extends ServerMessage>(message: M, to: Renaming): M =>
  (ofServer?.(message, to) ?? message) as M;

/**
 * The same for what has no schema. @param keys fields, at any depth, that hold the name of a user, or several; text is no field
 * of these.
 */
export const renameFields = <T>(value: T, keys: ReadonlySet<string>, to: Renaming): T =>
  renameInside(value, keys, to) as T;

function renameInside(value: unknown, keys: ReadonlySet<string>, to: Renaming): unknown {
  if (Array.isArray(value)) return inList(value, (one) => renameInside(one, keys, to));
  // A secret, too, is an object, and stays the one that it is.
  if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return changed(
    value,
    Object.entries(value).map(([key, held]) => {
      if (!keys.has(key)) return [key, renameInside(held, keys, to)] as const;
      return [key, Array.isArray(held) ? inList(held, (one) => asUser(one, to)) : asUser(held, to)] as const;
    }),
  );
}
