/** How uchat is called, and its options by what it does then. */
import { MODE_NAMES, MODES, type Mode, type ModeName, optionsOf } from '../usage/modes.ts';
import type { OptionTable } from '../usage/option.ts';
import { CLIENT, CLIENT_FILE, SCREEN, SERVER, SHARED } from '../usage/options.ts';
import { bold, ended, escaped, filled, italic, item, paragraph, prose, subsection } from './roff.ts';
import { metavariable } from './terms.ts';

/** `uchat send [OPTIONS] TARGET [TEXT...]` */
function call(name: ModeName): string {
  const { positionals, groups }: Mode = MODES[name];
  const words = positionals.map(({ name: word, missing, many }) => {
    const port = name === 'default' ? '[:PORT]' : '';
    const shown = `${italic(`${word}${port}`)}${many === true ? '...' : ''}`;
    return missing === undefined ? `[${shown}]` : shown;
  });
  const options = groups.length > 0 ? [`[${italic('OPTION')}...]`] : [];
  return [bold(name === 'default' ? 'uchat' : `uchat ${name}`), ...options, ...words].join(' ');
}

const SERVE = `${bold('uchat --serve')} [${italic('OPTION')}...]`;

export const synopsis = (): readonly string[] => {
  const [chat, ...others] = MODE_NAMES;
  const calls = [...(chat === undefined ? [] : [call(chat)]), SERVE, ...others.map(call)];
  return calls.flatMap((line, index) => (index === 0 ? [line] : ['.br', line]));
};

function optionItem(name: string, table: OptionTable): string {
  const option = table[name];
  if (option === undefined) return '';
  const value = metavariable(option);
  const isWords = typeof option.kind !== 'string' || option.kind === 'switch';
  const shown = value === undefined ? '' : ` ${isWords ? bold(value) : italic(value)}`;
  return item(`${bold(`--${name}`)}${shown}`, ended(prose(option.says)));
}

const items = (table: OptionTable): readonly string[] => Object.keys(table).map((name) => optionItem(name, table));

function worded(name: ModeName): readonly string[] {
  const mode: Mode = MODES[name];
  const isCommon = (option: string): boolean => option in { ...CLIENT_FILE, ...CLIENT };
  const own = Object.entries(optionsOf(mode)).filter(([option]) => !isCommon(option));
  const connects = mode.groups.some(({ title }) => title === 'Client');
  return [
    subsection(['uchat', name, ...mode.positionals.map(({ name: word }) => word)].join(' ')),
    filled(ended(prose(mode.says))),
    ...mode.positionals.map(({ name: word, says }) => item(italic(word), ended(prose(says)))),
    ...items(Object.fromEntries(own)),
    ...(connects ? [] : common(mode)),
  ];
}

const words = (names: readonly string[]): string => names.map((name) => bold(`--${name}`)).join(' and ');

/** What does not connect takes some of the others' options at most. */
function common(mode: Mode): readonly string[] {
  const names = Object.keys(optionsOf(mode));
  return names.length === 0 ? [] : [paragraph(`Of the options above it takes ${words(names)}.`)];
}

export const options = (): readonly string[] => [
  subsection('All that connect'),
  escaped('The full-screen chat, and whatever reads or writes for scripts.'),
  ...items(CLIENT_FILE),
  escaped('In the chat, and in what takes a HOST, this is a word without an option.'),
  ...items(CLIENT),
  subsection('uchat HOST'),
  filled(
    escaped(`${MODES.default.says}. HOST is a name or an address, alone or with a port: box, box:2428, [::1]:2428.`),
  ),
  ...items(SCREEN),
  subsection('uchat --serve'),
  filled(`${escaped('A server, until Ctrl-C or SIGTERM. Of the options above it takes')} ${words(SHARED)}.`),
  ...items(SERVER),
  ...MODE_NAMES.filter((name) => name !== 'default').flatMap(worded),
  subsection('Everywhere'),
  item(`${bold('-h')}, ${bold('--help')}`, escaped('Show help; behind a word, about that word.')),
  item(bold('--version'), escaped('Show the version.')),
];
