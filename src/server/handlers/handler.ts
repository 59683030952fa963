import type { ClientMessages, ClientMessageType } from '../../protocol/client-messages.ts';
import type { Core } from '../core/core.ts';
import type { Instant } from '../core/instant.ts';
import type { Online, Session } from '../core/session.ts';

/** What every handler gets. */
export interface Context {
  readonly core: Core;
  readonly session: Session;
  readonly at: Instant;
}

export interface OnlineContext extends Context {
  readonly online: Online;
}

/** In which state of a session a message is allowed, and what it does there. */
export type Handler<T extends ClientMessageType> =
  | {
      /** `connected`: as the first message only. `any`: also after the log-in. */
      readonly allowed: 'connected' | 'any';
      readonly handle: (context: Context, message: ClientMessages[T]) => void;
    }
  | { readonly allowed: 'online'; readonly handle: (context: OnlineContext, message: ClientMessages[T]) => void };
