import type { PersonInfo } from '../../../protocol/server-messages.ts';
import type { Core } from '../core.ts';

/** Us, who else is here, and who was of late. @param within milliseconds: all those who were here in that time. */
export function everybody({ self, device, own, people }: Core, within?: number): PersonInfo[] {
  const { state, since } = own;
  const us = state === 'offline' ? [] : [{ name: self, state, since, device }];
  return [...us, ...people.list(within)];
}
