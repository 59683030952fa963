import { expect, test } from 'vitest';
import { judgeWidths, SAMPLES, type WidthFacts } from '../../../../src/client/doctor/judge/widths.ts';

type Answers = NonNullable<WidthFacts['answers']>;
const RIGHT: Answers['cells'] = new Map(SAMPLES.map(({ name, cells }) => [name, cells]));
const answers = (given: Partial<Answers>): Answers => ({
  cells: RIGHT,
  joined: ['families', 'flags'],
  apart: [],
  wideSigns: false,
  notifications: true,
  links: true,
  ...given,
});
const judged = (given: Partial<Answers>, utf8 = true) =>
  judgeWidths({ utf8, answers: answers(given) }).map(({ check, level, says }) => `${check} ${level}: ${says}`);

test('what is joined is named, and what the terminal knows besides', () => {
  expect(judged({})).toEqual([
    'widths ok: emoji of several parts are one picture: families and flags',
    'terminal ok: shows notifications, takes links',
  ]);
});

test('of what is not joined the first part is shown, which is no fault', () => {
  expect(judged({ joined: ['flags'], apart: ['families', 'hearts'] })[0]).toBe(
    'widths ok: one picture: flags; of families and hearts the first part is shown',
  );
  expect(judged({ joined: [], apart: ['families'] })[0]).toContain('no emoji of several parts is one picture');
});

test('a terminal that reads bytes where UTF-8 is promised is a problem', () => {
  const bytes: Answers['cells'] = new Map([
    ['accent', 2],
    ['mark', 3],
    ['wide', 3],
    ['emoji', 4],
  ]);
  const [finding, ...rest] = judged({ cells: bytes });
  expect(finding).toMatch(/^widths problem: the terminal does not read UTF-8/);
  // What it makes of pictures is no matter then.
  expect(rest).toEqual(['terminal ok: shows notifications, takes links']);
});

test('a terminal in UTF-8 with a locale that does not say so is a note', () => {
  expect(
    judged(
      {
        cells: new Map([
          ['accent', 1],
          ['wide', 2],
        ]),
      },
      false,
    )[0],
  ).toMatch(/^widths note: the terminal reads UTF-8/);
});

test('an old table of widths is a note that names what is wrong', () => {
  expect(judged({ cells: new Map([...RIGHT, ['emoji', 1]]) })[0]).toMatch(/^widths note: .*👋 takes 1, not 2/);
});

test('signs of two cells are a note', () => {
  expect(judged({ wideSigns: true })[0]).toMatch(/^widths note: the terminal draws signs such as ● two cells wide/);
});

test('silence is a note', () => {
  expect(judgeWidths({ utf8: true, answers: undefined })).toEqual([expect.objectContaining({ level: 'note' })]);
});
