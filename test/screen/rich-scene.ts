/** A screen on which a theme shows all that it has: news, a mention, an error, private tabs, somebody chosen. */
import type { State } from '../../src/client/core/state.ts';
import { addChat, addTab, at, emptyState, lobby, pending, person, say, user } from './scene.ts';

export function rich(columns = 80, rows = 24): State {
  const state = emptyState(columns, rows);
  const tab = lobby(state);
  tab.topic = 'Welcome to the box. Be kind.';
  tab.log.older = 'none';
  for (const name of ['alice', 'bob', 'frank', 'grace', 'heidi', '~mira', 'nick']) person(state, name);
  person(state, 'carol', 'away', at(9, 13));
  person(state, 'dave', 'away', at(9, 4));
  person(state, 'erin', 'offline', at(9, 14));
  addTab(state, '#dev').unread = 3;
  const ops = addTab(state, '#ops');
  ops.unread = 1;
  ops.mentioned = true;
  addChat(state, 'carol');
  const spoofed = addChat(state, 'dave', { trust: 'changed' });
  spoofed.unread = 1;
  state.active = 0;
  say(tab, 'alice', 'morning all', at(9, 12));
  say(tab, 'bob', 'the build is green again, and the log is here:', at(9, 12, 5));
  say(tab, 'bob', 'https://box/log/4012', at(9, 12, 9));
  tab.log.event(at(9, 13), '+', user('dave'), 'came');
  tab.log.event(at(9, 13, 2), '+', user('frank'), 'came');
  tab.log.event(at(9, 13, 9), '-', user('erin'), 'left');
  say(tab, 'grace', 'who has the key of the server room?', at(9, 14));
  say(tab, 'heidi', 'it hangs where it always hangs', at(9, 14, 20));
  tab.unreadFrom = say(tab, 'carol', '@alice can you look at 4012?', at(9, 15));
  say(tab, 'bob', 'looks like the disk, /var is at 97 %', at(9, 15, 8));
  say(tab, 'nick', 'on my way', at(9, 15, 12));
  say(tab, '~mira', 'hello from Zürich, I am only visiting', at(9, 15, 20));
  tab.log.notice(at(9, 15, 30), 'carol is away since 09:13', false);
  tab.log.notice(at(9, 15, 35), 'not sent: #ops takes one message in 10 s', true);
  tab.log.announcement(at(9, 15, 38), at(9, 15, 38), user('root'), 'restart at noon');
  pending(tab, 'on it', 'sending', at(9, 15, 40));
  state.selected = user('frank');
  state.inner.walking = true;
  tab.draft = { text: 'the disk is full of co', cursor: 22 };
  return state;
}
