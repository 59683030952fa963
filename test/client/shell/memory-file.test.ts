import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RoomName, Seq } from '../../../src/base/ids.ts';
import { MemoryFile } from '../../../src/client/shell/memory-file.ts';

const SERVER = { host: '127.0.0.1', port: 2428 };
let folder: string;
let told: string[];
const open = (server = SERVER): MemoryFile => new MemoryFile(folder, server, (warning) => told.push(warning));
const onDisk = (): unknown => JSON.parse(readFileSync(file(), 'utf8'));
const file = (): string => join(folder, 'screens', readdirSync(join(folder, 'screens'))[0] ?? '');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uchat-memory-'));
  told = [];
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

describe('what is remembered of a screen', () => {
  test('is there at the next start, for each server by itself, and nobody else reads it', () => {
    const memory = open();
    expect(memory.read()).toEqual({ memory: { version: 1 } });
    memory.keep({ version: 1, theme: 'nord' });
    memory.flush();
    expect(open().read().memory).toEqual({ version: 1, theme: 'nord' });
    expect(open({ host: 'box', port: 2428 }).read().memory).toEqual({ version: 1 });
    expect(statSync(file()).mode & 0o077).toBe(0);
  });

  test('is written a moment after it has changed, once for many changes, and not where nothing has', () => {
    const memory = open();
    memory.read();
    for (let i = 0; i < 100; i++) memory.keep({ version: 1, theme: `t${i}` });
    expect(existsSync(join(folder, 'screens'))).toBe(false);
    vi.advanceTimersByTime(1000);
    expect(open().read().memory.theme).toBe('t99');
    const { mtimeMs } = statSync(file());
    memory.flush();
    vi.advanceTimersByTime(60_000);
    expect(statSync(file()).mtimeMs).toBe(mtimeMs);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([
    ['no JSON', '{"version":1,'],
    ['another version', '{"version":2}'],
    ['a wrong value', '{"version":1,"theme":7}'],
  ])('is nothing, with one line that says so, where the file has %s', (_, content) => {
    mkdirSync(join(folder, 'screens'));
    const memory = open();
    memory.keep({ version: 1, theme: 'nord' });
    memory.flush();
    writeFileSync(file(), content);
    const read = open().read();
    expect(read.memory).toEqual({ version: 1 });
    expect(read.warning).toMatch(/screens.* is ignored: [^\n]+$/);
  });

  test('of a newer program is read as far as it is known here', () => {
    const memory = open();
    memory.keep({ version: 1, theme: 'nord' });
    memory.flush();
    writeFileSync(file(), '{"version":1,"theme":"nord","later":{"x":1}}');
    expect(open().read()).toMatchObject({ memory: { theme: 'nord' } });
  });

  test('that can’t be written is said once, and nothing breaks', () => {
    writeFileSync(join(folder, 'screens'), 'in the way');
    const memory = open();
    expect(memory.read().memory).toEqual({ version: 1 });
    memory.keep({ version: 1, theme: 'nord' });
    memory.flush();
    memory.flush();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/could not be written: /);
    chmodSync(folder, 0o700);
  });

  test('a broken key takes no other along, and is said in one line', () => {
    const memory = open();
    memory.keep({ version: 1, theme: 'nord' });
    memory.flush();
    writeFileSync(file(), '{"version":1,"theme":7,"typing":false,"seen":[{"room":"#dev","seq":3}]}');
    const read = open().read();
    expect(read.memory).toEqual({ version: 1, typing: false, seen: [{ room: '#dev', seq: 3 }] });
    expect(read.warning).toMatch(/^a part of .*screens.* is ignored: theme [^\n]+$/);
  });

  test('what only a newer program knows stays, and so does the file of another version', () => {
    const memory = open();
    memory.keep({ version: 1, theme: 'nord' });
    memory.flush();
    writeFileSync(file(), '{"version":1,"theme":"nord","later":{"x":1}}');
    const again = open();
    again.keep({ ...again.read().memory, typing: false });
    again.flush();
    expect(onDisk()).toEqual({ version: 1, theme: 'nord', typing: false, later: { x: 1 } });
    writeFileSync(file(), '{"version":2,"all":"new"}');
    again.keep({ version: 1, typing: true });
    again.flush();
    expect(onDisk()).toEqual({ version: 2, all: 'new' });
  });
});

describe('two programs at once', () => {
  const LOBBY = '#lobby' as RoomName;
  const DEV = '#dev' as RoomName;
  const seen = (room: RoomName, n: number) => ({ room, seq: n as Seq });

  test('keep what the other has changed, and of what both have, what was written last', () => {
    const [one, two] = [open(), open()];
    one.read();
    two.read();
    one.keep({ version: 1, theme: 'nord', typing: false });
    two.keep({ version: 1, theme: 'light' });
    one.flush();
    two.flush();
    expect(onDisk()).toEqual({ version: 1, theme: 'light', typing: false });
    one.keep({ version: 1, theme: 'nord', typing: true });
    one.flush();
    expect(onDisk()).toEqual({ version: 1, theme: 'light', typing: true });
    expect(readdirSync(join(folder, 'screens'))).toHaveLength(1);
  });

  test('each room has the draft of whoever wrote there, and has been read as far as by either', () => {
    const first = open();
    first.keep({ version: 1, drafts: [{ tab: '#ops', text: 'old' }], seen: [seen(LOBBY, 5), seen(DEV, 5)] });
    first.flush();
    const [one, two] = [open(), open()];
    const { memory } = one.read();
    two.read();
    one.keep({ ...memory, drafts: [{ tab: '#lobby', text: 'mine' }], seen: [seen(LOBBY, 9), seen(DEV, 6)] });
    two.keep({
      ...memory,
      drafts: [...(memory.drafts ?? []), { tab: '#dev', text: 'also' }],
      seen: [seen(LOBBY, 7), seen(DEV, 5)],
    });
    one.flush();
    two.flush();
    expect(onDisk()).toMatchObject({
      drafts: [
        { tab: '#lobby', text: 'mine' },
        { tab: '#dev', text: 'also' },
      ],
    });
    expect(new Set(open().read().memory.seen)).toEqual(new Set([seen(LOBBY, 9), seen(DEV, 6)]));
  });

  test('a room that has begun anew may be read less far than before', () => {
    const first = open();
    first.keep({ version: 1, seen: [seen(LOBBY, 500)] });
    first.flush();
    first.keep({ version: 1, seen: [seen(LOBBY, 3)] });
    first.flush();
    expect(onDisk()).toEqual({ version: 1, seen: [seen(LOBBY, 3)] });
  });
});
