import type { Bus, ServerEvent } from './bus.ts';

/** One server by itself: delivers at once, before `publish` returns, unless it is called by a listener. */
export function createLocalBus(): Bus {
  const listeners = new Set<(event: ServerEvent) => void>();
  /** Published by listeners, so never longer than what one event causes. */
  const waiting: ServerEvent[] = [];
  let delivering = false;
  return {
    publish(event) {
      if (delivering) {
        waiting.push(event);
        return;
      }
      delivering = true;
      try {
        for (let next: ServerEvent | undefined = event; next !== undefined; next = waiting.shift())
          for (const listener of listeners) listener(next);
      } finally {
        delivering = false;
      }
    },
    subscribe(listener) {
      // A wrapper, so that one function may subscribe twice.
      const own = (event: ServerEvent): void => listener(event);
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
    close: () => {
      listeners.clear();
      return Promise.resolve();
    },
  };
}
