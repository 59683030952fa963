/** How entries of the lobby are signed: Ed25519 (RFC 8032) over a separator and the bytes of what was said. */
import { createHash } from 'node:crypto';
import { fromBase64url, toBase64url } from '../../crypto/base64url.ts';
import { type Identity, isSignedBy, signedBy } from '../../crypto/identity.ts';
import type { LobbyPorts } from '../lobby/lobby.ts';

/** Whatever else the key signs, it doesn't begin so. */
const CONTEXT = Buffer.from('uchat lan lobby entry v1\0', 'ascii');

const signed = (said: string): Buffer => Buffer.concat([CONTEXT, Buffer.from(said, 'utf8')]);

export const signingOf = (identity: Identity): Pick<LobbyPorts, 'sign' | 'verify' | 'hash'> => ({
  sign: (said) => toBase64url(signedBy(identity, signed(said))),
  verify({ device, said, signature }) {
    const bytes = fromBase64url(signature);
    return bytes !== undefined && isSignedBy(device, signed(said), bytes);
  },
  hash: (text) => createHash('sha256').update(text, 'utf8').digest(),
});
