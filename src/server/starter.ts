/**
 * Whoever has started this server in the background waits on a channel of Node's until it listens or has failed; then
 * nothing ties the two together any more.
 */
import type { Address } from '../link/link.ts';

/** What goes over the channel, once. */
export type StartReport =
  | { readonly kind: 'listening'; readonly address: Address }
  /** One line for people, and the exit status that follows. */
  | { readonly kind: 'failed'; readonly line: string; readonly status: number };

/** @returns undefined where nobody waits: the server is in the foreground, or under a service manager. */
export function starter(): ((report: StartReport) => void) | undefined {
  const send = process.send?.bind(process);
  if (send === undefined) return undefined;
  let isTold = false;
  const end = (): void => {
    if (process.connected) process.disconnect?.();
  };
  return (report) => {
    if (isTold || !process.connected) return;
    isTold = true;
    send(report, undefined, undefined, end);
  };
}
