/** What a change is to the store. */
import type { Change } from './core/effect.ts';
import type { Store } from './store/store.ts';

/** @returns `nothing`: there is nothing to which it could be done. */
export async function storeChange(store: Store, change: Change): Promise<void | 'nothing'> {
  switch (change.kind) {
    case 'join':
      if (change.reopens !== undefined) await store.carryOut({ kind: 'reopen', room: change.room }, change.reopens);
      if (change.creates) await store.createRoom(change.room, change.time);
      return change.lasting ? await store.addMember(change.room, change.user, change.time) : undefined;
    case 'leave':
      return change.lasting ? await store.removeMember(change.room, change.user) : undefined;
    case 'topic':
      if (change.audit !== undefined) await store.carryOut({ kind: 'note' }, change.audit);
      return await store.setTopic(change.room, change.text, change.by, change.time);
    case 'ignore': {
      const { action, user, target, until, time, lasting } = change;
      if (!lasting) return undefined;
      const kind = action === 'block' || action === 'unblock' ? 'block' : 'mute';
      if (action === 'unblock' || action === 'unmute') return await store.removeIgnore(user, kind, target);
      return await store.saveIgnore({ user, kind, target, ...(until === undefined ? {} : { until }) }, time);
    }
    case 'order':
      return (await store.carryOut(change.order, change.entry)) ? undefined : 'nothing';
  }
}
