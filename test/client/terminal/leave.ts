/** A program on a real terminal, for leaving.test.ts: opens the screen, and leaves it in the way it is told. */
import { writeFileSync } from 'node:fs';
import { openTerminal } from '../../../src/client/terminal/terminal.ts';
import { view } from '../../../src/client/view/view.ts';
import { morning, NOW } from '../../screen/scene.ts';

const [, , way = '', mark = ''] = process.argv;
const opened = openTerminal({ input: process.stdin, output: process.stdout, env: process.env });
if (!opened.ok) throw new Error(opened.error.text);
const terminal = opened.value;
let why = 'by itself';
process.on('exit', () => {
  terminal.close();
  if (mark !== '') writeFileSync(mark, why);
});
function leave(reason: string): void {
  why = reason;
  process.exit(0);
}
// Started with the signal ignored, `deaf` leaves it at that: only the terminal's silence tells.
if (way !== 'deaf') process.on('SIGHUP', () => leave('signal'));
terminal.onGone(() => leave('gone'));
terminal.onKey(() => {
  if (way === 'stop') {
    terminal.suspend();
    process.kill(process.pid, 'SIGSTOP');
  }
  if (way === 'close') terminal.close();
  if (way === 'exit') process.exit(0);
  if (way === 'exception') throw new Error('a bug');
});
process.on('SIGCONT', () => terminal.resume());
if (way === 'stop') {
  writeFileSync(mark, String(process.pid));
  // A program has more to do than to read keys, which it doesn't while it is stopped.
  setInterval(() => undefined, 1000);
}
terminal.mouse(true);
// Before the terminal can have answered anything.
if (way === 'at-once') setImmediate(() => terminal.close());
const { columns, rows } = terminal.size;
terminal.draw(view(morning(columns, rows), { now: NOW, mono: 0 }));
