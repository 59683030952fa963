/** A burst of lines, taken in slices: between two of them keys are read and frames drawn. */
import type { Link, LinkEvents } from '../../link/link.ts';

/** Milliseconds of work in one go: with the frame after it, still less than anybody notices of a pressed key. */
const SLICE_MS = 1;
/** Lines that wait; then the link reads no more until half of them are done, and the server holds back the rest. */
const MAX_WAITING = 2000;

/** What `link` tells, told to `events` in the same order, a little later. */
export function inSlices(link: Pick<Link, 'pause' | 'resume'>, events: LinkEvents): LinkEvents {
  let waiting: (() => void)[] = [];
  let next = 0;
  let isScheduled = false;
  let isPaused = false;

  const work = (): void => {
    const end = performance.now() + SLICE_MS;
    // One at least, however long it takes.
    do {
      waiting[next]?.();
      next += 1;
    } while (next < waiting.length && performance.now() < end);
    if (next >= waiting.length / 2) {
      waiting = waiting.slice(next);
      next = 0;
    }
    if (isPaused && waiting.length - next <= MAX_WAITING / 2) {
      isPaused = false;
      link.resume();
    }
    isScheduled = waiting.length > next;
    if (isScheduled) setImmediate(work);
  };
  const add = (each: () => void): void => {
    waiting.push(each);
    if (!isPaused && waiting.length - next >= MAX_WAITING) {
      isPaused = true;
      link.pause();
    }
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(work);
  };
  return {
    frame: (line) => add(() => events.frame(line)),
    fault: (fault) => add(() => events.fault(fault)),
    drained: () => events.drained(),
    closed: (reason) => add(() => events.closed(reason)),
  };
}
