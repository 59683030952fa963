/** Which server, as whom: from the arguments, the environment, `config.toml`, and what the form remembers. */
import { userInfo } from 'node:os';
import { err, ok, type Result } from '../../base/result.ts';
import type { Address } from '../../link/link.ts';
import { parsePlainName } from '../../protocol/names.ts';
import type { Login } from '../core/inner.ts';
import { DEFAULT_ADDRESS, isLoopback, parseAddress } from './address.ts';
import { readConfig } from './config-file.ts';
import { clientFolder, configFile } from './files.ts';
import { type Failure, wrongUsage } from './outcome.ts';
import { type Remembered, recall } from './remembered.ts';
import { type OptionTable, Settings } from './settings.ts';

export interface ClientSettings {
  readonly address: Address;
  /** `default`: nobody named one. */
  readonly addressFrom: 'typed' | 'environment' | 'file' | 'remembered' | 'default';
  readonly user: string | undefined;
  readonly guest: boolean;
  readonly folder: string;
  readonly remembered: Remembered | undefined;
  /** What is wrong with files, and no reason not to go on. */
  readonly warnings: readonly string[];
}

/** The options as they were typed; `HOST` or `server` is the address. */
export type ClientArguments = Readonly<Record<string, unknown>>;

function whichServer(
  settings: Settings,
  argv: ClientArguments,
  variable: string | undefined,
  remembered: Remembered | undefined,
): Result<Pick<ClientSettings, 'address' | 'addressFrom'>, string> {
  const named = (where: string, text: string, addressFrom: ClientSettings['addressFrom']) => {
    const address = parseAddress(text);
    return address.ok
      ? ok({ address: address.value, addressFrom })
      : err(`${where} ${JSON.stringify(text)}: ${address.error}`);
  };
  if (typeof argv.HOST === 'string') return named('HOST', argv.HOST, 'typed');
  if (typeof argv.server === 'string') return named('--server', argv.server, 'typed');
  if (variable !== undefined && variable !== '') return named('$UCHAT_SERVER', variable, 'environment');
  const address = settings.checked('server', parseAddress);
  if (address !== undefined) return ok({ address, addressFrom: 'file' });
  return remembered?.server === undefined
    ? ok({ address: DEFAULT_ADDRESS, addressFrom: 'default' })
    : ok({ address: remembered.server, addressFrom: 'remembered' });
}

/** A wrong argument is a failure; a wrong file is a warning, so that nobody is locked out by a slip in it. */
export function clientSettings(
  table: OptionTable,
  argv: ClientArguments,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Result<ClientSettings, Failure> {
  const chosen = argv.config;
  const path = typeof chosen === 'string' ? chosen : configFile('config.toml', env);
  const file = readConfig(path);
  if (typeof chosen === 'string' && file === undefined)
    return err(wrongUsage(`--config ${path}: there is no such file`));
  const settings = new Settings(table, argv, file);
  const user = settings.checked('user', parsePlainName);
  const guest = settings.flag('guest') ?? false;
  const folder = settings.text('data') ?? clientFolder(env);
  const { value: remembered, warning } = recall(folder);
  const server = whichServer(settings, argv, env.UCHAT_SERVER, remembered);
  if (!server.ok) return err(wrongUsage(server.error));
  const typed = settings.faults.find((fault) => !fault.fromFile);
  if (typed !== undefined) return err(wrongUsage(typed.line));
  const warnings = [...settings.faults.map((fault) => fault.line), ...(warning === undefined ? [] : [warning])];
  return ok({ ...server.value, user, guest, folder, remembered, warnings });
}

/** The kernel vouches for who connects from this very host, under Linux. */
const isVouched = (host: string, platform: NodeJS.Platform): boolean => platform === 'linux' && isLoopback(host);

/** Whether we come as a guest, who needs a name. */
export const comesAsGuest = (
  { guest }: Pick<ClientSettings, 'guest'>,
  { host }: Address,
  platform: NodeJS.Platform = process.platform,
): boolean => guest || !isVouched(host, platform);

/** How to log in. On this very host, under Linux, the kernel vouches; elsewhere one is a guest. */
export function loginOf(
  settings: Pick<ClientSettings, 'user' | 'guest'>,
  address: Address,
  own: string | undefined = ownName(),
  platform: NodeJS.Platform = process.platform,
): Result<Login, Failure> {
  const { user } = settings;
  if (comesAsGuest(settings, address, platform))
    return user === undefined
      ? err(wrongUsage('a guest needs a name: add --user NAME'))
      : ok({ method: 'guest', name: user });
  return user === undefined || own === undefined || user === own
    ? ok({ method: 'host' })
    : err(wrongUsage(`this host knows you as ${own}, not as ${user}: leave --user out, or add --guest`));
}

/** The Unix login, which the server will ask the kernel for. */
export function ownName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry in the host's list of users: the server says what it thinks of it.
    return undefined;
  }
}
