import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sanitizeLine } from '../../../src/base/text/sanitize.ts';
import { begunName } from '../../../src/client/core/emoji-names.ts';
import { readEmoji } from '../../../src/client/shell/emoji-table.ts';

test('every name can be typed, and every emoji can be shown', async () => {
  const table = await readEmoji();
  expect(table.size).toBeGreaterThan(1800);
  expect(table.get('thumbsup')).toBe('👍');
  for (const [name, emoji] of table) {
    expect(begunName({ text: `:${name}`, cursor: name.length + 1 })?.name).toBe(name);
    expect(sanitizeLine(emoji)).toBe(emoji);
  }
});

test('nothing imports the names but the one function that reads them', () => {
  const source = readFileSync(new URL('../../../src/client/shell/emoji-table.ts', import.meta.url), 'utf8');
  expect(source).toContain("await import('gemoji')");
  expect(source).not.toMatch(/^import .*gemoji/m);
});
