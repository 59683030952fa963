/** The client as lines: finds a server, and talks until it is left or its input ends. */
import type { Reached } from '../shell/ask-server.ts';
import type { ClientSettings } from '../shell/client-settings.ts';
import { done, noConnection, type Outcome, refused } from '../shell/outcome.ts';
import { reachPlain } from '../shell/reach.ts';
import { refusal } from '../shell/refusal.ts';
import { accountAgain, firstWay, type Way } from '../shell/way.ts';
import { Plain } from './front.ts';

/** POSIX: the first of these that is set and not empty decides. */
const isUtf8 = ({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean =>
  /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');

async function talk(first: Reached): Promise<Outcome> {
  const streams = { input: process.stdin, output: process.stdout, ascii: !isUtf8(process.env) };
  let way: Way | Outcome = await firstWay(first);
  for (;;) {
    if ('status' in way) return way;
    const end = await new Plain(streams, way.reached, way.login, way.key).run();
    if (end.kind === 'left') return done;
    if (end.kind === 'faulty') {
      const what = end.count === 1 ? '1 line was' : `${end.count} lines were`;
      return refused(`${what} not taken: the output says why`);
    }
    if (end.kind === 'unsent') {
      const what = end.count === 1 ? '1 message was' : `${end.count} messages were`;
      return noConnection(`${what} not sent: the server did not answer in time`);
    }
    way = (await accountAgain(way, end)) ?? refusal(end);
  }
}

/** @param program what starts uchat: a server is started with it. */
export async function runPlain(settings: ClientSettings, program: readonly [string, ...string[]]): Promise<Outcome> {
  // Whoever reads along may stop, as `head` does.
  process.stdout.on('error', () => process.exit(0));
  const reached = await reachPlain(settings, program);
  return 'link' in reached ? await talk(reached) : reached;
}
