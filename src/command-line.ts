/** What was typed, read by the tables of usage/. Loaded only where something was typed. */
import type { Argv } from 'yargs';
import { exitStatusLine } from './usage/exit-status.ts';
import { ALL_OPTIONS, isMode, isWord, MODE_NAMES, MODES, type Mode, type ModeName, wordsOf } from './usage/modes.ts';
import type { OptionTable } from './usage/option.ts';
import { SERVER, SERVER_FOLDER } from './usage/options.ts';

/** Marks a word that stood behind `--`, so that it is never read as an option; no argument can hold this character. */
const WORD = /^\0/;

export type Arguments = Readonly<Record<string, unknown>>;

function declare(cli: Argv, table: OptionTable, group: string): Argv {
  for (const [name, option] of Object.entries(table)) {
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

/** Numbers and dots mean nothing here, and `--no-x` is an option only where the table says so. */
const PARSER = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
} as const;

type Choose = (mode: ModeName, argv: Arguments) => void;

function declareMode(program: Argv, name: ModeName, choose: Choose): Argv {
  const mode: Mode = MODES[name];
  return program.command(
    [name === 'default' ? '$0' : name, ...wordsOf(mode)].join(' '),
    mode.says,
    (cli) => {
      for (const { name: word, says, many } of mode.positionals)
        cli.positional(word, { type: 'string', describe: says, ...(many === true ? { array: true } : {}) });
      for (const { title, options } of mode.groups) declare(cli, options, `${title}:`);
      return cli;
    },
    (argv) => choose(name, argv),
  );
}

async function commandLine(version: string, choose: Choose): Promise<Argv> {
  const { default: yargs } = await import('yargs');
  const program: Argv = yargs()
    .scriptName('uchat')
    .locale('en')
    .parserConfiguration(PARSER)
    .wrap(Math.min(80, process.stdout.columns ?? 80))
    .usage('$0 [HOST[:PORT]]\n\nChat with the people on this host, or on another.');
  for (const name of MODE_NAMES) declareMode(program, name, choose);
  return ended(program, version);
}

const ended = (program: Argv, version: string): Argv =>
  program.help().alias('help', 'h').version(version).epilogue(exitStatusLine()).strict().exitProcess(false);

/** What `uchat --serve --help` tells: the options of a server are many, and stand behind all others in `uchat --help`. */
async function serverHelp(version: string): Promise<string> {
  const { default: yargs } = await import('yargs');
  const says = 'Run a server, or see to the one of a data folder. Settings are also keys of server.toml.';
  const program: Argv = yargs()
    .scriptName('uchat')
    .locale('en')
    .wrap(Math.min(80, process.stdout.columns ?? 80))
    .usage(`$0 --serve\n\n${says}`);
  declare(program, SERVER_FOLDER, 'Server:');
  const { serve: _, ...options } = SERVER;
  declare(program, options, 'Server:');
  return await ended(program, version).getHelp();
}

/** Whether help about a server is wanted, and not about all. */
function wantsServerHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const words = end < 0 ? args : args.slice(0, end);
  return words.includes('--serve') && (words.includes('--help') || words.includes('-h')) && !words.some(isWord);
}

/** What yargs lets pass: `--guests=yes` would silently be false, and an empty word is none. */
function slip(args: readonly string[]): string | undefined {
  const end = args.indexOf('--');
  for (const arg of end < 0 ? args : args.slice(0, end)) {
    const [, name = '', value] = /^--([^=]+)=(.*)$/s.exec(arg) ?? [];
    if (Object.hasOwn(ALL_OPTIONS, name) && ALL_OPTIONS[name]?.kind === 'flag' && value !== 'true' && value !== 'false')
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
    if (!arg.startsWith('-')) return isWord(arg) ? [arg, ...args.toSpliced(i, 1)] : args;
    if (arg.startsWith('--') && Object.hasOwn(ALL_OPTIONS, name) && ALL_OPTIONS[name]?.kind !== 'flag') i++;
  }
  return args;
}

/** What of the words that a mode needs isn't there. Its own stands first: see `wordFirst`. */
function missing([word = '']: readonly string[]): string | undefined {
  if (!isMode(word)) return undefined;
  const { positionals }: Mode = MODES[word];
  return positionals.find((one) => one.missing !== undefined)?.missing;
}

/** An option that isn't this mode's takes the word behind it for its value, so that the word seems to be missing. */
function swallower([word = '', ...rest]: readonly string[]): string | undefined {
  if (!isMode(word)) return undefined;
  const { groups }: Mode = MODES[word];
  const end = rest.indexOf('--');
  const foreign = (end < 0 ? rest : rest.slice(0, end))
    .flatMap((arg) => /^--([^=]+)/.exec(arg)?.[1] ?? [])
    .find((name) => !groups.some(({ options }) => Object.hasOwn(options, name)));
  return foreign === undefined ? undefined : `there is no option --${foreign}; see uchat ${word} --help`;
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
    return swallower(args) ?? missing(args) ?? 'a word is missing; see uchat --help';
  return `${message.replaceAll(/\s+/g, ' ')}; see uchat --help`;
}

/** An option that was typed twice counts as typed last; a word from behind `--` gets its own first character back. */
function unwrap(value: unknown): unknown {
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' ? last.replace(WORD, '') : last;
}

export interface Choice<Chosen extends ModeName = ModeName> {
  readonly mode: Chosen;
  readonly argv: Arguments;
  readonly text: readonly string[];
}

/** What to do, what to print, or one line that says what is wrong. */
type Parsed = { readonly choice: Choice } | { readonly output: string } | { readonly fault: string };

/** @param version of uchat. */
export async function parse(given: readonly string[], version: string): Promise<Parsed> {
  const args = wordFirst(given);
  const fault = slip(args);
  if (fault !== undefined) return { fault };
  if (wantsServerHelp(args)) return { output: await serverHelp(version) };
  let choice: Choice | undefined;
  const cli = await commandLine(version, (mode, { TEXT, ...argv }) => {
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
