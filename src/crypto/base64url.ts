/** base64url without padding (RFC 4648, 5), as it stands on the wire: one text for one sequence of bytes. */

export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/** @returns undefined for anything that `toBase64url` doesn't write, so that no two texts name the same key. */
export function fromBase64url(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64url');
  // A copy of its own: what Node gives may lie in a pool with other things.
  return bytes.toString('base64url') === text ? Uint8Array.from(bytes) : undefined;
}
