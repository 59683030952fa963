/** What the local network beside a server is made of, each part loaded when it is used. */
import { LAN_ADDRESS } from '../../../link/address.ts';
import type { ClientSettings } from '../client-settings.ts';
import { clock } from '../clock.ts';
import { newId } from '../new-id.ts';
import type { BothPorts } from './both-ports.ts';

type Own = Pick<BothPorts, 'toServer' | 'happens' | 'state' | 'pins'>;

export const besidePorts = (settings: ClientSettings, own: Own): BothPorts => ({
  ...own,
  dial: async (signal) => (await import('../lan/dial-lan.ts')).dialLan(settings, signal),
  leaveLan: async () => (await import('../lan/dial-lan.ts')).leaveLan(settings),
  openMessenger: async (ports) => {
    const { openMessenger } = await import('../open-messenger.ts');
    return openMessenger({ ...settings, address: LAN_ADDRESS, lan: settings.network }, ports);
  },
  newId,
  clock,
  random: Math.random,
});
