/** Values as they come from the disk, checked once, here. What doesn't fit was written by nobody of ours. */
import type { SQLOutputValue } from 'node:sqlite';
import { parse, type Schema } from '../../../protocol/schema.ts';
import { StoreError } from '../store.ts';

export type Row = Record<string, SQLOutputValue>;

export function checked<T>(schema: Schema<T>, value: unknown): T {
  const parsed = parse(schema, value);
  if (!parsed.ok) throw new StoreError('damaged', `the database is damaged, restore a backup: a value${parsed.error}`);
  return parsed.value;
}

export function asText(value: SQLOutputValue | undefined): string {
  if (typeof value !== 'string') throw new StoreError('damaged', 'the database is damaged, restore a backup: no text');
  return value;
}

export function asNumber(value: SQLOutputValue | undefined): number {
  if (typeof value !== 'number')
    throw new StoreError('damaged', 'the database is damaged, restore a backup: no number');
  return value;
}
