import { execFile } from 'node:child_process';

/** Milliseconds that a program has for its answer: tmux and screen may hang, or wait for somebody. */
const WITHIN_MS = 1000;
/** Bytes of an answer; those that we ask for have a line. */
const MAX_ANSWER = 65_536;

/** What another program prints. @returns undefined where there is none, it fails, or takes too long. Never rejects. */
export async function answerOf(
  program: string,
  args: readonly string[],
  withinMs: number = WITHIN_MS,
): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const options = { timeout: withinMs, killSignal: 'SIGKILL', maxBuffer: MAX_ANSWER } as const;
    const child = execFile(program, [...args], options, (error, stdout) => {
      // Old versions of screen say their version with status 1.
      const ended = error === null || (typeof error.code === 'number' && stdout !== '');
      resolve(ended ? stdout : undefined);
    });
    // It may be gone before it is told that nothing comes.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end();
  });
}
