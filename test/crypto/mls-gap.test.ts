/** What was lost is given up knowingly, and the session goes on. */
import { expect, test } from 'vitest';
import type { E2eeSession, SealedMessage } from '../../src/crypto/e2ee-session.ts';
import { bytes, codeOf, good, pair, read, textOf } from './pair.ts';

const skipping = async (session: E2eeSession, sealed: SealedMessage): Promise<string> =>
  textOf(good(await session.open(sealed, 'known')));

test('a message after one that is lost opens where that is known, and those after it as ever', async () => {
  const { a, b } = await pair();
  const sent: SealedMessage[] = [];
  for (const text of ['one', 'two', 'three', 'four', 'five']) sent.push(await a.seal(bytes(text)));
  const [one, , , four, five] = sent as [SealedMessage, SealedMessage, SealedMessage, SealedMessage, SealedMessage];
  expect(await read(b, one)).toBe('one');
  expect(await read(b, four)).toBe('missing');
  expect(await skipping(b, four)).toBe('four');
  expect(b.nextIn).toBe(5);
  expect(await read(b, five)).toBe('five');
});

test('what was given up can not be opened any more, from a copy of the state either', async () => {
  const { bob, a, b } = await pair();
  const [one, two] = [await a.seal(bytes('one')), await a.seal(bytes('two'))];
  expect(await skipping(b, two)).toBe('two');
  expect(await read(b, one)).toBe('replayed');
  const restored = await bob.restore(b.save());
  expect(codeOf(await restored.open({ ...one, seq: 3 }, 'known'))).not.toBe('ok');
  expect(codeOf(await restored.open({ ...two, seq: 3 }, 'known'))).not.toBe('ok');
});

test('a place that a message doesn’t have is refused, known gap or not', async () => {
  const { a, b } = await pair();
  const [, two] = [await a.seal(bytes('one')), await a.seal(bytes('two'))];
  expect(codeOf(await b.open({ ...two, seq: 3 }, 'known'))).toBe('broken');
  expect(codeOf(await b.open({ ...two, seq: 1 }, 'known'))).not.toBe('ok');
  expect(b.nextIn).toBe(1);
  expect(await skipping(b, two)).toBe('two');
});

test('where nothing is missing a known gap changes nothing: the one before must be the one before', async () => {
  const { a, b } = await pair();
  const one = await a.seal(bytes('one'));
  expect(await skipping(b, one)).toBe('one');
  expect(codeOf(await b.open(one, 'known'))).toBe('replayed');
});

test('a renewal of the keys can not be given up: what follows it does not open', async () => {
  const { a, b } = await pair();
  const renewer = a.mayRekey ? a : b;
  const reader = renewer === a ? b : a;
  await renewer.rekey();
  const after = await renewer.seal(bytes('after'));
  expect(codeOf(await reader.open(after, 'known'))).not.toBe('ok');
  expect(reader.nextIn).toBe(1);
});
