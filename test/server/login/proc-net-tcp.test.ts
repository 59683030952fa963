import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Connection,
  findOwner,
  isLoopback,
  OwnerSearch,
  showRows,
} from '../../../src/server/login/proc-net-tcp.ts';

const HEAD4 = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const HEAD6 =
  '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

interface RowParts {
  readonly state?: string;
  readonly uid?: number;
  readonly inode?: number;
}

/** A row as the kernel writes it (tcp4_seq_show, tcp6_seq_show). */
function row(local: string, remote: string, { state = '01', uid = 1001, inode = 61159 }: RowParts = {}): string {
  const pad = (value: number, width: number): string => String(value).padStart(width);
  return `   3: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000 ${pad(uid, 5)} ${pad(0, 8)} ${inode} 2 00000000e5a3eefb 20 4 30 10 -1\n`;
}

// 0xE9D0 = 59856, 0x097C = 2428.
const CLIENT = '0100007F:E9D0';
const SERVER = '0100007F:097C';
const CONNECTION: Connection = {
  client: { host: '127.0.0.1', port: 59856 },
  server: { host: '127.0.0.1', port: 2428 },
};
const theirs = (parts?: RowParts): string => row(CLIENT, SERVER, parts);
/** The server runs as 1. */
const ours = (parts?: RowParts): string => row(SERVER, CLIENT, { uid: 1, inode: 61162, ...parts });
const find = (...rows: string[]): number | undefined => findOwner(HEAD4 + rows.join(''), CONNECTION);

const mapped = (end: string): string => `0000000000000000FFFF0000${end}`;
const SIX = '00000000000000000000000001000000';

