/** What the operator's signals mean. */
import { isatty } from 'node:tty';

const STDOUT = 1;

export interface Signals {
  /** The signal that stops the server. */
  readonly stop: Promise<NodeJS.Signals>;
}

/**
 * SIGTERM and SIGINT stop the server in good order, and a second one ends it at once.
 *
 * SIGHUP reads the settings again. Only where the server has a terminal that is gone it stops: the kernel hangs a terminal
 * up before it tells, so whether the terminal still answers says which of the two is meant. A server in the background has
 * none to lose, and outlives the session that it was started from.
 * @param hangUp for SIGHUP; until there is one it is passed over.
 */
export function listenToSignals(hangUp: () => void): Signals {
  const hadTerminal = process.stdout.isTTY;
  const stopped = Promise.withResolvers<NodeJS.Signals>();
  let told = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (told) process.exit(1);
    told = true;
    stopped.resolve(signal);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', (signal) => {
    if (!hadTerminal || isatty(STDOUT)) hangUp();
    // Several programs tell of the same end.
    else if (!told) stop(signal);
  });
  return { stop: stopped.promise };
}
