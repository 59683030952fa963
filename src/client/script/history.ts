/**
 * `uchat history TARGET`: the last messages of a room, oldest first, without those of people whom one ignores; or those
 * with a person, from one's own log.
 */
import type { UnixMs } from '../../base/ids.ts';
import { MAX_HISTORY_PAGE } from '../../protocol/limits.ts';
import type { HistoryEntry } from '../../protocol/server-messages.ts';
import type { ClientArguments, ClientSettings } from '../shell/client-settings.ts';
import { clock } from '../shell/clock.ts';
import { done, type Outcome, wrongUsage } from '../shell/outcome.ts';
import { Settings } from '../shell/settings.ts';
import { DayLines, messageLine } from './lines.ts';
import { passphraseFrom } from './passphrase.ts';
import { print, quietWhenUnread } from './print.ts';
import { historyPage, seqAt, targetRoom } from './room.ts';
import { openTalk, type Talk } from './talk.ts';
import { isPerson, targetOf } from './target.ts';

const DEFAULT_LIMIT = 50;

type Named = Parameters<typeof historyPage>[1];
type Show = (messages: readonly HistoryEntry[]) => void;

/** Forwards page by page, so that no more than one page is ever held. */
async function show(talk: Talk, room: Named, limit: number, put: Show): Promise<Outcome> {
  const newest = await historyPage(talk, room, Math.min(limit, MAX_HISTORY_PAGE));
  if (!newest.ok) return newest.error;
  const { messages, more } = newest.value;
  const last = messages.at(-1)?.seq;
  // Who has asked for more than is there should know that there was more.
  const { first = 1 } = newest.value;
  if (first > 1 && (last ?? first - 1) - limit < first - 1)
    process.stderr.write('uchat: older messages are no longer kept\n');
  // A page may be cut short by its bytes.
  if (last === undefined || !more || messages.length >= limit) {
    put(messages);
    return done;
  }
  for (let since = seqAt(last - limit); since < last; ) {
    const page = await historyPage(talk, room, MAX_HISTORY_PAGE, { since });
    if (!page.ok) return page.error;
    const old = page.value.messages.filter(({ seq }) => seq <= last);
    put(old);
    const reached = old.at(-1)?.seq;
    if (reached === undefined) break;
    since = reached;
  }
  return done;
}

/** Of a room whose places have gaps the last ones are found backwards. Held at once: such a room keeps a few thousand. */
async function showSparse(talk: Talk, room: Named, limit: number, put: Show): Promise<Outcome> {
  let all: readonly HistoryEntry[] = [];
  for (;;) {
    const page = await historyPage(talk, room, Math.min(limit - all.length, MAX_HISTORY_PAGE), { before: all[0]?.seq });
    if (!page.ok) return page.error;
    all = [...page.value.messages, ...all];
    if (!page.value.more || page.value.messages.length === 0 || all.length >= limit) break;
  }
  put(all);
  return done;
}

async function withPerson(
  settings: ClientSettings,
  argv: ClientArguments,
  how: { readonly limit: number; readonly json: boolean },
): Promise<Outcome> {
  const target = targetOf(argv.TARGET);
  if (!target.ok) return target.error;
  if (target.value.kind === 'room') return wrongUsage('a room is written "#lobby", and @ stands before a person');
  const passphrase = passphraseFrom(argv);
  if (!passphrase.ok) return passphrase.error;
  const { personHistory } = await import('./person-history.ts');
  return await personHistory(settings, target.value.person, passphrase.value, how);
}

export async function history(settings: ClientSettings, argv: ClientArguments): Promise<Outcome> {
  const own = new Settings({ limit: { kind: 'count', says: '' } }, argv);
  const limit = own.count('limit') ?? DEFAULT_LIMIT;
  const fault = own.faults[0];
  if (fault !== undefined) return wrongUsage(fault.line);
  const json = argv.json === true;
  if (isPerson(argv.TARGET)) return await withPerson(settings, argv, { limit, json });
  const room = targetRoom(settings, argv.TARGET);
  if (!room.ok) return room.error;
  const session = await openTalk(settings, ({ type }) => type === 'history');
  if (!session.ok) return session.error;
  quietWhenUnread();
  const { talk, welcome } = session.value;
  const days = new DayLines(clock.now());
  const showAll = welcome.sparse?.includes(room.value) === true ? showSparse : show;
  const outcome =
    limit === 0
      ? done
      : await showAll(talk, { room: room.value, typed: argv.TARGET }, limit, (messages) => {
          const wanted = messages.filter(({ from }) => !talk.ignores(from));
          const day = (time: UnixMs): string => (json ? '' : days.before(time));
          print(wanted.map((message) => day(message.time) + messageLine(room.value, message, json)).join(''));
        });
  talk.end();
  return outcome;
}
