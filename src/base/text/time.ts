/** Times as people read them, in the time zone of this process. English, whatever the locale, as all of the program. */
import type { UnixMs } from '../ids.ts';

const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

const two = (n: number): string => String(n).padStart(2, '0');

/** `HH:MM` */
export function clockTime(ms: UnixMs): string {
  const date = new Date(ms);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The local day, to compare and to sort by: `YYYY-MM-DD` */
export function dayOf(ms: UnixMs): string {
  const date = new Date(ms);
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** `Friday 20 November` */
export function dayTitle(ms: UnixMs): string {
  const date = new Date(ms);
  return `${WEEKDAYS[date.getDay()] ?? ''} ${date.getDate()} ${MONTHS[date.getMonth()] ?? ''}`;
}
