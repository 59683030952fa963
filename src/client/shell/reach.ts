/** The way to a server, before the chat: a connection, an offer to start a server, a form. */
import { addressText } from '../../link/address.ts';
import { isLoopback } from './address.ts';
import { askYes } from './ask.ts';
import { askServer, type Reached, reachedBy } from './ask-server.ts';
import { type ClientSettings, comesAsGuest, loginOf } from './client-settings.ts';
import { dialServer } from './dialing.ts';
import { done, noConnection, type Outcome, refused } from './outcome.ts';
import type { Screen } from './screen.ts';
import { startServer } from './start-server.ts';

/** Milliseconds after which it is said what is being waited for. */
const QUIET_MS = 500;

/** On a plain line, since the full screen isn't open yet. Ctrl-C ends it, as it does everywhere. */
async function dial(settings: ClientSettings): ReturnType<typeof dialServer> {
  const say = setTimeout(() => {
    const where =
      settings.lan === undefined ? `Connecting to ${addressText(settings.address)}` : 'Joining the local network';
    process.stderr.write(`${where}\n`);
  }, QUIET_MS);
  try {
    return await dialServer(settings);
  } finally {
    clearTimeout(say);
  }
}

export interface ReachOptions {
  /** Ask first, whatever is known. */
  readonly form: boolean;
  /** What starts uchat: a file, and what comes before its arguments. */
  readonly program: readonly [string, ...string[]];
}

type Offer = Reached | { readonly kind: 'no'; readonly text: string } | { readonly kind: 'end' };

/** Nothing listens on this very host: here a server can be started. */
async function offer(settings: ClientSettings, program: ReachOptions['program']): Promise<Offer> {
  const where = addressText(settings.address);
  const yes = await askYes(`No server answers on ${where}. Start one here?`);
  if (yes === undefined) return { kind: 'end' };
  if (!yes) return { kind: 'no', text: `nothing listens on ${where}` };
  // Who comes as a guest means a server that lets guests in.
  const started = await startServer(program, settings.address, settings.guest);
  if (!started.ok) return { kind: 'no', text: started.error };
  const { link, pid, log } = started.value;
  if (pid !== undefined) process.stderr.write(`Started a server on ${where} (process ${pid}, log ${log})\n`);
  return { link, settings, notices: [] };
}

/** The same on plain lines alone: nothing is asked where nobody can answer. */
export async function reachPlain(
  settings: ClientSettings,
  program: ReachOptions['program'],
): Promise<Reached | Outcome> {
  const login = loginOf(settings, settings.address);
  if (!login.ok) return login.error;
  const dialled = await dial(settings);
  if (dialled.ok) return reachedBy(dialled.value, settings);
  const { kind, text } = dialled.error;
  if (kind === 'untrusted') return refused(text);
  if (settings.lan !== undefined) return noConnection(text);
  if (kind === 'refused' && isLoopback(settings.address.host) && process.stdin.isTTY) {
    const offered = await offer(settings, program);
    if ('link' in offered) return offered;
  }
  return noConnection(`${text}; start a server with uchat --serve, or name another with uchat HOST:PORT`);
}

/** @returns a connection and as whom to come; or how the program ends without one. */
export async function reach(
  screen: Screen,
  settings: ClientSettings,
  options: ReachOptions,
): Promise<Reached | Outcome> {
  if (options.form) return (await askServer(screen, { settings, nameOnly: false })) ?? done;
  const nameMissing = comesAsGuest(settings, settings.address) && settings.user === undefined;
  const login = nameMissing ? undefined : loginOf(settings, settings.address);
  if (login?.ok === false) return login.error;

  const dialled = await dial(settings);
  // Another address is no way around it.
  if (!dialled.ok && dialled.error.kind === 'untrusted') return refused(dialled.error.text);
  // Nor is there another network.
  if (!dialled.ok && settings.lan !== undefined) return noConnection(dialled.error.text);
  let failed = dialled.ok ? undefined : dialled.error.text;
  let reached = dialled.ok ? reachedBy(dialled.value, settings) : undefined;
  if (!dialled.ok && dialled.error.kind === 'refused' && isLoopback(settings.address.host)) {
    const offered = await offer(settings, options.program);
    if ('link' in offered) reached = offered;
    else if (offered.kind === 'no') failed = offered.text;
    else return noConnection(`${failed ?? 'no server answers'}; start one with uchat --serve`);
  }
  if (reached === undefined) {
    const message = { text: failed ?? '', bad: true };
    const asked = await askServer(screen, { settings, nameOnly: false, message });
    return asked ?? noConnection(`${message.text}; name another with uchat HOST:PORT`);
  }
  if (!nameMissing) return reached;
  // A server waits for its hello only so long, and a person takes the time it takes.
  reached.link.destroy();
  return (await askServer(screen, { settings, nameOnly: true })) ?? done;
}
