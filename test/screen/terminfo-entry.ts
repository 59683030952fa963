/** An entry of terminfo that the machine may not have: a terminal with a number of colours. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Made by `tic` from xterm's. @returns what a program in that terminal has in its environment. */
export function terminfoWith(colors: number, folder: string): Readonly<Record<'TERM' | 'TERMINFO', string>> {
  const name = `uchat-${colors}`;
  const source = join(folder, name);
  writeFileSync(source, `${name}|an xterm with ${colors} colours, colors#${colors}, use=xterm,\n`);
  const { status, stderr } = spawnSync('tic', ['-o', folder, source], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`tic: ${stderr}`);
  return { TERM: name, TERMINFO: folder };
}
