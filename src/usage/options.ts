/** Every option, by what it is for: the one place. What parses the command line, the manual and shells read it from here. */
import type { OptionTable } from './option.ts';

/** Of everything that connects. */
export const CLIENT = {
  user: { kind: 'text', value: 'NAME', says: 'Your account; without it, the login that this host knows you by' },
  guest: { kind: 'flag', says: 'Come as a guest: nobody vouches for the name' },
  'password-file': {
    kind: 'text',
    value: 'FILE',
    says: "File with your account's password, which only you can read",
  },
  lan: { kind: 'flag', says: 'Without a server: chat with those on the local network' },
  'lan-port': { kind: 'port', says: 'UDP port on which they find each other (2428)' },
  'lan-peer': {
    kind: 'text',
    value: 'ADDRESS',
    says: 'Somebody beyond that network, as ADDRESS[:PORT]; more with commas',
  },
  data: { kind: 'text', value: 'FOLDER', says: 'Folder for what is remembered' },
  config: { kind: 'text', value: 'FILE', says: 'TOML file of these settings', argvOnly: true },
} as const satisfies OptionTable;

/** Of the full-screen client alone. */
export const SCREEN = {
  connect: { kind: 'flag', says: 'Ask for the address, port and name first', argvOnly: true },
  'relay-only': { kind: 'flag', says: 'Private chats over the server only: hides your address' },
  'direct-port': { kind: 'port', says: 'TCP port of direct private chats (any free one)' },
  'plain-chat': { kind: 'flag', says: 'Private chats without encryption, where both sides say so', argvOnly: true },
  plain: { kind: 'flag', says: 'The whole client as lines: for screen readers, pipes, plain terminals' },
  mouse: { kind: 'flag', says: 'Clicks and the wheel work; hold Shift to select text' },
  notify: {
    kind: ['off', 'mentions', 'private', 'all'],
    says: 'What rings by default (mentions, and all that is private)',
  },
  bell: { kind: 'switch', says: 'The terminal rings: on or off (on)' },
  notifications: { kind: 'switch', says: 'Told outside of the window, too: on or off (on)' },
  'notify-text': { kind: 'switch', says: 'Notifications show the text of private messages (off)' },
  highlight: { kind: 'text', value: 'WORDS', says: 'Words that call you as your name does: deploy,pager' },
  typing: { kind: 'switch', says: 'Others see that you are writing: on or off (on)' },
  emoji: { kind: 'switch', says: ':thumbsup: turns into its emoji: on or off (on)' },
  theme: { kind: 'text', value: 'THEME', says: 'Colours: dark, light, nord …; /theme shows them all' },
} as const satisfies OptionTable;

/** Keys of the client's file; of the modes with a word, which have no HOST, options too. */
export const CLIENT_FILE = {
  server: {
    kind: 'text',
    value: 'HOST[:PORT]',
    says: 'The server as HOST[:PORT]; else $UCHAT_SERVER, else 127.0.0.1:2428',
  },
} as const satisfies OptionTable;

export const SERVER = {
  serve: { kind: 'flag', says: 'Run a server instead', argvOnly: true },
  detach: { kind: 'flag', says: 'Run it in the background; said when it listens', argvOnly: true },
  stop: { kind: 'flag', says: 'Stop the server of the data folder instead', argvOnly: true },
  status: { kind: 'flag', says: 'Say whether one runs on the data folder', argvOnly: true },
  check: { kind: 'flag', says: 'Say whether the data folder is sound; changes nothing', argvOnly: true },
  json: { kind: 'flag', says: 'With --check: one JSON object a line', argvOnly: true },
  host: { kind: 'text', value: 'ADDRESS', says: 'Address to listen on (127.0.0.1)' },
  port: { kind: 'port', says: 'TCP port (2428; 0: any free one)' },
  'tls-cert': { kind: 'text', value: 'FILE', says: 'Certificate (PEM) for clients from elsewhere' },
  'tls-key': { kind: 'text', value: 'FILE', says: 'Its key (PEM); without both, one made by itself' },
  'away-after': { kind: 'duration', says: 'No key pressed this long: away (10s)' },
  'log-off-after': { kind: 'duration', says: 'Away this long: logged off (15m; 0: never)' },
  guests: { kind: 'flag', says: 'Let guests in' },
  'host-login': { kind: 'flag', says: 'The kernel says who local users are (on)' },
  'no-host-login': { kind: 'flag', says: 'It does not: nobody gets in without --guests' },
  registration: { kind: ['open', 'invite', 'closed'], says: 'Who may make an account (invite: with a code)' },
  'lockout-after': { kind: 'count', says: 'Wrong passwords in a row that lock out (3)' },
  'lockout-for': { kind: 'duration', says: 'How long, doubled each time (60s)' },
  keep: { kind: 'text', value: 'RULE', says: 'How long messages are kept: 90d, 1GB, both, or forever (forever)' },
  'rate-limit': { kind: 'switch', says: 'Bound what one user sends: on or off (on)' },
  durability: { kind: ['full', 'process'], says: 'Messages survive a power cut (full), or kill -9 only (process)' },
  'no-dashboard': { kind: 'flag', says: 'Log JSON lines instead of the dashboard' },
  metrics: { kind: 'text', value: 'ADDRESS', says: 'Figures for Prometheus on PORT, HOST:PORT or unix:PATH' },
} as const satisfies OptionTable;

/** Given with `--serve` they are the server's. */
export const SHARED: readonly string[] = ['data', 'config'];

export const LIMIT = { limit: { kind: 'count', says: 'How many (50)', argvOnly: true } } as const satisfies OptionTable;
export const SINCE = {
  since: { kind: 'duration', says: 'Who was here in this time too, such as 1h', argvOnly: true },
} as const satisfies OptionTable;
export const INVITE = {
  invite: { kind: 'text', value: 'CODE', says: 'Invite code, where the server asks for one', argvOnly: true },
} as const satisfies OptionTable;
export const PASSPHRASE = {
  'passphrase-file': {
    kind: 'text',
    value: 'FILE',
    says: 'File with the passphrase of your log, if it has one',
    argvOnly: true,
  },
} as const satisfies OptionTable;
/** Of what works on a server's data folder. */
export const SERVER_FOLDER = {
  data: { kind: 'text', value: 'FOLDER', says: "The server's data folder" },
  config: { kind: 'text', value: 'FILE', says: "The server's TOML file, which may name it", argvOnly: true },
} as const satisfies OptionTable;
export const REPLACE = {
  force: { kind: 'flag', says: 'Replace FILE, where it is there', argvOnly: true },
} as const satisfies OptionTable;
export const RESTORE_OVER = {
  force: { kind: 'flag', says: 'Also over data, which is kept in a folder beside it', argvOnly: true },
} as const satisfies OptionTable;
export const CREATE = {
  create: { kind: 'flag', says: 'Make the room, where there is none of that name', argvOnly: true },
} as const satisfies OptionTable;
export const JSON_LINES = {
  json: { kind: 'flag', says: 'One JSON object a line', argvOnly: true },
} as const satisfies OptionTable;
