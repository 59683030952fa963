import {
  copyFileSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HEAD_BYTES, LogFile } from '../../../src/client/vault/log-file.ts';
import { MAX_SEALED_BYTES } from '../../../src/client/vault/log-frames.ts';
import { BOB, ME, record, user } from '../../peer/vault-conformance.ts';
import { useHome } from './folder.ts';

const home = useHome();
const SEAL = { key: new Uint8Array(32).fill(1), file: new Uint8Array(32).fill(2) };
const path = (): string => join(home.folder, 'some.log');
/** The same file as a program sees it that has just begun. */
const logFile = (): LogFile => new LogFile(path(), BOB, SEAL);

function written(count: number): Buffer {
  const log = logFile();
  for (let n = 0; n < count; n++) log.append(record(n, { text: `message ${n} ${'x'.repeat((n * 37) % 90)}` }));
  return readFileSync(path());
}

const isOurs = ({ at, text }: { at: number; text: string }): boolean => text.startsWith(`message ${at} `);

describe('on the disk', () => {
  test('there is neither what was said nor by whom, in contents or names', () => {
    const vault = home.open();
    vault.log.append(user('rumpelstiltskin'), record(1, { text: 'tomorrow I brew', from: user('rumpelstiltskin') }));
    vault.close();
    expect(home.files().filter((name) => /rumpel/i.test(name))).toEqual([]);
    expect(home.holding('rumpel')).toEqual([]);
    expect(home.holding('tomorrow')).toEqual([]);
    expect(home.holding(record(1).id)).toEqual([]);
  });

  test('a log has the same name and head, but for what is sealed, whoever it is with', () => {
    const vault = home.open();
    vault.log.append(user('a'), record(1));
    vault.log.append(user(`~${'b'.repeat(32)}`), record(1));
    const sizes = home.files().filter((name) => name.endsWith('.log'));
    expect(sizes.map((name) => statSync(join(home.folder, name)).size)).toHaveLength(2);
    expect(new Set(sizes.map((name) => statSync(join(home.folder, name)).size)).size).toBe(1);
  });

  test('the largest record there can be is small enough for what is looked for', () => {
    const log = logFile();
    const largest = record(1, { text: '\u0001'.repeat(8192), from: user(`~${'b'.repeat(32)}`) });
    log.append({
      ...largest,
      id: 'i'.repeat(36) as typeof largest.id,
      time: 8_640_000_000_000_000 as typeof largest.time,
    });
    expect(statSync(path()).size - HEAD_BYTES).toBeLessThanOrEqual(MAX_SEALED_BYTES);
  });

  test('what could not be read again is not written', () => {
    const log = logFile();
    expect(() => log.append(record(1, { text: '' }))).toThrow(RangeError);
    expect(() => log.append(record(1, { text: 'x'.repeat(8193) }))).toThrow(RangeError);
    expect(() => statSync(path())).toThrow('ENOENT');
  });
});

describe('a record that a crash has left by halves', () => {
  test('is cut off, wherever it was cut, and the next one takes its place', () => {
    const whole = written(3);
    const two =
      HEAD_BYTES +
      (() => {
        const ends: number[] = [];
        for (let at = HEAD_BYTES; at < whole.length; at += whole.readUInt32BE(at) + 12) ends.push(at);
        return (ends[2] ?? 0) - HEAD_BYTES;
      })();
    for (let size = two; size < whole.length; size++) {
      writeFileSync(path(), whole.subarray(0, size));
      const log = logFile();
      expect(log.count()).toBe(2);
      expect(statSync(path()).size).toBe(two);
    }
    const log = logFile();
    log.append(record(2));
    expect(log.page(undefined, 10)).toMatchObject({ records: [{ at: 0 }, { at: 1 }, { at: 2 }], damaged: 0 });
  });

  test('that the disk has filled with zeros is cut off', () => {
    const whole = written(2);
    writeFileSync(path(), Buffer.concat([whole, Buffer.alloc(500)]));
    expect(logFile().page(undefined, 10)).toMatchObject({ records: [{ at: 0 }, { at: 1 }], damaged: 0 });
    expect(statSync(path()).size).toBe(whole.length);
  });

  test('may be the first, or the head itself', () => {
    const whole = written(1);
    for (const size of [0, 5, HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + 20, whole.length - 1]) {
      writeFileSync(path(), whole.subarray(0, size));
      expect(logFile().page(undefined, 10)).toEqual({ records: [], more: false, damaged: 0 });
      const log = logFile();
      expect(log.append(record(0))).toBe(true);
      expect(logFile().page(undefined, 10).records).toEqual([{ ...record(0), at: 0 }]);
    }
  });
});

