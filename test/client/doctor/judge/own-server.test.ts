import { expect, test } from 'vitest';
import { judgeOwnServer, type OwnServerFacts } from '../../../../src/client/doctor/judge/own-server.ts';

type Holder = NonNullable<OwnServerFacts['holder']>;
const HOLDER: Holder = {
  pid: 1234,
  listens: ['127.0.0.1:2428'],
  upFor: 7_300_000,
  memory: 91_000_000,
  files: { open: 30, most: 1024 },
};
const judged = (given: Partial<OwnServerFacts>, where = '127.0.0.1:2428', loopback = true, answers = false) =>
  judgeOwnServer(
    { isThere: true, holder: HOLDER, said: 'up', errors: undefined, logSize: 0, ...given },
    where,
    loopback,
    answers,
  );

test('of nobody’s server nothing is said', () => {
  expect(judged({ isThere: false, holder: undefined })).toEqual([]);
});

test('one that runs is told with where, how long, and how large', () => {
  expect(judged({})).toEqual([
    { check: 'own-server', level: 'ok', says: 'your own server runs: process 1234, on 127.0.0.1:2428, for 2 h, 91 MB' },
  ]);
  expect(judged({ holder: { pid: 7, listens: [], upFor: undefined, memory: undefined, files: undefined } })).toEqual([
    { check: 'own-server', level: 'ok', says: 'your own server runs: process 7' },
  ]);
});

test('one that does not run is no fault', () => {
  expect(judged({ holder: undefined, said: undefined })).toEqual([expect.objectContaining({ level: 'ok' })]);
});

test('what answers in its place is not taken for it', () => {
  expect(judged({ holder: undefined, said: undefined }, 'box:2428', false, true)[0]?.says).not.toContain('answers');
  expect(judged({ holder: undefined, said: undefined }, '127.0.0.1:2428', true, true)).toEqual([
    {
      check: 'own-server',
      level: 'ok',
      says: 'your own server does not run: what answers on 127.0.0.1:2428 is another one',
    },
  ]);
});

test('one that was killed is told, with how to start it again', () => {
  expect(judged({ holder: undefined })).toEqual([
    expect.objectContaining({
      level: 'note',
      says: expect.stringContaining('did not end in good order'),
      mend: expect.stringContaining('uchat --serve --detach'),
    }),
  ]);
});

test('one that is stopping says so', () => {
  expect(judged({ said: 'draining' })).toEqual([
    expect.objectContaining({
      level: 'note',
      says: expect.stringContaining('is stopping: process 1234, on 127.0.0.1'),
    }),
  ]);
});

test('errors in its log, and too few files, are problems', () => {
  const errors = { count: 2, last: 'go on, and must be restarted', log: '/d/server.log' };
  expect(judged({ errors })).toContainEqual(
    expect.objectContaining({
      level: 'problem',
      says: expect.stringContaining('2 errors since its start, the last one: go on'),
    }),
  );
  expect(judged({ holder: { ...HOLDER, files: { open: 900, most: 1024 } } })).toContainEqual(
    expect.objectContaining({ level: 'problem', says: expect.stringContaining('900 of 1024') }),
  );
});

test('one that listens elsewhere than where the client goes is a note, on this host only', () => {
  expect(judged({}, '127.0.0.1:99')).toContainEqual(
    expect.objectContaining({ level: 'note', mend: 'uchat 127.0.0.1:2428' }),
  );
  expect(judged({}, 'box:99', false).map(({ level }) => level)).toEqual(['ok']);
});

test('a log beyond a gigabyte is a note', () => {
  expect(judged({ logSize: 2e9 })).toContainEqual(
    expect.objectContaining({ level: 'note', says: 'its log has 2.0 GB' }),
  );
});
