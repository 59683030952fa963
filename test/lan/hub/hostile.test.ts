import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LAN_FRAMES } from '../../../src/lan/mesh/frames.ts';
import { readLine } from '../../../src/lan/mesh/lines.ts';
import { CLIENT_MESSAGES } from '../../../src/protocol/client-messages.ts';
import { Program } from './program.ts';
import { pass, settle, World } from './world.ts';

const DEVICE = 'A'.repeat(43);
const id = fc.constantFrom('x', 'id-1', 'id-2', 'm-1', 'A'.repeat(36));
const text = fc.oneof(
  fc.string(),
  fc.constantFrom('', '\u001b[2J', '\u202e', '#lobby', 'bob', '~bob', DEVICE, '{"v":1}'),
);
const sealed = fc.record({
  from: fc.constant(DEVICE),
  group: fc.constant('AAAAAAAAAAAAAAAAAAAAAA'),
  seq: fc.nat(),
  message: fc.constant('AA'),
});
const value = fc.oneof(
  text,
  fc.nat(),
  fc.boolean(),
  fc.constant([]),
  sealed,
  fc.constant({ kind: 'ask', chat: 'AAAAAAAAAAAAAAAAAAAAAA', from: DEVICE, plain: true }),
  fc.constant({ kind: 'gone', chat: 'AAAAAAAAAAAAAAAAAAAAAA' }),
  fc.array(fc.record({ device: fc.constant(DEVICE), said: text, signature: fc.constant('A'.repeat(86)) }), {
    maxLength: 3,
  }),
);
/** Fields of all kinds of messages, right and wrong. */
const fields = (
  'id lobby entries more frame sealed time package code to text room seq re words user device packages claim n for emoji ' +
  'on since limit before around changes follow keep default'
).split(' ');
const anything = (types: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...types), id, fc.dictionary(fc.constantFrom(...fields), value))
    .map(([type, one, more]) => ({
      id: one,
      ...more,
      type,
    }));

test('nothing that others or our own programs say makes a fault', async () => {
  const world = new World();
  const alice = await world.comes('alice');
  const bob = await world.comes('bob');
  await pass(4000);
  let frames = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(anything(Object.keys(LAN_FRAMES)), { maxLength: 20 }),
      fc.array(anything(Object.keys(CLIENT_MESSAGES).filter((type) => type !== 'bye' && type !== 'hello')), {
        maxLength: 20,
      }),
      async (theirs, ours) => {
        for (const one of theirs) {
          const read = readLine(JSON.stringify(one));
          if (read.kind !== 'frame' || read.frame.type === 'hello' || read.frame.type === 'bye') continue;
          frames += 1;
          bob.sends(alice, read.frame);
        }
        const program = new Program(alice.hub).logIn();
        for (const one of ours) program.say(one);
        await settle();
        expect(program.errors).not.toContain('internal');
        program.say({ type: 'bye' });
        await settle();
        expect(program.ended).toBeDefined();
      },
    ),
    { numRuns: 100 },
  );
  expect(frames).toBeGreaterThan(50);
  alice.program.say({ type: 'lan' });
  await settle();
  expect(alice.program.last('lan').problems).toEqual([]);
});
