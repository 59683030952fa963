import type { ClientId } from '../../base/ids.ts';
import type { Origin } from '../bus/bus.ts';
import type { Context } from './handler.ts';

/** Where the answer to a message goes. */
export const originOf = ({ core, session }: Context, id: ClientId | undefined): Origin => ({
  server: core.options.serverId,
  session: session.id,
  ...(id === undefined ? {} : { id }),
});