describe('the owner of a connection', () => {
  test('is who holds the client’s end, where both ends are there', () => {
    expect(find(theirs(), ours())).toBe(1001);
    expect(find(theirs({ uid: 0 }), ours())).toBe(0);
    expect(find(theirs({ uid: 4_294_967_294 }), ours())).toBe(4_294_967_294);
  });

  test('is found among others’ rows', () => {
    const others = [
      row('00000000:097C', '00000000:0000', { state: '0A', uid: 1 }),
      row('0100007F:E9D1', SERVER, { uid: 1002 }),
      row(CLIENT, '0100007F:097D', { uid: 1003 }),
      row('0200007F:E9D0', SERVER, { uid: 1004 }),
      row(CLIENT, '0200007F:097C', { uid: 1005 }),
    ];
    expect(find(...others)).toBeUndefined();
    expect(find(...others, theirs(), ours(), ...others)).toBe(1001);
  });

  test('is nobody where our own end is not connected any more, is not there, or is held by nobody', () => {
    expect(find(theirs())).toBeUndefined();
    // 04 to 0B: FIN_WAIT1 … CLOSING.
    for (const state of ['02', '04', '05', '06', '07', '08', '09', '0B'])
      expect(find(theirs(), ours({ state }))).toBeUndefined();
    expect(find(theirs(), ours({ inode: 0 }))).toBeUndefined();
  });

  test('is nobody where our end was read first: the client’s row may be somebody’s who came after', () => {
    expect(find(ours(), theirs())).toBeUndefined();
  });

  test('is found by a second reading where our end was read first', () => {
    const search = new OwnerSearch(CONNECTION);
    showRows(HEAD4 + ours() + theirs(), [search]);
    expect([search.owner, search.isOver]).toEqual([undefined, false]);
    showRows(HEAD4 + ours() + theirs(), [search]);
    expect([search.owner, search.isOver]).toEqual([1001, true]);
  });

  test('is nobody where the second reading shows another owner', () => {
    const search = new OwnerSearch(CONNECTION);
    showRows(HEAD4 + ours() + theirs(), [search]);
    showRows(HEAD4 + theirs({ uid: 1002 }) + ours(), [search]);
    expect([search.owner, search.isOver]).toEqual([undefined, true]);
  });

  test('is nobody for an orphaned socket, whose row shows uid 0 and inode 0', () => {
    expect(find(theirs({ uid: 0, inode: 0 }), ours())).toBeUndefined();
    expect(find(theirs({ uid: 0, inode: 0, state: '04' }), ours())).toBeUndefined();
  });

  test.each(['02', '03', '04', '05', '06', '07', '08', '09', '0A', '0B', '0C'])('is nobody in state %s', (state) => {
    expect(find(theirs({ state }), ours())).toBeUndefined();
  });

  test('is never the server, whose row is the same the other way round', () => {
    expect(find(ours(), ours())).toBeUndefined();
    const swapped = findOwner(HEAD4 + theirs() + ours() + theirs(), {
      client: CONNECTION.server,
      server: CONNECTION.client,
    });
    // Asked the other way round, it is the server that is the client.
    expect(swapped).toBe(1);
  });

  test('is nobody where only the ports are swapped', () => {
    expect(find(row('0200007F:097C', '0100007F:E9D0'), ours())).toBeUndefined();
    const otherHost: Connection = { client: { host: '127.0.0.2', port: 59856 }, server: CONNECTION.server };
    expect(findOwner(HEAD4 + row('0200007F:097C', '0100007F:E9D0') + ours(), otherHost)).toBeUndefined();
  });

  test('is nobody where two rows name two users, and somebody where both name one', () => {
    expect(find(theirs(), theirs({ uid: 1002 }), ours())).toBeUndefined();
    expect(find(theirs(), ours(), theirs({ uid: 1002 }))).toBeUndefined();
    expect(find(theirs(), theirs({ inode: 5 }), ours())).toBe(1001);
  });

  test('is found with IPv6', () => {
    const connection = { client: { host: '::1', port: 59856 }, server: { host: '::1', port: 2428 } };
    const rows = row(`${SIX}:E9D0`, `${SIX}:097C`, { uid: 7 }) + row(`${SIX}:097C`, `${SIX}:E9D0`, { uid: 1 });
    expect(findOwner(HEAD4 + HEAD6 + rows, connection)).toBe(7);
    expect(findOwner(HEAD4 + HEAD6 + rows, CONNECTION)).toBeUndefined();
  });

  test.each([
    ['the client', theirs(), HEAD6 + row(mapped(SERVER), mapped(CLIENT), { uid: 1 })],
    ['both', HEAD6, row(mapped(CLIENT), mapped(SERVER)) + row(mapped(SERVER), mapped(CLIENT), { uid: 1 })],
  ])('is found where sockets of IPv6 speak IPv4 (%s)', (_, first, second) => {
    const asMapped = {
      client: { host: '::ffff:127.0.0.1', port: 59856 },
      server: { host: '::ffff:127.0.0.1', port: 2428 },
    };
    expect(findOwner(HEAD4 + first + second, asMapped)).toBe(1001);
    expect(findOwner(HEAD4 + first + second, CONNECTION)).toBe(1001);
  });

  test('where only the client’s socket is one of IPv6 is found by the next reading', () => {
    const text = HEAD4 + ours() + HEAD6 + row(mapped(CLIENT), mapped(SERVER));
    const search = new OwnerSearch(CONNECTION);
    showRows(text, [search]);
    showRows(text, [search]);
    expect(search.owner).toBe(1001);
  });

  test('is found on a machine that writes the other end first', () => {
    const text = row('7F000001:E9D0', '7F000001:097C') + row('7F000001:097C', '7F000001:E9D0');
    expect(findOwner(HEAD4 + text, CONNECTION, 'BE')).toBe(1001);
    expect(findOwner(HEAD4 + text, CONNECTION, 'LE')).toBeUndefined();
    const mappedBig = (end: string): string => `00000000000000000000FFFF${end}`;
    const six = row(mappedBig('7F000001:E9D0'), mappedBig('7F000001:097C'));
    const both = six + row(mappedBig('7F000001:097C'), mappedBig('7F000001:E9D0'));
    expect(findOwner(HEAD4 + HEAD6 + both, CONNECTION, 'BE')).toBe(1001);
  });

  test.each([
    '10.0.0.7',
    '::',
    '0.0.0.0',
    'fe80::1',
    '::ffff:10.0.0.7',
    '128.0.0.1',
    '127.0.0.256',
    '',
    '/run/socket',
    '127.1',
  ])('is nobody’s business from %j', (host) => {
    const search = new OwnerSearch({ client: { host, port: 59856 }, server: CONNECTION.server });
    expect([search.clientKeys, search.serverKeys, isLoopback(host)]).toEqual([[], [], false]);
  });

  test.each([0, -1, 65_536, 1.5, Number.NaN])('is nobody at port %d', (port) => {
    expect(new OwnerSearch({ client: { host: '127.0.0.1', port }, server: CONNECTION.server }).clientKeys).toEqual([]);
  });

  test('is somebody on any of 127/8', () => {
    const connection = { client: { host: '127.1.2.3', port: 59856 }, server: { host: '127.0.0.1', port: 2428 } };
    expect(findOwner(HEAD4 + row('0302017F:E9D0', SERVER) + row(SERVER, '0302017F:E9D0'), connection)).toBe(1001);
  });
});

