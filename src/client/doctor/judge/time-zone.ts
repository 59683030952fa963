import { type Finding, findings } from './finding.ts';

export interface TimeZoneFacts {
  /** $TZ. */
  readonly variable: string | undefined;
  /** What this program goes by: `Europe/Berlin`. */
  readonly zone: string;
  /** The time that it takes for now: `14:05`. */
  readonly now: string;
  /** Whether what the variable names is known; true where it isn't set. */
  readonly isKnown: boolean;
}

const { ok, note } = findings('clock');

export function judgeTimeZone({ variable, zone, now, isKnown }: TimeZoneFacts): Finding {
  return isKnown
    ? ok(`${now} in ${zone}`)
    : note(
        `TZ=${variable ?? ''} is no time zone that is known here, so times are shown in ${zone}`,
        'export TZ=Europe/Berlin, or unset TZ',
      );
}
