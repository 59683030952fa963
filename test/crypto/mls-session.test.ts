import { expect, test } from 'vitest';
import type { SealedMessage } from '../../src/crypto/e2ee-session.ts';
import { MlsSession } from '../../src/crypto/mls-session.ts';
import { decodeState } from '../../src/crypto/mls-state.ts';
import { MAX_ITEM_BYTES, MAX_MESSAGE_BYTES, MAX_PACKAGE_BYTES, MAX_WELCOME_BYTES } from '../../src/crypto/mls-suite.ts';
import * as limits from '../../src/protocol/limits.ts';
import { bytes, codeOf, device, good, identity, name, newGroup, pair, read, stolen, suite, textOf } from './pair.ts';

const inBase64 = (count: number): number => Math.ceil((count * 4) / 3);
const secretsIn = (session: Parameters<typeof stolen>[0], user: string) => stolen(session, user).secretTree;

test('what one seals the other opens, in both directions, in order', async () => {
  const { a, b } = await pair();
  expect(await read(b, await a.seal(bytes('hello')))).toBe('hello');
  expect(await read(a, await b.seal(bytes('hello yourself')))).toBe('hello yourself');
  expect(await read(b, await a.seal(bytes('bye')))).toBe('bye');
  expect([a.nextOut, a.nextIn, b.nextOut, b.nextIn]).toEqual([3, 2, 2, 3]);
});

test('both ends name the same two parties', async () => {
  const { alice, bob, group, a, b } = await pair();
  expect([a.group, a.us, a.them]).toEqual([group, alice.us, bob.us]);
  expect([b.group, b.us, b.them]).toEqual([group, bob.us, alice.us]);
});

test('an item may be empty, or as long as the protocol allows, and no longer', async () => {
  const { a, b } = await pair();
  expect(await read(b, await a.seal(new Uint8Array(0)))).toBe('');
  const longest = 'x'.repeat(MAX_ITEM_BYTES);
  const sealed = await a.seal(bytes(longest));
  expect(await read(b, sealed)).toBe(longest);
  expect(inBase64(sealed.message.length)).toBeLessThanOrEqual(limits.MAX_SEALED_CHARS);
  await expect(a.seal(bytes(`${longest}x`))).rejects.toThrow(RangeError);
  expect(await read(b, await a.seal(bytes('goes on')))).toBe('goes on');
});

test('the bounds here are those of the protocol', () => {
  expect(MAX_ITEM_BYTES).toBe(limits.MAX_ITEM_BYTES);
  expect(inBase64(MAX_PACKAGE_BYTES)).toBe(limits.MAX_PACKAGE_CHARS);
  expect(inBase64(MAX_WELCOME_BYTES)).toBe(limits.MAX_WELCOME_CHARS);
  expect(inBase64(MAX_MESSAGE_BYTES)).toBe(limits.MAX_SEALED_CHARS);
});

test('the length of a short text is not seen from outside', async () => {
  const { a } = await pair();
  const lengths = new Set<number>();
  for (const text of ['', 'y', 'yes', 'a whole sentence']) lengths.add((await a.seal(bytes(text))).message.length);
  expect(lengths.size).toBe(1);
});

test('the plain text, and the text before it, are nowhere in what is sealed', async () => {
  const { a } = await pair();
  const [one, two] = [await a.seal(bytes('the same words')), await a.seal(bytes('the same words'))];
  for (const { message } of [one, two]) expect(Buffer.from(message).includes('the same words')).toBe(false);
  expect(Buffer.compare(one.message, two.message)).not.toBe(0);
});

test('a replayed message is refused, and nothing changes', async () => {
  const { a, b } = await pair();
  const first = await a.seal(bytes('pay 10'));
  expect(await read(b, first)).toBe('pay 10');
  expect(await read(b, first)).toBe('replayed');
  expect(await read(b, { ...first, seq: 2 })).toBe('replayed');
  expect(await read(b, await a.seal(bytes('next')))).toBe('next');
});

