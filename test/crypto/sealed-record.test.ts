import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  FILE_ID_BYTES,
  openRecord,
  RECORD_KEY_BYTES,
  RECORD_OVERHEAD,
  type RecordPlace,
  sealRecord,
} from '../../src/crypto/sealed-record.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const key = bytes(RECORD_KEY_BYTES);
const place: fc.Arbitrary<RecordPlace> = fc.record({ file: bytes(FILE_ID_BYTES), position: fc.maxSafeNat() });
const plain = fc.uint8Array({ maxLength: 300 });

test('what was sealed opens as it was, and is longer by what is promised', () => {
  fc.assert(
    fc.property(key, place, plain, (k, p, text) => {
      const sealed = sealRecord(k, p, text);
      expect(sealed).toHaveLength(text.length + RECORD_OVERHEAD);
      expect(openRecord(k, p, sealed)).toEqual(Uint8Array.from(text));
    }),
  );
});

test('the same record is never sealed to the same bytes twice', () => {
  const [k, p] = [new Uint8Array(RECORD_KEY_BYTES), { file: new Uint8Array(FILE_ID_BYTES), position: 0 }];
  const sealed = Array.from({ length: 100 }, () => Buffer.from(sealRecord(k, p, new Uint8Array(8))).toString('hex'));
  // Neither as a whole nor in its nonce alone.
  expect(new Set(sealed.map((hex) => hex.slice(0, 48))).size).toBe(100);
});

test('any bit of it that is flipped is noticed', () => {
  const k = new Uint8Array(RECORD_KEY_BYTES).fill(7);
  const p = { file: new Uint8Array(FILE_ID_BYTES).fill(9), position: 3 };
  const sealed = sealRecord(k, p, Buffer.from('meet me at noon'));
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Uint8Array.from(sealed);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(openRecord(k, p, changed)).toBeUndefined();
  }
  expect(openRecord(k, p, sealed)).toBeDefined();
});

test('one that was cut, at whatever place, or made longer, is noticed', () => {
  const k = new Uint8Array(RECORD_KEY_BYTES).fill(7);
  const p = { file: new Uint8Array(FILE_ID_BYTES).fill(9), position: 3 };
  const sealed = sealRecord(k, p, Buffer.from('meet me at noon'));
  for (let length = 0; length < sealed.length; length++) {
    expect(openRecord(k, p, sealed.subarray(0, length))).toBeUndefined();
    expect(openRecord(k, p, sealed.subarray(sealed.length - length))).toBeUndefined();
  }
  expect(openRecord(k, p, Buffer.concat([sealed, new Uint8Array(1)]))).toBeUndefined();
});

test('one in another place, of another file or under another key is noticed', () => {
  fc.assert(
    fc.property(key, key, place, place, plain, (k, otherKey, p, q, text) => {
      fc.pre(p.position !== q.position && Buffer.compare(p.file, q.file) !== 0 && Buffer.compare(k, otherKey) !== 0);
      const sealed = sealRecord(k, p, text);
      expect(openRecord(k, { ...p, position: q.position }, sealed)).toBeUndefined();
      expect(openRecord(k, { ...p, file: q.file }, sealed)).toBeUndefined();
      expect(openRecord(otherKey, p, sealed)).toBeUndefined();
    }),
  );
});

test('two that were exchanged are noticed, both', () => {
  const k = new Uint8Array(RECORD_KEY_BYTES).fill(7);
  const [p, q] = [1, 2].map((position) => ({ file: new Uint8Array(FILE_ID_BYTES), position })) as [
    RecordPlace,
    RecordPlace,
  ];
  const [first, second] = [sealRecord(k, p, Buffer.from('yes')), sealRecord(k, q, Buffer.from('no'))];
  expect([openRecord(k, p, second), openRecord(k, q, first)]).toEqual([undefined, undefined]);
});

test('a place that is none is a fault of the program', () => {
  const k = new Uint8Array(RECORD_KEY_BYTES);
  const file = new Uint8Array(FILE_ID_BYTES);
  for (const position of [-1, 0.5, Number.NaN, 2 ** 53])
    expect(() => sealRecord(k, { file, position }, file)).toThrow(RangeError);
  expect(() => sealRecord(k, { file: file.subarray(1), position: 0 }, file)).toThrow(RangeError);
});
