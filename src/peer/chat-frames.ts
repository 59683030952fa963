/** Frames of a chat as lines of a direct connection. */

import { type PrivateFrame, privateFrame } from '../protocol/private-frames.ts';
import { parse } from '../protocol/schema.ts';
import type { StreamFrame } from './chat-cipher.ts';

export const encodeFrame = (frame: PrivateFrame): string => `${JSON.stringify(frame)}\n`;

/** @returns undefined for whatever has no business on a direct connection. */
export function readStreamFrame(line: string): StreamFrame | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const frame = parse(privateFrame, value);
  if (!frame.ok) return undefined;
  return frame.value.kind === 'sealed' || frame.value.kind === 'plain' ? frame.value : undefined;
}
