import type { UnixMs } from '../../base/ids.ts';
import { countedPlainly } from '../../base/text/number.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import type { ChangedSetting, ConsoleEvent } from '../core/notice.ts';
import type { LoginMethod } from '../core/user.ts';
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

/** `09:14:02`, of the operator's own time zone. */
export const clockTime = (time: UnixMs): string => new Date(time).toTimeString().slice(0, 8);

const METHOD: Readonly<Record<LoginMethod, string>> = {
  guest: 'guest',
  host: 'host log-in',
  password: 'password',
  key: 'device key',
  register: 'registered',
};

function reloadedWords(setting: ChangedSetting | undefined): string {
  if (setting === undefined) return 'settings read again: nothing has changed';
  const { name, from, to, applies } = setting;
  const when = applies === 'now' ? '' : '; it needs a restart';
  return `settings read again: ${name} ${from} -> ${to}${when}`;
}

function lineOf(event: ConsoleEvent): string {
  switch (event.kind) {
    case 'started': {
      const who = [event.hostLogin ? 'users of this host' : '', event.guests ? 'guests' : '']
        .filter(Boolean)
        .join(', ');
      const where = `listening on ${event.host} port ${event.port}, data in ${event.dataFolder}`;
      return `${where}, for ${who || 'nobody'}; key ${event.fingerprint}`;
    }
    case 'metrics':
      return `figures at ${event.where}`;
    case 'stopping':
      return `stopping: ${event.why}`;
    case 'draining':
      return `${countedPlainly(event.messages, 'message')} to store, ${countedPlainly(event.connections, 'connection')} to close`;
    case 'reloaded':
      return reloadedWords(event.setting);
    case 'stopped':
      return 'stopped';
    case 'warning':
      return `! ${event.text} (${event.code})`;
    case 'online':
      return `+ ${event.user}  ${event.from}, ${METHOD[event.by]}`;
    case 'registered':
      return `* ${event.user}  ${event.from}, a new account`;
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
    case 'edited':
      return `${event.room} ${event.by} edits message ${event.seq}: ${event.text}`;
    case 'deleted':
      return `${event.room} ${event.by} deletes message ${event.seq}${event.author === event.by ? '' : ` of ${event.author}`}`;
    case 'audit':
      return `* ${event.by}: ${[event.action, event.target, event.detail].filter(Boolean).join(' ')}`;
    case 'refused':
      return `! ${event.who}: ${event.text} (${event.code})`;
    case 'store-failed':
      return `! the store could not ${event.what}: ${event.text} (${event.code})`;
    case 'fault':
      return `! fault, ${event.what}: ${event.stack}`;
  }
}
