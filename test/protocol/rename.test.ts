import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RoomName, UserName } from '../../src/base/ids.ts';
import { type ClientMessage, clientMessage } from '../../src/protocol/client-messages.ts';
import { type Renaming, renameClientMessage, renameServerMessage } from '../../src/protocol/rename.ts';
import { parse, type Schema } from '../../src/protocol/schema.ts';
import { type ServerMessage, serverMessage } from '../../src/protocol/server-messages.ts';
import { arbitraryOf } from './messages.ts';

const LETTERS = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789_'];

/** Every name becomes another that could be one, and is as long. */
const turned = (name: string, by: number): string =>
  name
    .split('')
    .map((char) => {
      const row = LETTERS.find((letters) => letters.includes(char));
      return row === undefined ? char : row.at((row.indexOf(char) + by) % row.length);
    })
    .join('');

const turning = (by: number): Renaming => ({
  user: (name) => turned(name, by) as UserName,
  room: (name) => turned(name, by) as RoomName,
});
const there = turning(1);
const back = turning(-1);
const same: Renaming = { user: (name) => name, room: (name) => name };

/** All fields that hold the name of a user or a room, by what the schema says in words. */
function* namesIn(schema: Schema<unknown>, value: unknown): Generator<string> {
  const { shape, says } = schema;
  if (value === undefined) return;
  switch (shape.kind) {
    case 'optional':
      yield* namesIn(shape.inner, value);
      return;
    case 'list':
      for (const item of value as unknown[]) yield* namesIn(shape.item, item);
      return;
    case 'object':
      for (const [key, field] of Object.entries(shape.fields))
        yield* namesIn(field, (value as Record<string, unknown>)[key]);
      return;
    case 'variant': {
      const one = shape.variants[(value as Record<string, string>)[shape.tag] ?? ''];
      if (one !== undefined) yield* namesIn(one, value);
      return;
    }
    case 'pattern': {
      const name = value as string;
      // A user id of Unix or an IPv6 address is no name.
      if (/^a (user|room)[:,]/.test(says) && /^[~#]?[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name)) yield name;
      return;
    }
    case 'literal':
    case 'oneOf':
    case 'flag':
    case 'integer':
    case 'text':
      return;
  }
}

describe.each([
  [
    'client',
    clientMessage as Schema<unknown>,
    (m: unknown, to: Renaming) => renameClientMessage(m as ClientMessage, to),
  ],
  [
    'server',
    serverMessage as Schema<unknown>,
    (m: unknown, to: Renaming) => renameServerMessage(m as ServerMessage, to),
  ],
] as const)('in whatever a %s says', (_, schema, rename) => {
  test('every name is another afterwards, and nothing else is', () => {
    fc.assert(
      fc.property(arbitraryOf(schema), (message) => {
        const renamed = rename(message, there);
        const before = [...namesIn(schema, message)];
        expect([...namesIn(schema, renamed)]).toEqual(before.map((name) => turned(name, 1)));
        expect(rename(renamed, back)).toEqual(message);
      }),
      { numRuns: 500 },
    );
  });

  test('what names nobody, or keeps its names, is the very same message', () => {
    fc.assert(
      fc.property(arbitraryOf(schema), (message) => {
        expect(rename(message, same)).toBe(message);
        expect(parse(schema, message).ok).toBe(true);
      }),
    );
  });
});
