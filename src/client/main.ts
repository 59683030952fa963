/** The full-screen client: finds a server, then ties core, view, terminal and link together until it is left. */

import { askServer, type Reached } from './shell/ask-server.ts';
import { Chat } from './shell/chat.ts';
import type { ClientSettings } from './shell/client-settings.ts';
import type { Refused } from './shell/credentials.ts';
import { done, type Outcome, wrongUsage } from './shell/outcome.ts';
import { reach } from './shell/reach.ts';
import { refusal, refusalLine } from './shell/refusal.ts';
import { Screen } from './shell/screen.ts';
import { ScreenThemes } from './shell/screen-themes.ts';
import { accountAgain, firstWay, isAskedAgain, type Way } from './shell/way.ts';

/** Refusals of a guest's name: another one may do. */
const ABOUT_THE_NAME: ReadonlySet<string> = new Set(['name_required', 'name_reserved', 'name_taken', 'name_unusable']);
/** The server didn't let us in: is there another way? */
async function nextWay(screen: Screen, way: Way, end: Refused): Promise<Way | Outcome> {
  const { settings } = way.reached;
  if (way.login.method === 'guest' && ABOUT_THE_NAME.has(end.code)) {
    const message = { text: refusalLine(end).replace(/ with --user NAME.*$/, ''), bad: true };
    const again = await askServer(screen, { settings, nameOnly: true, message });
    return again === undefined ? refusal(end) : await firstWay(again);
  }
  if (isAskedAgain(way, end)) screen.close();
  return (await accountAgain(way, end)) ?? refusal(end);
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

/** On a terminal of which the full screen could make nothing. */
const isDumb = (): boolean => process.env.TERM === 'dumb' && process.stdin.isTTY && process.stdout.isTTY;

/** @param options.program what starts uchat: a server is started with it. */
export async function runClient(
  settings: ClientSettings,
  options: { readonly form: boolean; readonly program: readonly [string, ...string[]] },
): Promise<Outcome> {
  if (settings.plain || isDumb()) {
    if (!settings.plain) process.stderr.write('This terminal has no full screen (TERM=dumb): here are lines.\n');
    const { runPlain } = await import('./plain/main.ts');
    return await runPlain(settings, options.program);
  }
  const instead = 'as lines it runs with uchat --plain; in scripts use uchat send, tail, who or history';
  if (!process.stdin.isTTY || !process.stdout.isTTY) return wrongUsage(`uchat needs a terminal; ${instead}`);
  const screen = new Screen();
  // What was chosen on the screen is known once the server is.
  screen.theme((await new ScreenThemes(settings.theme).first()).theme);
  Screen.preload();
  try {
    const reached = await reach(screen, settings, options);
    return 'link' in reached ? await chat(screen, reached) : reached;
  } finally {
    screen.close();
  }
}
