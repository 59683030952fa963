import { PassThrough } from 'node:stream';
import xterm from '@xterm/headless';
import { expect, test } from 'vitest';
import { type UserName, unixMs } from '../../../src/base/ids.ts';
import { isForeground, openPrompt } from '../../../src/server/console/prompt.ts';
import { textOf } from '../../screen/headless.ts';

const NOON = unixMs(Date.UTC(2026, 10, 20, 12));

/** A console on a terminal of 40 columns, whose commands say what was typed. */
function setUp() {
  const terminal = new xterm.Terminal({ cols: 40, rows: 8, allowProposedApi: true });
  const input = new PassThrough();
  const typed: string[] = [];
  let interrupts = 0;
  let resized = (): void => undefined;
  const console = openPrompt({
    input,
    // As a terminal does: a line feed also returns the carriage.
    output: { write: (text) => terminal.write(text.replaceAll('\n', '\r\n')), close: () => undefined },
    columns: () => terminal.cols,
    onResize: (then) => {
      resized = then;
    },
    interrupt: () => {
      interrupts += 1;
    },
  });
  console.operate?.({
    words: ['/kick', '/who'],
    run: (line) => {
      typed.push(line);
      return Promise.resolve(line === '' ? [] : [`did ${line}`]);
    },
  });
  const screen = async (): Promise<string[]> => {
    await new Promise<void>((resolve) => {
      terminal.write('', resolve);
    });
    return textOf(terminal).split('\n').filter(Boolean);
  };
  const say = (text: string): void => console.show({ kind: 'refused', who: 'x', code: 'internal', text }, NOON);
  return { console, input, typed, terminal, screen, say, interrupts: () => interrupts, resize: () => resized() };
}

test('what happens is shown above what is being typed', async () => {
  const { console, input, screen } = setUp();
  input.write('/kick b');
  await expect.poll(screen).toEqual(['operator> /kick b']);
  console.show({ kind: 'away', user: '~bob' as UserName }, NOON);
  expect(await screen()).toEqual([expect.stringContaining('~bob  is away'), 'operator> /kick b']);
  input.write('ob\r');
  await expect
    .poll(screen)
    .toEqual([expect.stringContaining('~bob  is away'), 'operator> /kick bob', '         did /kick bob', 'operator>']);
});

test('a command longer than the screen is wide stays whole under what comes', async () => {
  const { input, screen, say } = setUp();
  input.write(`/announce ${'x'.repeat(40)}`);
  await expect.poll(screen).toEqual([`operator> /announce ${'x'.repeat(20)}`, 'x'.repeat(20)]);
  say('one');
  say('two');
  expect((await screen()).slice(-2)).toEqual([`operator> /announce ${'x'.repeat(20)}`, 'x'.repeat(20)]);
  expect((await screen()).slice(0, 2)).toEqual([expect.stringContaining('one'), expect.stringContaining('two')]);
});

test('tab completes a command, and Ctrl-C is the server’s', async () => {
  const { input, screen, interrupts } = setUp();
  input.write('/ki\t');
  await expect.poll(screen).toEqual(['operator> /kick']);
  input.write('\x03');
  await expect.poll(interrupts).toBe(1);
});

test('Ctrl-D does not stop the server, and commands go on', async () => {
  const { input, screen, typed } = setUp();
  input.write('\x04');
  await expect.poll(screen).toContain('to stop the server: /stop or Ctrl-C');
  input.write('/who\r');
  await expect.poll(() => typed).toEqual(['/who']);
});

test('a program in the background leaves the terminal’s input alone', () => {
  const stat = (pgrp: number, tpgid: number) => () => `4711 (a) b) S 1 ${pgrp} 4000 34816 ${tpgid} 4194304`;
  expect(isForeground(stat(4711, 4711))).toBe(true);
  expect(isForeground(stat(4711, 4000))).toBe(false);
  expect(
    isForeground(() => {
      throw new Error('no such file');
    }),
  ).toBe(true);
});
