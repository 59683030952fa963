/**
 * Who may import whom: the one place. Deny by default.
 *
 * A key is a folder or a file of src/; the longest key that fits a file is its row.
 * An entry is a folder or a file of src/, `npm:NAME` for a package, or `node:NAME`; a final `*` stands for any rest.
 * Every folder may import itself. An import of a type counts as any other.
 */
interface Row {
  readonly may: readonly string[];
  /** What it may import by `import()` and `import type` only, beyond `may`. */
  readonly lazily?: readonly string[];
  /** No node:*, no blessed (not even through another file), no clock, no randomness, no timers: these are passed in. */
  readonly pure?: true;
}

/** The two interfaces that the server's core is written against; what implements them lies beside them. */
const SERVER_INTERFACES = ['server/store/store.ts', 'server/bus/bus.ts'];
const SERVER = ['base', 'protocol', 'link', 'server', 'node:*', 'npm:pino', 'npm:smol-toml'];
const CLIENT = ['base', 'usage', 'protocol', 'crypto', 'link', 'peer', 'lan', 'client', 'node:*', 'npm:smol-toml'];
/** What a link over node:net is made of: streams and events of buffers. */
const SOCKETS = ['node:net', 'node:stream', 'node:events', 'node:buffer'];

const CLIENT_INSIDE = [
  'client/core',
  'client/commands',
  'client/receive',
  'client/keys',
  'client/view',
  'client/theme',
];
/** The client's pure folders know each other and the trust boundaries below them, and no shell. */
const CLIENT_PURE: Row = { may: ['base', 'protocol', 'crypto', 'link', 'peer', ...CLIENT_INSIDE], pure: true };

export const TABLE: Readonly<Record<string, Row>> = {
  'cli.ts': {
    may: ['base', 'usage', 'node:*', '../package.json'],
    // A mode costs memory and start-up time, so none is loaded before it runs.
    lazily: ['*'],
  },
  'command-line.ts': { may: ['base', 'usage', 'npm:yargs'] },
  'strip-types.mjs': { may: ['node:fs', 'node:module', 'node:url'] },

  base: { may: [] },
  usage: { may: ['base'], pure: true },
  // It tells of commands and keys, and runs none.
  manual: { may: ['base', 'usage', 'client/commands', 'client/keys', 'client/theme/theme.ts'], pure: true },

  protocol: { may: ['base'], pure: true },
  crypto: { may: ['base', 'node:crypto', 'npm:@noble/*', 'npm:@hpke/*', 'npm:ts-mls'] },
  // A link hashes the peer's key to compare it with its pin.
  link: { may: ['base', 'protocol', ...SOCKETS, 'node:tls', 'node:crypto'] },
  // Discovery is UDP on each of the host's networks.
  peer: { may: ['base', 'protocol', 'crypto', 'link', ...SOCKETS, 'node:dgram', 'node:os', 'node:crypto'] },

  // A server to one's own programs, and to nobody else: announcements, links, the lobby, and what is kept of them.
  lan: {
    may: [
      'base',
      'protocol',
      'crypto',
      'link',
      'peer/addresses.ts',
      'peer/tasks.ts',
      ...SOCKETS,
      'node:dgram',
      'node:dns/promises',
      'node:os',
      'node:crypto',
      'node:sqlite',
      'node:fs',
      'node:path',
    ],
  },
  'lan/lobby': { may: ['base', 'protocol', 'lan/limits.ts', 'lan/mesh/frames.ts'], pure: true },

  server: { may: SERVER },
  'server/store/store.ts': { may: ['base', 'protocol'], pure: true },
  'server/bus/bus.ts': { may: ['base', 'protocol', 'server/store/store.ts'], pure: true },
  // What works on a data folder without a server: it shares the server's rules, and none of its sessions.
  'server/upkeep': {
    may: ['base', 'protocol', 'server/store', 'server/login', 'server/console/dashboard/figures.ts', 'node:*'],
  },
  'server/core': { may: ['base', 'protocol', ...SERVER_INTERFACES], pure: true },
  'server/handlers': { may: ['base', 'protocol', 'server/core', ...SERVER_INTERFACES], pure: true },
  // What is counted and measured: read by the dashboard and by --metrics.
  'server/figures': {
    may: [
      'base',
      'protocol',
      'server/core',
      'server/store/sqlite/folder.ts',
      'node:perf_hooks',
      'node:fs/*',
      'node:path',
    ],
  },
  'server/metrics': {
    may: ['base', 'link', 'protocol', 'server/core', 'server/figures', 'node:http', 'node:net', 'node:fs'],
  },
  'server/console': { may: [...SERVER, 'npm:blessed', 'npm:blessed-contrib'] },

  client: { may: CLIENT, lazily: ['npm:gemoji'] },
  'client/core': CLIENT_PURE,
  'client/commands': CLIENT_PURE,
  'client/receive': CLIENT_PURE,
  'client/keys': CLIENT_PURE,
  'client/view': CLIENT_PURE,
  // What a theme's file says, and what can be computed of colours.
  'client/theme': { may: ['base', 'client/view/cells.ts'], pure: true },
  'client/terminal': { may: [...CLIENT, 'npm:blessed'] },
};
