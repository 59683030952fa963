/** The pictures of several panes on one screen, and of the bare view of one. */
import { toggleBare } from '../../src/client/core/bare.ts';
import { actOnPanes } from '../../src/client/core/panes/actions.ts';
import { goTo } from '../../src/client/core/panes/front.ts';
import type { State } from '../../src/client/core/state.ts';
import { look } from '../../src/client/core/unread.ts';
import { view } from '../../src/client/view/view.ts';
import { Headless } from '../screen/headless.ts';
import { pngOf } from '../screen/picture.ts';
import { addChat, addTab, at, emptyState, lobby, NOW, person, say, user } from '../screen/scene.ts';

/** A private chat, besides the rooms of the morning. */
function chats(columns: number, rows: number): State {
  const state = emptyState(columns, rows);
  for (const name of ['alice', 'bob', 'frank']) person(state, name);
  person(state, 'carol', 'away', at(9, 13));
  const tab = lobby(state);
  tab.topic = 'Welcome to the box. Be kind.';
  tab.log.older = 'none';
  say(tab, 'alice', 'morning all', at(9, 12));
  say(tab, 'bob', 'the build is green again, and the log is here:', at(9, 12, 5));
  say(tab, 'bob', 'https://box/log/4012', at(9, 12, 9));
  tab.log.event(at(9, 14), '+', user('dave'), 'came');
  tab.log.event(at(9, 14, 9), '-', user('erin'), 'left');
  tab.unreadFrom = say(tab, 'carol', '@alice can you look at 4012?', at(9, 15));
  say(tab, 'bob', '4012: looks like the disk, /var is at 97 % and the nightly backup has not run', at(9, 15, 8));
  const dev = addTab(state, '#dev');
  dev.topic = 'releases on Thursday, hotfixes any time';
  for (const name of ['alice', 'bob', 'frank']) dev.members?.add(user(name));
  say(dev, 'frank', 'tagging 2.3 now', at(9, 8));
  say(dev, 'frank', 'changelog is up, please have a look before lunch', at(9, 9));
  say(dev, 'bob', 'looks good to me', at(9, 11));
  say(dev, 'alice', 'to me as well', at(9, 14));
  const ops = addTab(state, '#ops');
  ops.unread = 1;
  ops.mentioned = true;
  const bob = addChat(state, 'bob', { trust: 'verified' });
  say(bob, 'bob', 'lunch?', at(9, 14));
  say(bob, 'alice', '12:30, as ever', at(9, 14, 20));
  say(bob, 'bob', 'I will be at the front desk', at(9, 15));
  bob.draft = { text: 'see you there', cursor: 13 };
  state.active = 0;
  return state;
}

/** The lobby, #dev below it, and beside them the private chat. */
function split(columns: number, rows: number): State {
  const state = chats(columns, rows);
  actOnPanes(state, { kind: 'splitPane', side: 'right' });
  goTo(state, 3);
  actOnPanes(state, { kind: 'focusPane', to: 'left' });
  actOnPanes(state, { kind: 'resizePane', to: 'right', cells: 6 });
  actOnPanes(state, { kind: 'splitPane', side: 'below' });
  goTo(state, 1);
  actOnPanes(state, { kind: 'resizePane', to: 'down', cells: Math.floor(rows / 8) });
  actOnPanes(state, { kind: 'focusPane', to: 'right' });
  look(state);
  return state;
}

function bare(): State {
  const state = chats(80, 24);
  say(
    lobby(state),
    'bob',
    `the whole of it: https://box/log/4012?lines=1-200&part=${'importer,'.repeat(6)}nightly`,
    NOW,
  );
  toggleBare(state);
  return state;
}

async function picture(state: State): Promise<Buffer> {
  const screen = new Headless({ ...state.size });
  screen.terminal.draw(view(state, { now: NOW, mono: 0 }), true);
  await screen.settle();
  const png = pngOf(screen.xterm);
  screen.close();
  return png;
}

export async function drawPanes(write: (name: string, png: Buffer) => void): Promise<void> {
  write('split', await picture(split(80, 24)));
  write('split-wide', await picture(split(160, 48)));
  write('bare', await picture(bare()));
}
