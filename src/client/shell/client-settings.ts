/** Which server, as whom: from the arguments, the environment, `config.toml`, and what the form remembers. */

import { err, ok, type Result } from '../../base/result.ts';
import type { Secret } from '../../base/secret.ts';
import { isLan, LAN_ADDRESS } from '../../link/address.ts';
import type { Address } from '../../link/link.ts';
import { MIN_DIRECT_PORT } from '../../peer/addresses.ts';
import { parsePlainName } from '../../protocol/names.ts';
import type { OptionTable } from '../../usage/option.ts';
import type { Login } from '../core/inner.ts';
import type { TellingOptions } from '../core/telling-options.ts';
import { DEFAULT_ADDRESS, isLoopback, parseAddress } from './address.ts';
import { readConfig } from './config-file.ts';
import { enrolledName } from './enrolled.ts';
import { clientFolder, configFile } from './files.ts';
import { isOnLan, type LanNetwork, lanName, lanNetwork } from './lan/lan-settings.ts';
import { type Failure, wrongUsage } from './outcome.ts';
import { ownName } from './own-name.ts';
import { readPasswordFile } from './read-password.ts';
import { type Remembered, recall } from './remembered.ts';
import type { ThemeWish } from './screen-themes.ts';
import { type Entry, Settings } from './settings.ts';
import { tellingSettings } from './telling-settings.ts';
import { checkTheme } from './theme-files.ts';

/** The table of `config.toml` that says what keys do. */
const KEYS = 'keys';

export interface ClientSettings {
  /** `LAN_ADDRESS`: there is no server. */
  readonly address: Address;
  /** `default`: nobody named one. */
  readonly addressFrom: 'typed' | 'environment' | 'file' | 'remembered' | 'default';
  readonly user: string | undefined;
  readonly guest: boolean;
  /** From `--password-file`. */
  readonly password: Secret | undefined;
  readonly folder: string;
  /** Private chats go over the server only, so that nobody learns our address. */
  readonly relayOnly: boolean;
  /** TCP port that direct connections come in on; undefined: any free one. */
  readonly directPort: number | undefined;
  /** The chat is the local network's, without a server; undefined where it is a server's. */
  readonly lan: LanNetwork | undefined;
  /** The same, whether or not it is what the chat is about. */
  readonly network: LanNetwork;
  /** Private chats without encryption, where the other side wants that, too. */
  readonly plainChat: boolean;
  /** Clicks and the wheel are ours, not the terminal's. */
  readonly mouse: boolean;
  /** Lines, no full screen. */
  readonly plain: boolean;
  /** `:thumbsup:` becomes its emoji as it is typed. */
  readonly emoji: boolean;
  /** Others see that we are writing. */
  readonly typing: boolean;
  /** What rings, and what is told outside of the window. */
  readonly telling: TellingOptions;
  /** By `--theme`, or in the file. */
  readonly theme: ThemeWish | undefined;
  /** What was chosen for keys, as it was written. */
  readonly keys: readonly Entry[];
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
  const settings = new Settings(table, argv, file, [KEYS]);
  const keys = settings.entries(KEYS);
  const named = settings.checked('user', parsePlainName);
  const guest = settings.flag('guest') ?? false;
  const onLan = isOnLan(settings, argv, env.UCHAT_SERVER);
  if (!onLan.ok) return onLan;
  const passwordFile = onLan.value ? undefined : settings.text('password-file');
  const password = passwordFile === undefined ? undefined : readPasswordFile(passwordFile);
  if (password?.ok === false && settings.typed('password-file')) return err(wrongUsage(password.error));
  const folder = settings.text('data') ?? clientFolder(env);
  const relayOnly = settings.flag('relay-only') ?? false;
  const directPort = settings.port('direct-port', MIN_DIRECT_PORT);
  const mouse = settings.flag('mouse') ?? false;
  const plain = settings.flag('plain') ?? false;
  const emoji = settings.switch('emoji') ?? true;
  const typing = settings.switch('typing') ?? true;
  const telling = tellingSettings(settings);
  const themeName = settings.checked('theme', (text) => checkTheme(text, env));
  const theme = themeName === undefined ? undefined : { name: themeName, typed: settings.typed('theme') };
  const { value: remembered, warning } = recall(folder);
  const network = lanNetwork(settings);
  const server = onLan.value
    ? ok({ address: LAN_ADDRESS, addressFrom: 'typed' as const })
    : whichServer(settings, argv, env.UCHAT_SERVER, remembered);
  if (!server.ok) return err(wrongUsage(server.error));
  // Where nobody is named, but this device's key logs in to one account, that is who.
  const unnamed = named === undefined && comesAsGuest({ user: named, guest }, server.value.address) && !guest;
  const user = unnamed ? enrolledName(folder, server.value.address) : named;
  const typed = settings.faults.find((fault) => !fault.fromFile);
  if (typed !== undefined) return err(wrongUsage(typed.line));
  const called = onLan.value ? lanName(user) : ok('');
  if (!called.ok) return err(wrongUsage(called.error));
  const more = [warning, password?.ok === false ? password.error : undefined].filter((line) => line !== undefined);
  const warnings = [...settings.faults.map((fault) => fault.line), ...more];
  const secret = password?.ok === true ? password.value : undefined;
  const privates = { relayOnly, directPort };
  return ok({
    ...server.value,
    user,
    guest: guest && !onLan.value,
    password: secret,
    folder,
    ...privates,
    lan: onLan.value ? network : undefined,
    network,
    plainChat: settings.flag('plain-chat') ?? false,
    mouse,
    emoji,
    plain,
    typing,
    telling,
    theme,
    keys,
    remembered,
    warnings,
  });
}

/** The kernel vouches for who connects from this very host, under Linux. */
const isVouched = (host: string, platform: NodeJS.Platform): boolean => platform === 'linux' && isLoopback(host);

/** Whether only a guest's name is missing: nobody vouches for us, and no account was named. */
export const comesAsGuest = (
  { user, guest }: Pick<ClientSettings, 'user' | 'guest'>,
  { host, port }: Address,
  platform: NodeJS.Platform = process.platform,
): boolean => !isLan({ host, port }) && (guest || (user === undefined && !isVouched(host, platform)));

/**
 * How to log in. On this very host, under Linux, the kernel vouches for our own name; any other is an account, which a
 * password proves, or a device key. Without a name one is a guest elsewhere.
 */
export function loginOf(
  settings: Pick<ClientSettings, 'user' | 'guest'> & Partial<Pick<ClientSettings, 'password'>>,
  address: Address,
  own: string | undefined = ownName(),
  platform: NodeJS.Platform = process.platform,
): Result<Login, Failure> {
  const { user, password } = settings;
  // One's own program there asks nobody who they are, and knows the name.
  if (isLan(address)) return ok({ method: 'host' });
  if (comesAsGuest(settings, address, platform))
    return user === undefined
      ? err(
          wrongUsage(
            settings.guest
              ? 'a guest needs a name: add --user NAME'
              : 'name your account with --user NAME, or come as a guest with --guest --user NAME',
          ),
        )
      : ok({ method: 'guest', name: user });
  const isOwn = user === undefined || ((own === undefined || user === own) && isVouched(address.host, platform));
  if (isOwn) return ok({ method: 'host' });
  return ok({ method: 'account', name: user, password });
}
