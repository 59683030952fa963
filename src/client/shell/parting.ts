/**
 * What must be done before the program ends, by whatever ends it, as long as it may: others on the network are told that
 * we leave. A front that has a signal for itself does its own part first, and then sends the signal once more, to us.
 */

/** Milliseconds that leaving may take: what a person waits for who quits. */
const PART_WITHIN_MS = 1000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** Never rejects. */
type Work = () => Promise<void>;

const works = new Set<Work>();

function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  // Without our listener it does what it does to any program, so whoever waits for us sees how we ended.
  const end = (): void => void process.kill(process.pid, signal);
  part().then(end, end);
}

function forget(): void {
  if (works.size === 0) for (const signal of SIGNALS) process.off(signal, onSignal);
}

/** @returns takes it back: it is done. */
export function beforeEnd(work: Work): () => void {
  if (works.size === 0) for (const signal of SIGNALS) process.on(signal, onSignal);
  works.add(work);
  return () => {
    works.delete(work);
    forget();
  };
}

/** The program ends. Resolves when all is done, or after a second. Never rejects. */
export async function part(): Promise<void> {
  const all = [...works];
  if (all.length === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PART_WITHIN_MS);
  });
  await Promise.race([Promise.allSettled(all.map((work) => work())), late]);
  clearTimeout(timer);
  works.clear();
  forget();
}
