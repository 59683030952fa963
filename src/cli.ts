/** What was typed: options and the mode they choose. A mode's code is loaded only when it runs. */
import { mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { isSea } from 'node:sea';
import type { Argv } from 'yargs';
import packageJson from '../package.json' with { type: 'json' };
import type { Outcome } from './client/shell/outcome.ts';
import type { Option, OptionTable } from './client/shell/settings.ts';

/** Options of everything that connects. */
const CLIENT = {
  user: { kind: 'text', says: 'Your account; without it, the login that this host knows you by' },
  guest: { kind: 'flag', says: 'Come as a guest: nobody vouches for the name' },
  'password-file': { kind: 'text', says: "File with your account's password, which only you can read" },
  data: { kind: 'text', says: 'Folder for what is remembered' },
  config: { kind: 'text', says: 'TOML file of these settings', argvOnly: true },
} as const satisfies OptionTable;
/** Of the full-screen client alone. */
const SCREEN = {
  connect: { kind: 'flag', says: 'Ask for the address, port and name first', argvOnly: true },
  'relay-only': { kind: 'flag', says: 'Private chats over the server only: hides your address' },
  'direct-port': { kind: 'port', says: 'TCP port of direct private chats (any free one)' },
  mouse: { kind: 'flag', says: 'Clicks and the wheel work; hold Shift to select text' },
} as const satisfies OptionTable;
/** Keys of the client's file that no option is named after. */
const CLIENT_FILE = {
  server: { kind: 'text', says: 'The server as HOST[:PORT]; else $UCHAT_SERVER, else 127.0.0.1:2428' },
} as const satisfies OptionTable;
const SERVER = {
  serve: { kind: 'flag', says: 'Run a server instead', argvOnly: true },
  host: { kind: 'text', says: 'Address to listen on (127.0.0.1)' },
  port: { kind: 'port', says: 'TCP port (2428; 0: any free one)' },
  'tls-cert': { kind: 'text', says: 'Certificate (PEM) for clients from elsewhere' },
  'tls-key': { kind: 'text', says: 'Its key (PEM); without both, one made by itself' },
  'away-after': { kind: 'duration', says: 'No key pressed this long: away (10s)' },
  'log-off-after': { kind: 'duration', says: 'Away this long: logged off (15m; 0: never)' },
  guests: { kind: 'flag', says: 'Let guests in' },
  'host-login': { kind: 'flag', says: 'The kernel says who local users are (on)' },
  'no-host-login': { kind: 'flag', says: 'It does not: nobody gets in without --guests' },
  registration: { kind: ['open', 'invite', 'closed'], says: 'Who may make an account (invite: with a code)' },
  'lockout-after': { kind: 'count', says: 'Wrong passwords in a row that lock out (3)' },
  'lockout-for': { kind: 'duration', says: 'How long, doubled each time (60s)' },
  'rate-limit': { kind: 'switch', says: 'Bound what one user sends: on or off (on)' },
  durability: { kind: ['full', 'process'], says: 'Messages survive a power cut (full), or kill -9 only (process)' },
  'no-dashboard': { kind: 'flag', says: 'Log JSON lines instead of the dashboard' },
} as const satisfies OptionTable;
/** Given with `--serve` they are the server's. */
const SHARED = ['data', 'config'];
const LIMIT = { kind: 'count', argvOnly: true } as const;
const SINCE = {
  since: { kind: 'duration', says: 'Who was here in this time too, such as 1h', argvOnly: true },
} as const;
const INVITE = {
  invite: { kind: 'text', says: 'Invite code, where the server asks for one', argvOnly: true },
} as const;
const PASSPHRASE = {
  'passphrase-file': { kind: 'text', says: 'File with the passphrase of your log, if it has one', argvOnly: true },
} as const;
const JSON_LINES = { json: { kind: 'flag', says: 'One JSON object a line', argvOnly: true } } as const;

/** What starts this program once more. A single executable has Node's options in it. */
const SELF: readonly [string, ...string[]] = isSea()
  ? [process.execPath]
  : [process.execPath, ...process.execArgv, import.meta.filename];

/** Marks a word that stood behind `--`, so that it is never read as an option; no argument can hold this character. */
const WORD = /^\0/;

/** Every option, whatever it is for. */
const ALL: OptionTable = {
  ...CLIENT_FILE,
  ...CLIENT,
  ...SCREEN,
  ...SERVER,
  ...SINCE,
  ...INVITE,
  ...PASSPHRASE,
  ...JSON_LINES,
  limit: { ...LIMIT, says: '' },
};

type Arguments = Readonly<Record<string, unknown>>;
const WORDS = ['send', 'announce', 'tail', 'who', 'history', 'register', 'forget-server'] as const;
type Mode = 'default' | (typeof WORDS)[number];

function declare(cli: Argv, table: OptionTable, group: string): Argv {
  for (const [name, option] of Object.entries<Option>(table)) {
    const flag = option.kind === 'flag';
    cli.option(name, {
      describe: option.says,
      group,
      ...(flag ? { boolean: true } : { string: true, requiresArg: true }),
    });
    // A flag that wasn't typed is absent, so that the file may speak.
    if (flag) cli.default(name, undefined, '');
  }
  return cli;
}

const words = (cli: Argv, own: OptionTable): Argv =>
  declare(declare(cli, own, 'Options:'), { ...CLIENT_FILE, ...CLIENT }, 'Client:');

/** Numbers and dots mean nothing here, and `--no-x` is an option only where the table says so. */
const PARSER = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
} as const;

