/**
 * Questions to the kernel over netlink(7). Node has no such sockets, so the C library is called directly (`node:ffi`). Where
 * that isn't possible (another system, a Node without it, a sandbox that forbids such sockets), there is no exchange, and
 * the tables in /proc are read instead.
 */
import { endianness, platform } from 'node:os';
import { foreignFunctions } from '../../base/c-library.ts';
import type { Exchange } from './sock-diag.ts';

/** sys/socket.h and linux/netlink.h, the same on every processor that Node runs on. */
const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const NETLINK_SOCK_DIAG = 4;
const MSG_DONTWAIT = 0x40;
/** `sockaddr_nl` of the kernel itself. */
const SOCKADDR_BYTES = 12;
/** Bytes; an answer about one connection has 200 at most. */
const MAX_ANSWER = 4096;
/** Old answers that are passed over, should one have been left. */
const MAX_OLD = 16;

const I32 = 'i32';
const CALLS = {
  socket: { arguments: [I32, I32, I32], return: I32 },
  connect: { arguments: [I32, 'pointer', 'u32'], return: I32 },
  send: { arguments: [I32, 'pointer', 'u64', I32], return: 'i64' },
  recv: { arguments: [I32, 'pointer', 'u64', I32], return: 'i64' },
} as const;

/** @returns undefined where the kernel can't be asked. The socket stays open as long as the program. */
export function openSockDiag(): Exchange | undefined {
  // Headers are in the processor's own order.
  if (platform() !== 'linux' || endianness() !== 'LE') return undefined;
  try {
    return open();
  } catch {
    return undefined;
  }
}

function open(): Exchange | undefined {
  const { functions } = foreignFunctions().dlopen(null, CALLS);
  const { socket, connect, send, recv } = functions;
  const file = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (file < 0) return undefined;
  const kernel = Buffer.alloc(SOCKADDR_BYTES);
  kernel.writeUInt16LE(AF_NETLINK, 0);
  // Connected, it takes messages from the kernel and from nobody else.
  if (connect(file, kernel, SOCKADDR_BYTES) !== 0) return undefined;
  const answer = Buffer.alloc(MAX_ANSWER);
  return (question) => {
    if (send(file, Buffer.from(question), BigInt(question.length), MSG_DONTWAIT) !== BigInt(question.length))
      return undefined;
    // The kernel has answered before it comes back from `send`.
    for (let old = 0; old < MAX_OLD; old += 1) {
      const length = Number(recv(file, answer, BigInt(MAX_ANSWER), MSG_DONTWAIT));
      if (length <= 0) return undefined;
      if (isAnswerTo(answer, question)) return answer.subarray(0, length);
    }
    return undefined;
  };
}

/** Both have their sequence number in the same place of their header. */
const isAnswerTo = (answer: Uint8Array, question: Uint8Array): boolean =>
  [8, 9, 10, 11].every((at) => answer[at] === question[at]);
