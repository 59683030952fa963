import { expect, test } from 'vitest';
import { type HostFacts, judgeHost } from '../../../../src/client/doctor/judge/host.ts';

const judged = (given: Partial<HostFacts>) =>
  judgeHost({ linux: true, table: true, own: true, hidepid: undefined, login: 'al', uid: 1001, ...given });

test('a kernel that says who we are is well', () => {
  expect(judged({})).toEqual([{ check: 'host', level: 'ok', says: 'the kernel says that you are al' }]);
  expect(judged({ own: undefined })).toEqual([expect.objectContaining({ level: 'ok' })]);
});

test('hidepid is told, and is no fault by itself', () => {
  expect(judged({ hidepid: '2' })).toEqual([
    expect.objectContaining({ level: 'ok', says: expect.stringContaining('hidepid=2') }),
  ]);
  expect(judged({ hidepid: '0' })[0]?.says).not.toContain('hidepid');
});

test.each<readonly [facts: Partial<HostFacts>, level: string, words: string]>([
  [{ table: false, own: undefined, hidepid: 'invisible' }, 'problem', "can't be read (/proc has hidepid=invisible)"],
  [{ own: false }, 'problem', 'does not show your connections as yours'],
  [{ login: undefined }, 'problem', 'user id 1001 has no login name'],
  [{ linux: false, table: false, own: undefined }, 'note', 'only under Linux'],
])('%j: %s', (facts, level, words) => {
  expect(judged(facts)).toEqual([
    expect.objectContaining({ level, says: expect.stringContaining(words), mend: expect.any(String) }),
  ]);
});