type Choose = (mode: Mode, argv: Arguments) => void;

/** What scripts say and read. */
function scripts(program: Argv, choose: Choose): Argv {
  const target = { type: 'string', describe: 'A room: lobby, or quoted with its sign: "#lobby"' } as const;
  const anyone = { type: 'string', describe: 'Somebody: bob. Or a room: lobby, or "#dev" in quotes' } as const;
  const logged = { type: 'string', describe: 'A room: lobby. Or a person: @bob, from your own log' } as const;
  const its = { type: 'string', array: true, describe: 'Its words' } as const;
  return program
    .command(
      'send <TARGET> [TEXT..]',
      'Send one message, or each line of standard input',
      (cli) => words(cli.positional('TARGET', anyone).positional('TEXT', its), PASSPHRASE),
      (argv) => choose('send', argv),
    )
    .command(
      'announce <TEXT..>',
      'Tell everybody, as an operator',
      (cli) => words(cli.positional('TEXT', its), {}),
      (argv) => choose('announce', argv),
    )
    .command(
      'tail [TARGET]',
      'Follow the messages of a room (lobby)',
      (cli) =>
        words(cli.positional('TARGET', target), {
          limit: { ...LIMIT, says: 'Begin with this many older ones (0)' },
          ...JSON_LINES,
        }),
      (argv) => choose('tail', argv),
    )
    .command(
      'who',
      'Say who is here',
      (cli) =>
        words(cli, {
          ...SINCE,
          ...JSON_LINES,
        }),
      (argv) => choose('who', argv),
    )
    .command(
      'history <TARGET>',
      'Print the last messages of a room, or from your own log',
      (cli) =>
        words(cli.positional('TARGET', logged), {
          limit: { ...LIMIT, says: 'How many (50)' },
          ...PASSPHRASE,
          ...JSON_LINES,
        }),
      (argv) => choose('history', argv),
    );
}

/** What is about an account or a server, not about messages. */
function errands(program: Argv, choose: Choose): Argv {
  const server = { type: 'string', describe: 'The server, as HOST or HOST:PORT' } as const;
  return program
    .command(
      'register [HOST]',
      'Make an account, or set your password on this host',
      (cli) => words(cli.positional('HOST', server), INVITE),
      (argv) => choose('register', argv),
    )
    .command(
      'forget-server <HOST>',
      'Forget the key of a server, after it was reinstalled',
      (cli) => declare(cli.positional('HOST', server), { data: CLIENT.data, config: CLIENT.config }, 'Options:'),
      (argv) => choose('forget-server', argv),
    );
}

