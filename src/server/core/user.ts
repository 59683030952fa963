/** Who vouches for a person. */
export type UserIdentity =
  /** Nobody; `source` is who may open further sessions under this name: `uid N` on loopback, an address elsewhere. */
  | { readonly kind: 'guest'; readonly source: string }
  /** The host's kernel. */
  | { readonly kind: 'account'; readonly uid: number };
