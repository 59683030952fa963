/** Mail as it comes, and what is inside of it. */
import type { ClientId, UserName } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { ServerMessages } from '../protocol/server-messages.ts';
import type { Renaming } from './inner-names.ts';
import { decodeItem, type Items, isMailItem, type MailItem } from './item.ts';
import { messageOf } from './mail-sessions.ts';
import type { MessageChange, MessageRef } from './message-change.ts';
import type { Self } from './shared.ts';
import type { LogRecord } from './vault.ts';

export type Incoming = Extract<ServerMessages['mail'], { kind: 'sealed' }>;
type ChangeItem = Exclude<MailItem, { kind: 'mail' }>;

export const recordOf = ({ id, text, re }: Items['mail'], { from, time }: Incoming): LogRecord => ({
  id,
  from,
  text,
  time,
  ...(re === undefined ? {} : { re }),
});

/** Which message a change is about, and what becomes of it. */
export function changeOf(item: ChangeItem): { readonly of: MessageRef; readonly change: MessageChange } {
  switch (item.kind) {
    case 'mailEdit':
      return { of: { from: item.from, id: item.of }, change: { kind: 'edit', text: item.text, time: item.time } };
    case 'mailDelete':
      return { of: { from: item.from, id: item.of }, change: { kind: 'delete' } };
    case 'mailReact':
      return { of: item.of, change: { kind: 'react', emoji: item.emoji, on: item.on } };
  }
}

/** The item that says so. */
export function mailChange(
  { of, change }: ReturnType<typeof changeOf>,
  said: { readonly id: ClientId; readonly from: UserName; readonly to: UserName },
): ChangeItem {
  switch (change.kind) {
    case 'edit':
      return { kind: 'mailEdit', ...said, of: of.id, time: change.time, text: change.text };
    case 'delete':
      return { kind: 'mailDelete', ...said, of: of.id };
    case 'react':
      return { kind: 'mailReact', ...said, of, emoji: change.emoji, on: change.on };
  }
}

/** What is inside must be what the server says of it. Overwrites `bytes`. */
export function readMail(self: Self, message: Incoming, bytes: Uint8Array, names: Renaming): Result<MailItem, string> {
  const decoded = decodeItem(bytes);
  bytes.fill(0);
  if (!decoded.ok) return err(`it is no message: ${decoded.error}`);
  const item = decoded.value && names.outward(decoded.value);
  if (item === undefined || !isMailItem(item)) return err('it is of a kind that this program does not know');
  const copy = message.from === self.user;
  const id: ClientId | undefined = messageOf(message.id);
  const fits = item.from === message.from && (copy ? item.to !== self.user : item.to === self.user) && item.id === id;
  if (!fits) return err('what is inside contradicts what the server says of it');
  const isOurs = item.kind !== 'mailReact' || item.of.from === item.from || item.of.from === item.to;
  return isOurs ? ok(item) : err('it is about a message of somebody else');
}
