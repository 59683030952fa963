import { userInfo } from 'node:os';

/** The Unix login, which a server on this host will ask the kernel for. */
export function ownName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry in the host's list of users: the server says what it thinks of it.
    return undefined;
  }
}
