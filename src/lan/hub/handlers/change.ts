/** What edit, delete and react have in common: the answer is `changed`, also where nothing has. */
import type { ClientId, RoomName, Seq } from '../../../base/ids.ts';
import type { Result } from '../../../base/result.ts';
import { LOBBY } from '../../../protocol/names.ts';
import type { Lobby, Refusal, Taken } from '../../lobby/lobby.ts';
import { isLobby, mayWrite, wasActive, withId } from './common.ts';
import type { Context } from './handler.ts';

export function change(
  context: Context,
  { id, room, seq }: { readonly id?: ClientId; readonly room: RoomName; readonly seq: Seq },
  apply: (lobby: Lobby) => Result<Taken, Refusal>,
): void {
  const { core, session } = context;
  if (!isLobby(context, room, id) || !mayWrite(context, id)) return;
  wasActive(context);
  const changed = core.room.change(session, seq, apply);
  if (!changed.ok) return core.sessions.refuse(session, changed.error.code, changed.error.text, id);
  const rev = core.room.lobby.find(seq)?.rev ?? 0;
  const nothing = { type: 'changed', room: LOBBY, rev, seq, by: core.self, time: core.clock.now() } as const;
  return core.sessions.send(session, { ...(changed.value ?? nothing), ...withId(id) });
}
