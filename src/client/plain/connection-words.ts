/** What becomes of the connection, in a line; said when it changes. */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { addressText, LAN_ADDRESS } from '../../link/address.ts';
import type { State } from '../core/state.ts';

/** What is connected to, in words. */
const placeOf = (address: string): string => (address === addressText(LAN_ADDRESS) ? 'the local network' : address);

export function connectionLine({ connection, address, self }: State): string {
  switch (connection.kind) {
    case 'connecting':
      return `connecting to ${placeOf(address)}`;
    case 'online':
      return `connected to ${placeOf(address)}${self === undefined ? '' : ` as ${self.name}`}`;
    case 'waiting':
      return `offline: ${sanitizeLine(connection.reason)}. It is tried again by itself; what you write is sent then.`;
    case 'loggedOff':
      return `${sanitizeLine(connection.text)}. Any line brings you back; nothing is lost.`;
    case 'refused':
      return `refused: ${sanitizeLine(connection.text)}. Enter tries again.`;
  }
}
