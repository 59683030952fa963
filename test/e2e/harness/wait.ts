/** Milliseconds that anything may take here: a start-up on a busy machine with room to spare, and far below a test's time. */
const WITHIN_MS = 15_000;
/** Milliseconds between two looks, where nothing tells of a change. */
const LOOK_EVERY_MS = 20;

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/**
 * Asks until there is an answer that is not undefined.
 * @param otherwise what to say when there was none in time: what was waited for, and what was there instead.
 */
export async function until<T>(
  probe: () => T | undefined,
  otherwise: () => string,
  within: number = WITHIN_MS,
): Promise<T> {
  const end = performance.now() + within;
  for (;;) {
    const answer = probe();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`${otherwise()}\n(after ${within} ms)`);
    await pause(LOOK_EVERY_MS);
  }
}

/** @returns whether it was there: it may have ended by itself meanwhile. */
export function killIfThere(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
