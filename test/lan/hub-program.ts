/**
 * Somebody's hub, and a program of theirs that is logged in to it: `node hub-program.ts NAME UDP-PORT`. Takes messages to it
 * by lines of JSON, and tells its own so, each with when it came. Its clock can be moved on, and it has nothing on a disk.
 */
import { createInterface } from 'node:readline';
import type { Clock } from '../../src/base/clock.ts';
import { clock } from '../../src/client/shell/clock.ts';
import { newId } from '../../src/client/shell/new-id.ts';
import { newIdentity } from '../../src/crypto/identity.ts';
import { openHub } from '../../src/lan/hub/open-hub.ts';
import { memoryStore } from '../../src/lan/store/memory.ts';
import { memoryLinks } from '../../src/link/memory.ts';
import type { ClientMessage } from '../../src/protocol/client-messages.ts';
import { decodeServerMessage, encode } from '../../src/protocol/codec.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/limits.ts';
import type { ServerMessage } from '../../src/protocol/server-messages.ts';

/** `later`: so many milliseconds have passed, which nobody has noticed. */
export type HubOrder = ClientMessage | { readonly type: 'later'; readonly ms: number };

export interface HubReport {
  /** Monotonic milliseconds, the same for all programs of this machine. */
  readonly at: number;
  readonly message: ServerMessage;
}

export const machineTime = (): number => Number(process.hrtime.bigint()) / 1e6;

async function main(name: string, port: number): Promise<void> {
  let later = 0;
  const moved: Clock = { now: () => clock.now(), monotonic: () => clock.monotonic() + later };
  const opened = await openHub({
    identity: newIdentity(),
    name,
    port,
    peers: [],
    linkPort: 0,
    clock: moved,
    newId,
    store: memoryStore(),
  });
  if (!opened.ok) throw new Error(opened.error);
  const hub = opened.value;
  const [ours, theirs] = memoryLinks();
  hub.accept(theirs);
  ours.listen({
    frame: (line) => {
      const decoded = decodeServerMessage(line);
      if (!decoded.ok) throw new Error(`${decoded.error.text}: ${line}`);
      const report: HubReport = { at: machineTime(), message: decoded.value };
      process.stdout.write(`${JSON.stringify(report)}\n`);
    },
    fault: (fault) => {
      throw new Error(fault);
    },
    drained: () => undefined,
    closed: () => undefined,
  });
  const say = (message: ClientMessage): void => void ours.write(encode(message));
  say({ type: 'hello', version: PROTOCOL_VERSION, name, auth: { method: 'host' } });
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const order = JSON.parse(line) as HubOrder;
      if (order.type === 'later') later += order.ms;
      else say(order);
    })
    .on('close', () => {
      hub.close().then(
        () => process.exit(),
        () => process.exit(1),
      );
    });
}

if (import.meta.main) await main(process.argv[2] ?? 'somebody', Number(process.argv[3]));
