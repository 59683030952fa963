import { homedir } from 'node:os';

/** The operator's home folder; undefined where neither `$HOME` nor the host's list of users has one. */
export function ownHome(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}
