/**
 * What the kernel does for a server's connections beyond what Node can ask of it, so the C library is called directly
 * (`node:ffi`). Where that isn't possible, or the kernel doesn't know one of them, it is as ever, and all else works.
 */
import type { Socket } from 'node:net';
import { foreignFunctions } from '../base/c-library.ts';

/** linux/tcp.h, the same on every processor. */
const IPPROTO_TCP = 6;
const TCP_NOTSENT_LOWAT = 25;
const TCP_RTO_MAX_MS = 44;
/**
 * Bytes that the kernel takes for a peer beyond what may be sent at once, which the network and the peer decide. By itself
 * it takes megabytes for whoever reads nothing, which no limit of ours counts, and as much must be said until it is noticed.
 * This is twice what is sent at a gigabit a second in the time that it takes to be woken.
 */
const NOT_SENT_BYTES = 128 * 1024;
/**
 * Milliseconds between two tries to send something again, at most. The kernel makes fifteen, ever more rarely; so it notices
 * in 27 s, instead of a quarter of an hour, that a host is gone for which something is on its way. (One for which nothing is
 * gets probes.) A peer that answers isn't cut off for it, whatever it reads. Since Linux 6.15.
 */
const AGAIN_WITHIN_MS = 2000;

const OPTIONS = [
  [TCP_NOTSENT_LOWAT, NOT_SENT_BYTES],
  [TCP_RTO_MAX_MS, AGAIN_WITHIN_MS],
] as const;

const CALLS = { setsockopt: { arguments: ['i32', 'i32', 'i32', 'pointer', 'u32'], return: 'i32' } } as const;

/** @returns what sets them for one connection: 6 µs. */
export function openKernelLimits(): (socket: Socket) => void {
  const nothing = (): void => undefined;
  if (process.platform !== 'linux') return nothing;
  try {
    const { setsockopt } = foreignFunctions().dlopen(null, CALLS).functions;
    const options = OPTIONS.map(([name, value]) => [name, Buffer.from(Int32Array.of(value).buffer)] as const);
    return (socket) => {
      const file = fileOf(socket);
      if (file === undefined) return;
      for (const [name, value] of options) setsockopt(file, IPPROTO_TCP, name, value, value.length);
    };
  } catch {
    return nothing;
  }
}

/** Node has it where nobody is meant to look, so it may be somewhere else in the next one. */
function fileOf(socket: Socket): number | undefined {
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle !== 'object' || handle === null) return undefined;
  const file: unknown = Reflect.get(handle, 'fd');
  return typeof file === 'number' && file >= 0 ? file : undefined;
}
