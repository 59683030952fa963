/** Starts a server on this host, in the background, for whoever is the first to want one. */
import { setTimeout as delay } from 'node:timers/promises';
import { err, ok, type Result } from '../../base/result.ts';
import type { Address, Link } from '../../link/link.ts';
import { connectTcp } from '../../link/tcp.ts';
import { logFileOf, type OwnProgram, startInBackground } from './background.ts';
import { readConfig } from './config-file.ts';
import { configFile, privateFolder, serverFolder, systemWords } from './files.ts';

/** Milliseconds until the server must listen: it makes its data base, on a slow disk, in a few seconds. */
const START_WITHIN_MS = 30_000;
/** Milliseconds in which a connection must stand. */
const CONNECT_WITHIN_MS = 15_000;
/** Milliseconds in which somebody else's server, who was faster, must listen; and between two looks. */
const OTHERS_WITHIN_MS = 2000;
const LOOK_EVERY_MS = 50;

/** The folder that `uchat --serve` uses by itself. */
function dataFolder(): string {
  const data = readConfig(configFile('server.toml'))?.values.get('data');
  return privateFolder(typeof data === 'string' && data !== '' ? data : serverFolder());
}

export interface Started {
  /** A connection to it, that nothing has been said on. */
  readonly link: Link;
  /** Undefined: it is somebody else's, who was faster. */
  readonly pid: number | undefined;
  readonly log: string;
}

/** Where two people start one at once, the loser of the race ends, and finds the winner's. */
async function connectWithin(address: Address, ms: number): Promise<Link | undefined> {
  const until = performance.now() + ms;
  for (;;) {
    const last = performance.now() >= until;
    const link = await connectTcp({ ...address, timeoutMs: CONNECT_WITHIN_MS });
    if (link.ok) return link.value;
    if (last) return undefined;
    await delay(LOOK_EVERY_MS);
  }
}

/**
 * @param program what starts uchat: a file, and what comes before its arguments.
 * @param guests whether it lets guests in.
 * @returns once the server accepts connections; else one line that says why it does not.
 */
export async function startServer(
  program: OwnProgram,
  address: Address,
  guests: boolean,
): Promise<Result<Started, string>> {
  let data: string;
  try {
    data = dataFolder();
  } catch (error) {
    return err(`no server could be started: its data folder can't be written (${systemWords(error)})`);
  }
  const log = logFileOf(data);
  // Elsewhere than under Linux no kernel says who somebody is, so nobody else could come in.
  const letIn = guests || process.platform !== 'linux' ? ['--guests'] : [];
  const at = ['--host', address.host, '--port', String(address.port), '--data', data];
  try {
    const started = await startInBackground(program, ['--serve', '--detach', ...at, ...letIn], data, START_WITHIN_MS);
    const link = await connectWithin(address, started.ok ? 0 : OTHERS_WITHIN_MS);
    if (link !== undefined) return ok({ link, pid: started.ok ? started.value.pid : undefined, log });
    return err(`the server could not start: ${started.ok ? 'it ended at once' : started.error.text}; see ${log}`);
  } catch (error) {
    return err(`no server could be started: its log can't be written (${systemWords(error)})`);
  }
}
