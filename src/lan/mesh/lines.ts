/** Frames as lines, both ways. */
import { parse } from '../../protocol/schema.ts';
import { LAN_FRAMES, type LanFrame, lanFrame } from './frames.ts';

/** One line with its newline; the same bytes may go to everybody. */
export const lineOf = (frame: LanFrame): Buffer => Buffer.from(`${JSON.stringify(frame)}\n`);

export type ReadLine =
  | { readonly kind: 'frame'; readonly frame: LanFrame }
  /** Of a newer program: nothing is wrong, and nothing is done. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'bad' };

function typeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
}

export function readLine(line: string): ReadLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: 'bad' };
  }
  const parsed = parse(lanFrame, value);
  if (parsed.ok) return { kind: 'frame', frame: parsed.value };
  const type = typeOf(value);
  return { kind: typeof type === 'string' && !Object.hasOwn(LAN_FRAMES, type) ? 'unknown' : 'bad' };
}
