/** Every command, in the order in which help lists them. */
import { accept } from './accept.ts';
import { acceptKey } from './accept-key.ts';
import { announce } from './announce.ts';
import { ban } from './ban.ts';
import { bans } from './bans.ts';
import { bare } from './bare.ts';
import { block } from './block.ts';
import { blocked } from './blocked.ts';
import { broadcast } from './broadcast.ts';
import { clear } from './clear.ts';
import { close } from './close.ts';
import type { Command } from './command.ts';
import { correct } from './correct.ts';
import { delete_ } from './delete.ts';
import { deop } from './deop.ts';
import { dhkey } from './dhkey.ts';
import { discard } from './discard.ts';
import { dnd } from './dnd.ts';
import { edit } from './edit.ts';
import { end } from './end.ts';
import { exportLog } from './export.ts';
import { forget } from './forget.ts';
import { go } from './go.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { invite } from './invite.ts';
import { join } from './join.ts';
import { keep } from './keep.ts';
import { key } from './key.ts';
import { keys } from './keys.ts';
import { kick } from './kick.ts';
import { lan } from './lan.ts';
import { leave } from './leave.ts';
import { log } from './log.ts';
import { more } from './more.ts';
import { mouse } from './mouse.ts';
import { move } from './move.ts';
import { msg } from './msg.ts';
import { mute } from './mute.ts';
import { muted } from './muted.ts';
import { notify } from './notify.ts';
import { op } from './op.ts';
import { pane } from './pane.ts';
import { passphrase } from './passphrase.ts';
import { password } from './password.ts';
import { privateChat } from './private.ts';
import { quit } from './quit.ts';
import { react } from './react.ts';
import { register } from './register.ts';
import { reject } from './reject.ts';
import { reply } from './reply.ts';
import { retry } from './retry.ts';
import { rooms } from './rooms.ts';
import { search } from './search.ts';
import { since } from './since.ts';
import { slow } from './slow.ts';
import { tabs } from './tabs.ts';
import { theme } from './theme.ts';
import { topic } from './topic.ts';
import { typing } from './typing.ts';
import { unban } from './unban.ts';
import { unblock } from './unblock.ts';
import { unlock } from './unlock.ts';
import { unmute } from './unmute.ts';
import { verify } from './verify.ts';
import { who } from './who.ts';

export const COMMANDS = [
  help,
  msg,
  privateChat,
  accept,
  reject,
  end,
  verify,
  acceptKey,
  dhkey,
  broadcast,
  edit,
  join,
  leave,
  rooms,
  topic,
  lan,
  reply,
  react,
  correct,
  delete_,
  who,
  since,
  block,
  unblock,
  blocked,
  mute,
  unmute,
  muted,
  search,
  more,
  history,
  exportLog,
  forget,
  log,
  passphrase,
  unlock,
  retry,
  discard,
  register,
  password,
  key,
  tabs,
  go,
  notify,
  dnd,
  clear,
  theme,
  mouse,
  typing,
  keys,
  move,
  pane,
  bare,
  quit,
  announce,
  kick,
  ban,
  unban,
  bans,
  op,
  deop,
  slow,
  keep,
  close,
  invite,
] as const satisfies readonly Command[];