describe('a table', () => {
  test('shows each of many searches its own rows in one pass', () => {
    const ports = Array.from({ length: 500 }, (_, i) => 10_000 + i);
    const end = (port: number): string => `0100007F:${port.toString(16).toUpperCase()}`;
    const rows = ports.map((port) => row(end(port), SERVER, { uid: port })).join('');
    const back = ports.map((port) => row(SERVER, end(port), { uid: 1 })).join('');
    const searches = ports.map((port) => new OwnerSearch({ ...CONNECTION, client: { host: '127.0.0.1', port } }));
    showRows(HEAD4 + rows + back, searches);
    expect(searches.map((search) => search.owner)).toEqual(ports);
  });

  test('that is cut off anywhere never names another than the owner', () => {
    const text = HEAD4 + theirs({ uid: 1001, inode: 61159 }) + ours();
    for (let length = 0; length <= text.length; length++) {
      const owner = findOwner(text.slice(0, length), CONNECTION);
      expect(owner).toBe(length === text.length ? 1001 : undefined);
    }
  });

  test('whose lines are noise is passed over', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.array(fc.string({ unit: 'binary' })), (before, after) => {
        const noise = (lines: string[]): string => lines.map((line) => `${line.replaceAll('\n', ' ')}\n`).join('');
        const text = noise(before) + theirs() + noise(after) + ours();
        expect(findOwner(text, CONNECTION)).toBe(1001);
        expect(findOwner(noise(before) + noise(after), CONNECTION)).toBeUndefined();
      }),
    );
  });

  test('with any one character changed or lost names the owner, or nobody; another only where the number itself changed', () => {
    const text = theirs() + ours();
    const uidAt = text.indexOf(' 1001 ');
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('', '0', '1', ' ', ':', 'F', '\n', 'x'), (at, by) => {
        const owner = findOwner(HEAD4 + text.slice(0, at) + by + text.slice(at + 1), CONNECTION);
        if (at < uidAt || at > uidAt + 5) expect([1001, undefined]).toContain(owner);
      }),
      { numRuns: 500 },
    );
  });

  test('is read the same in any order of rows that keeps ours after theirs', () => {
    const others = ['0100007F:E9D1', '0200007F:E9D0', '0100007F:1234'].map((end, i) =>
      row(end, SERVER, { uid: 2000 + i }),
    );
    const rows = [theirs(), ours(), ...others];
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
        const inOrder = shuffled.indexOf(theirs()) < shuffled.indexOf(ours());
        expect(find(...shuffled)).toBe(inOrder ? 1001 : undefined);
      }),
    );
  });
});
