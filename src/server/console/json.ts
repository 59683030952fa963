import { pino } from 'pino';
import type { ConsoleEvent } from '../core/notice.ts';
import type { Console } from './console.ts';
import type { Output } from './output.ts';

/**
 * One JSON line an event. What people write is not in it: a log is read, copied and kept by others than the room's
 * members. `room` and `seq` say which message it was.
 */
export function openJson(output: Output): Console {
  const time = isoTime();
  const log = pino({ base: null, timestamp: time, formatters: { level: (label) => ({ level: label }) } }, output);
  return {
    show: (event) => {
      if (event.kind === 'message') output.write(messageLine(event, time()));
      else log[levelOf(event)](withoutText(event));
    },
    close: () => output.close(),
  };
}

/** As pino would make it, in a tenth of the time: most lines are these, and no name of a room or person needs escapes. */
const messageLine = ({ kind, room, seq, from }: Extract<ConsoleEvent, { kind: 'message' }>, time: string): string =>
  `{"level":"info"${time},"event":"${kind}","room":"${room}","seq":${seq},"from":"${from}"}\n`;

/** The field as pino wants it. Many events fall into one millisecond, and to write a date costs more than the rest. */
function isoTime(): () => string {
  let last = 0;
  let field = '';
  return () => {
    const now = Date.now();
    if (now !== last) {
      last = now;
      field = `,"time":"${new Date(now).toISOString()}"`;
    }
    return field;
  };
}

function levelOf({ kind }: ConsoleEvent): 'info' | 'warn' | 'error' {
  switch (kind) {
    case 'warning':
    case 'refused':
      return 'warn';
    case 'store-failed':
    case 'fault':
      return 'error';
    case 'started':
    case 'metrics':
    case 'stopping':
    case 'draining':
    case 'reloaded':
    case 'stopped':
    case 'online':
    case 'registered':
    case 'away':
    case 'back':
    case 'offline':
    case 'joined':
    case 'left':
    case 'topic':
    case 'message':
    case 'edited':
    case 'deleted':
    case 'audit':
      return 'info';
  }
}

function withoutText(event: Exclude<ConsoleEvent, { kind: 'message' }>): Readonly<Record<string, unknown>> {
  if (event.kind === 'edited') return { event: event.kind, room: event.room, seq: event.seq, by: event.by };
  if (event.kind === 'topic') return { event: event.kind, room: event.room, by: event.by };
  const { kind, ...rest } = event;
  return { event: kind, ...rest };
}
