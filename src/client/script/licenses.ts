import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getAsset, isSea } from 'node:sea';

/** A single executable has the notices of all that is in it; packages that npm has installed have theirs beside them. */
export function licenses(): string {
  if (isSea()) return getAsset('licenses.txt', 'utf8');
  const root = join(dirname(import.meta.filename), '..', '..', '..');
  const own = readFileSync(join(root, 'LICENSE'), 'utf8');
  return `${own}\nThe packages that it runs with have their licences in their own folders, below node_modules.\n`;
}
