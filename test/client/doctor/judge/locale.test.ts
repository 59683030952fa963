import { expect, test } from 'vitest';
import { judgeLocale, type LocaleFacts } from '../../../../src/client/doctor/judge/locale.ts';

const facts = (given: Partial<LocaleFacts>): LocaleFacts => ({
  by: { variable: 'LANG', value: 'C.UTF-8' },
  utf8: true,
  charmap: 'UTF-8',
  ...given,
});

test('UTF-8 is well, by whatever variable', () => {
  expect(judgeLocale(facts({}))).toEqual([{ check: 'locale', level: 'ok', says: 'UTF-8 (LANG=C.UTF-8)' }]);
  expect(judgeLocale(facts({ charmap: undefined }))).toEqual([expect.objectContaining({ level: 'ok' })]);
});

test('another is a problem, and says which variable it comes from', () => {
  const [finding] = judgeLocale(
    facts({ by: { variable: 'LC_ALL', value: 'C' }, utf8: false, charmap: 'ANSI_X3.4-1968' }),
  );
  expect(finding).toMatchObject({ level: 'problem', says: expect.stringContaining('LC_ALL=C, which is not UTF-8') });
  expect(finding?.mend).toContain('export LANG=C.UTF-8');
});

test('none at all is a problem', () => {
  expect(judgeLocale(facts({ by: undefined, utf8: false }))).toEqual([
    expect.objectContaining({ level: 'problem', says: expect.stringContaining('no locale is set') }),
  ]);
});

test('one that the host does not have is a note, since it is for the others only', () => {
  const by = { variable: 'LANG', value: 'xx_XX.UTF-8' } as const;
  const [finding] = judgeLocale(facts({ by, charmap: 'ANSI_X3.4-1968' }));
  expect(finding).toMatchObject({ level: 'note', says: expect.stringContaining('does not have') });
});
