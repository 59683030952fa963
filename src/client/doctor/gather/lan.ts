import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { addressText, systemCode } from '../../../link/address.ts';
import { HELLO_WITHIN_MS, PROTOCOL_VERSION } from '../../../protocol/limits.ts';
import { asFailure, request, Talk } from '../../script/talk.ts';
import type { ClientSettings } from '../../shell/client-settings.ts';
import { type LanNetwork, lanName } from '../../shell/lan/lan-settings.ts';
import { connectLocal } from '../../shell/lan/local-socket.ts';
import { lanFiles } from '../../shell/lan/place.ts';
import type { LanFacts } from '../judge/lan.ts';
import { commandOf, holderOf } from './locks.ts';

/** Whether one could listen there, beside others who share the port as we do. */
async function takenBy(port: number): Promise<string | undefined> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  try {
    socket.bind(port);
    await once(socket, 'listening');
    return undefined;
  } catch (error) {
    return error instanceof Error ? systemCode(error) : String(error);
  } finally {
    socket.close();
  }
}

/** Joins the program that is on the network, as a script would, and asks how it is there. */
async function ask(socket: string, signal: AbortSignal): Promise<LanFacts['says']> {
  const joined = await connectLocal(socket);
  if (!joined.ok) return undefined;
  const talk = new Talk(joined.value, 'it', ({ type }) => type === 'lan');
  const late = (): void => joined.value.destroy();
  signal.addEventListener('abort', late);
  try {
    talk.send({ type: 'hello', version: PROTOCOL_VERSION, auth: { method: 'host' }, visible: false });
    const welcome = await talk.next(HELLO_WITHIN_MS);
    if (!welcome.ok) return signal.aborted ? undefined : welcome.error.line;
    const user = welcome.value.type === 'welcome' ? welcome.value.user : '';
    const answer = await request(
      talk,
      (id) => ({ type: 'lan', id }),
      (message, id) => (message.type === 'lan' && message.id === id ? message : undefined),
    );
    if (answer.ok) return { ...answer.value, user };
    return signal.aborted ? undefined : asFailure(answer.error).line;
  } finally {
    signal.removeEventListener('abort', late);
    talk.end();
  }
}

const addresses = (): readonly string[] =>
  Object.entries(networkInterfaces()).flatMap(([name, all = []]) =>
    all.filter(({ internal }) => !internal).map(({ address }) => `${name} ${address}`),
  );

/** @param signal ends what isn't answered. Never rejects. */
export async function lanFacts(
  { folder, user, network }: Pick<ClientSettings, 'folder' | 'user'> & { readonly network: LanNetwork },
  signal: AbortSignal,
): Promise<LanFacts> {
  const { lock, socket } = lanFiles(folder);
  const pid = statSync(lock, { throwIfNoEntry: false }) === undefined ? undefined : holderOf(lock);
  const name = lanName(user);
  return {
    name: name.ok ? name.value : '',
    port: network.port,
    addresses: addresses(),
    peers: network.peers.map(addressText),
    taken: await takenBy(network.port),
    holder: pid === undefined ? undefined : { pid, command: commandOf(pid) },
    says: await ask(socket, signal),
  };
}
