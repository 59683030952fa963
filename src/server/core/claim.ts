/** What a client says of who it is, with its secrets wrapped, so that nothing shows them by accident. */
import { Secret } from '../../base/secret.ts';
import type { ClientMessages } from '../../protocol/client-messages.ts';

export interface PasswordClaim {
  readonly kind: 'password';
  readonly name: string;
  readonly password: Secret;
}

export interface RegisterClaim {
  readonly kind: 'register';
  readonly name: string;
  readonly password: Secret;
  /** A code as it was typed. */
  readonly invite?: string;
}

export interface KeyClaim {
  readonly kind: 'key';
  readonly name: string;
  /** base64url, both. */
  readonly key: string;
  readonly signature: string;
}

export type Claim =
  | { readonly kind: 'guest'; readonly name: string }
  /** `name`: as whom they expect to come. */
  | { readonly kind: 'host'; readonly name?: string }
  | PasswordClaim
  | RegisterClaim
  | KeyClaim;

/** @returns undefined where a name is needed and missing. */
export function claimOf({ name, auth }: ClientMessages['hello']): Claim | undefined {
  if (auth.method === 'host') return { kind: 'host', ...(name === undefined ? {} : { name }) };
  if (name === undefined) return undefined;
  switch (auth.method) {
    case 'guest':
      return { kind: 'guest', name };
    case 'password':
      return { kind: 'password', name, password: new Secret(auth.password) };
    case 'register': {
      const invite = auth.invite === undefined ? {} : { invite: auth.invite };
      return { kind: 'register', name, password: new Secret(auth.password), ...invite };
    }
    case 'key':
      return { kind: 'key', name, key: auth.key, signature: auth.signature };
  }
}
