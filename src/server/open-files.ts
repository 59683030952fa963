/**
 * How many connections the files that this process may have open leave room for. Without that bound the kernel would have
 * none left for anything: a new connection would be closed without a word, and the database could open nothing.
 */
import { readFileSync } from 'node:fs';
import { type ConnectionLimit, MAX_CONNECTIONS, MAX_REFUSALS_AT_ONCE } from './core/limits.ts';
import type { ConsoleEvent } from './core/notice.ts';

/** Files that are not connections: the database, its thread, what is read of /proc, a backup, the port of the figures. */
const OWN_FILES = 64;

/** As Linux tells it; undefined where it doesn't. Node has raised the limit as far as it may, at its start. */
export function fileLimit(
  limits: () => string = () => readFileSync('/proc/self/limits', 'latin1'),
): number | undefined {
  try {
    const found = /^Max open files +(\d+) /m.exec(limits());
    return found === null ? undefined : Number(found[1]);
  } catch {
    // No Linux: then nobody says.
    return undefined;
  }
}

/** Of those that are left, one in so many is for telling somebody that there are none. */
const REFUSALS_SHARE = 8;

/** @returns undefined where there is room for all that may come. */
export function connectionsWithin(limit: number | undefined): ConnectionLimit | undefined {
  if (limit === undefined || limit - OWN_FILES >= MAX_CONNECTIONS + MAX_REFUSALS_AT_ONCE) return undefined;
  const left = Math.max(2, limit - OWN_FILES);
  const refusals = Math.min(MAX_REFUSALS_AT_ONCE, Math.ceil(left / REFUSALS_SHARE));
  return { connections: left - refusals, refusals };
}

/** Connections that a server is made for: with fewer, its operator should know. */
const EXPECTED = 10_000;

/** Told at the start, before anybody is turned away; undefined where there are enough. */
export function fewFiles({ connections }: ConnectionLimit): ConsoleEvent | undefined {
  if (connections >= EXPECTED) return undefined;
  return {
    kind: 'warning',
    code: 'few_files',
    text: `this process may open so few files that at most ${connections} connections fit: raise its limit (ulimit -n, or LimitNOFILE= of systemd)`,
  };
}
