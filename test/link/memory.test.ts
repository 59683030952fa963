import { expect, test } from 'vitest';
import { memoryLinks } from '../../src/link/memory.ts';
import { linkConformance } from './conformance.ts';
import { Recorder } from './recorder.ts';

linkConformance('memory', () => Promise.resolve(memoryLinks()));

test('bytes that a writer uses again after a write arrive as they were', async () => {
  const [a, b] = memoryLinks();
  const told = Recorder.on(b);
  const buffer = new TextEncoder().encode('mine\n');
  a.write(buffer);
  buffer.fill(0x78);
  await told.untilLines(1);
  expect(told.lines).toEqual(['mine']);
});

test('one byte in flight at a time still brings all, in order', async () => {
  const [a, b] = memoryLinks(1);
  Recorder.on(a);
  const told = Recorder.on(b);
  expect(a.write('one\ntwo\n')).toBe(false);
  expect(a.buffered).toBe(7);
  await told.untilLines(2);
  expect(told.lines).toEqual(['one', 'two']);
});