test('our own message that comes back is refused as such', async () => {
  const { a } = await pair();
  const ours = await a.seal(bytes('ping'));
  expect(await read(a, ours)).toBe('reflected');
  expect(a.nextIn).toBe(1);
});

test('our own commit that comes back is refused as such', async () => {
  const { b } = await pair();
  expect(await read(b, await b.rekey())).toBe('reflected');
});

test('a dropped message is noticed, and also when its number is given to the next', async () => {
  const { a, b } = await pair();
  const dropped = await a.seal(bytes('one'));
  const next = await a.seal(bytes('two'));
  expect(await read(b, next)).toBe('missing');
  expect(await read(b, { ...next, seq: 1 })).toBe('missing');
  expect(await read(b, dropped)).toBe('one');
  expect(await read(b, next)).toBe('two');
});

test('messages that were exchanged for one another are refused', async () => {
  const { a, b } = await pair();
  const [one, two] = [await a.seal(bytes('one')), await a.seal(bytes('two'))];
  expect(await read(b, { seq: 1, message: two.message })).toBe('missing');
  expect(await read(b, one)).toBe('one');
  expect(await read(b, { seq: 2, message: one.message })).toBe('replayed');
  expect(await read(b, two)).toBe('two');
});

test('a message of another session of the same two is refused', async () => {
  const { alice, bob, b, group } = await pair();
  const own = await bob.makePackage();
  const other = good(await alice.create(newGroup(), bob.us, own.public)).session;
  expect(await read(b, await other.seal(bytes('elsewhere')))).toBe('unwanted');
  const twin = good(await alice.create(group, bob.us, (await bob.makePackage()).public)).session;
  expect(await read(b, await twin.seal(bytes('other keys')))).toBe('broken');
});

test('a message with any bit changed is refused, and the true one still opens', async () => {
  const { a, b } = await pair();
  const sealed = await a.seal(bytes('true'));
  for (let at = 0; at < sealed.message.length; at += 7) {
    const message = Uint8Array.from(sealed.message);
    message[at] = (message[at] ?? 0) ^ (1 << (at % 8));
    expect(await read(b, { seq: 1, message })).not.toBe('true');
  }
  expect(await read(b, sealed)).toBe('true');
});

test('the same message in a longer form is refused, so that both remember the same bytes', async () => {
  const { a, b } = await pair();
  const sealed = await a.seal(bytes('once'));
  // The group id's length, 16, in two bytes instead of one (RFC 9000, 16).
  const message = Uint8Array.from([...sealed.message.subarray(0, 4), 0x40, ...sealed.message.subarray(4)]);
  expect(await read(b, { seq: 1, message })).toBe('malformed');
  expect(await read(b, { seq: 1, message: Uint8Array.from([...sealed.message, 0]) })).toBe('malformed');
  expect(await read(b, sealed)).toBe('once');
});

test('seq that is no place is refused', async () => {
  const { a, b } = await pair();
  const { message } = await a.seal(bytes('x'));
  for (const seq of [0, -1, 1.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])
    expect(await read(b, { seq, message })).toBe('malformed');
});

