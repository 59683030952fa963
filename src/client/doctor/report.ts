/** Findings as lines: for people, and for scripts. */
import { countedPlainly } from '../../base/text/number.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { wrap } from '../../base/text/wrap.ts';
import { jsonLine } from '../script/lines.ts';
import type { Finding, Level } from './judge/finding.ts';

/** `mend` stands before what to do. */
const SIGNS: Readonly<Record<'unicode' | 'ascii', Readonly<Record<Level | 'mend', string>>>> = {
  unicode: { ok: '✓', note: '·', problem: '✗', mend: '→' },
  ascii: { ok: '+', note: '-', problem: '!', mend: '->' },
};
/** SGR: green, yellow, red. */
const COLORS: Readonly<Record<Level, number>> = { ok: 32, note: 33, problem: 31 };
/** Cells of the two columns of words. */
const LEVEL_CELLS = 'problem'.length;
const CHECK_CELLS = 'own-server'.length;
const INDENT = 2 + LEVEL_CELLS + 2 + CHECK_CELLS + 2;
/** Cells of text below which a second column is no help. */
const LEAST_CELLS = 30;

export interface Look {
  readonly unicode: boolean;
  readonly colors: boolean;
  /** Columns that lines are broken at; undefined: they are not. */
  readonly columns: number | undefined;
}

/** What is so, and what to do. */
const wordsOf = ({ says, mend }: Finding, arrow: string): string =>
  sanitizeLine(mend === undefined ? says : `${says} ${arrow} ${mend}`);

function lineOf(finding: Finding, { unicode, colors, columns }: Look): string {
  const { level, check } = finding;
  const signs = SIGNS[unicode ? 'unicode' : 'ascii'];
  const mark = `${signs[level]} ${level.padEnd(LEVEL_CELLS)}`;
  const head = `${colors ? `\x1b[${COLORS[level]}m${mark}\x1b[m` : mark}  ${check.padEnd(CHECK_CELLS)}  `;
  const width = columns === undefined ? 0 : columns - INDENT;
  const words = wordsOf(finding, signs.mend);
  const rows = width < LEAST_CELLS ? [words] : wrap(words, width);
  return `${head}${rows.join(`\n${' '.repeat(INDENT)}`)}\n`;
}

/** `2 problems, 1 note` */
function summary(findings: readonly Finding[]): string {
  const [problems, notes] = (['problem', 'note'] as const).map(
    (level) => findings.filter((one) => one.level === level).length,
  );
  if (!problems && !notes) return 'Nothing is wrong.';
  const words = [
    ...(problems ? [countedPlainly(problems, 'problem')] : []),
    ...(notes ? [countedPlainly(notes, 'note')] : []),
  ];
  return `${words.join(', ')}.${problems ? '' : ' uchat works.'}`;
}

export const report = (findings: readonly Finding[], look: Look): string =>
  `${findings.map((finding) => lineOf(finding, look)).join('')}${summary(findings)}\n`;

/** The stable fields of a finding: `check`, `level`, `says`, and `mend` where there is something to do. */
export const jsonReport = (findings: readonly Finding[]): string =>
  findings.map(({ check, level, says, mend }) => jsonLine({ check, level, says, mend })).join('');
