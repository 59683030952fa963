import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLIENT_MESSAGES, type ClientMessage, clientMessage } from '../../src/protocol/client-messages.ts';
import { decodeClientMessage, decodeServerMessage, encode } from '../../src/protocol/codec.ts';
import { FrameDecoder } from '../../src/protocol/frame-decoder.ts';
import { MAX_EMOJI, MAX_FRAME_BYTES, MAX_REACTIONS } from '../../src/protocol/limits.ts';
import { utf8Bytes } from '../../src/protocol/schema.ts';
import { SERVER_MESSAGES, type ServerMessage, serverMessage } from '../../src/protocol/server-messages.ts';
import { arbitraryOf, longestOf } from './messages.ts';

const anyClientMessage = arbitraryOf(clientMessage) as fc.Arbitrary<ClientMessage>;
const anyServerMessage = arbitraryOf(serverMessage) as fc.Arbitrary<ServerMessage>;
const NAUGHTY: readonly string[] = JSON.parse(
  readFileSync(new URL('../data/naughty-strings.json', import.meta.url), 'utf8'),
);

/** A line without its newline. */
const lineOf = (message: ClientMessage | ServerMessage): string => encode(message).slice(0, -1);

describe('a message', () => {
  test('of a client comes out as it went in', () => {
    fc.assert(
      fc.property(anyClientMessage, (message) => {
        expect(decodeClientMessage(lineOf(message))).toEqual({ ok: true, value: message });
      }),
      { numRuns: 500 },
    );
  });

  test('of a server comes out as it went in', () => {
    fc.assert(
      fc.property(anyServerMessage, (message) => {
        expect(decodeServerMessage(lineOf(message))).toEqual({ ok: true, value: message });
      }),
      { numRuns: 500 },
    );
  });

  test('is one line, whatever is in it', () => {
    fc.assert(
      fc.property(fc.oneof(anyClientMessage, anyServerMessage), (message) => {
        const line = encode(message);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        const frames = new FrameDecoder().push(new TextEncoder().encode(line));
        expect(frames).toEqual([{ ok: true, line: line.slice(0, -1) }]);
      }),
    );
  });

  test('carries any text of the big list of naughty strings', () => {
    for (const text of NAUGHTY) {
      const decoded = decodeClientMessage(JSON.stringify({ type: 'say', to: '#lobby', text }));
      if (text === '') expect(decoded).toMatchObject({ ok: false, error: { text: 'text must not be empty' } });
      else expect(decoded).toEqual({ ok: true, value: { type: 'say', to: '#lobby', text } });
    }
  });

  test('of each type has been generated', () => {
    const seen = new Set(fc.sample(fc.oneof(anyClientMessage, anyServerMessage), 2000).map(({ type }) => type));
    expect([...seen].sort()).toEqual([...new Set(Object.keys({ ...CLIENT_MESSAGES, ...SERVER_MESSAGES }))].sort());
  });
});

describe('the longest message', () => {
  test.each(Object.entries(CLIENT_MESSAGES))('%s of a client fits a frame, and is valid', (_type, schema) => {
    const longest = longestOf(schema, () => undefined) as ClientMessage;
    expect(decodeClientMessage(lineOf(longest))).toMatchObject({ ok: true });
    expect(utf8Bytes(encode(longest))).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  });

  test.each(Object.entries(SERVER_MESSAGES))('%s of a server fits a frame, and is valid', (_type, schema) => {
    // A page of history is as long as the frame lets it be, and holds at least one message. All emoji of a message share
    // its reactions.
    const shorter = (path: string): number | undefined => {
      if (path === 'messages') return 1;
      return path.endsWith('reactions[].users') ? MAX_REACTIONS / MAX_EMOJI : undefined;
    };
    const longest = longestOf(schema, shorter) as ServerMessage;
    expect(decodeServerMessage(lineOf(longest))).toMatchObject({ ok: true });
    expect(utf8Bytes(encode(longest))).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  });
});

