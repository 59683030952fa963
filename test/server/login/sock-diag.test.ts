import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Address } from '../../../src/link/link.ts';
import { endAnswer, endQuestion, SockDiag } from '../../../src/server/login/sock-diag.ts';

const CLIENT: Address = { host: '127.0.0.1', port: 59856 };
const SERVER: Address = { host: '127.0.0.1', port: 2428 };
const ESTABLISHED = 1;
const ENOENT = 2;
const EPERM = 1;

interface End {
  readonly state?: number;
  readonly uid?: number;
  readonly inode?: number;
  readonly ports?: readonly [number, number];
}

/** `inet_diag_msg` behind its header, as the kernel writes it (inet_diag_msg_common_fill). */
function told(question: Uint8Array, { state = ESTABLISHED, uid = 1001, inode = 61159, ports }: End): Uint8Array {
  const asked = Buffer.from(question);
  const bytes = Buffer.alloc(124);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt16LE(20, 4);
  bytes.writeUInt32LE(asked.readUInt32LE(8), 8);
  bytes[16] = 2;
  bytes[17] = state;
  bytes.writeUInt16BE(ports?.[0] ?? asked.readUInt16BE(24), 20);
  bytes.writeUInt16BE(ports?.[1] ?? asked.readUInt16BE(26), 22);
  bytes.writeUInt32LE(uid, 80);
  bytes.writeUInt32LE(inode, 84);
  return bytes;
}

function failed(question: Uint8Array, errno: number): Uint8Array {
  const bytes = Buffer.alloc(36);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt16LE(2, 4);
  bytes.writeUInt32LE(Buffer.from(question).readUInt32LE(8), 8);
  bytes.writeInt32LE(-errno, 16);
  return bytes;
}

const isClients = (question: Uint8Array): boolean => Buffer.from(question).readUInt16BE(24) === CLIENT.port;

/** A kernel that knows these two ends; a number is what it fails with. */
const kernel =
  (theirs: End | number, ours: End | number) =>
  (question: Uint8Array): Uint8Array => {
    const end = isClients(question) ? theirs : ours;
    return typeof end === 'number' ? failed(question, end) : told(question, end);
  };

const ownerBy = (theirs: End | number, ours: End | number = { uid: 1 }) =>
  new SockDiag(kernel(theirs, ours)).ownerOf(CLIENT, SERVER);

describe('the owner of a connection, asked of the kernel', () => {
  test('is who holds the client’s end, where both ends stand', () => {
    expect(ownerBy({ uid: 1001 })).toEqual({ kind: 'owner', uid: 1001 });
    expect(ownerBy({ uid: 0 })).toEqual({ kind: 'owner', uid: 0 });
    expect(ownerBy({ uid: 4_294_967_294 })).toEqual({ kind: 'owner', uid: 4_294_967_294 });
  });

  test('is nobody where the client’s end is held by no process, whatever uid it says', () => {
    expect(ownerBy({ uid: 0, inode: 0 })).toEqual({ kind: 'nobody' });
  });

  test('is nobody where our own end is held by no process: it waits to be accepted, and is another connection', () => {
    expect(ownerBy({}, { inode: 0 })).toEqual({ kind: 'nobody' });
  });

  test.each([2, 4, 5, 6, 8, 10])('is nobody where an end is not connected (state %i)', (state) => {
    expect(ownerBy({ state })).toEqual({ kind: 'nobody' });
    expect(ownerBy({}, { state })).toEqual({ kind: 'nobody' });
  });

  test('is asked of the client’s end first: a later look at our own proves that it was ours all the time', () => {
    const asked: boolean[] = [];
    const answer = kernel({}, {});
    new SockDiag((question) => {
      asked.push(isClients(question));
      return answer(question);
    }).ownerOf(CLIENT, SERVER);
    expect(asked).toEqual([true, false]);
  });

  test('is unknown to a kernel that can’t be asked, that fails, or that tells of another socket', () => {
    expect(new SockDiag(() => undefined).ownerOf(CLIENT, SERVER)).toEqual({ kind: 'unknown' });
    expect(ownerBy(EPERM)).toEqual({ kind: 'unknown' });
    expect(ownerBy({}, EPERM)).toEqual({ kind: 'unknown' });
    expect(ownerBy({ ports: [CLIENT.port, 1] })).toEqual({ kind: 'unknown' });
  });

  test('is unknown to a kernel that has never found a connection, and nobody to one that has', () => {
    const ends: (End | number)[] = [ENOENT];
    const diag = new SockDiag((question) => kernel(ends[0] ?? ENOENT, {})(question));
    expect(diag.ownerOf(CLIENT, SERVER)).toEqual({ kind: 'unknown' });
    ends[0] = {};
    expect(diag.ownerOf(CLIENT, SERVER)).toEqual({ kind: 'owner', uid: 1001 });
    ends[0] = ENOENT;
    expect(diag.ownerOf(CLIENT, SERVER)).toEqual({ kind: 'nobody' });
    ends[0] = EPERM;
    expect(diag.ownerOf(CLIENT, SERVER)).toEqual({ kind: 'unknown' });
  });

  test('is never taken from an answer to another question, or from noise', () => {
    const question = endQuestion(CLIENT, SERVER, 7) ?? new Uint8Array();
    expect(endAnswer(told(question, {}), CLIENT, SERVER, 7).kind).toBe('end');
    expect(endAnswer(told(question, {}), CLIENT, SERVER, 8).kind).toBe('failed');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 87 }), (length) => {
        expect(endAnswer(told(question, {}).subarray(0, length), CLIENT, SERVER, 7).kind).toBe('failed');
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(endAnswer(noise, CLIENT, SERVER, 7).kind).not.toBe('end');
      }),
    );
  });
});

describe('the question for an end', () => {
  test('has its addresses and ports in the order of the network, and no socket’s cookie', () => {
    const bytes = Buffer.from(endQuestion({ host: '127.9.8.7', port: 0x1234 }, SERVER, 5) ?? []);
    expect(bytes.readUInt32LE(0)).toBe(bytes.length);
    expect(bytes.subarray(16, 18)).toEqual(Buffer.from([2, 6]));
    expect(bytes.subarray(24, 32)).toEqual(Buffer.from([0x12, 0x34, 0x09, 0x7c, 127, 9, 8, 7]));
    expect(bytes.subarray(44, 48)).toEqual(Buffer.from([127, 0, 0, 1]));
    expect(bytes.subarray(64, 72)).toEqual(Buffer.alloc(8, 0xff));
  });

  test('takes an IPv4 address that came through an IPv6 socket as that address', () => {
    const mapped = ({ host, port }: Address): Address => ({ host: `::ffff:${host}`, port });
    expect(endQuestion(mapped(CLIENT), mapped(SERVER), 1)).toEqual(endQuestion(CLIENT, SERVER, 1));
  });

  test('is asked of loopback only', () => {
    expect(endQuestion({ host: '::1', port: 1 }, { host: '::1', port: 2 }, 1)?.[16]).toBe(10);
    for (const host of ['10.0.0.7', 'fe80::1', '127.0.0.256', '', '::1'])
      expect(endQuestion({ host, port: 1 }, SERVER, 1)).toBeUndefined();
  });
});
