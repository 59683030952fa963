import type { UnixMs } from '../../base/ids.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import type { ConsoleEvent } from '../core/notice.ts';
import type { Console } from './console.ts';

/**
 * Lines for people, as the servers before this one showed them.
 * @param close writes what is still held.
 */
export function openLines(write: (text: string) => void, close: () => void = () => undefined): Console {
  return {
    // Whatever an event carries, it is one line, and says nothing to the terminal.
    show: (event, time) => write(`${clockTime(time)} ${sanitizeLine(lineOf(event))}\n`),
    close,
  };
}

const clockTime = (time: UnixMs): string => new Date(time).toTimeString().slice(0, 8);

function lineOf(event: ConsoleEvent): string {
  switch (event.kind) {
    case 'started': {
      const who = [event.hostLogin ? 'users of this host' : '', event.guests ? 'guests' : '']
        .filter(Boolean)
        .join(', ');
      return `listening on ${event.host} port ${event.port}, data in ${event.dataFolder}, for ${who || 'nobody'}`;
    }
    case 'stopping':
      return `stopping: ${event.why}`;
    case 'stopped':
      return 'stopped';
    case 'warning':
      return `! ${event.text} (${event.code})`;
    case 'online':
      return `+ ${event.user}  ${event.from}, ${event.by === 'host' ? 'host log-in' : 'guest'}`;
    case 'offline':
      return `- ${event.user}  ${event.reason ?? 'left'}`;
    case 'away':
      return `  ${event.user}  is away`;
    case 'back':
      return `  ${event.user}  is back`;
    case 'joined':
      return `${event.room} + ${event.user}`;
    case 'left':
      return `${event.room} - ${event.user}`;
    case 'topic':
      return `${event.room} ${event.by} sets the topic: ${event.text}`;
    case 'message':
      return `${event.room} ${event.from}: ${event.text}`;
    case 'refused':
      return `! ${event.who}: ${event.text} (${event.code})`;
    case 'store-failed':
      return `! the store could not ${event.what}: ${event.text} (${event.code})`;
    case 'fault':
      return `! fault, ${event.what}: ${event.stack}`;
  }
}
