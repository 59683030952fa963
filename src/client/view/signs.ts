/** The signs of the screen. All of them, and their stand-ins, take exactly one cell, so that the layout never depends on them. */
export interface Signs {
  readonly online: string;
  readonly away: string;
  readonly offline: string;
  readonly horizontal: string;
  readonly vertical: string;
  /** Where the list's border meets the rule. */
  readonly foot: string;
  /** Where borders meet: lines to the left and right and below, to the right, to the left, to all sides. */
  readonly top: string;
  readonly fork: string;
  readonly joint: string;
  readonly cross: string;
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
  /** Before what a message answers. */
  readonly answers: string;
  /** Beside somebody of a server who is on the local network, too. */
  readonly near: string;
}

export const UNICODE_SIGNS: Signs = {
  online: '●',
  away: '◐',
  offline: '○',
  horizontal: '─',
  vertical: '│',
  foot: '┴',
  top: '┬',
  fork: '├',
  joint: '┤',
  cross: '┼',
  down: '↓',
  ellipsis: '…',
  pending: '⋯',
  refused: '✗',
  notice: '·',
  mask: '•',
  announcement: '◆',
  selected: '▸',
  answers: '↳',
  near: '⌂',
};

/** For the Linux console, whose font lacks most of them, and for locales without UTF-8. */
export const ASCII_SIGNS: Signs = {
  online: '*',
  away: '-',
  offline: 'x',
  horizontal: '-',
  vertical: '|',
  foot: '+',
  top: '+',
  fork: '+',
  joint: '+',
  cross: '+',
  down: 'v',
  ellipsis: '>',
  pending: '.',
  refused: '!',
  notice: '-',
  mask: '*',
  announcement: '#',
  selected: '>',
  answers: '^',
  near: '&',
};
