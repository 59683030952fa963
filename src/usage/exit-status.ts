/** What the end of the program tells whoever started it. */
export interface ExitStatus {
  readonly status: number;
  readonly says: string;
  /** What it means of one mode besides. */
  readonly more?: string;
  /** Of every mode; the others are explained in the manual only. */
  readonly usual: boolean;
}

export const EXIT_STATUSES: readonly ExitStatus[] = [
  { status: 0, says: 'done', usual: true },
  {
    status: 1,
    says: 'refused by the server',
    more: 'of uchat doctor and uchat --serve --check: it has found a problem; of backup and restore: it could not be done',
    usual: true,
  },
  { status: 2, says: 'wrong usage', usual: true },
  { status: 3, says: 'no connection', usual: true },
  { status: 70, says: 'a fault of uchat itself', usual: false },
];

/** `Exit status: 0 done, 1 …` */
export const exitStatusLine = (): string =>
  `Exit status: ${EXIT_STATUSES.filter(({ usual }) => usual)
    .map(({ status, says }) => `${status} ${says}`)
    .join(', ')}.`;
