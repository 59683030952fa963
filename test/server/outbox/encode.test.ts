import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeServerMessage, encode } from '../../../src/protocol/codec.ts';
import { LAST_TIME } from '../../../src/protocol/fields.ts';
import type { ServerMessage } from '../../../src/protocol/server-messages.ts';
import { encodeLine } from '../../../src/server/outbox/encode.ts';

const message = fc.record(
  {
    type: fc.constant('message'),
    to: fc.stringMatching(/^#[a-z0-9_][a-z0-9_.-]{0,31}$/),
    seq: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    from: fc.stringMatching(/^~?[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$/),
    text: fc.string({ unit: 'binary', minLength: 1, maxLength: 100 }),
    time: fc.nat({ max: LAST_TIME }),
    id: fc.stringMatching(/^[A-Za-z0-9_-]{1,36}$/),
    re: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  },
  { requiredKeys: ['type', 'to', 'seq', 'from', 'text', 'time'] },
);

test('a message that is encoded by hand is the same line', () => {
  fc.assert(
    fc.property(message, (value) => {
      const line = encodeLine(value as ServerMessage);
      expect(line).toBe(encode(value as ServerMessage));
      expect(decodeServerMessage(line.slice(0, -1))).toEqual({ ok: true, value });
    }),
  );
});

test('other frames are encoded as ever', () => {
  expect(encodeLine({ type: 'pong', n: 1 })).toBe('{"type":"pong","n":1}\n');
});
