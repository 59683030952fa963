/** Logging in with a device key: the bytes that the client signs and the server checks. */

/** Bytes of the channel binding: the exporter of the TLS connection (RFC 9266, 2), so a signature is good on one only. */
const CHANNEL_BINDING_BYTES = 32;

/** Whatever else the key may sign one day, it doesn't begin so. */
const CONTEXT = 'uchat device log-in v1\0';

/** The context and the binding. @throws where the binding isn't `CHANNEL_BINDING_BYTES` long, which is a bug. */
export function deviceLoginBytes(binding: Uint8Array): Uint8Array {
  if (binding.length !== CHANNEL_BINDING_BYTES)
    throw new RangeError(`a channel binding has ${CHANNEL_BINDING_BYTES} bytes, not ${binding.length}`);
  return Uint8Array.from([...Array.from(CONTEXT, (char) => char.charCodeAt(0)), ...binding]);
}
