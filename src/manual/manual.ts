/** uchat(1), made of the tables that the program itself runs by. */
import { VARIABLES } from '../usage/environment.ts';
import { EXIT_STATUSES } from '../usage/exit-status.ts';
import { FILES, ROOTS } from '../usage/files.ts';
import { commands, keys } from './chat.ts';
import { bold, escaped, example, italic, item, paragraph, prose, section, sentence } from './roff.ts';
import { options, synopsis } from './usage.ts';

const DESCRIPTION: readonly string[] = [
  paragraph(
    prose(
      '`uchat` is a full-screen chat for people who share a host: rooms, a list of who is here and who is away, private chats in tabs. On the host itself the kernel says who you are, so there is no password. From elsewhere one logs in to an account, or comes as a guest, over TLS.',
    ),
  ),
  paragraph(
    prose(
      'Without a word it opens the chat. Where no server is named it takes `$UCHAT_SERVER`, else that of the settings, else 127.0.0.1:2428; where nothing listens on this host, it offers to start a server. With a word it does one thing and ends, for scripts.',
    ),
  ),
  paragraph(
    prose(
      'Options stand before or behind words. What begins with a dash and is no option goes after `--`. Durations are written 90, 90s, 15m, 1h or 2d.',
    ),
  ),
  paragraph(
    prose(
      'Most options are also keys of a TOML file, by the same name without its dashes: of config.toml for the client, of server.toml for a server. What is typed comes first, then the environment, then the file.',
    ),
  ),
];

const EXAMPLES: readonly (readonly [says: string, ...lines: string[]])[] = [
  ['The chat of this host, and of another:', 'uchat', 'uchat --user alice box.example'],
  ['A server that outlives the terminal:', 'screen -S uchat uchat --serve'],
  [
    'Scripts write, read, and look who is here:',
    "make 2>&1 | tail -1 | uchat send '#builds'",
    "uchat send bob 'your build is green'",
    'uchat tail lobby --json | jq -r .text',
    'uchat who --since 1h',
  ],
  ['What is wrong here, and how to mend it:', 'uchat doctor', 'uchat doctor box.example --json'],
  [
    'Words completed by the shell, for this one and for good:',
    'source <(uchat completion bash)',
    'uchat completion bash > ~/.local/share/bash-completion/completions/uchat',
  ],
  ['This page:', 'uchat man | man -l -'],
];

const SECURITY: readonly string[] = [
  paragraph(
    prose(
      'What is said in rooms can be read by whoever runs the server and by the administrator of its host. Private chats are encrypted from client to client (MLS, RFC 9420, by a library that nobody has audited), and the server passes on what it cannot open; it knows who writes to whom, when, and how much. `/verify` compares keys; until then they are trusted as they were first seen. A changed key stops a chat until `/accept-key`.',
    ),
  ),
  paragraph(
    prose(
      'A server elsewhere is known by its key, kept at the first connection in known_servers. When it changes, nothing is sent, until `uchat forget-server`. Compare the fingerprint that the first connection shows with what the administrator says.',
    ),
  ),
  paragraph(
    prose(
      'Passwords are asked for, or read from a file that only you can read; they are never an argument. Text of others is shown without control characters and escape sequences.',
    ),
  ),
];

const fileItems = (): readonly string[] =>
  FILES.map(({ root, path, says, secret }) =>
    item(italic(`${ROOTS[root].path}/${path}`), sentence(`${says}${secret === true ? ' (secret)' : ''}`)),
  );

const rootItems = (): readonly string[] =>
  Object.values(ROOTS).map(({ path, says }) => item(italic(path), sentence(says)));

/** A section begins with a paragraph by itself. */
const begun = ([first = '', ...rest]: readonly string[]): readonly string[] => [first.replace(/^\.PP\n/, ''), ...rest];

/** The page, as roff. @param version of uchat. */
export function manual(version: string): string {
  const parts: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['NAME', ['uchat \\- full\\-screen terminal chat for people who share a host']],
    ['SYNOPSIS', synopsis()],
    ['DESCRIPTION', DESCRIPTION],
    ['OPTIONS', options()],
    ['COMMANDS', commands()],
    ['KEYS', keys()],
    [
      'EXIT STATUS',
      EXIT_STATUSES.map(({ status, says, more }) =>
        item(bold(String(status)), [says, ...(more === undefined ? [] : [more])].map(sentence).join(' ')),
      ),
    ],
    ['ENVIRONMENT', VARIABLES.map(({ name, says }) => item(bold(name), prose(says)))],
    [
      'FILES',
      [
        paragraph(escaped('Folders are readable by their owner only (0700), and so are files (0600).')),
        ...rootItems(),
        ...fileItems(),
      ],
    ],
    ['EXAMPLES', EXAMPLES.flatMap(([says, ...lines]) => [paragraph(escaped(says)), example(lines)])],
    ['SECURITY', SECURITY],
    ['SEE ALSO', [`${bold('ssh')}(1), ${bold('screen')}(1), ${bold('tmux')}(1)`]],
  ];
  const head = [
    '.\\" Made by: npm run manual',
    `.TH UCHAT 1 "" "uchat ${escaped(version)}" "User Commands"`,
    // No hyphens of the typesetter's own, and no stretched lines.
    '.nh',
    '.ad l',
  ];
  const sections = parts.flatMap(([title, lines]) => [section(title), ...begun(lines)]);
  return `${[...head, ...sections].join('\n')}\n`;
}
