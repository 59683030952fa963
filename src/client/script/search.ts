/** `uchat search WORDS…`: messages that have these words, the newest first, without those of people whom one ignores. */
import { err, ok, type Result } from '../../base/result.ts';
import { MAX_FOUND, MAX_QUERY_BYTES } from '../../protocol/limits.ts';
import { utf8Bytes } from '../../protocol/schema.ts';
import type { FoundEntry, ServerMessages } from '../../protocol/server-messages.ts';
import type { ClientArguments, ClientSettings } from '../shell/client-settings.ts';
import { done, type Failure, type Outcome, refused, wrongUsage } from '../shell/outcome.ts';
import { Settings } from '../shell/settings.ts';
import { foundLine } from './lines.ts';
import { print, quietWhenUnread } from './print.ts';
import { targetRoom } from './room.ts';
import { asFailure, openTalk, request, type Talk } from './talk.ts';

const DEFAULT_LIMIT = 50;
/**
 * Answers without a message after which it ends: the server has looked through a piece each time, and one that always says
 * that there is more must not keep a script for good.
 */
export const EMPTY_ANSWERS = 100;

type Question = Pick<ServerMessages['found'], 'before'> & {
  readonly words: string;
  readonly room?: FoundEntry['room'];
  readonly limit: number;
};

async function ask(talk: Talk, question: Question): Promise<Result<ServerMessages['found'], Failure>> {
  const answer = await request(
    talk,
    (id) => ({ type: 'search', id, ...question }),
    (message, id) => (message.type === 'found' && message.id === id ? message : undefined),
  );
  if (answer.ok) return ok(answer.value);
  const code = 'code' in answer.error ? answer.error.code : undefined;
  if (code === 'not_a_member' || code === 'no_such_room') {
    return err(refused(`you are not in ${question.room}; enter it with /join ${question.room} in uchat`));
  }
  return err(asFailure(answer.error));
}

type Page = Pick<ServerMessages['found'], 'messages' | 'more' | 'before'>;
type AskPage = (limit: number, before: Page['before']) => Promise<Result<Page, Failure>>;

/** A page at a time, until there are enough or there is no more. @param put gets those that are wanted. */
export async function pageThrough(
  askPage: AskPage,
  limit: number,
  isWanted: (message: FoundEntry) => boolean,
  put: (found: readonly FoundEntry[]) => void,
): Promise<Outcome> {
  let left = limit;
  let before: Page['before'];
  for (let empty = 0; empty < EMPTY_ANSWERS; ) {
    const page = await askPage(Math.min(left, MAX_FOUND), before);
    if (!page.ok) return page.error;
    const wanted = page.value.messages.filter(isWanted).slice(0, left);
    put(wanted);
    left -= wanted.length;
    empty = page.value.messages.length === 0 ? empty + 1 : 0;
    ({ before } = page.value);
    if (left <= 0 || !page.value.more || before === undefined) return done;
  }
  return refused('the server has looked for long and found nothing more: other words may find it');
}

export async function search(
  settings: ClientSettings,
  argv: ClientArguments,
  words: readonly string[],
): Promise<Outcome> {
  const own = new Settings({ limit: { kind: 'count', says: '' }, room: { kind: 'text', says: '' } }, argv);
  const limit = own.count('limit') ?? DEFAULT_LIMIT;
  const named = own.text('room');
  const fault = own.faults[0];
  if (fault !== undefined) return wrongUsage(fault.line);
  const text = words.join(' ').toWellFormed().trim();
  if (text === '') return wrongUsage('TEXT is empty: there is nothing to search for');
  if (utf8Bytes(text) > MAX_QUERY_BYTES)
    return wrongUsage(`TEXT is longer than ${MAX_QUERY_BYTES} bytes; fewer words find more`);
  const room = named === undefined ? undefined : targetRoom(settings, named);
  if (room?.ok === false) return room.error;
  const session = await openTalk(settings, ({ type }) => type === 'found');
  if (!session.ok) return session.error;
  quietWhenUnread();
  const { talk } = session.value;
  const where = room === undefined ? {} : { room: room.value };
  const json = argv.json === true;
  const outcome =
    limit === 0
      ? done
      : await pageThrough(
          (most, before) =>
            ask(talk, { words: text, ...where, limit: most, ...(before === undefined ? {} : { before }) }),
          limit,
          ({ from }) => !talk.ignores(from),
          (found) => print(found.map((message) => foundLine(message, json)).join('')),
        );
  talk.end();
  return outcome;
}
