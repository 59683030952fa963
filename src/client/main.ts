/** The full-screen client: finds a server, then ties core, view, terminal and link together until it is left. */

import type { Login } from './core/inner.ts';
import { askServer, type Reached, reachedBy } from './shell/ask-server.ts';
import { Chat } from './shell/chat.ts';
import { type ClientSettings, loginOf } from './shell/client-settings.ts';
import { type AccountLogin, askAgain, askLogin, enrolledKey, isFailure, type Refused } from './shell/credentials.ts';
import type { DeviceKey } from './shell/device-key.ts';
import { dialServer } from './shell/dialing.ts';
import { done, noConnection, type Outcome, refused, wrongUsage } from './shell/outcome.ts';
import { reach } from './shell/reach.ts';
import { refusal, refusalLine } from './shell/refusal.ts';
import { Screen } from './shell/screen.ts';

/** Refusals of a guest's name: another one may do. */
const ABOUT_THE_NAME: ReadonlySet<string> = new Set(['name_required', 'name_reserved', 'name_taken', 'name_unusable']);
/** Refusals of what proves an account: a person may know better. */
const ABOUT_THE_PROOF: ReadonlySet<string> = new Set(['wrong_password', 'wrong_key', 'password_needed']);

/** What the chat begins with. */
interface Way {
  readonly reached: Reached;
  readonly login: Login;
  readonly key?: DeviceKey;
}

/** A server waits for its hello only so long, and a person takes the time it takes: so a connection of its own. */
async function dialAgain({ link, settings, notices }: Reached): Promise<Reached | Outcome> {
  link.destroy();
  const dialled = await dialServer(settings);
  if (dialled.ok) return { ...reachedBy(dialled.value, settings), notices: [...notices, ...dialled.value.notices] };
  const { kind, text } = dialled.error;
  return kind === 'untrusted' ? refused(text) : noConnection(text);
}

async function withLogin(reached: Reached, login: AccountLogin | Outcome): Promise<Way | Outcome> {
  if ('status' in login) return login;
  const again = await dialAgain(reached);
  return 'link' in again ? { reached: again, login } : again;
}

async function firstWay(reached: Reached): Promise<Way | Outcome> {
  const { settings } = reached;
  const login = loginOf(settings, settings.address);
  if (!login.ok) return login.error;
  if (login.value.method !== 'account') return { reached, login: login.value };
  const key = await enrolledKey(settings, login.value.name);
  if (key !== undefined && reached.link.secure !== undefined) return { reached, login: login.value, key };
  if (login.value.password !== undefined) return { reached, login: login.value };
  return await withLogin(reached, await askLogin(settings, login.value));
}

/** The server didn't let us in: is there another way? */
async function nextWay(screen: Screen, { reached, login }: Way, end: Refused): Promise<Way | Outcome> {
  const { settings } = reached;
  if (login.method === 'guest' && ABOUT_THE_NAME.has(end.code)) {
    const message = { text: refusalLine(end).replace(/ with --user NAME.*$/, ''), bad: true };
    const again = await askServer(screen, { settings, nameOnly: true, message });
    return again === undefined ? refusal(end) : await firstWay(again);
  }
  // A password from a file is what it is.
  if (login.method !== 'account' || settings.password !== undefined || !ABOUT_THE_PROOF.has(end.code))
    return refusal(end);
  screen.close();
  const asked = await askAgain(settings, login, end);
  return isFailure(asked) ? asked : await withLogin(reached, asked);
}

async function chat(screen: Screen, first: Reached): Promise<Outcome> {
  let way = await firstWay(first);
  for (;;) {
    if ('status' in way) return way;
    const end = await new Chat(screen, way.reached, way.login, way.key).run();
    if (end.kind === 'left') return done;
    way = await nextWay(screen, way, end);
  }
}

/** @param options.program what starts uchat: a server is started with it. */
export async function runClient(
  settings: ClientSettings,
  options: { readonly form: boolean; readonly program: readonly [string, ...string[]] },
): Promise<Outcome> {
  const instead = 'in scripts use uchat send, tail, who or history';
  if (!process.stdin.isTTY || !process.stdout.isTTY) return wrongUsage(`uchat needs a terminal; ${instead}`);
  if (process.env.TERM === 'dumb') return wrongUsage(`this terminal (TERM=dumb) has no full screen; ${instead}`);
  const screen = new Screen();
  Screen.preload();
  try {
    const reached = await reach(screen, settings, options);
    return 'link' in reached ? await chat(screen, reached) : reached;
  } finally {
    screen.close();
  }
}
