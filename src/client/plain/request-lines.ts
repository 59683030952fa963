/** A private chat begins: who asks, what it would be, and what to write. */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import type { ChatTab } from '../core/state.ts';

/** Of a tab whose chat has come to another state; what isn't here is told by a line of its log. */
export function requestLines({ person, plain, status }: ChatTab): string[] {
  if (status.kind !== 'asked') return [];
  if (status.ours) return [`${person} was asked for a private chat; /end takes it back`];
  const what = plain ? 'NOT ENCRYPTED: anyone between you could read it' : 'end-to-end encrypted';
  const accept = plain ? `/accept ${person} --plain` : `/accept ${person}`;
  const seen = status.addresses.map(sanitizeLine).join(', ');
  const address = plain || seen === '' ? [] : [`If you accept, ${person} sees your address ${seen}.`];
  return [
    `${person} asks for a private chat, ${what}.`,
    ...address,
    `Write ${accept} or /reject ${person}. It ends by itself in 2 minutes.`,
  ];
}
