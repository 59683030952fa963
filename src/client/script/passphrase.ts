/** The passphrase of one's own log, for scripts: from a file, since arguments and the environment are everybody's. */
import { err, ok, type Result } from '../../base/result.ts';
import type { Secret } from '../../base/secret.ts';
import type { ClientArguments } from '../shell/client-settings.ts';
import { type Failure, wrongUsage } from '../shell/outcome.ts';
import { readPasswordFile } from '../shell/read-password.ts';

const OPTION = 'passphrase-file';
const VARIABLE = 'UCHAT_PASSPHRASE_FILE';

/** @returns undefined where no file was named. */
export function passphraseFrom(
  argv: ClientArguments,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Result<Secret | undefined, Failure> {
  const typed = argv[OPTION];
  const path = typeof typed === 'string' ? typed : env[VARIABLE];
  if (path === undefined || path === '') return ok(undefined);
  const read = readPasswordFile(path, typeof typed === 'string' ? `--${OPTION}` : `$${VARIABLE}`);
  return read.ok ? read : err(wrongUsage(read.error));
}
