/** What the work on a server's data folder needs of its settings; nothing is made. */
import { err, ok, type Result } from '../../base/result.ts';
import type { OptionTable } from '../../usage/option.ts';
import { readConfig } from './config-file.ts';
import { configFile } from './files.ts';
import { type Failure, wrongUsage } from './outcome.ts';
import { serverFolderOf, TLS_TOGETHER } from './server-folder.ts';
import { Settings } from './settings.ts';

interface UpkeepSettings {
  /** An absolute path. */
  readonly folder: string;
  /** The server's own key and certificate, where they aren't in its folder. */
  readonly tls: { readonly keyFile: string; readonly certFile: string } | undefined;
}

export function upkeepSettings(
  table: OptionTable,
  argv: Readonly<Record<string, unknown>>,
): Result<UpkeepSettings, Failure> {
  const folder = serverFolderOf(table, argv);
  if (!folder.ok) return folder;
  const settings = new Settings(
    table,
    argv,
    readConfig(typeof argv.config === 'string' ? argv.config : configFile('server.toml')),
  );
  const [keyFile, certFile] = [settings.text('tls-key'), settings.text('tls-cert')];
  if ((keyFile === undefined) !== (certFile === undefined)) return err(wrongUsage(TLS_TOGETHER));
  return ok({
    folder: folder.value,
    tls: keyFile === undefined || certFile === undefined ? undefined : { keyFile, certFile },
  });
}
