import { PASSWORD_FAULTS, prepareNewPassword } from '../../base/password.ts';
import { ERROR_CODES, type ErrorCode } from '../../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../../protocol/limits.ts';
import { type Claim, claimOf } from '../core/claim.ts';
import { authenticate } from '../core/login.ts';
import { refuse } from '../core/sessions.ts';
import type { Context, Handler } from './handler.ts';

type Refusal = readonly [ErrorCode, string];

const plain = (code: ErrorCode): Refusal => [code, ERROR_CODES[code].says];

export const hello: Handler<'hello'> = {
  allowed: 'connected',
  handle(context, message) {
    const { core, session, at } = context;
    if (message.version !== PROTOCOL_VERSION) {
      const text = `this server speaks version ${PROTOCOL_VERSION}, not ${message.version}`;
      return refuse(core, session, 'version_unsupported', text, at);
    }
    const claim = claimOf(message);
    const refusal = whyNot(context, message.auth.method, claim);
    if (refusal !== undefined) return refuse(core, session, ...refusal, at);
    if (claim !== undefined) authenticate(core, session, claim, message.visible ?? true, at);
  },
};

/** What can be said before anybody is asked. */
function whyNot({ core, session }: Context, method: Claim['kind'], claim: Claim | undefined): Refusal | undefined {
  const { guests, hostLogin, registration } = core.options;
  if (method === 'guest' && !guests) return plain('guests_refused');
  // Only the kernel that owns both ends can say who owns the other one.
  if (method === 'host' && session.peer.console !== true && (!hostLogin || !session.peer.loopback))
    return plain('host_login_off');
  if (claim === undefined) return plain('name_required');
  if (claim.kind !== 'register') return undefined;
  if (registration === 'closed') return ['registration_closed', 'this server takes no new accounts'];
  if (registration === 'invite' && claim.invite === undefined)
    return ['registration_closed', 'a new account takes an invite code: ask an operator of this server for one'];
  const prepared = prepareNewPassword(claim.password);
  return prepared.ok ? undefined : ['password_unusable', PASSWORD_FAULTS[prepared.error]];
}