async function commandLine(choose: Choose): Promise<Argv> {
  const { default: yargs } = await import('yargs');
  const program: Argv = yargs()
    .scriptName('uchat')
    .locale('en')
    .parserConfiguration(PARSER)
    .wrap(Math.min(80, process.stdout.columns ?? 80))
    .usage('$0 [HOST[:PORT]]\n\nChat with the people on this host, or on another.')
    .command(
      '$0 [HOST]',
      'The full-screen chat',
      (cli) => {
        cli.positional('HOST', { type: 'string', describe: 'The server, as HOST or HOST:PORT' });
        declare(declare(cli, { ...CLIENT, ...SCREEN }, 'Client:'), SERVER, 'Server:');
      },
      (argv) => choose('default', argv),
    );
  return errands(scripts(program, choose), choose)
    .help()
    .alias('help', 'h')
    .version(packageJson.version)
    .epilogue('Exit status: 0 done, 1 refused by the server, 2 wrong usage, 3 no connection.')
    .strict()
    .exitProcess(false);
}

const wrong = (line: string): Outcome => ({ status: 2, line });

function tell({ status, line }: Outcome): void {
  if (line !== undefined) process.stderr.write(`uchat: ${line}\n`);
  process.exitCode = status;
}

/** What yargs lets pass: `--guests=yes` would silently be false, and an empty word is none. */
function slip(args: readonly string[]): string | undefined {
  const end = args.indexOf('--');
  for (const arg of end < 0 ? args : args.slice(0, end)) {
    const [, name = '', value] = /^--([^=]+)=(.*)$/s.exec(arg) ?? [];
    if (Object.hasOwn(ALL, name) && ALL[name]?.kind === 'flag' && value !== 'true' && value !== 'false')
      return `--${name} takes no value; write --${name} alone`;
  }
  return undefined;
}

/** Options may stand before the word, which yargs would then take for the value of one that it doesn't know yet. */
function wordFirst(args: readonly string[]): readonly string[] {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--') break;
    const name = arg.slice(2);
    if (!arg.startsWith('-')) return WORDS.some((word) => word === arg) ? [arg, ...args.toSpliced(i, 1)] : args;
    if (arg.startsWith('--') && Object.hasOwn(ALL, name) && ALL[name]?.kind !== 'flag') i++;
  }
  return args;
}

/** In the words of this program, what yargs has against the arguments. */
function complaint(message: string, args: readonly string[]): string {
  const [, unknown] = /^Unknown arguments?: (.*)$/s.exec(message) ?? [];
  const first = unknown?.split(', ')[0];
  if (first !== undefined) {
    const isOption = args.some((arg) => arg === `--${first}` || arg.startsWith(`--${first}=`));
    const short = !isOption && args.some((arg) => /^-[^-]/.test(arg) && arg.includes(first));
    if (isOption || short)
      return `there is no option ${short ? '-' : '--'}${first}; see uchat --help (text that begins with - goes after --)`;
    return `${JSON.stringify(first)} is one word too many; see uchat --help`;
  }
  const [, option] = /^Not enough arguments following: (.*)$/s.exec(message) ?? [];
  if (option !== undefined) return `--${option} needs a value; see uchat --help`;
  if (message.startsWith('Not enough non-option arguments'))
    return args.includes('forget-server')
      ? 'a HOST is missing: name the server to forget, as HOST or HOST:PORT'
      : args.includes('announce')
        ? 'TEXT is missing: what is to be announced?'
        : 'a TARGET is missing: name a room, such as lobby';
  return `${message.replaceAll(/\s+/g, ' ')}; see uchat --help`;
}

/** An option that was typed twice counts as typed last; a word from behind `--` gets its own first character back. */
function unwrap(value: unknown): unknown {
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' ? last.replace(WORD, '') : last;
}

interface Choice {
  readonly mode: Mode;
  readonly argv: Arguments;
  readonly text: readonly string[];
}

type Parsed = { readonly choice: Choice } | { readonly output: string } | { readonly fault: string };

