import { err, ok, type Result } from '../../base/result.ts';
import type { Secret } from '../../base/secret.ts';
import type { HistoryLog } from '../../peer/vault.ts';
import { type Failure, wrongUsage } from '../shell/outcome.ts';

/** Opens a log that is under a passphrase. */
export async function unlock(
  log: Pick<HistoryLog, 'locked' | 'unlock'>,
  passphrase: Secret | undefined,
): Promise<Result<undefined, Failure>> {
  if (!log.locked) return ok(undefined);
  if (passphrase === undefined)
    return err(wrongUsage('your log is under a passphrase: name a file with it by --passphrase-file FILE'));
  return (await log.unlock(passphrase.reveal()))
    ? ok(undefined)
    : err(wrongUsage('the passphrase of your log is another one than in this file'));
}
