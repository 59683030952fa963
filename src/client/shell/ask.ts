/** A question on a plain line, before the full screen. */
import { createInterface } from 'node:readline';

/** @returns the answer without blanks around; undefined when the input ended instead. */
export async function ask(question: string): Promise<string | undefined> {
  // The terminal's own line editing does; and Ctrl-C ends the program, as it does everywhere.
  const lines = createInterface({ input: process.stdin, terminal: false });
  process.stderr.write(question);
  return await new Promise((resolve) => {
    lines.once('line', (line) => {
      resolve(line.trim());
      lines.close();
    });
    lines.once('close', () => resolve(undefined));
  });
}

/** `[Y/n]`; undefined when the input ended. Anything but a yes or nothing is a no. */
export async function askYes(question: string): Promise<boolean | undefined> {
  const answer = await ask(`${question} [Y/n] `);
  return answer === undefined ? undefined : /^(y|yes)?$/i.test(answer);
}

/** `[y/N]`; undefined when the input ended. Anything but a yes is a no. */
export async function askNo(question: string): Promise<boolean | undefined> {
  const answer = await ask(`${question} [y/N] `);
  return answer === undefined ? undefined : /^(y|yes)$/i.test(answer);
}
