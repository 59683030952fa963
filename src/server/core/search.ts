/** What a search has found. */
import type { Found } from '../store/store.ts';
import type { Core } from './core.ts';
import type { SearchQuestion } from './effect.ts';
import type { Instant } from './instant.ts';
import { writeCursor } from './search-words.ts';
import { refuse, release, send } from './sessions.ts';

export function searched(core: Core, asked: SearchQuestion, came: Found | 'busy', at: Instant): void {
  const session = core.sessions.get(asked.session);
  if (session === undefined) return;
  if (came === 'busy')
    refuse(core, session, 'rate_limited', 'too many people search at this moment; try again', at, asked.id);
  else if (session.state.kind === 'online')
    send(core, session, {
      type: 'found',
      ...(asked.id === undefined ? {} : { id: asked.id }),
      messages: came.messages,
      more: came.before !== undefined,
      ...(came.before === undefined ? {} : { before: writeCursor(came.before) }),
    });
  release(core, session, at);
}

export function notSearched(core: Core, asked: SearchQuestion, at: Instant): void {
  const session = core.sessions.get(asked.session);
  if (session === undefined) return;
  refuse(core, session, 'internal', 'the server could not search; its log says why', at, asked.id);
  release(core, session, at);
}
