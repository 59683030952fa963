/** Who vouches for a person. */
export type UserIdentity =
  /** Nobody; `source` is who may open further sessions under this name: `uid N` on loopback, an address elsewhere. */
  | { readonly kind: 'guest'; readonly source: string }
  /** The host's kernel, a password, or a device key. `uid`: the Unix user whose account it is, where it is one's. */
  | { readonly kind: 'account'; readonly uid?: number };

/** How a session has shown who it is; `register` comes with the password that the account has from then on. */
export type LoginMethod = 'guest' | 'host' | 'password' | 'key' | 'register';
