/** What becomes of the connection, in a line; said when it changes. */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import type { State } from '../core/state.ts';

export function connectionLine({ connection, address, self }: State): string {
  switch (connection.kind) {
    case 'connecting':
      return `connecting to ${address}`;
    case 'online':
      return `connected to ${address}${self === undefined ? '' : ` as ${self.name}`}`;
    case 'waiting':
      return `offline: ${sanitizeLine(connection.reason)}. It is tried again by itself; what you write is sent then.`;
    case 'loggedOff':
      return `${sanitizeLine(connection.text)}. Any line brings you back; nothing is lost.`;
    case 'refused':
      return `refused: ${sanitizeLine(connection.text)}. Enter tries again.`;
  }
}
