/** A server's settings, from its arguments and `server.toml`: here anything wrong ends the start. */
import { resolve } from 'node:path';
import { FOREVER, type Keep, parseKeep } from '../../base/keep.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { DEFAULT_PORT } from '../../protocol/limits.ts';
import type { OptionTable } from '../../usage/option.ts';
import { parseHost } from './address.ts';
import { readConfig } from './config-file.ts';
import { configFile, privateFolder, serverFolder, systemWords } from './files.ts';
import { type MetricsAddress, parseMetricsAddress } from './metrics-address.ts';
import { type Failure, wrongUsage } from './outcome.ts';
import { TLS_TOGETHER } from './server-folder.ts';
import { Settings } from './settings.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

export interface ServerSettings {
  readonly host: string;
  readonly port: number;
  /** An absolute path; the folder exists. */
  readonly dataFolder: string;
  /** Milliseconds. */
  readonly awayAfter: number;
  /** Milliseconds; 0 is never. */
  readonly logOffAfter: number;
  readonly guests: boolean;
  readonly hostLogin: boolean;
  readonly registration: 'open' | 'invite' | 'closed';
  readonly lockoutAfter: number;
  /** Milliseconds. */
  readonly lockoutFor: number;
  readonly rateLimit: boolean;
  readonly keep: Keep;
  readonly durability: 'full' | 'process';
  readonly dashboard: boolean;
  /** Undefined: nobody gets any. */
  readonly metrics: MetricsAddress | undefined;
  readonly tls: { readonly keyFile: string; readonly certFile: string } | undefined;
}

/** @param base the folder that relative paths are meant from; the working folder where there is none. */
export function serverSettings(
  table: OptionTable,
  argv: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>> = process.env,
  base = '',
): Result<ServerSettings, Failure> {
  const chosen = argv.config;
  const path = typeof chosen === 'string' ? resolve(base, chosen) : configFile('server.toml', env);
  const file = readConfig(path);
  if (typeof chosen === 'string' && file === undefined)
    return err(wrongUsage(`--config ${path}: there is no such file`));
  const settings = new Settings(table, argv, file);

  const hostLogin = settings.flag('host-login');
  const noHostLogin = settings.flag('no-host-login');
  // What was typed beats what the file says, under either name.
  const off = settings.typed('host-login') && !settings.typed('no-host-login') ? false : noHostLogin;
  const on = settings.typed('no-host-login') && !settings.typed('host-login') ? undefined : hostLogin;
  const values = {
    host: settings.checked('host', parseHost) ?? '127.0.0.1',
    port: settings.port('port') ?? DEFAULT_PORT,
    dataFolder: resolve(base, settings.text('data') ?? serverFolder(env)),
    awayAfter: settings.duration('away-after') ?? 10 * SECOND_MS,
    logOffAfter: settings.duration('log-off-after') ?? 15 * MINUTE_MS,
    guests: settings.flag('guests') ?? false,
    hostLogin: on ?? !(off ?? false),
    // Whoever can reach the server could fill it with accounts; on a shared host nobody needs one. So: those who are asked.
    registration: settings.choice('registration', ['open', 'invite', 'closed']) ?? 'invite',
    lockoutAfter: settings.count('lockout-after') ?? 3,
    lockoutFor: settings.duration('lockout-for') ?? MINUTE_MS,
    rateLimit: settings.switch('rate-limit') ?? true,
    keep: settings.checked('keep', parseKeep) ?? FOREVER,
    durability: settings.choice('durability', ['full', 'process']) ?? 'full',
    dashboard: !(settings.flag('no-dashboard') ?? false),
    metrics: settings.checked('metrics', parseMetricsAddress),
  } as const;
  const keyFile = settings.text('tls-key');
  const certFile = settings.text('tls-cert');
  if ((keyFile === undefined) !== (certFile === undefined)) return err(wrongUsage(TLS_TOGETHER));
  if (on === true && off === true)
    return err(wrongUsage('--host-login and --no-host-login exclude each other; keep one'));
  if (values.lockoutAfter < 1) return err(wrongUsage('--lockout-after 0 lets nobody in: write 1 or more'));
  if (values.lockoutFor < SECOND_MS) return err(wrongUsage('--lockout-for 0 locks nobody out: write 1s or more'));
  const fault = settings.faults[0];
  if (fault !== undefined) return err(wrongUsage(fault.line));
  try {
    const tls =
      keyFile === undefined || certFile === undefined
        ? undefined
        : { keyFile: resolve(base, keyFile), certFile: resolve(base, certFile) };
    return ok({ ...values, tls, dataFolder: privateFolder(values.dataFolder) });
  } catch (error) {
    return err(
      wrongUsage(`the data folder ${values.dataFolder} can't be made (${systemWords(error)}); choose one with --data`),
    );
  }
}
