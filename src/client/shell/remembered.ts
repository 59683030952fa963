/** What the form asked for last: `client.json` in the data folder. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Address } from '../../link/link.ts';
import { MAX_NAME_CHARS } from '../../protocol/limits.ts';
import { PLAIN_NAME } from '../../protocol/names.ts';
import { integer, literal, object, optional, parse, pattern, text } from '../../protocol/schema.ts';
import { parseHost } from './address.ts';
import { systemWords, writePrivate } from './files.ts';

/** Bytes of the longest host that DNS allows, and then some: IPv6 zones. */
const MAX_HOST_BYTES = 300;

const schema = object({
  version: literal(1),
  server: optional(object({ host: text(1, MAX_HOST_BYTES), port: integer(1, 65_535) })),
  name: optional(pattern<string>(PLAIN_NAME, `a name of at most ${MAX_NAME_CHARS} characters`)),
});

export interface Remembered {
  readonly server?: Address | undefined;
  readonly name?: string | undefined;
}

const file = (folder: string): string => join(folder, 'client.json');

/** A file that is broken is as none, with a warning. */
export function recall(folder: string): { readonly value?: Remembered; readonly warning?: string } {
  const path = file(folder);
  const broken = (why: string) => ({ warning: `${path} is ignored: ${why}` });
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return broken('it is not JSON');
    const missing = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    return missing ? {} : broken(systemWords(error));
  }
  const parsed = parse(schema, content);
  if (!parsed.ok) return broken(parsed.error);
  const { server, name } = parsed.value;
  const host = server === undefined ? undefined : parseHost(server.host);
  return host?.ok === false ? broken(host.error) : { value: { server, name } };
}

/** @returns what to say when it could not be written: no reason not to go on. */
export function remember(folder: string, { server, name }: Remembered): string | undefined {
  try {
    writePrivate(file(folder), `${JSON.stringify({ version: 1, server, name })}\n`);
    return undefined;
  } catch (error) {
    return `${file(folder)} could not be written: ${systemWords(error)}`;
  }
}