describe('what is no message is refused', () => {
  test.each([
    ['not JSON', 'hello', { code: 'bad_json', text: 'this line is not JSON' }],
    ['half of JSON', '{"type":"say"', { code: 'bad_json', text: 'this line is not JSON' }],
    ['a byte order mark', '\ufeff{"type":"bye"}', { code: 'bad_json', text: 'this line is not JSON' }],
    ['deep brackets', '['.repeat(60_000), { code: 'bad_json', text: 'this line is not JSON' }],
    ['no object', '[]', { code: 'bad_message', text: 'the message must be an object' }],
    ['null', 'null', { code: 'bad_message', text: 'the message must be an object' }],
    [
      'an unknown type',
      '{"type":"dance","id":"a1"}',
      { code: 'unknown_type', text: 'no message has this type', id: 'a1' },
    ],
    ['a type of every object', '{"type":"constructor"}', { code: 'unknown_type', text: 'no message has this type' }],
    ['its prototype', '{"type":"__proto__"}', { code: 'unknown_type', text: 'no message has this type' }],
    ['a missing field', '{"type":"join","id":"a1"}', { code: 'bad_message', id: 'a1' }],
    ['an unusable id', '{"type":"join","room":"#a","id":"no good"}', { code: 'bad_message' }],
    ['null where a field may be left out', '{"type":"rooms","id":null}', { code: 'bad_message' }],
    [
      'a wrong field inside',
      '{"type":"hello","version":1,"auth":{"method":"magic"}}',
      { text: 'auth.method must be guest or host or password or register or key' },
    ],
  ])('%s', (_name, line, error) => {
    const decoded = decodeClientMessage(line);
    expect(decoded).toMatchObject({ ok: false, error });
    if (!decoded.ok && !('id' in error)) expect(decoded.error).not.toHaveProperty('id');
  });

  test('with a deep but whole nest too', () => {
    const nest = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    expect(decodeClientMessage(nest)).toMatchObject({ ok: false });
  });

  test('noise never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.json(),
          fc.jsonValue().map((v) => JSON.stringify(v)),
        ),
        (line) => {
          for (const decoded of [decodeClientMessage(line), decodeServerMessage(line)]) {
            expect(decoded.ok).toBe(false);
            if (!decoded.ok) expect(decoded.error.text).toMatch(/^[^\n]{1,500}$/);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('a message with one field spoilt is refused in a sentence that names the field', () => {
    const types = Object.entries(CLIENT_MESSAGES);
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.jsonValue(),
        fc.infiniteStream(fc.nat()),
        ([type, schema], junk, random) => {
          const message = longestOf(schema, () => undefined) as Record<string, unknown>;
          const names = Object.keys(schema.fields).filter((name) => name !== 'type');
          const name = names[random.next().value % Math.max(1, names.length)];
          if (
            name === undefined ||
            (schema.fields as Record<string, { check: (v: unknown, p: string) => unknown }>)[name]?.check(junk, 'x') ===
              undefined
          )
            return;
          const decoded = decodeClientMessage(JSON.stringify({ ...message, type, [name]: junk }));
          expect(decoded.ok).toBe(false);
          if (!decoded.ok) expect(decoded.error.text.startsWith(name)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a newer peer', () => {
  test('may send more fields, at any place', () => {
    expect(decodeClientMessage('{"type":"say","to":"#lobby","text":"hi","mood":"fine"}').ok).toBe(true);
    expect(
      decodeServerMessage('{"type":"room","room":{"name":"#a","topic":"","last":0,"colour":"red"},"since":1}').ok,
    ).toBe(true);
  });

  test('may send fields with names that objects have, and they do nothing', () => {
    const line = '{"type":"rooms","__proto__":{"id":"evil"},"constructor":1,"toString":2,"hasOwnProperty":3}';
    const decoded = decodeClientMessage(line);
    expect(decoded.ok).toBe(true);
    if (!decoded.ok || decoded.value.type !== 'rooms') throw new Error('not rooms');
    expect(decoded.value.id).toBeUndefined();
    expect(({} as { id?: unknown }).id).toBeUndefined();
  });
});