async function parse(given: readonly string[]): Promise<Parsed> {
  const args = wordFirst(given);
  // What nearly everybody types needs no parser, which is a quarter of the time until the chat is there.
  if (args.length === 0) return { choice: { mode: 'default', argv: {}, text: [] } };
  // And scripts ask for this.
  if (args.length === 1 && args[0] === '--version') return { output: packageJson.version };
  const fault = slip(args);
  if (fault !== undefined) return { fault };
  let choice: Choice | undefined;
  const cli = await commandLine((mode, { TEXT, ...argv }) => {
    const text = Array.isArray(TEXT) ? TEXT.map((word) => String(unwrap(word))) : [];
    choice = {
      mode,
      text,
      argv: Object.fromEntries(Object.entries(argv).map(([name, value]) => [name, unwrap(value)])),
    };
  });
  const end = args.indexOf('--');
  const marked = end < 0 ? args : [...args.slice(0, end), ...args.slice(end + 1).map((word) => `\0${word}`)];
  let parsed: Parsed | undefined;
  await cli.parse([...marked], {}, (error: Error | null | undefined, _argv: unknown, output: string) => {
    if (error) parsed = { fault: complaint(error.message, args) };
    else if (output !== '') parsed = { output };
  });
  return parsed ?? (choice === undefined ? { fault: 'nothing to do; see uchat --help' } : { choice });
}

async function serve(argv: Arguments): Promise<Outcome> {
  const typed = Object.keys({ ...CLIENT, ...SCREEN }).find(
    (name) => argv[name] !== undefined && !SHARED.includes(name),
  );
  if (argv.HOST !== undefined) return wrong('HOST is for the client; a server listens where --host and --port say');
  if (typed !== undefined) return wrong(`--${typed} is for the client, not for --serve`);
  const { serverSettings } = await import('./client/shell/server-settings.ts');
  const settings = serverSettings({ data: CLIENT.data, config: CLIENT.config, ...SERVER }, argv);
  if (!settings.ok) return settings.error;
  const { runServer } = await import('./server/main.ts');
  const { dashboard, ...options } = settings.value;
  return { status: await runServer(options, dashboard && process.stdout.isTTY ? 'dashboard' : 'json') };
}

async function connect({ mode, argv, text }: Choice): Promise<Outcome> {
  const { clientSettings } = await import('./client/shell/client-settings.ts');
  const settings = clientSettings({ ...CLIENT_FILE, ...CLIENT, ...SCREEN }, argv);
  if (!settings.ok) return settings.error;
  const { value } = settings;
  // The full screen tells them itself.
  if (mode !== 'default') for (const warning of value.warnings) process.stderr.write(`uchat: ${warning}\n`);
  switch (mode) {
    case 'default': {
      const { runClient } = await import('./client/main.ts');
      tell(await runClient(value, { form: argv.connect === true, program: SELF }));
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

async function run(args: readonly string[]): Promise<Outcome> {
  const parsed = await parse(args);
  if ('fault' in parsed) return wrong(parsed.fault);
  if ('output' in parsed) {
    process.stdout.write(`${parsed.output}\n`);
    return { status: 0 };
  }
  const { choice } = parsed;
  if (choice.mode !== 'default') return await connect(choice);
  if (choice.argv.serve === true) return await serve(choice.argv);
  const server = Object.keys(SERVER).find((name) => choice.argv[name] !== undefined);
  if (server !== undefined) return wrong(`--${server} is for a server: add --serve, or see uchat --help`);
  return await connect(choice);
}

/**
 * Node keeps here what it made of the source, so that the next start takes a third of the time. In the user's own folder:
 * code from one that others write to would run as this user.
 */
function keepCompiled(): void {
  const home = process.env.XDG_CACHE_HOME;
  const folder = join(home !== undefined && isAbsolute(home) ? home : join(homedir(), '.cache'), 'uchat');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
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
    process.exitCode = FAULT_STATUS;
  }
}

main().catch((error: unknown) => {
  throw error;
});
