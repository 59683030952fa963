/** Which data folder a server has, where it is only asked about: nothing is made, and no other setting matters. */
import { resolve } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import type { OptionTable } from '../../usage/option.ts';
import { readConfig } from './config-file.ts';
import { configFile, serverFolder } from './files.ts';
import { type Failure, wrongUsage } from './outcome.ts';
import { Settings } from './settings.ts';

export const TLS_TOGETHER = '--tls-cert and --tls-key go together: the certificate, and the key that it is for';

/** @returns its whole path; of `--data`, else of the file, else the usual one. */
export function serverFolderOf(table: OptionTable, argv: Readonly<Record<string, unknown>>): Result<string, Failure> {
  const chosen = argv.config;
  const file = readConfig(typeof chosen === 'string' ? chosen : configFile('server.toml'));
  if (typeof chosen === 'string' && file === undefined)
    return err(wrongUsage(`--config ${chosen}: there is no such file`));
  if (typeof argv.data === 'string' && argv.data !== '') return ok(resolve(argv.data));
  const settings = new Settings(table, argv, file);
  const data = settings.text('data') ?? serverFolder();
  const fault = settings.faults[0];
  // Which folder the file means can't be told by it: it may be the very key that is misspelt.
  return fault === undefined
    ? ok(resolve(data))
    : err(wrongUsage(`${fault.line}; mend it, or name the folder with --data`));
}
