/** Which day it is that one reads. */
import type { UnixMs } from '../../base/ids.ts';
import { dayOf, dayTitle } from '../../base/text/time.ts';

const yearOf = (ms: UnixMs): string => dayOf(ms).slice(0, 4);

/** `Friday 20 November`, with the year where that is another than the one before. */
export const dayAfter = (before: UnixMs | undefined, time: UnixMs): string =>
  before === undefined || yearOf(before) === yearOf(time) ? dayTitle(time) : `${dayTitle(time)} ${yearOf(time)}`;

/** For somebody who reads back, whose day's beginning is out of sight; today goes without saying. */
export const dayReadAt = (time: UnixMs | undefined, now: UnixMs): string =>
  time === undefined || dayOf(time) === dayOf(now) ? '' : dayAfter(now, time);
