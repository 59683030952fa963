/** Nobody waits for a quarter of an hour: the clock of one hub is moved on. */
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ClientId } from '../../src/base/ids.ts';
import { AWAY_AFTER_MS, LAN_PORT, REMOVE_AFTER_MS } from '../../src/lan/limits.ts';
import { LOBBY } from '../../src/protocol/names.ts';
import type { ServerMessages } from '../../src/protocol/server-messages.ts';
import { needHosts } from '../namespaces.ts';
import type { HubOrder, HubReport } from './hub-program.ts';
import { Network } from './networks.ts';

const PROGRAM = fileURLToPath(new URL('hub-program.ts', import.meta.url));
/** Milliseconds, on a machine that is busy. */
const FOUND_WITHIN = 8000;
/** Milliseconds between two looks at who is silent, and some more. */
const LOOKED_WITHIN = AWAY_AFTER_MS + 5000;

type Host = 'alice' | 'bob' | 'carol';

function start(network: Network<Host>, name: Host) {
  const program = network.spawn(name, [process.execPath, PROGRAM, name, String(LAN_PORT)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void program.kill('SIGKILL'));
  const states: string[] = [];
  const said: string[] = [];
  const { stdin, stdout } = program;
  if (stdin === null || stdout === null) throw new Error('both are pipes');
  const order = (message: HubOrder): void => void stdin.write(`${JSON.stringify(message)}\n`);
  const note = ({ user, state }: Pick<ServerMessages['presence'], 'user' | 'state'>) => states.push(`${user} ${state}`);
  createInterface({ input: stdout }).on('line', (line) => {
    const { message } = JSON.parse(line) as HubReport;
    if (message.type === 'welcome') order({ type: 'who', follow: true });
    if (message.type === 'presence') note(message);
    if (message.type === 'message') said.push(`${message.from}: ${message.text}`);
    if (message.type === 'users') for (const { name: user, state } of message.users) note({ user, state });
  });
  return { order, states, said };
}

describe.runIf(needHosts())('somebody whose cable is pulled out', () => {
  test('is removed after a quarter of an hour, and is back with what they said meanwhile', async () => {
    const network = await Network.start({ hosts: { alice: 1, bob: 1, carol: 1 } });
    onTestFinished(() => network.close());
    const [alice, bob, carol] = (['alice', 'bob', 'carol'] as const).map((name) => start(network, name));
    if (alice === undefined || bob === undefined || carol === undefined) throw new Error('three are there');
    const isLast = (who: Host, state: string) => () =>
      alice.states.findLast((line) => line.startsWith(`${who} `)) === `${who} ${state}`;
    for (const who of ['bob', 'carol'] as const)
      await vi.waitUntil(isLast(who, 'online'), { timeout: FOUND_WITHIN, interval: 20 });

    await network.unplug('carol');
    carol.order({ type: 'say', id: 'c-1' as ClientId, to: LOBBY, text: 'is anybody there?' });
    alice.order({ type: 'later', ms: REMOVE_AFTER_MS });
    await vi.waitUntil(isLast('carol', 'offline'), { timeout: LOOKED_WITHIN, interval: 20 });
    // Who is heard is not.
    await vi.waitUntil(isLast('bob', 'online'), { timeout: FOUND_WITHIN, interval: 20 });

    await network.plug('carol');
    await vi.waitUntil(isLast('carol', 'online'), { timeout: FOUND_WITHIN, interval: 20 });
    await vi.waitUntil(() => alice.said.length > 0 && bob.said.length > 0, { timeout: FOUND_WITHIN, interval: 20 });
    expect([alice.said, bob.said]).toEqual(Array(2).fill(['carol: is anybody there?']));
  }, 60_000);
});
