/** Exit status of a program that found a fault in itself (EX_SOFTWARE of sysexits.h). */
export const FAULT_STATUS = 70;

/** A fault of the program in one line, with the place in its source that somebody who mends it needs. */
export function faultLine(error: unknown): string {
  const what = error instanceof Error ? `${error.name}: ${error.message.split('\n')[0]}` : String(error);
  const place = error instanceof Error ? /\/src\/([^\s()]+)/.exec(error.stack ?? '')?.[1] : undefined;
  return `this is a fault of uchat itself: ${what}${place === undefined ? '' : ` (${place})`}; please report it`;
}