test('calls at the same time are done one after the other', async () => {
  const { a, b } = await pair();
  const sealed = await Promise.all(['one', 'two', 'three'].map((text) => a.seal(bytes(text))));
  expect(sealed.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  const texts = await Promise.all(sealed.map((message) => read(b, message)));
  expect(texts).toEqual(['one', 'two', 'three']);
});

test('what is given may be changed by its owner right after the call', async () => {
  const { a, b } = await pair();
  const item = bytes('mine');
  const sealing = a.seal(item);
  item.fill(0);
  const { seq, message } = await sealing;
  const copy = Uint8Array.from(message);
  const opening = read(b, { seq, message: copy });
  copy.fill(0);
  expect(await opening).toBe('mine');
});

test('the joiner renews the keys first, then the two by turns', async () => {
  const { a, b } = await pair();
  expect([a.mayRekey, b.mayRekey]).toEqual([false, true]);
  await expect(a.rekey()).rejects.toThrow('turn');
  for (const [one, other] of [[b, a] as const, [a, b] as const, [b, a] as const]) {
    expect(await read(other, await one.rekey())).toBe('(rekey)');
    expect([one.mayRekey, other.mayRekey]).toEqual([false, true]);
    expect(await read(other, await one.seal(bytes('after')))).toBe('after');
    expect(await read(one, await other.seal(bytes('after, too')))).toBe('after, too');
  }
});

test('what was on its way when the keys were renewed still opens', async () => {
  const { a, b } = await pair();
  const early = await a.seal(bytes('early'));
  const commit = await b.rekey();
  expect(await read(b, early)).toBe('early');
  expect(await read(b, await a.seal(bytes('still before')))).toBe('still before');
  expect(await read(a, commit)).toBe('(rekey)');
  expect(await read(b, await a.seal(bytes('new keys')))).toBe('new keys');
});

test('what was on its way opens also when nobody had said anything before', async () => {
  const { a, b } = await pair();
  const commit = await b.rekey();
  expect(await read(b, await a.seal(bytes('first words, old keys')))).toBe('first words, old keys');
  expect(await read(a, commit)).toBe('(rekey)');
});

test('the keys of an epoch are gone as soon as the other has left it', async () => {
  const { a, b } = await pair();
  const before = stolen(b, 'bob').groupContext.epoch;
  const commit = await b.rekey();
  expect([...stolen(b, 'bob').historicalReceiverData.keys()]).toEqual([before]);
  expect(await read(a, commit)).toBe('(rekey)');
  expect(stolen(a, 'alice').historicalReceiverData.size).toBe(0);
  expect(await read(b, await a.seal(bytes('new keys')))).toBe('new keys');
  expect(stolen(b, 'bob').historicalReceiverData.size).toBe(0);
});

test('a message of an epoch that is gone has expired', async () => {
  const { alice, a, b } = await pair();
  const copy = await alice.restore(a.save());
  const old = await copy.seal(bytes('from an old backup'));
  expect(await read(a, await b.rekey())).toBe('(rekey)');
  expect(await read(b, await a.seal(bytes('new keys')))).toBe('new keys');
  expect(await read(b, { ...old, seq: 2 })).toBe('expired');
});

test('renewing one’s keys leaves one’s own old sending keys out of the state', async () => {
  const { a, b } = await pair();
  expect(await read(a, await b.seal(bytes('so that there are some')))).toBe('so that there are some');
  await b.rekey();
  const past = [...stolen(b, 'bob').historicalReceiverData.values()].map(({ secretTree }) => secretTree);
  expect(past.map(({ leafNodes }) => Object.keys(leafNodes))).toEqual([[]]);
  expect(past.map(({ intermediateNodes }) => Object.keys(intermediateNodes))).toEqual([['0']]);
});

test('no key of a message that was read stays in the state', async () => {
  const { a, b } = await pair();
  for (const text of ['one', 'two', 'three']) await read(b, await a.seal(bytes(text)));
  const ratchets = Object.values(secretsIn(b, 'bob').leafNodes).map(({ application }) => application);
  expect(ratchets.map(({ generation }) => generation)).toContain(3);
  for (const { unusedGenerations } of ratchets) expect(unusedGenerations).toEqual({});
});

test('a thief of the state can’t read what was read before, but what comes until the keys are renewed', async () => {
  const { a, b, bob } = await pair();
  const read1 = await a.seal(bytes('past'));
  await read(b, read1);
  const thief = await bob.restore(b.save());
  expect(await read(thief, { ...read1, seq: 2 })).toBe('replayed');
  const next = await a.seal(bytes('future'));
  expect(await read(thief, next)).toBe('future');
  await read(b, next);
  await read(a, await b.rekey());
  expect(await read(thief, await a.seal(bytes('renewed')))).toBe('broken');
});

test('a session that was saved goes on where it was', async () => {
  const { a, b, alice, bob } = await pair();
  await read(b, await a.seal(bytes('one')));
  await read(a, await b.rekey());
  const [a2, b2] = [await alice.restore(a.save()), await bob.restore(b.save())];
  expect([a2.nextOut, a2.nextIn, a2.mayRekey]).toEqual([a.nextOut, a.nextIn, a.mayRekey]);
  expect(await read(b2, await a2.seal(bytes('two')))).toBe('two');
  expect(await read(a2, await b2.seal(bytes('three')))).toBe('three');
  expect(await read(b2, await a2.rekey())).toBe('(rekey)');
  expect(Buffer.from(b2.save()).equals(Buffer.from(await bob.restore(b2.save()).then((s) => s.save())))).toBe(true);
});

test('the identity’s seed is not in a saved session', async () => {
  const { a, b } = await pair();
  await read(a, await b.rekey());
  expect(Buffer.from(a.save()).includes(identity('alice').seed)).toBe(false);
});

test('a saved session is another’s for another device or name', async () => {
  const { a } = await pair();
  await expect((await device('bob')).restore(a.save())).rejects.toThrow('another device');
  await expect((await device('alicf')).restore(a.save())).rejects.toThrow();
  const state = a.save();
  expect((await (await device('alice')).restore(state)).them.user).toBe(name('bob'));
});

test('a copy of a session that has gone on can’t disturb the other end', async () => {
  const { a, b, alice } = await pair();
  const old = await alice.restore(a.save());
  await read(b, await a.seal(bytes('one')));
  const forked = await old.seal(bytes('another one'));
  expect(await read(b, forked)).toBe('replayed');
  const second = await old.seal(bytes('another two'));
  expect(await read(b, second)).toBe('broken');
  expect(await read(b, await a.seal(bytes('two')))).toBe('two');
});

test('a session that was destroyed does nothing any more, twice over', async () => {
  const { a, b } = await pair();
  const sealed = await b.seal(bytes('late'));
  a.destroy();
  a.destroy();
  expect(await read(a, sealed)).toBe('broken');
  await expect(a.seal(bytes('x'))).rejects.toThrow('ended');
  await expect(a.rekey()).rejects.toThrow();
  expect(() => a.save()).toThrow('ended');
  expect(a.mayRekey).toBe(false);
});

test('what is under way when a session is destroyed comes to nothing', async () => {
  const { a, b } = await pair();
  const sealed = await b.seal(bytes('late'));
  const opening = a.open(sealed);
  const sealing = a.seal(bytes('x')).then(
    () => 'sealed',
    () => 'nothing',
  );
  a.destroy();
  expect(codeOf(await opening)).toBe('broken');
  expect(await sealing).toBe('nothing');
});

test('destroying overwrites the secrets', async () => {
  const { a, b } = await pair();
  await read(a, await b.seal(bytes('x')));
  const state = decodeState(a.save(), identity('alice').seed);
  const secrets = [
    state.mls.keySchedule.initSecret,
    state.mls.keySchedule.exporterSecret,
    ...Object.values(state.mls.secretTree.leafNodes).map(({ application }) => application.secret),
    ...Object.values(state.mls.privatePath.privateKeys),
  ];
  expect(secrets.some((secret) => secret.every((byte) => byte === 0))).toBe(false);
  const session = new MlsSession(await suite(), state);
  session.destroy();
  expect(secrets.every((secret) => secret.every((byte) => byte === 0))).toBe(true);
  expect(identity('alice').seed.some((byte) => byte !== 0)).toBe(true);
});

test('each step overwrites the secrets that it replaces, and no other', async () => {
  const { a, b } = await pair();
  await read(b, await a.seal(bytes('x')));
  const state = decodeState(b.save(), identity('bob').seed);
  const session = new MlsSession(await suite(), state);
  const ratchet = Object.values(state.mls.secretTree.leafNodes)[0]?.application.secret;
  const init = state.mls.keySchedule.initSecret;
  const sealed: SealedMessage = await a.seal(bytes('y'));
  expect(textOf(good(await session.open(sealed)))).toBe('y');
  expect(ratchet?.every((byte) => byte === 0)).toBe(true);
  expect(init.every((byte) => byte === 0)).toBe(false);
  await session.rekey();
  expect(init.every((byte) => byte === 0)).toBe(true);
  expect(await read(session, await a.seal(bytes('old keys, still good')))).toBe('old keys, still good');
});
