import { argon2Sync } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import { COST, createPasswords } from '../../../src/server/login/password.ts';
import { decodePhc, encodePhc } from '../../../src/server/login/phc.ts';

const secret = (text: string): Secret => new Secret(text);
const CHEAP = { memory: 8, passes: 1, parallelism: 1 };
const quick = createPasswords({ cost: CHEAP });

async function hashed(passwords: typeof quick, text: string): Promise<string> {
  const result = await passwords.hash(secret(text), 'a');
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

describe('a PHC string', () => {
  test('is what the reference implementation writes', () => {
    // echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1 -l 32
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    const decoded = decodePhc(reference);
    if (!decoded.ok) throw new Error(decoded.error);
    const { memory, passes, parallelism, salt, tag } = decoded.value;
    expect(salt.toString()).toBe('somesalt');
    const parameters = { message: 'password', nonce: salt, memory, passes, parallelism, tagLength: tag.length };
    expect(argon2Sync('argon2id', parameters).equals(tag)).toBe(true);
    expect(encodePhc(decoded.value)).toBe(reference);
  });

  const good = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$dGFndGFndGFndGFndGFndHRhZ3RhZ3RhZ3RhZ3RhZ3Q';
  test('is read strictly', () => {
    expect(decodePhc(good).ok).toBe(true);
    const bad = [
      '',
      ` ${good}`,
      `${good}\n`,
      `${good}=`,
      good.replace('argon2id', 'argon2i'),
      good.replace('v=19', 'v=16'),
      good.replace('$v=19', ''),
      good.replace('m=19456', 'm=019456'),
      good.replace('m=19456', 'm=7'),
      good.replace('m=19456', 'm=9999999'),
      good.replace('t=2', 't=0'),
      good.replace('t=2', 't=17'),
      good.replace('p=1', 'p=17'),
      good.replace('m=19456,t=2', 't=2,m=19456'),
      // The last digit has bits that stand for nothing.
      good.replace('c2FsdA$', 'c2FsdB$'),
      good.replace('c2FsdHNhbHRzYWx0c2FsdA', 'c2FsdA'),
      good.replace(/[^$]+$/, 'dGFn'),
      good.replaceAll('a', '-'),
    ];
    expect(bad.map((text) => decodePhc(text).ok)).toEqual(bad.map(() => false));
  });
});

describe('a password', () => {
  test('is kept as Argon2id at the cost that is promised, and no two hashes are equal', async () => {
    const passwords = createPasswords();
    const [one, two] = await Promise.all([1, 2].map(() => hashed(passwords, 'correct horse')));
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
    const verdict = await passwords.verify(secret('correct horse'), one, 'a');
    expect(verdict).toEqual({ ok: true, value: { matches: true, rehash: false } });
  });

  test('matches itself only', async () => {
    const phc = await hashed(quick, 'correct horse');
    const verify = async (text: string) => await quick.verify(secret(text), phc, 'a');
    expect(await verify('correct horse')).toEqual({ ok: true, value: { matches: true, rehash: false } });
    expect(await verify('correct\u00a0horse')).toMatchObject({ value: { matches: true } });
    for (const wrong of ['', 'Correct horse', 'correct horse ', 'x'.repeat(100_000), 'correct horse\n'])
      expect(await verify(wrong)).toEqual({ ok: true, value: { matches: false, rehash: false } });
  });

  test('that may not be one is not hashed', async () => {
    expect(await quick.hash(secret('short'), 'a')).toEqual({ ok: false, error: 'too_short' });
    expect(await quick.hash(secret('x'.repeat(129)), 'a')).toEqual({ ok: false, error: 'too_long' });
    expect(await quick.hash(secret('tab\tinside it'), 'a')).toEqual({ ok: false, error: 'bad_characters' });
  });

  test('that was hashed at another cost matches, and asks to be hashed again', async () => {
    const phc = await hashed(createPasswords({ cost: { ...CHEAP, passes: 2 } }), 'correct horse');
    const verify = async (text: string) => await quick.verify(secret(text), phc, 'a');
    expect(await verify('correct horse')).toEqual({ ok: true, value: { matches: true, rehash: true } });
    expect(await verify('wrong horse')).toEqual({ ok: true, value: { matches: false, rehash: false } });
  });

  test('of nobody never matches, not even what it is compared with', async () => {
    const zeros = createPasswords({ cost: CHEAP, random: (bytes) => Buffer.alloc(bytes) });
    for (const text of ['', 'correct horse', 'x'.repeat(2000)])
      expect(await zeros.verify(secret(text), undefined, 'a')).toEqual({
        ok: true,
        value: { matches: false, rehash: false },
      });
  });

  test('whose hash is damaged is no match but said to be damaged', async () => {
    expect(await quick.verify(secret('correct horse'), 'plain', 'a')).toEqual({ ok: false, error: 'damaged' });
  });

  test('that waits too long behind others is refused as busy', async () => {
    const narrow = createPasswords({ cost: CHEAP, limits: { atOnce: 1, waiting: 2, waitingOfOne: 1 } });
    const results = await Promise.all([1, 2, 3].map(() => narrow.verify(secret('correct horse'), undefined, 'a')));
    expect(results.map((result) => (result.ok ? 'ok' : result.error))).toEqual(['ok', 'ok', 'busy']);
  });

  test('is in nothing that is thrown or shown', async () => {
    const broken = createPasswords({ cost: { ...CHEAP, memory: 1 } });
    const error = await broken.verify(secret('correct horse'), undefined, 'a').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('correct horse');
  });
});

test('an unknown name costs as much as a wrong password', async () => {
  const passwords = createPasswords();
  const phc = await hashed(passwords, 'correct horse');
  const cost = async (kept: string | undefined): Promise<number> => {
    const start = process.cpuUsage();
    await passwords.verify(secret('wrong horse'), kept, 'a');
    const { user, system } = process.cpuUsage(start);
    return user + system;
  };
  const [known, unknown]: [number[], number[]] = [[], []];
  for (let i = 0; i < 9; i++) {
    known.push(await cost(phc));
    unknown.push(await cost(undefined));
  }
  const median = (list: number[]): number => list.toSorted((a, b) => a - b)[4] ?? 0;
  const ratio = median(unknown) / median(known);
  // Without the work it would be a hundredth.
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(2);
  expect(COST.memory).toBe(19 * 1024);
});
