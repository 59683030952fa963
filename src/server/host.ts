import type { Host } from './identify.ts';
import { createPeerOwner } from './login/peer-owner.ts';
import { createUnixNames } from './login/unix-names.ts';

/** This host, asked through its kernel and its list of users. */
export function createHost(): Host {
  const owners = createPeerOwner();
  const names = createUnixNames();
  return {
    ownerOf: (client, server) => owners.ownerOf(client, server),
    nameOf: (uid) => names.nameOf(uid),
    isUnixLogin: (name) => names.isUnixLogin(name),
  };
}
