/** `uchat announce TEXT…`: an operator's words to everybody; done when the server has them on its disk. */
import { MAX_TEXT_BYTES } from '../../protocol/limits.ts';
import { utf8Bytes } from '../../protocol/schema.ts';
import type { ClientSettings } from '../shell/client-settings.ts';
import { done, type Outcome, wrongUsage } from '../shell/outcome.ts';
import { asFailure, openTalk, request } from './talk.ts';

/** Not sent again when the connection is lost: nobody wants to be told twice. */
export async function announce(settings: ClientSettings, words: readonly string[]): Promise<Outcome> {
  const text = words.join(' ').toWellFormed();
  if (text.trim() === '') return wrongUsage('TEXT is empty: there is nothing to announce');
  if (utf8Bytes(text) > MAX_TEXT_BYTES) return wrongUsage(`TEXT is longer than ${MAX_TEXT_BYTES} bytes; shorten it`);
  const session = await openTalk(settings, ({ type }) => type === 'done');
  if (!session.ok) return session.error;
  const { talk } = session.value;
  const answer = await request(
    talk,
    (id) => ({ type: 'announce', id, text }),
    (message, id) => (message.type === 'done' && message.id === id ? message : undefined),
  );
  talk.end();
  return answer.ok ? done : asFailure(answer.error);
}
