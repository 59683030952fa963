import { unixMs } from '../../../base/ids.ts';
import { clockTime } from '../../../base/text/time.ts';
import type { TimeZoneFacts } from '../judge/time-zone.ts';

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format() !== '';
  } catch {
    return false;
  }
}

export function timeZoneFacts(variable: string | undefined): TimeZoneFacts {
  const name = variable?.replace(/^:/, '') ?? '';
  return {
    variable,
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    now: clockTime(unixMs(Date.now())),
    isKnown: name === '' || isZone(name),
  };
}
