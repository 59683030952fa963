import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { selfSigned } from '../../src/link/self-signed.ts';
import type { TlsKey } from '../../src/link/tls-door.ts';

/** A key of its own for each call. */
export function newTlsKey(): TlsKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: selfSigned(privateKey, 'uchat') };
}

export interface Authority {
  readonly ca: string;
  /** Where `ca` is. */
  readonly file: string;
  /** A new key for a host of this name, that the authority vouches for. */
  readonly issue: (name: string) => TlsKey;
}

/** By openssl. @param folder an empty one. */
export function authority(folder: string): Authority {
  const run = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const file = join(folder, 'ca.pem');
  run('req', '-x509', '-newkey', 'ed25519', '-nodes', '-keyout', 'ca.key', '-out', file, '-subj', '/CN=ca');
  const ask = ['req', '-newkey', 'ed25519', '-nodes', '-keyout', 'key', '-out', 'csr'];
  const sign = ['x509', '-req', '-in', 'csr', '-CA', file, '-CAkey', 'ca.key', '-CAcreateserial', '-out', 'cert'];
  return {
    ca: readFileSync(file, 'utf8'),
    file,
    issue: (name) => {
      run(...ask, '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`);
      run(...sign, '-copy_extensions', 'copy');
      return { key: readFileSync(join(folder, 'key'), 'utf8'), cert: readFileSync(join(folder, 'cert'), 'utf8') };
    },
  };
}
