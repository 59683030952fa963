/** This device's identity key in the data folder, made at first start; all servers know the device by it. */
import { join } from 'node:path';
import { type Identity, identityFromSeed } from '../../crypto/identity.ts';
import { openKeyFile } from '../shell/key-file.ts';
import { VaultError } from './fault.ts';

const IDENTITY_FILE = 'identity-key.pem';

/** Throws a `VaultError` that says what is wrong and what to do. */
export function openIdentity(folder: string): Identity {
  const opened = openKeyFile({
    path: join(folder, IDENTITY_FILE),
    name: 'identity key',
    orElse: 'remove it and be a new device to everybody',
    fresh: 'a new one is made, which is a new device to everybody',
  });
  if (!opened.ok) throw new VaultError(opened.error.startsWith('others') ? 'exposed' : 'failed', opened.error);
  const { d } = opened.value.export({ format: 'jwk' });
  if (d === undefined) throw new VaultError('failed', 'the identity key has no private part');
  return identityFromSeed(Buffer.from(d, 'base64url'));
}
