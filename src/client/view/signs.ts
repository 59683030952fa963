/** The signs of the screen. All of them, and their stand-ins, take exactly one cell, so that the layout never depends on them. */
export interface Signs {
  readonly online: string;
  readonly away: string;
  readonly offline: string;
  readonly horizontal: string;
  readonly vertical: string;
  /** Where the list's border meets the rule. */
  readonly foot: string;
  readonly down: string;
  readonly ellipsis: string;
  readonly pending: string;
  readonly refused: string;
  readonly notice: string;
  /** For a character of a password. */
  readonly mask: string;
  readonly announcement: string;
  /** Beside the one of the list that the keys stand on. */
  readonly selected: string;
}

export const UNICODE_SIGNS: Signs = {
  online: '●',
  away: '◐',
  offline: '○',
  horizontal: '─',
  vertical: '│',
  foot: '┴',
  down: '↓',
  ellipsis: '…',
  pending: '⋯',
  refused: '✗',
  notice: '·',
  mask: '•',
  announcement: '◆',
  selected: '▸',
};

/** For the Linux console, whose font lacks most of them, and for locales without UTF-8. */
export const ASCII_SIGNS: Signs = {
  online: '*',
  away: '-',
  offline: 'x',
  horizontal: '-',
  vertical: '|',
  foot: '+',
  down: 'v',
  ellipsis: '>',
  pending: '.',
  refused: '!',
  notice: '-',
  mask: '*',
  announcement: '#',
  selected: '>',
};