describe('what was changed', () => {
  test('is left out and counted, and all the rest stays in its place', () => {
    const whole = written(12);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: HEAD_BYTES, max: whole.length - 1 }), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.integer({ min: 1, max: 13 }),
        (changes, limit) => {
          const changed = Buffer.from(whole);
          for (const [at, by] of changes) changed[at] = (changed[at] ?? 0) ^ by;
          writeFileSync(path(), changed);
          const log = logFile();
          const [seen, places] = [[] as { at: number; text: string }[], log.count()];
          let damaged = 0;
          let before: number | undefined;
          for (let more = true; more; ) {
            const page = log.page(before, limit);
            seen.unshift(...page.records);
            damaged += page.damaged;
            // Where all that is left is damaged, a page is empty and nothing is before it.
            more = page.more;
            before = page.records[0]?.at;
          }
          expect(seen.every(isOurs)).toBe(true);
          expect(seen.length + damaged).toBe(places);
          expect(seen.length).toBeGreaterThanOrEqual(12 - changes.length * 2);
          expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).toSorted((a, b) => a - b));
          // It goes on.
          expect(log.append(record(500))).toBe(true);
          expect(logFile().page(undefined, 1).records).toMatchObject([{ at: places, text: 'message 500' }]);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('in one record costs that one alone, whichever byte it is', () => {
    const whole = written(3);
    const start = HEAD_BYTES + whole.readUInt32BE(HEAD_BYTES) + 12;
    const end = start + whole.readUInt32BE(start) + 12;
    for (let at = start; at < end; at++) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0x41;
      writeFileSync(path(), changed);
      expect(logFile().page(undefined, 10)).toMatchObject({ records: [{ at: 0 }, { at: 2 }], more: false, damaged: 1 });
    }
  });

  test('in the last record is damage, not the half of a record, unless nobody could tell', () => {
    const whole = written(3);
    for (const at of [whole.length - 20, whole.length - 2]) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0x41;
      writeFileSync(path(), changed);
      expect(logFile().page(undefined, 10)).toMatchObject({ records: [{ at: 0 }, { at: 1 }], damaged: 1 });
      logFile().append(record(77));
      const { records, damaged } = logFile().page(undefined, 10);
      expect([records.map((it) => it.at), damaged]).toEqual([[0, 1, 3], 1]);
    }
  });

  test('records that were exchanged, or repeated, are not taken for others', () => {
    const log = logFile();
    for (let n = 0; n < 4; n++) log.append(record(n, { from: BOB }));
    const whole = readFileSync(path());
    // All are equally long.
    const size = (whole.length - HEAD_BYTES) / 4;
    const [head, a, b, c, d] = [
      whole.subarray(0, HEAD_BYTES),
      ...[0, 1, 2, 3].map((n) => whole.subarray(HEAD_BYTES + n * size, HEAD_BYTES + (n + 1) * size)),
    ] as [Buffer, Buffer, Buffer, Buffer, Buffer];
    const texts = (...parts: Buffer[]) => {
      writeFileSync(path(), Buffer.concat([head, ...parts]));
      return logFile()
        .page(undefined, 10)
        .records.map(({ at, text }) => `${at} ${text}`);
    };
    expect(texts(a, b, c, d)).toHaveLength(4);
    expect(texts(a, c, b, d)).toEqual(['0 message 0', '1 message 1', '3 message 3']);
    expect(texts(a, b, b, d)).toEqual(['0 message 0', '1 message 1', '3 message 3']);
    // With the place outside changed as well, the seal still tells.
    const moved = Buffer.from(c);
    moved.writeUInt32BE(1, 4);
    expect(texts(a, moved, c, d)).toEqual(['0 message 0', '2 message 2', '3 message 3']);
  });

  test('a log that was copied over that of another person, or of another server, opens for nobody', () => {
    const vault = home.open();
    vault.log.append(user('mallory'), record(1, { text: 'I owe you a million' }));
    const theirs = home.log();
    const copy = join(home.folder, 'copy');
    renameSync(theirs, copy);
    vault.log.append(BOB, record(2));
    copyFileSync(copy, home.log());
    const again = home.again(vault);
    expect(again.log.people()).toEqual([]);
    expect(again.log.page(BOB, undefined, 10).records).toEqual([]);
    again.close();

    const elsewhere = home.open({ host: 'other.example', port: 2428 });
    elsewhere.log.append(ME, record(3));
    const own = home.files().filter((name) => name.includes('other') && name.endsWith('.log'))[0] ?? '';
    renameSync(copy, join(home.folder, dirname(own), theirs.slice(dirname(theirs).length)));
    expect(elsewhere.log.page(user('mallory'), undefined, 10).records).toEqual([]);
    expect(elsewhere.log.people()).toEqual([ME]);
  });
});

