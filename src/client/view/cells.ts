/** What the view gives to the terminal: rows of styled runs, exactly as wide as the screen. */

/** The roles that a theme gives colours to; the view never names a colour. */
export type Role =
  | 'text'
  | 'dim'
  | 'accent'
  | 'self'
  | 'time'
  | 'day'
  | 'unread'
  | 'event'
  | 'notice'
  | 'error'
  | 'pending'
  | 'mention'
  | 'border'
  | 'tab'
  | 'tabActive'
  | 'tabActivity'
  | 'status'
  | 'statusWarn'
  | 'online'
  | 'away'
  | 'offline'
  | 'input'
  | 'prompt'
  | 'selection'
  /** Nobody else can read it; the other is who one thinks. */
  | 'secure'
  /** Others can read it, or the other may be somebody else. */
  | 'alarm'
  | 'nick0'
  | 'nick1'
  | 'nick2'
  | 'nick3'
  | 'nick4'
  | 'nick5'
  | 'nick6'
  | 'nick7'
  | 'nick8'
  | 'nick9'
  | 'nick10'
  | 'nick11';

/** Safe text (it has passed the sanitiser) in one style. `width` is its cells. */
export interface Run {
  readonly text: string;
  readonly width: number;
  readonly role: Role;
  readonly bold?: boolean;
  readonly underline?: boolean;
  /** Where it leads: http, https or mailto. Shown as a link (OSC 8) where the terminal is known to take it. */
  readonly link?: string;
}

/** One screen line. The widths of its runs add up to the screen's columns, or less: the rest is blank. */
export type Row = readonly Run[];

export interface Frame {
  readonly columns: number;
  /** Exactly as many as the screen has lines. */
  readonly rows: readonly Row[];
  /** Rows, from 0, whose line goes on in the next one: the terminal is to know that, since it copies them as one. */
  readonly joined?: ReadonlySet<number>;
  /** Where the terminal's cursor stands, in cells from the top left; undefined hides it. */
  readonly cursor: { readonly x: number; readonly y: number } | undefined;
  /** The terminal's title. */
  readonly title: string;
}
