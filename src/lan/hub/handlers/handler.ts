import type { ClientMessages, ClientMessageType } from '../../../protocol/client-messages.ts';
import type { Core } from '../core.ts';
import type { Session } from '../session.ts';

/** What every handler gets. */
export interface Context {
  readonly core: Core;
  readonly session: Session;
}

/** In which state of a session a message is allowed, and what it does there. */
export interface Handler<T extends ClientMessageType> {
  /** `connected`: as the first message only. `any`: also after the log-in. */
  readonly allowed: 'connected' | 'online' | 'any';
  readonly handle: (context: Context, message: ClientMessages[T]) => void;
}
