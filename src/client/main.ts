/** The full-screen client: finds a server, then ties core, view, terminal and link together until it is left. */

import { askServer, type Reached } from './shell/ask-server.ts';
import { Chat } from './shell/chat.ts';
import { type ClientSettings, loginOf } from './shell/client-settings.ts';
import { done, type Outcome, wrongUsage } from './shell/outcome.ts';
import { reach } from './shell/reach.ts';
import { refusal, refusalLine } from './shell/refusal.ts';
import { Screen } from './shell/screen.ts';

/** Refusals of a guest's name: another one may do. */
const ABOUT_THE_NAME: ReadonlySet<string> = new Set(['name_required', 'name_reserved', 'name_taken', 'name_unusable']);

async function chat(screen: Screen, first: Reached): Promise<Outcome> {
  let reached = first;
  for (;;) {
    const login = loginOf(reached.settings, reached.settings.address);
    if (!login.ok) return login.error;
    const end = await new Chat(screen, reached, login.value).run();
    if (end.kind === 'left') return done;
    // The server never let us in. A guest may try another name; for the rest it takes other options.
    if (login.value.method !== 'guest' || !ABOUT_THE_NAME.has(end.code)) return refusal(end);
    const message = { text: refusalLine(end).replace(/ with --user NAME$/, ''), bad: true };
    const again = await askServer(screen, { settings: reached.settings, nameOnly: true, message });
    if (again === undefined) return refusal(end);
    reached = again;
  }
}

/** @param options.program the file that Node runs as uchat: what a server is started with. */
export async function runClient(
  settings: ClientSettings,
  options: { readonly form: boolean; readonly program: string },
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
