/**
 * One side of a chat on a host of its own, told what to do by lines of JSON and telling what happens by such lines: the
 * door itself, with sockets and addresses of that host. `node namespaces-client.ts MILLISECONDS-OF-A-TRY`
 */
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { Address, Link } from '../../src/link/link.ts';
import type { DirectOffer } from '../../src/peer/direct.ts';
import { createDoor } from '../../src/peer/direct-door.ts';

export type Order =
  | { readonly kind: 'connect'; readonly offer: DirectOffer }
  | { readonly kind: 'say'; readonly line: string }
  | { readonly kind: 'end' | 'destroy' }
  /** What a plain TCP connection to there meets. */
  | { readonly kind: 'probe'; readonly address: Address };

export type Report =
  | { readonly kind: 'offer'; readonly offer: DirectOffer }
  | { readonly kind: 'link'; readonly remote: string; readonly after: number }
  | { readonly kind: 'frame'; readonly line: string }
  | { readonly kind: 'closed'; readonly after: number }
  | { readonly kind: 'probed'; readonly code: string };

/** Milliseconds. */
const PROBE_WITHIN = 400;

const tell = (report: Report): void => void process.stdout.write(`${JSON.stringify(report)}\n`);

const port = await createDoor({ withinMs: Number(process.argv[2]) }).open();
const links: Link[] = [];
let since = performance.now();
const after = (): number => Math.round(performance.now() - since);

function given(link: Link): void {
  links.push(link);
  tell({ kind: 'link', remote: link.remote.host, after: after() });
  link.listen({
    frame: (line) => tell({ kind: 'frame', line }),
    fault: () => undefined,
    drained: () => undefined,
    closed: () => tell({ kind: 'closed', after: after() }),
  });
}

function probe(address: Address): void {
  const socket = connect({ ...address, timeout: PROBE_WITHIN });
  const done = (code: string) => {
    socket.destroy();
    tell({ kind: 'probed', code });
  };
  socket.once('connect', () => done('connected'));
  socket.once('timeout', () => done('timeout'));
  socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
}

function carryOut(order: Order): void {
  since = performance.now();
  switch (order.kind) {
    case 'connect':
      port.connect(order.offer, given);
      return;
    case 'say':
      links[0]?.write(`${order.line}\n`);
      return;
    case 'end':
    case 'destroy':
      for (const link of links) link[order.kind]();
      return;
    case 'probe':
      probe(order.address);
      return;
  }
}

createInterface({ input: process.stdin })
  .on('line', (line) => carryOut(JSON.parse(line) as Order))
  .on('close', () => process.exit());
tell({ kind: 'offer', offer: port.offer });
