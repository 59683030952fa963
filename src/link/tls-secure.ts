import type { TLSSocket } from 'node:tls';
import type { Secure } from './link.ts';
import { pinOf } from './pin.ts';

/** RFC 9266, 4.2: this label, no context, 32 bytes. */
const BINDING_LABEL = 'EXPORTER-Channel-Binding';
const BINDING_BYTES = 32;

/** @param socket whose handshake is done. */
export function secureOf(socket: TLSSocket): Secure {
  const binding = socket.exportKeyingMaterial(BINDING_BYTES, BINDING_LABEL, Buffer.alloc(0));
  const certificate = socket.getPeerX509Certificate();
  return {
    peerPin: certificate === undefined ? undefined : pinOf(certificate.publicKey),
    channelBinding: () => Uint8Array.from(binding),
  };
}
