/** What a check has found. */
export type Level = 'ok' | 'note' | 'problem';

/** Stable: scripts tell findings apart by it. */
export type Check =
  | 'program'
  | 'locale'
  | 'terminal'
  | 'widths'
  | 'tmux'
  | 'screen'
  | 'ssh'
  | 'mosh'
  | 'editor'
  | 'settings'
  | 'files'
  | 'private'
  | 'host'
  | 'server'
  | 'lan'
  | 'log-in'
  | 'clock'
  | 'own-server';

export interface Finding {
  readonly check: Check;
  /** `note`: uchat works, though not as well as it could. `problem`: something doesn't. */
  readonly level: Level;
  /** What is so, in one line; not sanitised. */
  readonly says: string;
  /** What to do about it, in one line. */
  readonly mend?: string;
}

/** The three kinds of findings of one check. */
export function findings(check: Check) {
  const make =
    (level: Level) =>
    (says: string, mend?: string): Finding => ({ check, level, says, ...(mend === undefined ? {} : { mend }) });
  return { ok: make('ok'), note: make('note'), problem: make('problem') };
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** `3.4 MB`, in powers of ten. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** As a word of a command that somebody copies. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** `a, b and c` */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
