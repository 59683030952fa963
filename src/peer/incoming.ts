/** Mail as it comes, and what is inside of it. */
import type { ClientId } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { ServerMessages } from '../protocol/server-messages.ts';
import { decodeItem, type Items } from './item.ts';
import { messageOf } from './mail-sessions.ts';
import type { Self } from './shared.ts';
import type { LogRecord } from './vault.ts';

export type Incoming = Extract<ServerMessages['mail'], { kind: 'sealed' }>;

export const recordOf = ({ id, text }: Items['mail'], { from, time }: Incoming): LogRecord => ({
  id,
  from,
  text,
  time,
});

/** What is inside must be what the server says of it. Overwrites `bytes`. */
export function readMail(self: Self, message: Incoming, bytes: Uint8Array): Result<Items['mail'], string> {
  const decoded = decodeItem(bytes);
  bytes.fill(0);
  if (!decoded.ok) return err(`it is no message: ${decoded.error}`);
  const item = decoded.value;
  if (item?.kind !== 'mail') return err('it is of a kind that this program does not know');
  const copy = message.from === self.user;
  const id: ClientId | undefined = messageOf(message.id);
  const fits = item.from === message.from && (copy ? item.to !== self.user : item.to === self.user) && item.id === id;
  return fits ? ok(item) : err('what is inside contradicts what the server says of it');
}
