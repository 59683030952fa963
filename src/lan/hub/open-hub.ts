/** A hub on this host's networks. */
import { openDiscovery } from '../discovery/open-discovery.ts';
import { createLobby } from '../lobby/create-lobby.ts';
import { openMesh } from '../mesh/open-mesh.ts';
import { createHub } from './create-hub.ts';
import type { OpenHub } from './hub.ts';

export const openHub: OpenHub = async (options) => {
  const { port, peers, linkPort, clock } = options;
  return await createHub(options, {
    openMesh: (ports) => openMesh(ports, { port: linkPort, clock }),
    openDiscovery: (ports, ownPort) => openDiscovery(ports, { port, peers, ownPort, clock }),
    createLobby,
  });
};
