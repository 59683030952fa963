/** What becomes of what was typed: options and modes are in usage/. A mode's code is loaded only when it runs. */
import { existsSync, mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { isSea } from 'node:sea';
import packageJson from '../package.json' with { type: 'json' };
import type { ClientSettings } from './client/shell/client-settings.ts';
import type { Outcome } from './client/shell/outcome.ts';
import type { Arguments, Choice } from './command-line.ts';
import type { ModeName } from './usage/modes.ts';
import type { OptionTable } from './usage/option.ts';
import { CLIENT, CLIENT_FILE, SCREEN, SERVER, SERVER_FOLDER, SHARED } from './usage/options.ts';
import { goTogether } from './usage/serve-actions.ts';

/** What starts this program once more. A single executable has Node's options in it. */
const SELF: readonly [string, ...string[]] = isSea()
  ? [process.execPath]
  : [process.execPath, ...process.execArgv, import.meta.filename];

const wrong = (line: string): Outcome => ({ status: 2, line });

function tell({ status, line }: Outcome): void {
  if (line !== undefined) process.stderr.write(`uchat: ${line}\n`);
  process.exitCode = status;
}

async function serve(argv: Arguments): Promise<Outcome> {
  const typed = Object.keys({ ...CLIENT, ...SCREEN }).find(
    (name) => argv[name] !== undefined && !SHARED.includes(name),
  );
  if (argv.HOST !== undefined) return wrong('HOST is for the client; a server listens where --host and --port say');
  if (typed !== undefined) return wrong(`--${typed} is for the client, not for --serve`);
  const apart = goTogether(argv);
  if (apart !== undefined) return wrong(apart);
  const table = { data: CLIENT.data, config: CLIENT.config, ...SERVER };
  if (argv.stop === true || argv.status === true) return await askRunning(table, argv);
  if (argv.check === true) return await keepUp({ mode: 'check', argv });
  const { serverSettings } = await import('./client/shell/server-settings.ts');
  // Read again, they are meant from where the server was started, which it leaves in the background.
  const base = workingFolder();
  const read = () => serverSettings(table, argv, process.env, base);
  const settings = read();
  if (!settings.ok) return settings.error;
  const { dashboard, dataFolder } = settings.value;
  let logFile: string | undefined;
  if (argv.detach === true) {
    const { detach, logFileOf } = await import('./client/shell/background.ts');
    // What it starts has a channel to it, and is the server.
    if (process.send === undefined) return await detach(SELF, process.argv.slice(2), dataFolder);
    logFile = logFileOf(dataFolder);
    // It must not keep a file system from being unmounted.
    process.chdir('/');
  }
  const { runServer } = await import('./server/main.ts');
  const { err } = await import('./base/result.ts');
  const reread = () => {
    const next = read();
    return next.ok ? next : err(next.error.line);
  };
  const life = { reread, logFile };
  return { status: await runServer(settings.value, dashboard && process.stdout.isTTY ? 'dashboard' : 'json', life) };
}

/** `--stop` and `--status`: about the server that runs on a data folder. */
async function askRunning(table: OptionTable, argv: Arguments): Promise<Outcome> {
  const { serverFolderOf } = await import('./client/shell/server-folder.ts');
  const folder = serverFolderOf(table, argv);
  if (!folder.ok) return folder.error;
  const { serverStatus, stopServer } = await import('./server/stop-server.ts');
  const answer = argv.stop === true ? await stopServer(folder.value) : serverStatus(folder.value, Date.now());
  if (answer.ok) return say(answer.value);
  return { status: answer.error.kind === 'none' ? 3 : 1, line: answer.error.text };
}

/** It may have been removed meanwhile. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}

/** What works on a server's data folder, whether or not a server runs on it. */
type Upkeep = 'backup' | 'restore';

async function keepUp({ mode, argv }: { readonly mode: Upkeep | 'check'; readonly argv: Arguments }): Promise<Outcome> {
  const { upkeepSettings } = await import('./client/shell/upkeep-settings.ts');
  const settings = upkeepSettings({ ...SERVER, ...SERVER_FOLDER }, argv);
  if (!settings.ok) return settings.error;
  const { folder, tls } = settings.value;
  const { quietWhenUnread } = await import('./client/script/print.ts');
  quietWhenUnread();
  const { createOut } = await import('./server/upkeep/out.ts');
  const [file, force, out] = [String(argv.FILE), argv.force === true, createOut()];
  switch (mode) {
    case 'check': {
      const { runCheck } = await import('./server/upkeep/check/run.ts');
      return runCheck({ folder, tls, json: argv.json === true }, out);
    }
    case 'backup': {
      const { runBackup } = await import('./server/upkeep/backup.ts');
      return await runBackup({ folder, file, force }, out);
    }
    case 'restore': {
      const { runRestore } = await import('./server/upkeep/restore.ts');
      return runRestore({ folder, file, force }, out);
    }
  }
}

/** What says something about uchat itself, and connects to nothing. */
type Explaining = 'completion' | 'licenses' | 'man';

async function explain({ mode, argv }: Choice<Explaining>): Promise<Outcome> {
  const { print, quietWhenUnread } = await import('./client/script/print.ts');
  quietWhenUnread();
  switch (mode) {
    case 'completion': {
      const { completionScript } = await import('./manual/completion/script.ts');
      const shell = typeof argv.SHELL === 'string' ? argv.SHELL : basename(process.env.SHELL ?? '');
      const script = completionScript(shell);
      if (script === undefined) {
        const { SHELLS } = await import('./usage/modes.ts');
        return wrong(`there is no completion for ${JSON.stringify(shell)}; name a shell: ${SHELLS.join(', ')}`);
      }
      print(script);
      return { status: 0 };
    }
    case 'licenses': {
      const { licenses } = await import('./client/script/licenses.ts');
      print(licenses());
      return { status: 0 };
    }
    case 'man': {
      const { manual } = await import('./manual/manual.ts');
      print(manual(packageJson.version));
      return { status: 0 };
    }
  }
}

/** Settings that are wrong are what it is asked about, so it reads them by itself. */
async function examine(argv: Arguments): Promise<Outcome> {
  const { doctor } = await import('./client/doctor/main.ts');
  const client = { ...CLIENT_FILE, ...CLIENT, ...SCREEN };
  const server = { data: CLIENT.data, ...SERVER };
  const { version } = packageJson;
  return await doctor(argv, { tables: { client, server }, version, cache: cacheFolder() ?? '' });
}

type Connecting = Choice<Exclude<ModeName, Explaining | Upkeep | 'doctor'>>;

/** What only a server does. */
const NEEDS_SERVER: readonly ModeName[] = ['announce', 'register', 'forget-server'];

async function connect({ mode, argv, text }: Connecting): Promise<Outcome> {
  const { clientSettings } = await import('./client/shell/client-settings.ts');
  const settings = clientSettings({ ...CLIENT_FILE, ...CLIENT, ...SCREEN }, argv);
  if (!settings.ok) return settings.error;
  const { value } = settings;
  // The full screen tells them itself.
  if (mode !== 'default') for (const warning of value.warnings) process.stderr.write(`uchat: ${warning}\n`);
  if (value.lan !== undefined && NEEDS_SERVER.includes(mode))
    return wrong(`uchat ${mode} needs a server, and on the local network there is none: name one, and leave --lan out`);
  const { part } = await import('./client/shell/parting.ts');
  try {
    return await talk(value, { mode, argv, text });
  } finally {
    await part();
  }
}

async function talk(value: ClientSettings, { mode, argv, text }: Connecting): Promise<Outcome> {
  switch (mode) {
    case 'default': {
      const { runClient } = await import('./client/main.ts');
      tell(await runClient(value, { form: argv.connect === true, program: SELF }));
      const { part } = await import('./client/shell/parting.ts');
      await part();
      // Whatever is still under way, a name being looked up for instance, nobody waits for it any more.
      return process.exit();
    }
    case 'send': {
      const { send } = await import('./client/script/send.ts');
      return await send(value, argv, text);
    }
    case 'announce': {
      const { announce } = await import('./client/script/announce.ts');
      return await announce(value, text);
    }
    case 'tail': {
      const { tail } = await import('./client/script/tail.ts');
      return await tail(value, argv);
    }
    case 'who': {
      const { who } = await import('./client/script/who.ts');
      return await who(value, argv);
    }
    case 'history': {
      const { history } = await import('./client/script/history.ts');
      return await history(value, argv);
    }
    case 'search': {
      const { search } = await import('./client/script/search.ts');
      return await search(value, argv, text);
    }
    case 'register': {
      const { register } = await import('./client/script/register.ts');
      return await register(value, argv);
    }
    case 'forget-server': {
      const { forgetServer } = await import('./client/script/forget-server.ts');
      return forgetServer(value);
    }
  }
}

function say(text: string): Outcome {
  process.stdout.write(`${text}\n`);
  return { status: 0 };
}

async function run(args: readonly string[]): Promise<Outcome> {
  // What nearly everybody types needs no parser, which is a quarter of the time until the chat is there.
  if (args.length === 0) return await connect({ mode: 'default', argv: {}, text: [] });
  // And scripts ask for this.
  if (args.length === 1 && args[0] === '--version') return say(packageJson.version);
  const { parse } = await import('./command-line.ts');
  const parsed = await parse(args, packageJson.version);
  if ('fault' in parsed) return wrong(parsed.fault);
  if ('output' in parsed) return say(parsed.output);
  const { choice } = parsed;
  const { mode } = choice;
  if (mode === 'completion' || mode === 'licenses' || mode === 'man') return await explain({ ...choice, mode });
  if (mode === 'backup' || mode === 'restore') return await keepUp({ mode, argv: choice.argv });
  if (mode === 'doctor') {
    tell(await examine(choice.argv));
    // A server or a name that doesn't answer isn't waited for.
    return process.exit();
  }
  if (mode !== 'default') return await connect({ ...choice, mode });
  if (choice.argv.serve === true) return await serve(choice.argv);
  const server = Object.keys(SERVER).find((name) => choice.argv[name] !== undefined);
  if (server !== undefined) return wrong(`--${server} is for a server: add --serve, or see uchat --help`);
  return await connect({ ...choice, mode });
}

/**
 * Node keeps here what it made of the source, so that the next start takes a third of the time. In the user's own folder:
 * code from one that others write to would run as this user. Undefined where there is no home.
 */
function cacheFolder(): string | undefined {
  const home = process.env.XDG_CACHE_HOME;
  try {
    const folder = join(home !== undefined && isAbsolute(home) ? home : join(homedir(), '.cache'), 'uchat');
    // An empty $HOME is the working folder to Node.
    return isAbsolute(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

function keepCompiled(): void {
  const folder = cacheFolder();
  if (folder === undefined) return;
  try {
    // Not Node's `recursive`, which tries for ever where nobody can make folders, as in /proc.
    for (const path of [dirname(folder), folder]) if (!existsSync(path)) mkdirSync(path, { mode: 0o700 });
    enableCompileCache(folder);
  } catch {
    // A home that can't be written to only costs the time.
  }
}

async function main(): Promise<void> {
  // A single executable carries what was compiled.
  if (!isSea()) keepCompiled();
  try {
    tell(await run(process.argv.slice(2)));
  } catch (error) {
    const { FAULT_STATUS, faultLine } = await import('./client/shell/fault.ts');
    process.stderr.write(`uchat: ${faultLine(error)}\n`);
    // A server that failed half way has a thread and a folder by then: it must not hold them for ever.
    process.exit(FAULT_STATUS);
  }
}

main().catch((error: unknown) => {
  throw error;
});
