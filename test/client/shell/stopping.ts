/** A program that has the screen, for screen.test.ts: `z` stops it, `e` lends the terminal to another program, `q` leaves. */
import { spawn } from 'node:child_process';
import { Screen } from '../../../src/client/shell/screen.ts';
import type { Frame } from '../../../src/client/view/cells.ts';
import { run } from '../../../src/client/view/runs.ts';

const screen = new Screen();
let keys = '';
const draw = (): void => {
  const rows = [[run(`the chat, and ${keys || 'no keys'}`, 'text')]];
  const frame: Frame = { columns: 80, rows, cursor: { x: 0, y: 1 }, title: 'chat' };
  screen.draw(frame, true);
};
await screen.enter({
  key: (key) => {
    if (key.kind !== 'text') return;
    keys += key.text;
    draw();
    if (key.text === 'z') screen.stop();
    if (key.text === 'e') {
      screen.suspend();
      const editor = spawn('sh', ['-c', 'echo the editor; read line; echo "it got $line"; read more'], {
        stdio: 'inherit',
      });
      editor.on('close', () => screen.resume());
    }
    if (key.text === 'q') {
      screen.close();
      process.exit(0);
    }
  },
  resize: draw,
  gone: () => process.exit(0),
});
draw();
// A chat has a connection; this has nothing else to wait for.
setInterval(() => undefined, 1000);
