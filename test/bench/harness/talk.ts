import { join } from 'node:path';
import { Program } from '../../e2e/harness/program.ts';

const TALKER = join(import.meta.dirname, 'talker.ts');

/** Somebody who talks in the lobby, in a process of their own. @param rate messages a second; 0: as many as are taken. */
export const talk = (port: number, count: number, rate: number): Program =>
  new Program({
    command: [process.execPath, TALKER, String(port), String(count), String(rate)],
    env: {},
    cwd: import.meta.dirname,
  });
