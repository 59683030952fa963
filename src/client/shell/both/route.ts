/** Where what the core says to a server goes, where there is the local network, too. */
import type { ClientMessage } from '../../../protocol/client-messages.ts';
import { accountName, USER_NAME } from '../../../protocol/names.ts';
import type { Names } from './names.ts';

/**
 * `both`: each is told. `merged`: both are asked, and what they answer is one answer. `here`: we know it ourselves.
 */
export type Way = 'server' | 'lan' | 'both' | 'merged' | 'here';

/** Own messages of the link, such as `hello` and `ping`, are the server's: the network's link has its own. */
export function wayOf(message: ClientMessage, names: Names): Way {
  const of = (name: Parameters<Names['isLan']>[0]): Way => (names.isLan(name) ? 'lan' : 'server');
  switch (message.type) {
    case 'say':
    case 'typing':
      return of(message.to);
    case 'edit':
    case 'delete':
    case 'react':
    case 'history':
    case 'topic':
    case 'slow':
    case 'keep':
    case 'close':
      return of(message.room);
    case 'search':
      return message.room === undefined ? 'merged' : of(message.room);
    // Everybody who is on the network is in its room, by the names that they have here.
    case 'join':
    case 'leave':
    case 'members':
      return message.room === names.room ? 'here' : 'server';
    case 'who':
    case 'rooms':
      return 'server';
    case 'block':
    case 'unblock':
    case 'mute':
    case 'unmute':
    case 'op':
    case 'deop':
    case 'kick':
    case 'devices':
      return of(message.user);
    case 'ban':
    case 'unban':
      return USER_NAME.test(message.target) ? of(accountName(message.target)) : 'server';
    case 'mail':
    case 'private':
      return of(message.to);
    case 'lan':
      return 'lan';
    case 'activity':
      return 'both';
    case 'hello':
    case 'device':
    case 'received':
    case 'password':
    case 'key_add':
    case 'key_remove':
    case 'keys':
    case 'invite':
    case 'announce':
    case 'bans':
    case 'ping':
    case 'bye':
      return 'server';
  }
}
