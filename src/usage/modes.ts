/** What uchat does, by the word that one types for it. */
import type { OptionTable } from './option.ts';
import {
  CLIENT,
  CLIENT_FILE,
  CREATE,
  INVITE,
  JSON_LINES,
  LIMIT,
  PASSPHRASE,
  REPLACE,
  RESTORE_OVER,
  SCREEN,
  SERVER,
  SERVER_FOLDER,
  SINCE,
} from './options.ts';

interface Positional {
  readonly name: 'FILE' | 'HOST' | 'SHELL' | 'TARGET' | 'TEXT';
  readonly says: string;
  /** What to say where it is missing; without this it may be. */
  readonly missing?: string;
  /** It takes all words that follow. */
  readonly many?: true;
  /** The words that it may be. */
  readonly choices?: readonly string[];
}

export interface OptionGroup {
  readonly title: 'Options' | 'Client' | 'Server';
  readonly options: OptionTable;
}

export interface Mode {
  readonly says: string;
  readonly positionals: readonly Positional[];
  readonly groups: readonly OptionGroup[];
}

/** Whatever a mode's own options are, it connects as the others do. */
const connecting = (own: OptionTable): readonly OptionGroup[] => [
  ...(Object.keys(own).length > 0 ? ([{ title: 'Options', options: own }] as const) : []),
  { title: 'Client', options: { ...CLIENT_FILE, ...CLIENT } },
];

/** Whose completion can be made. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

const HOST: Positional = { name: 'HOST', says: 'The server, as HOST or HOST:PORT' };
const NO_FILE = 'a FILE is missing: name the file of the backup';
const NO_TARGET = 'a TARGET is missing: name a room, such as lobby';

/** The first one has no word. */
export const MODES = {
  default: {
    says: 'The full-screen chat',
    positionals: [HOST],
    groups: [
      { title: 'Client', options: { ...CLIENT, ...SCREEN } },
      { title: 'Server', options: SERVER },
    ],
  },
  send: {
    says: 'Send one message, or each line of standard input',
    positionals: [
      { name: 'TARGET', says: 'Somebody: bob. Or a room: lobby, or "#dev" in quotes', missing: NO_TARGET },
      { name: 'TEXT', says: 'Its words', many: true },
    ],
    groups: connecting({ ...CREATE, ...PASSPHRASE }),
  },
  announce: {
    says: 'Tell everybody, as an operator',
    positionals: [
      { name: 'TEXT', says: 'Its words', many: true, missing: 'TEXT is missing: what is to be announced?' },
    ],
    groups: connecting({}),
  },
  tail: {
    says: 'Follow the messages of a room (lobby)',
    positionals: [{ name: 'TARGET', says: 'A room: lobby, or quoted with its sign: "#lobby"' }],
    groups: connecting({
      limit: { ...LIMIT.limit, says: 'Begin with this many older ones (0)' },
      ...JSON_LINES,
    }),
  },
  who: { says: 'Say who is here', positionals: [], groups: connecting({ ...SINCE, ...JSON_LINES }) },
  history: {
    says: 'Print the last messages of a room, or from your own log',
    positionals: [{ name: 'TARGET', says: 'A room: lobby. Or a person: @bob, from your own log', missing: NO_TARGET }],
    groups: connecting({ ...LIMIT, ...PASSPHRASE, ...JSON_LINES }),
  },
  search: {
    says: 'Print messages that have some words, the newest first',
    positionals: [
      {
        name: 'TEXT',
        says: 'Words, "a phrase" in quotes, from:NAME',
        many: true,
        missing: 'TEXT is missing: what is to be searched for?',
      },
    ],
    groups: connecting({
      room: { kind: 'text', says: 'Only in this room (all that you are in)', argvOnly: true },
      limit: { ...LIMIT.limit, says: 'How many (50)' },
      ...JSON_LINES,
    }),
  },
  register: {
    says: 'Make an account, or set your password on this host',
    positionals: [HOST],
    groups: connecting(INVITE),
  },
  'forget-server': {
    says: 'Forget the key of a server, after it was reinstalled',
    positionals: [{ ...HOST, missing: 'a HOST is missing: name the server to forget, as HOST or HOST:PORT' }],
    groups: [{ title: 'Options', options: { data: CLIENT.data, config: CLIENT.config } }],
  },
  backup: {
    says: 'Copy all that a server keeps into one file, also while it runs',
    positionals: [{ name: 'FILE', says: 'The file to make', missing: NO_FILE }],
    groups: [{ title: 'Options', options: { ...REPLACE, ...SERVER_FOLDER } }],
  },
  restore: {
    says: "Make a server's data folder of a backup",
    positionals: [{ name: 'FILE', says: 'The backup', missing: NO_FILE }],
    groups: [{ title: 'Options', options: { ...RESTORE_OVER, ...SERVER_FOLDER } }],
  },
  doctor: {
    says: 'Say what is wrong with terminal, files and server, and how to mend it',
    positionals: [HOST],
    groups: connecting(JSON_LINES),
  },
  completion: {
    says: 'Print what makes a shell complete the words of uchat',
    positionals: [{ name: 'SHELL', says: 'bash, zsh or fish ($SHELL)', choices: SHELLS }],
    groups: [],
  },
  licenses: { says: 'Print the licences of uchat, and of all that is in it', positionals: [], groups: [] },
  man: { says: 'Print the manual; read it with: uchat man | man -l -', positionals: [], groups: [] },
} as const satisfies Readonly<Record<string, Mode>>;

export type ModeName = keyof typeof MODES;

/** In the order in which help lists them. */
export const MODE_NAMES = Object.keys(MODES).filter(isMode);

export function isMode(name: string): name is ModeName {
  return Object.hasOwn(MODES, name);
}
/** Whether it is the word for one. */
export const isWord = (word: string): boolean => word !== 'default' && isMode(word);

/** `<TARGET> [TEXT..]` */
export const wordsOf = ({ positionals }: Mode): readonly string[] =>
  positionals.map(({ name, missing, many }) => {
    const word = many === true ? `${name}..` : name;
    return missing === undefined ? `[${word}]` : `<${word}>`;
  });

/** All options of a mode. */
export const optionsOf = ({ groups }: Mode): OptionTable =>
  Object.fromEntries(groups.flatMap(({ options }) => Object.entries(options)));

/** Every option, whatever it is for. */
export const ALL_OPTIONS: OptionTable = Object.fromEntries(
  Object.values<Mode>(MODES).flatMap((mode) => Object.entries(optionsOf(mode))),
);
