import { LOBBY } from '../../../protocol/names.ts';
import type { Handler } from './handler.ts';

/** In the lobby alone: nobody answers, and whom we block isn't told. */
export const typing: Handler<'typing'> = {
  allowed: 'online',
  handle({ core, session }, { to }) {
    const { net, ignored, people, clock } = core;
    if (to !== LOBBY || !session.typing.take(clock.monotonic())) return;
    if (!ignored.blocksAnyone) return net.sendAll({ type: 'typing' });
    for (const { device } of people.here()) if (!ignored.blocks(device)) net.send(device, { type: 'typing' });
  },
};
