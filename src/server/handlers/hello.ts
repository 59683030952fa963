import { ERROR_CODES } from '../../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../../protocol/limits.ts';
import { authenticate } from '../core/login.ts';
import { refuse } from '../core/sessions.ts';
import type { Handler } from './handler.ts';

export const hello: Handler<'hello'> = {
  allowed: 'connected',
  handle({ core, session, at }, message) {
    if (message.version !== PROTOCOL_VERSION) {
      const text = `this server speaks version ${PROTOCOL_VERSION}, not ${message.version}`;
      return refuse(core, session, 'version_unsupported', text, at);
    }
    switch (message.auth.method) {
      case 'guest':
        if (!core.options.guests) return refuse(core, session, 'guests_refused', ERROR_CODES.guests_refused.says, at);
        if (message.name === undefined)
          return refuse(core, session, 'name_required', ERROR_CODES.name_required.says, at);
        return authenticate(core, session, message, message.name);
      case 'host':
        // Only the kernel that owns both ends can say who owns the other one.
        if (!core.options.hostLogin || !session.peer.loopback)
          return refuse(core, session, 'host_login_off', ERROR_CODES.host_login_off.says, at);
        return authenticate(core, session, message, message.name ?? '');
    }
  },
};
