/** What is wrong with what was set, wherever: nothing of it keeps the doctor from going on. */
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { err, ok, type Result } from '../../../base/result.ts';
import type { OptionTable } from '../../../usage/option.ts';
import { chosenKeys } from '../../shell/chosen-keys.ts';
import { type ClientArguments, type ClientSettings, clientSettings } from '../../shell/client-settings.ts';
import { readConfig } from '../../shell/config-file.ts';
import { clientFolder, configFile, serverFolder, systemWords } from '../../shell/files.ts';
import type { Failure } from '../../shell/outcome.ts';
import { Settings } from '../../shell/settings.ts';
import { loadAll } from '../../shell/themes.ts';
import type { SettingsFacts } from '../judge/settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Gathered {
  readonly facts: SettingsFacts;
  /** Undefined: there is no home folder, so nothing else can be looked at. */
  readonly settings: ClientSettings | undefined;
  /** Folders: of settings, of the client's data, and of a server's. */
  readonly folders: { readonly settings: string; readonly data: string; readonly server: string } | undefined;
}

/** Each value is looked at as its option is read. */
function valuesOf(settings: Settings, table: OptionTable): void {
  for (const [name, { kind }] of Object.entries(table)) {
    if (typeof kind !== 'string') settings.choice(name, kind);
    else if (kind === 'text') settings.text(name);
    else if (kind === 'flag') settings.flag(name);
    else if (kind === 'switch') settings.switch(name);
    else if (kind === 'port') settings.port(name);
    else if (kind === 'count') settings.count(name);
    else settings.duration(name);
  }
}

/** A server's file, as far as each of its lines can be judged by itself. */
function serverFile(
  table: OptionTable,
  env: Environment,
): { readonly faults: readonly string[]; readonly data: string } {
  const file = readConfig(configFile('server.toml', env));
  if (file === undefined) return { faults: [], data: serverFolder(env) };
  const settings = new Settings(table, {}, file);
  valuesOf(settings, table);
  const data = file.values.get('data');
  return {
    faults: settings.faults.map(({ line }) => line),
    data: typeof data === 'string' && data !== '' ? data : serverFolder(env),
  };
}

const isWrong = (path: string | undefined): boolean => path !== undefined && path !== '' && !isAbsolute(path);

/** What is passed over, or leads somewhere else than meant. */
function variables(env: Environment): readonly string[] {
  const names = ['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME'];
  const relative = names.filter((name) => isWrong(env[name]));
  return relative.map((name) => `${name}=${env[name] ?? ''} does not begin with /, so it is passed over`);
}

export interface Tables {
  readonly client: OptionTable;
  readonly server: OptionTable;
}

/** @returns a failure for what was typed wrong. */
export function gatherSettings(tables: Tables, argv: ClientArguments, env: Environment): Result<Gathered, Failure> {
  try {
    const folders = { settings: configFile('', env), data: clientFolder(env), server: serverFolder(env) };
    if (!isAbsolute(folders.data)) {
      const others = ['HOME is empty, or does not begin with /: files would be in whatever folder uchat is started in'];
      return ok({ facts: { files: [], others }, settings: undefined, folders: undefined });
    }
    return read(tables, argv, env, folders);
  } catch (error) {
    // A user id without an entry in the list of users, and no HOME.
    const others = [`there is no home folder (${systemWords(error)}): set HOME`];
    return ok({ facts: { files: [], others }, settings: undefined, folders: undefined });
  }
}

function read(
  tables: Tables,
  argv: ClientArguments,
  env: Environment,
  folders: NonNullable<Gathered['folders']>,
): Result<Gathered, Failure> {
  const others = [...variables(env)];
  let settings = clientSettings(tables.client, argv, env);
  if (!settings.ok) {
    // The one thing that is no argument, and ends a start all the same.
    const without = clientSettings(tables.client, argv, { ...env, UCHAT_SERVER: undefined });
    if (!without.ok) return err(settings.error);
    others.push(settings.error.line);
    settings = without;
  }
  const { value } = settings;
  const own = typeof argv.config === 'string' ? argv.config : configFile('config.toml', env);
  const isOwn = (line: string): boolean => line.startsWith(`${own}:`);
  const warnings = [...value.warnings, ...chosenKeys(value, env).faults];
  const themes = loadAll(env).filter((theme) => theme.own);
  const served = serverFile(tables.server, env);
  const files = [
    { path: own, isThere: existsSync(own), faults: warnings.filter(isOwn) },
    ...themes.map(({ name, faults }) => ({ path: configFile(`themes/${name}.toml`, env), isThere: true, faults })),
    {
      path: configFile('server.toml', env),
      isThere: existsSync(configFile('server.toml', env)),
      faults: served.faults,
    },
  ];
  others.push(...warnings.filter((line) => !isOwn(line)));
  return ok({
    facts: { files, others },
    settings: value,
    folders: { ...folders, data: value.folder, server: served.data },
  });
}
