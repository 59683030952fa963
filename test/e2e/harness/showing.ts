/**
 * A program on a terminal, for terminal.test.ts: rows that scroll beside a border, then something to be told outside of the
 * window and something for the clipboard, and `shown` in the last row.
 */
import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { openTerminal } from '../../../src/client/terminal/terminal.ts';
import type { Frame, Row } from '../../../src/client/view/cells.ts';
import { fit, run } from '../../../src/client/view/runs.ts';

const TEXTS = ['morning all', '早上好 everybody', 'the 👨‍👩‍👧‍👦 says hello', 'שלום to you', '❤️ 1️⃣ 👍🏽', 'a heart', ''];
const FRAMES = 40;

// Nothing is handed on by tmux unless somebody has said so.
if (process.env.TMUX !== undefined) {
  spawnSync('tmux', ['set', '-g', 'allow-passthrough', 'on']);
  spawnSync('tmux', ['set', '-g', 'set-clipboard', 'off']);
}
const opened = openTerminal({ input: process.stdin, output: process.stdout, env: process.env });
if (!opened.ok) throw new Error(opened.error.text);
const terminal = opened.value;
const { columns, rows: height } = terminal.size;
const bordered = process.argv.includes('bordered');

const text = (number: number): Row => {
  const row: Row = [run(`${number} ${TEXTS[number % TEXTS.length]}`, number % 3 === 0 ? 'mention' : 'text')];
  return bordered ? [...fit(row, columns - 10), run('│', 'border'), run(` ${number % 4} here`, 'dim')] : row;
};
function frame(from: number, last: string): Frame {
  const body = Array.from({ length: height - 2 }, (_, y) => text(from + y));
  const rows: Row[] = [[run('1:#lobby', 'tabActive')], ...body, [run(last, 'status')]];
  return { columns, rows, cursor: { x: last.length, y: height - 1 }, title: 'showing' };
}

terminal.onKey(() => {
  terminal.close();
  process.exit();
});
for (let i = 0; i < FRAMES; i += 1) {
  // Up by one and by several, and down again.
  terminal.draw(frame(i < FRAMES / 2 ? i : i % 2 === 0 ? i + 3 : i - 4, `frame ${i}`), true);
  await delay(2);
}
terminal.draw(frame(FRAMES, 'frame'), true);
// What the terminal is, it has said by now.
await delay(200);
terminal.notify('bob', 'lunch?');
terminal.copy('some words');
terminal.draw(frame(FRAMES, 'shown'), true);
