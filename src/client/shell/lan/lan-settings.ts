/** Whether there is a server, or the local network; and what is set of that. */
import { isIP } from 'node:net';
import { err, ok, type Result } from '../../../base/result.ts';
import { LAN_PORT } from '../../../lan/limits.ts';
import type { Address } from '../../../link/link.ts';
import { MIN_DIRECT_PORT } from '../../../peer/addresses.ts';
import { parsePlainName } from '../../../protocol/names.ts';
import { parseAddress } from '../address.ts';
import { type Failure, wrongUsage } from '../outcome.ts';
import { ownName } from '../own-name.ts';
import type { Settings } from '../settings.ts';

export interface LanNetwork {
  /** UDP, of announcements: the same for all who are to hear each other. */
  readonly port: number;
  /** Who is told by themselves that we are there, beside those on our own networks. */
  readonly peers: readonly Address[];
}

/** Addresses that one may name: each gets an announcement of its own every few seconds. */
const MAX_PEERS = 32;

/** What means something only where there is a server. */
const SERVER_ONLY = ['guest', 'password-file', 'relay-only', 'connect'] as const;

function parsePeer(text: string, port: number): Result<Address, string> {
  const peer = parseAddress(text, port);
  if (!peer.ok) return peer;
  // A name would have to be looked up each time, and may lead elsewhere each time.
  return isIP(peer.value.host) === 0
    ? err(`${JSON.stringify(text)} is no IP address: write it as 10.0.0.7 or 10.0.0.7:${port}`)
    : peer;
}

/** @param port of those that name none: all are expected to use ours. */
function parsePeers(text: string, port: number): Result<readonly Address[], string> {
  const words = text.split(',').map((word) => word.trim());
  if (words.length > MAX_PEERS) return err(`names ${words.length} addresses; ${MAX_PEERS} at most`);
  const peers: Address[] = [];
  for (const word of words) {
    const peer = parsePeer(word, port);
    if (!peer.ok) return peer;
    peers.push(peer.value);
  }
  return ok(peers);
}

export function lanNetwork(settings: Settings): LanNetwork {
  const port = settings.port('lan-port', MIN_DIRECT_PORT) ?? LAN_PORT;
  return { port, peers: settings.checked('lan-peer', (text) => parsePeers(text, port)) ?? [] };
}

/** As whom one is on the network. There is nobody to give out names, so it need not be anybody's alone. */
export function lanName(user: string | undefined, own: string | undefined = ownName()): Result<string, string> {
  const name = user ?? own;
  if (name === undefined) return err('this host has no name for you: say what you are called with --user NAME');
  return parsePlainName(name).ok
    ? ok(name)
    : err(`your login ${JSON.stringify(name)} can't be a name in the chat: say what you are called with --user NAME`);
}

/** What was typed for a server, in words. */
function typedServer(argv: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof argv.HOST === 'string') return 'HOST';
  return typeof argv.server === 'string' ? '--server' : undefined;
}

/**
 * Whether it is the local network. What was typed counts, then `$UCHAT_SERVER`, then the file; where that has both, its
 * server does.
 */
export function isOnLan(
  settings: Settings,
  argv: Readonly<Record<string, unknown>>,
  variable: string | undefined,
): Result<boolean, Failure> {
  const chosen = settings.flag('lan') ?? false;
  const typed = chosen && settings.typed('lan');
  const server = typedServer(argv);
  if (typed && server !== undefined)
    return err(wrongUsage(`${server} and --lan exclude each other: a server, or the local network without one`));
  if (!chosen || server !== undefined) return ok(false);
  const needsServer = SERVER_ONLY.find((name) => argv[name] !== undefined && argv[name] !== false);
  // It says which of the two is meant.
  if (needsServer !== undefined && !typed) return ok(false);
  if (needsServer !== undefined)
    return err(wrongUsage(`--${needsServer} needs a server, and with --lan there is none: leave one of them out`));
  if (typed) return ok(true);
  if ((variable ?? '') !== '') return ok(false);
  if (settings.text('server') === undefined) return ok(true);
  const line = 'config.toml has lan and server: the server counts; for the local network start uchat --lan';
  settings.faults.push({ line, fromFile: true });
  return ok(false);
}
