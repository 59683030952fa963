/** What private chats are made of, put together. Loaded only where they are wanted. */
import { createDoor } from '../../peer/direct-door.ts';
import { createMessenger, type MessengerPorts } from '../../peer/messenger.ts';
import { openVault } from '../vault/open.ts';
import type { ClientSettings } from './client-settings.ts';
import { clock } from './clock.ts';
import { writeNew } from './files.ts';
import { newId } from './new-id.ts';
import type { Opened } from './private-chats.ts';

type Ports = Pick<MessengerPorts, 'send' | 'tell' | 'fault'>;

export function openMessenger({ folder, address, relayOnly, directPort, lan }: ClientSettings, ports: Ports): Opened {
  const opened = openVault({ folder, server: address });
  if (!opened.ok) return opened.error.code === 'busy' ? { kind: 'busy' } : { kind: 'failed', text: opened.error.text };
  const vault = opened.value;
  // On the local network every link is direct already.
  const direct = relayOnly || lan !== undefined ? undefined : createDoor({ port: directPort });
  const byKey = lan !== undefined;
  const messenger = createMessenger({ ...ports, clock, newId, vault, direct, byKey, write: writeNew });
  return {
    kind: 'open',
    messenger,
    pins: (user) => vault.pins(user),
    close: () => {
      messenger.close();
      direct?.close();
      vault.close();
    },
  };
}
