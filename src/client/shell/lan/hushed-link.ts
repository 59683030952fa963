/** A link over which, from some moment on, its owner hears nothing more: not even that it has ended. */
import type { Link, LinkEvents } from '../../../link/link.ts';

export interface Hushed {
  readonly link: Link;
  hush(): void;
}

export function hushable(link: Link): Hushed {
  let isHushed = false;
  const told = (tell: () => void): void => {
    if (!isHushed) tell();
  };
  const listen = (events: LinkEvents): void =>
    link.listen({
      frame: (line) => told(() => events.frame(line)),
      fault: (fault) => told(() => events.fault(fault)),
      drained: () => told(() => events.drained()),
      closed: (reason) => told(() => events.closed(reason)),
    });
  return {
    hush: () => {
      isHushed = true;
    },
    link: {
      remote: link.remote,
      local: link.local,
      listen,
      write: (bytes) => link.write(bytes),
      get buffered() {
        return link.buffered;
      },
      awaitDrained: () => link.awaitDrained(),
      pause: () => link.pause(),
      resume: () => link.resume(),
      end: () => link.end(),
      destroy: () => link.destroy(),
      reset: () => link.reset(),
    },
  };
}
