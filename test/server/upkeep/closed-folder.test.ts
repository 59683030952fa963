import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serverStatus } from '../../../src/server/stop-server.ts';
import { runBackup } from '../../../src/server/upkeep/backup.ts';
import { runCheck } from '../../../src/server/upkeep/check/run.ts';
import type { Out } from '../../../src/server/upkeep/out.ts';
import { startTestServer, temporaryFolder } from '../running.ts';

const SILENT: Out = {
  print: () => undefined,
  warn: () => undefined,
  progress: { show: () => undefined, clear: () => undefined },
};
/** Nobody's, wherever there is one. */
const ANOTHER_UID = 65_534;

/** As a user who may not look into a folder: it is another's or, where we can't be another, nobody's. */
async function shutOut<T>(folder: string, work: () => T | Promise<T>): Promise<T> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(ANOTHER_UID);
  else chmodSync(folder, 0);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
    else chmodSync(folder, 0o700);
  }
}

test('a folder of another user is no fault of uchat, and nobody says that no server runs there', async () => {
  const { folder } = await startTestServer();
  const closed = {
    status: 1,
    line: expect.stringMatching(/^no permission to look into .*: do this as the user who runs/),
  };
  expect(await shutOut(folder, () => runCheck({ folder, tls: undefined, json: false }, SILENT))).toEqual(closed);
  const file = join(temporaryFolder(), 'backup');
  expect(await shutOut(folder, () => runBackup({ folder, file, force: false }, SILENT))).toMatchObject({
    line: closed.line,
  });
  expect(await shutOut(folder, () => serverStatus(folder, Date.now()))).toMatchObject({
    ok: false,
    error: {
      kind: 'unknown',
      text: expect.stringMatching(/can't be told \(.*permission denied.*\): ask as the user who runs it$/),
    },
  });
});