test('pages go back through all of a long log, from any place, also after a start', () => {
  const log = logFile();
  for (let n = 0; n < 1100; n++) log.append(record(n));
  const fresh = logFile();
  const seen: number[] = [];
  for (let before: number | undefined, more = true; more; before = seen[0]) {
    const page = fresh.page(before, 97);
    seen.unshift(...page.records.map(({ at }) => at));
    more = page.more;
  }
  expect(seen).toEqual(Array.from({ length: 1100 }, (_, n) => n));
  for (const it of [fresh, logFile()])
    for (const before of [1, 255, 256, 257, 512, 900, 1024, 1099, 1100, 5000])
      expect(it.page(before, 2).records.map(({ at, text }) => `${at} ${text}`)).toEqual(
        [-2, -1].flatMap((d) => {
          const at = Math.min(before, 1100) + d;
          return at < 0 ? [] : [`${at} message ${at}`];
        }),
      );
});

test('a file that vanishes, or gets shorter, under a program is no reason to lose the next message', () => {
  const log = logFile();
  for (let n = 0; n < 5; n++) log.append(record(n));
  truncateSync(path(), statSync(path()).size - 1);
  expect(log.append(record(5))).toBe(true);
  expect(log.page(undefined, 10).records.map(({ text }) => text)).toEqual([0, 1, 2, 3, 5].map((n) => `message ${n}`));
  renameSync(path(), `${path()}.away`);
  expect(log.page(undefined, 10).records).toEqual([]);
  expect(log.append(record(6))).toBe(true);
  expect(logFile().page(undefined, 10).records).toEqual([{ ...record(6), at: 0 }]);
});

describe('what is forgotten', () => {
  test('is in no file any more, nor is its file', () => {
    const vault = home.open();
    for (let n = 0; n < 50; n++) vault.log.append(BOB, record(n));
    const sealed = readFileSync(home.log()).subarray(HEAD_BYTES + 8, HEAD_BYTES + 48);
    expect(home.holding(sealed)).toHaveLength(1);
    expect(vault.log.forget(BOB)).toBe(50);
    expect(home.holding(sealed)).toEqual([]);
    expect(home.files().filter((name) => name.includes('history'))).toEqual([]);
  });

  test('was overwritten before it was unlinked', () => {
    const vault = home.open();
    for (let n = 0; n < 5; n++) vault.log.append(BOB, record(n));
    // A second name for the same file shows what became of its bytes.
    const kept = join(home.folder, 'kept');
    copyFileSync(home.log(), kept);
    const { size } = statSync(kept);
    linkTo(home.log(), kept);
    vault.log.forget(BOB);
    expect(readFileSync(kept)).toEqual(Buffer.alloc(size));
  });

  test('and was interrupted by a crash goes at the next start', () => {
    const vault = home.open();
    vault.log.append(BOB, record(1));
    const log = home.log();
    vault.close();
    renameSync(log, log.replace('.log', '.forgotten'));
    expect(home.open().log.people()).toEqual([]);
    expect(home.files().filter((name) => name.includes('forgotten'))).toEqual([]);
  });
});

function linkTo(existing: string, name: string): void {
  rmSync(name);
  linkSync(existing, name);
}
