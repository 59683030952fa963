/** Pages of history, once they are read. */
import type { ClientId, RoomName, SessionId } from '../../base/ids.ts';
import type { HistoryPage } from '../store/store.ts';
import type { Core } from './core.ts';
import type { Instant } from './instant.ts';
import { refuse, release, send } from './sessions.ts';

/** Which question an answer belongs to. */
export interface HistoryQuestion {
  readonly session: SessionId;
  readonly room: RoomName;
  readonly id?: ClientId;
}

export function historyRead(core: Core, asked: HistoryQuestion, page: HistoryPage, at: Instant): void {
  const session = core.sessions.get(asked.session);
  if (session === undefined) return;
  if (session.state.kind === 'online')
    send(core, session, {
      type: 'history',
      ...(asked.id === undefined ? {} : { id: asked.id }),
      room: asked.room,
      messages: page.messages,
      more: page.more,
      ...(page.moreOlder === undefined ? {} : { moreOlder: page.moreOlder }),
      ...(page.first === undefined ? {} : { first: page.first }),
    });
  release(core, session, at);
}

export function historyNotRead(core: Core, asked: HistoryQuestion, at: Instant): void {
  const session = core.sessions.get(asked.session);
  if (session === undefined) return;
  refuse(core, session, 'internal', 'the server could not read its history; its log says why', at, asked.id);
  release(core, session, at);
}
