/** JSON of our own from the disk, checked like what comes from others. */
import { parse, type Schema } from '../../protocol/schema.ts';

/** @returns undefined where it is no JSON, or not this. */
export function parsedJson<T>(schema: Schema<T>, json: Uint8Array | string): T | undefined {
  let value: unknown;
  try {
    value = JSON.parse(typeof json === 'string' ? json : Buffer.from(json).toString('utf8'));
  } catch {
    return undefined;
  }
  const parsed = parse(schema, value);
  return parsed.ok ? parsed.value : undefined;
}
