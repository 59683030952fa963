/** What every link promises, whatever it runs over. */
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Link } from '../../src/link/link.ts';
import { MAX_FRAME_BYTES } from '../../src/protocol/limits.ts';
import { Recorder } from './recorder.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const LINE_64K = `${'x'.repeat(MAX_FRAME_BYTES - 1)}\n`;
/** Lines of 64 KiB; more than any kernel here holds for one loopback connection. */
const TOO_MANY_LINES = 500;

/** Lets every event that is due arrive. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

/** Writes until the link is full and stays so: one that encrypts first says so before the kernel is asked. */
async function fill(link: Link): Promise<number> {
  let lines = 0;
  while (lines < TOO_MANY_LINES) {
    lines++;
    if (link.write(LINE_64K)) continue;
    for (let i = 0; i < 10 && link.buffered > 0; i++) await settle();
    if (link.buffered > 0) break;
  }
  return lines;
}

/** @param connect makes two links, each the other's peer, that nobody listens to yet. */
export function linkConformance(name: string, connect: () => Promise<readonly [Link, Link]>): void {
  describe(`a link over ${name}`, () => {
    const links: Link[] = [];
    const pair = async (): Promise<readonly [Link, Link]> => {
      const made = await connect();
      links.push(...made);
      return made;
    };
    /** Two links whose events are recorded. */
    const recorded = async () => {
      const [a, b] = await pair();
      return { a, b, fromB: Recorder.on(a), fromA: Recorder.on(b) };
    };
    afterEach(() => {
      for (const link of links.splice(0)) link.destroy();
    });

    describe('frames', () => {
      test('arrive in order, both ways', async () => {
        const { a, b, fromA, fromB } = await recorded();
        const lines = Array.from({ length: 200 }, (_, i) => `line ${i}`);
        for (const line of lines) {
          a.write(`${line}\n`);
          b.write(bytes(`${line} back\n`));
        }
        await Promise.all([fromA.untilLines(200), fromB.untilLines(200)]);
        expect(fromA.lines).toEqual(lines);
        expect(fromB.lines).toEqual(lines.map((line) => `${line} back`));
      });

      test('written byte by byte arrive whole', async () => {
        const { a, fromA } = await recorded();
        for (const byte of bytes('one\ntwö 👍\r\n\n\r\nthree\n')) a.write(Uint8Array.of(byte));
        await fromA.untilLines(3);
        expect(fromA.lines).toEqual(['one', 'twö 👍', 'three']);
      });

      test('written together arrive one by one', async () => {
        const { a, fromA } = await recorded();
        a.write('one\ntwo\r\nthree\nfo');
        a.write('ur\n');
        await fromA.untilLines(4);
        expect(fromA.lines).toEqual(['one', 'two', 'three', 'four']);
      });

      test('of the greatest length arrive', async () => {
        const { a, fromA } = await recorded();
        a.write(LINE_64K);
        a.write('after\n');
        await fromA.untilLines(2);
        expect(fromA.lines).toEqual([LINE_64K.slice(0, -1), 'after']);
      });

      test('that were written before anybody listened wait', async () => {
        const [a, b] = await pair();
        a.write('early\n');
        await settle();
        const fromA = Recorder.on(b);
        a.write('late\n');
        await fromA.untilLines(2);
        expect(fromA.lines).toEqual(['early', 'late']);
      });

      test('are not told from inside a write', async () => {
        const { a, fromA } = await recorded();
        a.write('hello\n');
        expect(fromA.all).toEqual([]);
        await fromA.untilLines(1);
      });

      test('in one buffer reach several links', async () => {
        const one = await recorded();
        const two = await recorded();
        const shared = bytes('to all\n');
        one.a.write(shared);
        two.a.write(shared);
        await Promise.all([one.fromA.untilLines(1), two.fromA.untilLines(1)]);
        expect([...one.fromA.lines, ...two.fromA.lines]).toEqual(['to all', 'to all']);
      });
    });

    describe('faults', () => {
      test('a line of invalid UTF-8 is told, and the next one still arrives', async () => {
        const { a, fromA } = await recorded();
        a.write(Uint8Array.of(0x61, 0xc3, 0x28, 0x0a));
        a.write('fine\n');
        await fromA.untilLines(1);
        expect(fromA.all).toEqual([
          { kind: 'fault', fault: 'bad_utf8' },
          { kind: 'frame', line: 'fine' },
        ]);
      });

      test('after a line that is too long nothing more is read', async () => {
        const { a, fromA } = await recorded();
        a.write(`x${LINE_64K}`);
        a.write('never\n');
        await fromA.until((told) => told.count('fault') > 0, 'the fault');
        await settle();
        expect(fromA.all).toEqual([{ kind: 'fault', fault: 'frame_too_long' }]);
      });

      test('after a line that is too long the peer still gets an answer and the end', async () => {
        const { a, b, fromA, fromB } = await recorded();
        a.write(`x${LINE_64K}`);
        a.write('more\n'.repeat(10_000));
        await fromA.until((told) => told.count('fault') > 0, 'the fault');
        b.write('too long\n');
        b.end();
        await fromB.untilClosed();
        expect(fromB.all.filter((told) => told.kind !== 'drained')).toEqual([
          { kind: 'frame', line: 'too long' },
          { kind: 'closed', reason: { kind: 'closed' } },
        ]);
      });
    });

    describe('the end', () => {
      test('sends what was written, then closes both sides, once and last', async () => {
        const { a, fromA, fromB } = await recorded();
        for (let i = 0; i < 50; i++) a.write(LINE_64K);
        a.write('last\n');
        a.end();
        a.end();
        await Promise.all([fromA.untilClosed(), fromB.untilClosed()]);
        await settle();
        expect(fromA.lines).toHaveLength(51);
        expect(fromA.lines.at(-1)).toBe('last');
        for (const told of [fromA, fromB]) {
          expect(told.count('closed')).toBe(1);
          expect(told.all.at(-1)).toEqual({ kind: 'closed', reason: { kind: 'closed' } });
        }
      });

      test('by destroying drops what was written, and closes both sides once', async () => {
        const [a, b] = await pair();
        const fromB = Recorder.on(a);
        const lines = await fill(a);
        expect(a.buffered).toBeGreaterThan(0);
        a.destroy();
        a.destroy();
        await fromB.untilClosed();
        const fromA = Recorder.on(b);
        await fromA.untilClosed();
        await settle();
        expect(fromA.lines.length).toBeLessThan(lines);
        expect(fromA.count('closed')).toBe(1);
        expect(fromB.all.filter((told) => told.kind !== 'drained')).toEqual([
          { kind: 'closed', reason: { kind: 'closed' } },
        ]);
      });

      test('by a reset closes both sides once, with nothing more said', async () => {
        const { a, fromA, fromB } = await recorded();
        a.reset();
        a.reset();
        await Promise.all([fromA.untilClosed(), fromB.untilClosed()]);
        await settle();
        expect([fromA.count('closed'), fromB.count('closed')]).toEqual([1, 1]);
        expect(fromA.lines).toEqual([]);
      });

      test('is quiet: what is done to a link afterwards does nothing', async () => {
        const { a, b, fromA, fromB } = await recorded();
        a.end();
        expect(a.write('too late\n')).toBe(true);
        await Promise.all([fromA.untilClosed(), fromB.untilClosed()]);
        for (const link of [a, b]) {
          expect(link.write('too late\n')).toBe(true);
          expect(link.buffered).toBe(0);
          link.pause();
          link.resume();
          link.end();
          link.destroy();
        }
        await settle();
        expect(fromA.all).toEqual([{ kind: 'closed', reason: { kind: 'closed' } }]);
        expect(fromB.all).toEqual([{ kind: 'closed', reason: { kind: 'closed' } }]);
      });

      test('in the middle of a chunk: its other lines are not told', async () => {
        for (const way of ['end', 'destroy'] as const) {
          const { a, b, fromA } = await recorded();
          fromA.onFrame = () => b[way]();
          a.write('one\ntwo\nthree\n');
          await fromA.untilClosed();
          expect(fromA.lines).toEqual(['one']);
        }
      });

      test('of the peer in the middle of a line drops that line', async () => {
        const { a, fromA } = await recorded();
        a.write('whole\nhal');
        a.end();
        await fromA.untilClosed();
        expect(fromA.lines).toEqual(['whole']);
      });

      test('that came before anybody listened is told to who listens then', async () => {
        const [a, b] = await pair();
        b.destroy();
        await settle();
        const told = Recorder.on(b);
        expect(told.all).toEqual([]);
        await told.untilClosed();
        expect(told.all).toEqual([{ kind: 'closed', reason: { kind: 'closed' } }]);
        await Recorder.on(a).untilClosed();
      });

      test('of both at once is one end each', async () => {
        const { a, b, fromA, fromB } = await recorded();
        a.write('from a\n');
        b.write('from b\n');
        await Promise.all([fromA.untilLines(1), fromB.untilLines(1)]);
        a.end();
        b.end();
        await Promise.all([fromA.untilClosed(), fromB.untilClosed()]);
        await settle();
        expect([fromA.count('closed'), fromB.count('closed')]).toEqual([1, 1]);
      });
    });

    describe('a reader that does not read', () => {
      test('holds the writer back, who is told when all has gone', async () => {
        const [a, b] = await pair();
        const fromB = Recorder.on(a);
        const lines = await fill(a);
        expect(lines).toBeLessThan(TOO_MANY_LINES);
        expect(a.buffered).toBeGreaterThan(0);
        const before = fromB.count('drained');
        await settle();
        expect(fromB.count('drained')).toBe(before);
        const fromA = Recorder.on(b);
        await fromB.until((told) => told.count('drained') > before, 'drained');
        expect(a.buffered).toBe(0);
        await fromA.untilLines(lines);
        expect(fromB.count('drained')).toBe(before + 1);
        expect(a.write('again\n')).toBe(true);
      });

      test('is waited for where somebody asks, whatever a write has returned, and told of once', async () => {
        const { a, fromA, fromB } = await recorded();
        a.write('one\n');
        a.awaitDrained();
        a.awaitDrained();
        expect(fromB.count('drained')).toBe(0);
        await fromB.until((told) => told.count('drained') > 0, 'drained');
        expect(a.buffered).toBe(0);
        await fromA.untilLines(1);
        await settle();
        expect(fromB.count('drained')).toBe(1);
        a.awaitDrained();
        a.end();
        a.awaitDrained();
        await fromA.untilClosed();
        await fromB.untilClosed();
        expect(fromA.lines).toEqual(['one']);
      });

      test('by pausing gets the rest when it resumes', async () => {
        const { a, b, fromA } = await recorded();
        a.write('one\n');
        await fromA.untilLines(1);
        b.pause();
        b.pause();
        a.write('two\n');
        await settle();
        expect(fromA.lines).toEqual(['one']);
        b.resume();
        b.resume();
        await fromA.untilLines(2);
        a.end();
        await fromA.untilClosed();
        expect(fromA.lines).toEqual(['one', 'two']);
      });

      test('by pausing can still end', async () => {
        const { a, b, fromA, fromB } = await recorded();
        b.pause();
        a.write('unread\n');
        await settle();
        b.write('bye\n');
        b.end();
        await Promise.all([fromA.untilClosed(), fromB.untilClosed()]);
        expect(fromA.lines).toEqual([]);
        expect(fromB.all).toEqual([
          { kind: 'frame', line: 'bye' },
          { kind: 'closed', reason: { kind: 'closed' } },
        ]);
      });
    });

    test('knows both its ends', async () => {
      const [a, b] = await pair();
      expect(a.remote).toEqual(b.local);
      expect(b.remote).toEqual(a.local);
      expect(a.local).not.toEqual(b.local);
    });
  });
}
