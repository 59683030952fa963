import { expect, test, vi } from 'vitest';
import { unixMs } from '../../../src/base/ids.ts';
import { openDiscovery } from '../../../src/lan/discovery/open-discovery.ts';
import { datagramOf, person } from './datagrams.ts';

vi.mock('node:dgram', () => ({
  createSocket: () => {
    throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
  },
}));

test('where no socket can be had at all, that is said in one line', async () => {
  const announcement = () => datagramOf(person(1), unixMs(Date.now()));
  const opened = await openDiscovery(
    { announcement, heard: () => undefined },
    { port: 40_000, ownPort: 40_001, peers: [], interfaces: () => ({}) },
  );
  expect(opened).toEqual({
    ok: false,
    error: 'no announcement can be sent or heard: nobody is heard on UDP port 40000: EMFILE',
  });
});
