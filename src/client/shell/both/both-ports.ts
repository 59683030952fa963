/** What two sides are joined with. */
import type { Clock, Random } from '../../../base/clock.ts';
import type { ClientId, UserName } from '../../../base/ids.ts';
import type { PrivateEvent } from '../../../peer/private.ts';
import type { Pin } from '../../../peer/vault.ts';
import type { ClientMessage } from '../../../protocol/client-messages.ts';
import type { Event } from '../../core/event.ts';
import type { State } from '../../core/state.ts';
import type { Opened } from '../private-chats.ts';
import type { HubLinkPorts } from './hub-link.ts';

export interface BothPorts {
  readonly dial: HubLinkPorts['dial'];
  /** This program is on the network no more, unless another of ours is. Never rejects. */
  readonly leaveLan: () => Promise<void>;
  readonly openMessenger: (ports: {
    readonly send: (message: ClientMessage) => void;
    readonly tell: (event: PrivateEvent) => void;
    readonly fault: (error: unknown) => void;
  }) => Promise<Opened>;
  readonly toServer: (message: ClientMessage) => void;
  /** To the core; called later, never inside what has caused it. */
  readonly happens: (event: Event) => void;
  readonly state: Pick<State, 'self' | 'people' | 'connection' | 'privates' | 'ignored' | 'inner'>;
  /** Of somebody on the server. */
  readonly pins: (user: UserName) => readonly Pin[];
  readonly newId: () => ClientId;
  readonly clock: Clock;
  readonly random: Random;
}
