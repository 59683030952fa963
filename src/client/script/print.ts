/** Standard output of the commands. */

/**
 * Who reads may stop reading, as `head` does: then this process is done, quietly. Output to a pipe, a file or a terminal
 * is synchronous on Linux, so nothing piles up.
 */
export function quietWhenUnread(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`uchat: standard output can't be written (${error.code ?? error.message})\n`);
    process.exit(2);
  });
}

export const print = (lines: string): void => {
  process.stdout.write(lines);
};
